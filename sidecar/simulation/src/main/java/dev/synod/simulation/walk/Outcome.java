package dev.synod.simulation.walk;

import org.jspecify.annotations.Nullable;

/**
 * What an event does to a member: the same in whatever state the rest of the group is.
 *
 * @param label what happened, for traces
 * @param delivered the frame that arrived; null when the event was of the member's own
 * @param next the member afterwards
 * @param emitted the frames that left it, by receiver
 * @param violation what broke, or null
 * @param beyond whether this leads out of the walk's bounds
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Outcome(
        String label,
        @Nullable Frame delivered,
        MemberState next,
        Frame[][] emitted,
        @Nullable String violation,
        boolean beyond) {

    boolean emits() {
        for (Frame[] frames : emitted) {
            if (frames.length > 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether it leaves {@code member} as it is and tells nobody anything. */
    boolean isNothingTo(MemberState member) {
        return next == member && violation == null && !beyond && !emits();
    }

    @Override
    public String toString() {
        Frame frame = delivered;
        String who = "member " + (next.slot + 1) + " ";
        return frame == null ? who + label : who + "receives from " + (frame.from + 1) + " " + frame + label;
    }
}
