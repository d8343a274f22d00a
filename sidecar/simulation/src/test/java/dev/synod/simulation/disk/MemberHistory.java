package dev.synod.simulation.disk;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.DurableState;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Payload;
import dev.synod.paxos.Seal;
import dev.synod.paxos.SeededRandom;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.WalRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Batches of records such as a member writes, drawn at random, and what they amount to. */
final class MemberHistory {
    static final UUID CLUSTER = new UUID(0xC1, 1);
    static final UUID MEMBER = new UUID(0xA1, 1);
    static final Configuration INITIAL = Configuration.initial(
            List.of(MEMBER, new UUID(0xA2, 2), new UUID(0xA3, 3)), List.of("a:1", "b:1", "c:1"));

    private final SeededRandom random;
    private final int entryBytesMax;
    private final List<List<WalRecord>> batches = new ArrayList<>();
    private DurableState state = new DurableState(INITIAL, false);
    private List<WalRecord> batch = new ArrayList<>();

    MemberHistory(SeededRandom random, int entryBytesMax) {
        this.random = random;
        this.entryBytesMax = entryBytesMax;
    }

    /** What all batches amount to. */
    DurableState state() {
        return state;
    }

    /** How many batches there are. */
    int size() {
        return batches.size();
    }

    /** What the first {@code count} batches amount to. */
    DurableState stateAfter(int count) {
        DurableState fold = new DurableState(INITIAL, false);
        for (List<WalRecord> records : batches.subList(0, count)) {
            records.forEach(fold::apply);
        }
        return fold;
    }

    /** Forgets all batches after the first {@code count}: they were lost. */
    void cutTo(int count) {
        batches.subList(count, batches.size()).clear();
        state = stateAfter(count);
    }

    /** The bytes of the state machine after entry {@code index}. */
    static byte[] stateBytes(long index) {
        byte[] bytes = new byte[200 + (int) (index % 7) * 100];
        SeededRandom filler = new SeededRandom(index);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) filler.nextLong();
        }
        return bytes;
    }

    /** A batch of what a member writes without snapshots. */
    List<WalRecord> draw() {
        batch = new ArrayList<>();
        switch (random.below(12)) {
            case 0, 1 -> promise();
            case 2 -> adopt();
            case 3 -> enterEpoch();
            case 4 -> add(new WalRecord.Activated());
            default -> {
                if (state.accepted().isBelow(state.promised()) || state.accepted().isBottom()) {
                    adopt();
                } else {
                    appendEntries(1 + random.below(3));
                }
            }
        }
        if (random.chance(0.4)) {
            add(new WalRecord.Decided(random.between(state.decided(), state.last())));
        }
        return end();
    }

    /** A batch that marks a snapshot of the member's own making. */
    List<WalRecord> taken(Snapshot snapshot) {
        batch = new ArrayList<>();
        add(new WalRecord.SnapshotTaken(snapshot, random.between(state.base(), snapshot.index())));
        return end();
    }

    /** A batch that installs a received snapshot and adopts what follows it. */
    List<WalRecord> installed(Snapshot snapshot) {
        batch = new ArrayList<>();
        add(new WalRecord.SnapshotInstalled(snapshot));
        adopt();
        return end();
    }

    /** A batch of one promise. */
    List<WalRecord> promised() {
        batch = new ArrayList<>();
        promise();
        return end();
    }

    /** A batch of given records. */
    List<WalRecord> of(WalRecord... records) {
        batch = new ArrayList<>();
        for (WalRecord record : records) {
            add(record);
        }
        return end();
    }

    private List<WalRecord> end() {
        batches.add(batch);
        return batch;
    }

    private void add(WalRecord record) {
        state.apply(record);
        batch.add(record);
    }

    private Ballot nextBallot() {
        Ballot now = state.promised();
        return new Ballot(now.epoch(), now.round() + 1 + random.below(3), 1 + random.below(3));
    }

    private void promise() {
        add(new WalRecord.Promised(nextBallot()));
    }

    private void adopt() {
        Ballot ballot = random.chance(0.5) && !state.promised().isBottom() ? state.promised() : nextBallot();
        long from = random.between(Math.max(state.decided(), state.base()), state.last());
        int count = random.below(4);
        add(new WalRecord.Adopted(ballot, from, from + count));
        appendEntries(count);
    }

    private void appendEntries(int count) {
        for (int i = 0; i < count; i++) {
            byte[] body = new byte[random.below(entryBytesMax)];
            for (int j = 0; j < body.length; j++) {
                body[j] = (byte) random.nextLong();
            }
            Payload payload =
                    switch (random.below(10)) {
                        case 0 -> new Payload.AddObserver(new UUID(0xB0, state.last()), "observer:1");
                        case 1 -> new Payload.RemoveObserver(new UUID(0xB0, state.last()));
                        default -> new Payload.Command(Bytes.of(body));
                    };
            add(new WalRecord.Appended(new Entry(state.last() + 1, state.accepted(), payload)));
        }
    }

    private void enterEpoch() {
        Configuration now = state.configuration();
        Configuration next = new Configuration(
                state.promised().epoch() + 1, now.voters(), now.observers(), now.nextNumber(), now.quorums());
        long at = random.between(Math.max(state.decided(), state.base()), state.last());
        if (at > 0) {
            add(new WalRecord.EpochEntered(next, new Seal(at, state.accepted()), at));
        }
    }
}
