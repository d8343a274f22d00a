package dev.synod.paxos;

import java.util.UUID;

/** What an entry of the log carries. */
public sealed interface Payload {
    /**
     * The first entry that a leader appends at its ballot: it says nothing, but once decided the leader may
     * serve reads.
     */
    record LeaderStart() implements Payload {
        static final LeaderStart INSTANCE = new LeaderStart();
    }

    /**
     * A command of the replicated state machine.
     *
     * @param body opaque to the protocol
     */
    record Command(Bytes body) implements Payload {}

    /**
     * The last entry of an epoch. Decided at index s it seals the epoch; entries from s+1 on belong to
     * {@code next}.
     *
     * @param next the configuration of the next epoch
     */
    record StopSign(Configuration next) implements Payload {}

    /**
     * Adds an observer, or nothing when the UUID is already an observer or a voter. The number is allotted
     * when the entry is decided: {@link Configuration#nextNumber()} of the configuration before it.
     *
     * @param uuid identity of the newcomer's volume
     * @param address where peers reach it, opaque to the protocol
     */
    record AddObserver(UUID uuid, String address) implements Payload {}

    /**
     * Removes an observer, or nothing when the UUID is not an observer.
     *
     * @param uuid identity of its volume
     */
    record RemoveObserver(UUID uuid) implements Payload {}
}
