package dev.synod.member;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What members say to each other beside the protocol. A frame may come late, twice, or never. */
sealed interface PeerMessage {
    /**
     * A session and the attachment that a message speaks of.
     *
     * @param session its id
     * @param attachGeneration another one is not meant
     */
    record SessionRef(long session, long attachGeneration) {}

    /**
     * Commands of clients for the leader.
     *
     * @param nonce of the sender's process, for the answer: another may hold a copy of its volume
     * @param firstId number of the first; the others follow. A sender never uses one twice, in no run
     * @param term of the leader that is meant, so that a copy that comes late proposes nothing (a process
     *     that was started again has another)
     * @param commands encoded
     */
    record Forward(long nonce, long firstId, Ballot term, List<Bytes> commands) implements PeerMessage {}

    /**
     * What became of one forwarded command.
     *
     * @param id its number
     * @param index of its entry; 0 when it failed
     * @param revision after it; 0 when it failed
     * @param reply encoded; empty when it failed
     * @param failure null when the state machine replied
     * @param maybeApplied for a failure
     */
    record Outcome(
            long id, long index, long revision, Bytes reply,
            @Nullable Failure failure, boolean maybeApplied) {}

    /**
     * What became of forwarded commands.
     *
     * @param nonce of the process that forwarded them
     * @param outcomes in any order
     */
    record Forwarded(long nonce, List<Outcome> outcomes) implements PeerMessage {}

    /**
     * Sessions whose applications live, for the leader.
     *
     * @param nonce of the sender's process, for the answer
     * @param id number of this message; a sender never uses one twice, in no run
     * @param sessions attached to the sender
     */
    record Renew(long nonce, long id, List<SessionRef> sessions) implements PeerMessage {}

    /**
     * A leader, confirmed by a quorum after {@link Renew} came, renewed its sessions.
     *
     * @param nonce of the process that sent that message
     * @param id of it
     * @param withheld but not these
     */
    record Renewed(long nonce, long id, List<Long> withheld) implements PeerMessage {}

    /**
     * Sessions whose applications are gone, for the leader to end.
     *
     * @param sessions that were attached to the sender
     */
    record Departed(List<SessionRef> sessions) implements PeerMessage {}

    /**
     * The sender's state.
     *
     * @param form of what is digested: members of another version are not compared
     * @param index after this entry
     * @param digest of the state machine
     */
    record Digest(int form, long index, long digest) implements PeerMessage {}
}
