package dev.synod.node.loop;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Role;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a member stands, at one moment between two steps.
 *
 * @param phase of the process
 * @param cluster null while the volume is empty or unreadable
 * @param self null likewise
 * @param incarnation of this run
 * @param activated whether it may vote
 * @param role null without a running member
 * @param leader as far as it knows
 * @param established whether the leader of this epoch has decided an entry: the epoch before it is over
 * @param configuration the newest it knows
 * @param fault why it is FAULTY; null while it is not
 * @param ready fit to serve
 */
public record NodeStatus(
        Phase phase,
        @Nullable UUID cluster,
        @Nullable UUID self,
        long incarnation,
        boolean activated,
        @Nullable Role role,
        @Nullable UUID leader,
        boolean established,
        Configuration configuration,
        Ballot promised,
        Ballot accepted,
        long base,
        long last,
        long decided,
        long applied,
        long revision,
        long digest,
        long stateBytes,
        int sessionsAttached,
        int watches,
        int requestsWaiting,
        boolean diskFull,
        @Nullable String fault,
        boolean ready) {
    /** How far the process has come. */
    public enum Phase {
        /** It reads what its volume holds. */
        STARTING,
        /** Its volume is empty: it waits to be formatted. */
        EMPTY,
        /** A member runs. */
        RUNNING,
        /** The member is silent for good, and wants to be replaced; its process stays, so that this is seen. */
        FAULTY,
        /** It ends. */
        STOPPED
    }
}
