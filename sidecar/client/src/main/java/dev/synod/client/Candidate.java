package dev.synod.client;

/** Who is to stand in an election. Immutable. */
public final class Candidate {
    private static final LeadershipListener SILENT = new LeadershipListener() {
        @Override
        public void onElected(Leadership leadership) {}

        @Override
        public void onDeposed(Leadership leadership, Loss why) {}
    };

    private final Coordination coordination;
    private final String election;
    private final String name;
    private final Value value;

    Candidate(Coordination coordination, String election, String name, Value value) {
        this.coordination = coordination;
        this.election = election;
        this.name = name;
        this.value = value;
    }

    /** What it tells observers once elected (an address, say): at most 1 MiB. */
    public Candidate proclaiming(Value proclaimed) {
        return new Candidate(coordination, election, name, proclaimed);
    }

    /** As {@link #start(LeadershipListener)}, for who only waits by {@link Candidacy#await}. */
    public Candidacy start() {
        return start(SILENT);
    }

    /**
     * Stands, in the session of now, until closed. Returns at once: a sidecar that is not ready is waited for
     * in the background.
     */
    public Candidacy start(LeadershipListener listener) {
        return new Candidacy(coordination.client(), coordination.session(),
                new Owned.Key(true, election, name), value, listener).started();
    }
}
