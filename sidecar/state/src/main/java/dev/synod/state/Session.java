package dev.synod.state;

import dev.synod.paxos.Bytes;
import java.util.List;

/**
 * The liveness of one application. Who is alive is not written here: the leader's clocks decide that, and
 * {@link Command.ExpireSession} tells the state machine.
 *
 * @param id never used again, not even after a {@link Command.NewEra}
 * @param ttlMillis how long it outlives its last renewal
 * @param identity who it is, free text
 * @param labels ascending by key
 * @param secretHash SHA-256 of the secret that attaching needs
 * @param attachGeneration rises with every attach, from 1
 * @param ackedBelow the client has the replies of all requests below this id
 */
public record Session(
        long id, int ttlMillis, String identity, List<Label> labels, Bytes secretHash, long attachGeneration,
        long ackedBelow) {

    Session attached() {
        return new Session(id, ttlMillis, identity, labels, secretHash, attachGeneration + 1, ackedBelow);
    }

    Session acknowledgedBelow(long request) {
        return new Session(id, ttlMillis, identity, labels, secretHash, attachGeneration, request);
    }
}
