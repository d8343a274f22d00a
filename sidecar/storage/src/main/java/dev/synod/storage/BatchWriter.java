package dev.synod.storage;

import static dev.synod.storage.RecordFormat.aligned;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.Codec;
import dev.synod.paxos.Defects;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.WalRecord;
import java.util.UUID;

/** Encodes one batch at a time for a given place in a segment; see {@link RecordFormat}. */
final class BatchWriter {
    /** Above this the buffer is not kept for the next batch. */
    private static final int KEPT_BYTES_MAX = 1 << 20;

    private static final int FIRST_BYTES = 4 << 10;

    private final RecordFormat format;
    private final BatchChain chain = new BatchChain();
    private ByteWriter out = new ByteWriter(FIRST_BYTES);
    private long sequence;
    private long offset;
    private int batchFrom;
    private int recordFrom;
    private int chained;

    BatchWriter(UUID cluster, UUID member, Defects defects) {
        format = new RecordFormat(cluster, member, defects);
    }

    /**
     * Begins a batch at {@code offset} of segment {@code sequence}, after one whose chained CRC is {@code
     * previousChain}.
     */
    void begin(long sequence, long offset, int previousChain) {
        if (out.array().length > KEPT_BYTES_MAX) {
            out = new ByteWriter(FIRST_BYTES);
        }
        out.clear();
        this.sequence = sequence;
        this.offset = offset;
        batchFrom = 0;
        chain.begin(previousChain);
    }

    /** Begins the first batch of a segment, the header before it. */
    void beginSegment(SegmentHeader header) {
        begin(header.sequence(), 0, 0);
        int checksum = header.write(out);
        batchFrom = out.size();
        chain.begin(checksum);
    }

    /** Bytes encoded so far, header included. */
    int size() {
        return out.size();
    }

    byte[] array() {
        return out.array();
    }

    void add(State state) {
        header(RecordFormat.STATE, state.last(), state.promised());
        out.writeBoolean(state.activated());
        Codec.writeBallot(out, state.accepted());
        Codec.writeSeal(out, state.seal());
        out.writeNatural(state.base());
        out.writeNatural(state.decided());
        Codec.writeConfiguration(out, state.configuration());
        out.writeNatural(state.configurationIndex());
        Snapshot snapshot = state.snapshot();
        out.writeBoolean(snapshot != null);
        if (snapshot != null) {
            Codec.writeSnapshot(out, snapshot);
        }
        finish();
    }

    void add(WalRecord record) {
        switch (record) {
            case WalRecord.Appended a -> {
                Entry entry = a.entry();
                header(RecordFormat.ENTRY, entry.index(), entry.proposedAt());
                Codec.writePayload(out, entry.payload());
            }
            case WalRecord.Promised p -> header(RecordFormat.PROMISE, 0, p.ballot());
            case WalRecord.Adopted a -> {
                header(RecordFormat.SYNC, a.last(), a.ballot());
                out.writeNatural(a.from());
            }
            case WalRecord.Decided d -> header(RecordFormat.DECIDED, d.index(), Ballot.BOTTOM);
            case WalRecord.SnapshotTaken s -> {
                header(RecordFormat.TAKEN, s.base(), Ballot.BOTTOM);
                Codec.writeSnapshot(out, s.snapshot());
            }
            case WalRecord.SnapshotInstalled s -> {
                header(RecordFormat.INSTALLED, 0, Ballot.BOTTOM);
                Codec.writeSnapshot(out, s.snapshot());
            }
            case WalRecord.EpochEntered e -> {
                header(RecordFormat.EPOCH, e.last(), Ballot.BOTTOM);
                Codec.writeConfiguration(out, e.next());
                Codec.writeSeal(out, e.seal());
            }
            case WalRecord.Activated a -> header(RecordFormat.ACTIVATED, 0, Ballot.BOTTOM);
        }
        finish();
    }

    /** Closes the batch, and returns its chained CRC. */
    int commit(long ordinal, long batch) {
        int bytes = out.size() - batchFrom;
        chained = chain.end(batch, bytes);
        header(RecordFormat.COMMIT, ordinal, Ballot.BOTTOM);
        out.writeNatural(batch);
        out.writeNaturalInt(bytes);
        out.writeInt(chained);
        finish();
        return chained;
    }

    private void header(int type, long index, Ballot ballot) {
        recordFrom = out.size();
        out.writeInt(0);
        out.writeByte(type);
        out.writeByte(RecordFormat.VERSION);
        out.writeShort(0);
        out.writeNatural(index);
        Codec.writeBallot(out, ballot);
        out.writeInt(0);
    }

    private void finish() {
        int length = out.size() - recordFrom - RecordFormat.HEADER_BYTES;
        int size = aligned(RecordFormat.HEADER_BYTES + length);
        for (int i = recordFrom + RecordFormat.HEADER_BYTES + length; i < recordFrom + size; i++) {
            out.writeByte(0);
        }
        out.setInt(recordFrom, length);
        int checksum = format.checksum(out.array(), recordFrom, size, sequence, offset + recordFrom);
        out.setInt(recordFrom + RecordFormat.CHECKSUM_AT, checksum);
        chain.add(checksum);
    }
}
