package dev.synod.simulation.walk;

/** What one member spent of a walk's bounds, over all its processes. */
record Tally(int campaigns, int commands, int changes, int reads, int ticks, int crashes) {
    static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0);
    private static final int RADIX = 32;

    Tally campaigned() {
        return new Tally(campaigns + 1, commands, changes, reads, ticks, crashes);
    }

    Tally proposed() {
        return new Tally(campaigns, commands + 1, changes, reads, ticks, crashes);
    }

    Tally changed() {
        return new Tally(campaigns, commands, changes + 1, reads, ticks, crashes);
    }

    Tally read() {
        return new Tally(campaigns, commands, changes, reads + 1, ticks, crashes);
    }

    Tally ticked() {
        return new Tally(campaigns, commands, changes, reads, ticks + 1, crashes);
    }

    Tally crashed() {
        return new Tally(campaigns, commands, changes, reads, ticks, crashes + 1);
    }

    /** Of everything but the crashes. */
    long key() {
        return (((campaigns * RADIX + commands) * RADIX + changes) * RADIX + reads) * (long) RADIX + ticks;
    }
}
