package dev.synod.simulation.walk;

import java.util.Arrays;

/**
 * What one member has sent to another: a set, because a frame that was sent once may arrive at any time, in
 * any order, any number of times or never. Equal sets are one object.
 */
final class Outbox implements Keyed {
    static final Outbox EMPTY = new Outbox(new Frame[0], 0);

    final Frame[] frames;
    private final long key;

    private Outbox(Frame[] frames, long key) {
        this.frames = frames;
        this.key = key;
    }

    /** The sum of the frames' keys: 0 for the empty set. */
    @Override
    public long key() {
        return key;
    }

    boolean holds(Frame frame) {
        for (Frame each : frames) {
            if (each == frame) {
                return true;
            }
        }
        return false;
    }

    Outbox plus(Frame frame, Known<Outbox> known) {
        long sum = key + frame.key();
        Outbox there = known.get(sum);
        if (there != null) {
            return there;
        }
        Frame[] more = Arrays.copyOf(frames, frames.length + 1);
        int at = frames.length;
        while (at > 0 && Long.compare(more[at - 1].key(), frame.key()) > 0) {
            more[at] = more[at - 1];
            at--;
        }
        more[at] = frame;
        return known.putIfAbsent(new Outbox(more, sum));
    }

    Outbox minus(Frame frame, Known<Outbox> known) {
        long rest = key - frame.key();
        if (rest == 0) {
            return EMPTY;
        }
        Outbox there = known.get(rest);
        if (there != null) {
            return there;
        }
        Frame[] fewer = new Frame[frames.length - 1];
        int at = 0;
        for (Frame each : frames) {
            if (each != frame) {
                fewer[at++] = each;
            }
        }
        return known.putIfAbsent(new Outbox(fewer, rest));
    }
}
