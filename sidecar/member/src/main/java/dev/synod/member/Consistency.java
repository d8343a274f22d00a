package dev.synod.member;

/** What a read may see. */
public sealed interface Consistency {
    /** Everything acknowledged before the read began, wherever it was; confirmed by a quorum. */
    record Linearizable() implements Consistency {
        static final Linearizable INSTANCE = new Linearizable();
    }

    /**
     * Everything up to a revision that the client has seen; no quorum is asked.
     *
     * @param revision the lowest that will do
     */
    record AtLeast(long revision) implements Consistency {}

    /** Whatever this member has applied. */
    record Stale() implements Consistency {
        static final Stale INSTANCE = new Stale();
    }

    /** See {@link Linearizable}. */
    static Consistency linearizable() {
        return Linearizable.INSTANCE;
    }

    /** See {@link Stale}. */
    static Consistency stale() {
        return Stale.INSTANCE;
    }
}
