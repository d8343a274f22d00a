package dev.synod.simulation.port;

import dev.synod.paxos.Configuration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A member's answer to an {@link Admin} command. */
public sealed interface AdminOutcome {
    /** It is so now. */
    record Done() implements AdminOutcome {}

    /** It was not done and, as things stand, never will be: wrong epoch, not allowed, another identity. */
    record Refused(String why) implements AdminOutcome {}

    /** It was not done; ask again later: busy, disk full, another change under way. */
    record TryLater(String why) implements AdminOutcome {}

    /** It was not done; ask the leader, if one is named. */
    record NotLeader(@Nullable UUID leader) implements AdminOutcome {}

    /** It may have been done, or may still be. */
    record Unknown() implements AdminOutcome {}

    /**
     * The cluster as it stood at some moment between the question and this answer.
     *
     * @param decided highest index then decided
     * @param established the first entry of the configuration's epoch is decided: members removed by it may
     *     be deleted
     */
    record Status(Configuration configuration, long decided, boolean established, @Nullable UUID leader)
            implements AdminOutcome {}
}
