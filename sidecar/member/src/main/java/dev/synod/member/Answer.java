package dev.synod.member;

import dev.synod.state.Cause;
import dev.synod.state.Reply;
import org.jspecify.annotations.Nullable;

/** What a request comes to. Each request that asks for one gets exactly one. */
public sealed interface Answer {
    /**
     * The state machine replied; {@link Reply.Refused} is a reply too.
     *
     * @param revision of the state after the command
     * @param reply its own
     */
    record Replied(long revision, Reply reply) implements Answer {}

    /**
     * The read may be served now, from {@link Member#state()}, before the member's next step.
     */
    record MayRead() implements Answer {}

    /** A change of the cluster, or an activation, is done. */
    record Changed() implements Answer {}

    /**
     * A change of the cluster is refused as it stands.
     *
     * @param text what is not allowed, and what is
     */
    record NotAllowed(String text) implements Answer {}

    /**
     * No reply.
     *
     * @param reason why
     * @param maybeApplied whether the request may have taken effect, or still may
     * @param cause of {@link Failure#CLAIM_LOST}
     * @param current the number that the reason speaks of; 0 for none
     */
    record Failed(Failure reason, boolean maybeApplied, @Nullable Cause cause, long current)
            implements Answer {
        Failed(Failure reason, boolean maybeApplied) {
            this(reason, maybeApplied, null, 0);
        }
    }
}
