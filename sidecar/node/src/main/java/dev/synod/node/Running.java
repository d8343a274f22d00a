package dev.synod.node;

import dev.synod.node.probe.Metrics;

/** A member or an agent that runs. Any thread but the event loop's may call it. */
public interface Running extends AutoCloseable {
    /** Which ports it listens on; those set to 0 have been chosen by now. */
    Ports ports();

    /** What is measured of it. */
    Metrics metrics();

    /** Ends it without haste, within the time set for that. */
    void drain();

    /** Ends it now. */
    @Override
    void close();
}
