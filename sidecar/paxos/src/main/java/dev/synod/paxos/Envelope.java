package dev.synod.paxos;

import java.util.UUID;

/**
 * A message with what every message carries: who sends it to whom, and what the sender shows of its state.
 *
 * @param cluster identity of the cluster; frames of another are dropped
 * @param from sender's volume
 * @param to receiver's volume; frames for another are dropped
 * @param incarnation sender's start counter
 * @param nonce drawn by the sender at its start
 * @param addressee nonce of the process that an answer is for, because two processes may hold copies of one
 *     volume and both ask; 0 for what is said to whatever process holds the receiver's volume
 * @param epoch the epoch that the sender is in
 * @param seal where the epoch before it ended
 * @param promised highest ballot that the sender has promised
 * @param accepted ballot of the sender's log
 * @param last end of the sender's log
 * @param message what it says
 */
public record Envelope(
        UUID cluster,
        UUID from,
        UUID to,
        long incarnation,
        long nonce,
        long addressee,
        int epoch,
        Seal seal,
        Ballot promised,
        Ballot accepted,
        long last,
        Message message) {

    /** What is said to whatever process holds the receiver's volume. */
    public Envelope(
            UUID cluster,
            UUID from,
            UUID to,
            long incarnation,
            long nonce,
            int epoch,
            Seal seal,
            Ballot promised,
            Ballot accepted,
            long last,
            Message message) {
        this(cluster, from, to, incarnation, nonce, 0, epoch, seal, promised, accepted, last, message);
    }
}
