package dev.synod.state;

import java.util.List;

/** What became of values from some revision on, or why that cannot be told. */
public sealed interface Replay permits Replay.Changes, Reply.Refused {
    /**
     * Changes in order.
     *
     * @param events whole revisions, ascending; within one by key, as {@link Applied#events} had them
     * @param next the revision to go on from; one above the current one when nothing is left
     */
    record Changes(List<Event> events, long next) implements Replay {}
}
