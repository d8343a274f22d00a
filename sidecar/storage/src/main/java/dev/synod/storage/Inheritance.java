package dev.synod.storage;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Payload;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a fresh volume starts with instead of nothing: a state, and the entries that follow on it.
 *
 * @param index the last entry whose effect {@code state} holds; 0 when there is none
 * @param state the bytes of the state machine; null when {@code index} is 0
 * @param entries from {@code index + 1} on, without a gap, all at {@link #BALLOT}
 */
@SuppressWarnings("ArrayRecordComponent") // handed through, never compared
record Inheritance(long index, byte @Nullable [] state, List<Entry> entries) {
    /**
     * Of the entries and of the log that they make. It belongs to the one member of the new cluster, whose
     * first campaign is at a higher round.
     */
    static final Ballot BALLOT = new Ballot(0, 1, 1);

    /** Bytes of entries in one batch; a single entry may be larger. */
    private static final int BATCH_BYTES = 1 << 20;

    Inheritance {
        entries = List.copyOf(entries);
        if ((index == 0) != (state == null)) {
            throw new IllegalArgumentException("a state at " + index + " needs bytes, and none needs none");
        }
    }

    /**
     * Entries of an old log, as they look in a new one: the commands. What spoke of ballots, epochs and
     * members of the old cluster means nothing in the new one, and says nothing there.
     */
    static Entry rewritten(Entry old) {
        return new Entry(old.index(), BALLOT, switch (old.payload()) {
            case Payload.Command command -> command;
            case Payload.LeaderStart start -> start;
            case Payload.StopSign stop -> new Payload.LeaderStart();
            case Payload.AddObserver add -> new Payload.LeaderStart();
            case Payload.RemoveObserver remove -> new Payload.LeaderStart();
        });
    }

    /** Index of the last entry. */
    long last() {
        return index + entries.size();
    }

    /** The entries, cut into pieces that make a batch each. */
    List<List<Entry>> batches() {
        List<List<Entry>> batches = new ArrayList<>();
        List<Entry> batch = new ArrayList<>();
        long bytes = 0;
        for (Entry entry : entries) {
            if (!batch.isEmpty() && bytes + entry.weightBytes() > BATCH_BYTES) {
                batches.add(batch);
                batch = new ArrayList<>();
                bytes = 0;
            }
            batch.add(entry);
            bytes += entry.weightBytes();
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return batches;
    }

    /** An entry after the last, with a command. */
    static Entry command(long index, Bytes body) {
        return new Entry(index, BALLOT, new Payload.Command(body));
    }
}
