package dev.synod.paxos;

/**
 * A change of a member's durable state. The records of one step form one batch, which becomes durable whole
 * or not at all; {@link DurableState} says what each does.
 */
public sealed interface WalRecord {
    /** PROMISE: no ballot below {@code ballot} is answered from here on. */
    record Promised(Ballot ballot) implements WalRecord {}

    /** ENTRY: appended at the end of the log, at the accepted ballot. */
    record Appended(Entry entry) implements WalRecord {}

    /**
     * SYNC: the log is cut back to {@code from} and the accepted ballot becomes {@code ballot}. The entries
     * {@code from+1..last} follow in the same batch; only together are they true (ZOOKEEPER-3911, -4643,
     * -4785).
     */
    record Adopted(Ballot ballot, long from, long last) implements WalRecord {}

    /** DECIDED: a hint, written beside other records; entries up to {@code index} are known to be decided. */
    record Decided(long index) implements WalRecord {}

    /**
     * SNAPSHOT of this member's own making: entries up to {@code base} may go.
     * {@code base <= snapshot.index()}.
     */
    record SnapshotTaken(Snapshot snapshot, long base) implements WalRecord {}

    /**
     * SNAPSHOT received from a peer: replaces the whole log; the log now starts after
     * {@code snapshot.index()}.
     */
    record SnapshotInstalled(Snapshot snapshot) implements WalRecord {}

    /**
     * EPOCH: the member enters {@code next.epoch()}, which its log or snapshot shows sealed at {@code seal}.
     * Any tail above {@code seal.index()} is dropped unless the log is known decided beyond it.
     *
     * @param next configuration of the entered epoch
     * @param seal where the epoch before ended
     * @param last where the log ends after the drop
     */
    record EpochEntered(Configuration next, Seal seal, long last) implements WalRecord {}

    /** ACTIVATED: the cluster's latch is set; the member may vote. */
    record Activated() implements WalRecord {}
}
