package dev.synod.client;

import java.util.List;

/** Told about changes of values, one call at a time, in order, on a thread of its own. */
public interface ValueListener {
    /**
     * Changes of whole revisions, in order; each change comes once.
     *
     * @param changes at least one
     * @param revision nothing of the range up to it is missing
     */
    void onChanges(List<ValueChange> changes, long revision);

    /** Nothing of the range up to {@code revision} is missing, and a quorum said so; at least each second. */
    default void onProgress(long revision) {}

    /**
     * The history that the watch needs is gone, so it has ended: list the range anew, and watch from there.
     *
     * @param lowestRevision that can still be read
     */
    void onCompacted(long lowestRevision);
}
