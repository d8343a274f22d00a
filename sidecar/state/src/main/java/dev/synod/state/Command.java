package dev.synod.state;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import java.util.List;
import java.util.UUID;

/**
 * What the state machine can be told, by the log and by nothing else. {@link Validity} says what of it is
 * well-formed; {@link CommandCodec} how it looks in bytes.
 */
public sealed interface Command extends Decoded {

    /** A command that a client may repeat without harm: its reply is kept with its session. */
    sealed interface OfClient extends Command {
        /** Whose request it is; {@link Request#NONE} where no session is needed. */
        Request request();

        /** Whether it means nothing without a session. */
        default boolean needsSession() {
            return true;
        }
    }

    // Sessions.

    /**
     * Opens a session, attached, at generation 1. A repeat opens another one, which dies by its TTL.
     *
     * @param ttlMillis {@value Limits#TTL_MILLIS_MIN} to {@value Limits#TTL_MILLIS_MAX}
     * @param identity free text
     * @param labels strictly ascending by key
     * @param secretHash SHA-256 of what attaching needs: the secret itself never enters the log
     */
    record OpenSession(int ttlMillis, String identity, List<Label> labels, Bytes secretHash)
            implements Command {}

    /**
     * Attaches to a session (again), which makes every {@link ExpireSession} proposed before void.
     *
     * @param session its id
     * @param secretHash SHA-256 of the secret that was shown
     */
    record AttachSession(long session, Bytes secretHash) implements Command {}

    /**
     * Ends a session and all it owns.
     *
     * @param session its id
     */
    record CloseSession(long session) implements Command {}

    /**
     * Ends a session that a leader saw no sign of for its TTL. Void when the session was attached since, or
     * another leader was established: such a command may be decided long after it was proposed (etcd#15247).
     *
     * @param session its id
     * @param attachGeneration what the leader knew when it proposed
     * @param term its own
     */
    record ExpireSession(long session, long attachGeneration, Ballot term) implements Command {}

    /**
     * A leader's first command: makes every {@link ExpireSession} of earlier leaders void.
     *
     * @param term of the new leader
     */
    record LeaderEstablished(Ballot term) implements Command {}

    // Locks.

    /**
     * Takes a lock, or queues for it. The claimant that holds it already is given the same token again.
     *
     * @param request whose
     * @param name of the lock
     * @param owner within the session
     * @param mode how it is to be held
     * @param holdersMax permits of the semaphore; 1 for EXCLUSIVE, 0 for SHARED
     * @param queue whether to queue when it cannot be had at once
     */
    record AcquireLock(
            Request request, String name, String owner, LockMode mode, int holdersMax, boolean queue)
            implements OfClient {}

    /**
     * Leaves the queue of a lock. A claim that was granted meanwhile stands: the reply tells its token, and
     * it has to be released.
     *
     * @param request whose
     * @param name of the lock
     * @param owner within the session
     */
    record CancelLock(Request request, String name, String owner) implements OfClient {}

    /**
     * Gives a lock back, to the next in its queue.
     *
     * @param request whose
     * @param name of the lock
     * @param owner within the session
     * @param token which grant; 0 for whichever it is
     */
    record ReleaseLock(Request request, String name, String owner, long token) implements OfClient {}

    /**
     * Gives up a claim on a lock in the name of a caller that is gone. Void when the session was attached
     * since: its application may have asked again elsewhere, and this come late.
     *
     * @param session whose claim it is
     * @param attachGeneration what its member knew when it proposed
     * @param name of the lock
     * @param owner within the session
     * @param token the grant to be given back; 0 to leave the queue, and to be told the token of a claim that
     *     was granted meanwhile
     */
    record WithdrawLock(long session, long attachGeneration, String name, String owner, long token)
            implements Command {}

    /**
     * Takes a lock from its holders, without asking them.
     *
     * @param request whose; needs no session
     * @param name of the lock
     * @param token which grant; 0 for all
     * @param reason told to the holders
     */
    record BreakLock(Request request, String name, long token, String reason) implements OfClient {
        @Override
        public boolean needsSession() {
            return false;
        }
    }

    // Elections.

    /**
     * Stands in an election: leads it when nobody else stands, queues otherwise. A candidate that leads
     * already is given the same token again.
     *
     * @param request whose
     * @param name of the election
     * @param candidate a name within the session
     * @param value what it proclaims once elected
     */
    record Campaign(Request request, String name, String candidate, Bytes value) implements OfClient {}

    /**
     * Changes what the leader proclaims.
     *
     * @param request whose
     * @param name of the election
     * @param candidate who leads
     * @param token which grant; 0 for whichever it is
     * @param value from now on
     */
    record Proclaim(Request request, String name, String candidate, long token, Bytes value)
            implements OfClient {}

    /**
     * Leaves an election; whoever led it gives way to the next.
     *
     * @param request whose
     * @param name of the election
     * @param candidate who leaves
     */
    record Resign(Request request, String name, String candidate) implements OfClient {}

    /**
     * Hands leadership to a candidate; who led before queues last.
     *
     * @param request whose; needs no session
     * @param name of the election
     * @param token of the leader to be replaced; 0 for whoever it is
     * @param candidate the name of who is to lead: of several, the one who waits longest
     */
    record TransferLeadership(Request request, String name, long token, String candidate)
            implements OfClient {
        @Override
        public boolean needsSession() {
            return false;
        }
    }

    // Values.

    /**
     * Compares, and carries out one of two lists of operations, all at one revision or none.
     *
     * @param request whose; needs no session
     * @param compares all of which must hold for {@code success}
     * @param success what is done then
     * @param failure what is done otherwise
     * @param fences tokens that must be valid, or nothing is done at all
     */
    record Commit(
            Request request, List<Compare> compares, List<Operation> success, List<Operation> failure,
            List<Fence> fences)
            implements OfClient {

        /** Carries out {@code operations} come what may. */
        public static Commit of(Request request, Operation... operations) {
            return new Commit(request, List.of(), List.of(operations), List.of(), List.of());
        }

        @Override
        public boolean needsSession() {
            return false;
        }
    }

    /**
     * Drops the history that reads below {@code revision} would need.
     *
     * @param revision the lowest that can be read afterwards
     */
    record Compact(long revision) implements Command {}

    /**
     * Begins anew with a state that was recovered or restored, whose log may lack the end. Revision and
     * session ids leap, so that no fencing token and no session id is ever issued twice; history is
     * compacted, so that no watch resumes across the gap; terms start again.
     *
     * @param clusterId of the cluster from now on; a repeat changes nothing
     */
    record NewEra(UUID clusterId) implements Command {
        /** How far revision and session ids leap. */
        public static final long LEAP = 1_000_000_000L;
    }
}
