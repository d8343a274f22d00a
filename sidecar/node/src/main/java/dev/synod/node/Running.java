package dev.synod.node;

/** A member or an agent that runs. Any thread but the event loop's may call it. */
public interface Running extends AutoCloseable {
    /** Which ports it listens on; those set to 0 have been chosen by now. */
    Ports ports();

    /** Ends it without haste, within the time set for that. */
    void drain();

    /** Ends it now. */
    @Override
    void close();
}
