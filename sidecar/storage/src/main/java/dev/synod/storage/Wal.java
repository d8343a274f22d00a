package dev.synod.storage;

import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import dev.synod.paxos.DurableState;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Seal;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.WalRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The write-ahead log as it is written: batches into the current segment, and a new segment when that is
 * full. Reading it back is {@link LogRecovery}'s.
 *
 * <p>A segment goes when two things hold. Its entries are all at or below the log's durable base, or it has
 * none and a newer segment's header passes it over. And the current segment's STATE is durable <em>and</em>
 * followed by a second durable batch, so that damage to that STATE could not be taken for a torn tail, which
 * would bring the old state back.
 */
final class Wal implements AutoCloseable {
    private final CheckedDisk disk;
    private final Defects defects;
    private final Identity owner;
    private final Spares spares;
    private final BatchWriter writer;
    private final DurableState fold;
    private final List<SealedSegment> older;
    private final List<Long> obsolete = new ArrayList<>();

    private @Nullable CheckedFile file;
    private long sequence;
    private int capacity;
    private int end;
    private long ordinal;
    private long batch;
    private int chain;
    private long entriesUpTo;
    private boolean synced = true;
    private boolean sealed;

    private Wal(
            CheckedDisk disk,
            Defects defects,
            Identity owner,
            Spares spares,
            DurableState fold,
            List<SealedSegment> older,
            long sequence,
            long batch) {
        this.disk = disk;
        this.defects = defects;
        this.owner = owner;
        this.spares = spares;
        this.fold = fold;
        this.older = new ArrayList<>(older);
        this.sequence = sequence;
        this.batch = batch;
        this.writer = new BatchWriter(owner.cluster(), owner.member(), defects);
    }

    /** Writes the first segment of a fresh volume, synced. */
    static void create(CheckedDisk disk, Defects defects, Identity owner, Spares spares)
            throws DiskFullException {
        DurableState fold = State.of(new DurableState(owner.initial(), owner.activated()))
                .resume(List.of(), Long.MAX_VALUE);
        try (Wal wal = new Wal(disk, defects, owner, spares, fold, List.of(), 0, 0)) {
            wal.rotate(List.of());
            wal.sync();
        }
    }

    /**
     * Writes the log of a fresh volume that starts with something; durable and sealed when this returns.
     *
     * @param snapshot of what it starts with, durable; null when that is nothing but entries
     */
    static Wal inherit(
            CheckedDisk disk,
            Defects defects,
            Identity owner,
            Spares spares,
            @Nullable Snapshot snapshot,
            Inheritance inherited)
            throws DiskFullException {
        long base = inherited.index();
        DurableState opening = new DurableState(owner.activated(), Inheritance.BALLOT, Inheritance.BALLOT,
                Seal.NONE, owner.initial(), base, snapshot, base, base);
        DurableState fold = State.of(opening).resume(List.of(), Long.MAX_VALUE);
        Wal wal = new Wal(disk, defects, owner, spares, fold, List.of(), 0, 0);
        try {
            wal.rotate(List.of());
            wal.sync();
            for (List<Entry> entries : inherited.batches()) {
                List<WalRecord> records = new ArrayList<>();
                entries.forEach(entry -> records.add(new WalRecord.Appended(entry)));
                records.add(new WalRecord.Decided(entries.getLast().index()));
                wal.append(records);
                wal.sync();
            }
            wal.seal();
            return wal;
        } catch (DiskFullException | RuntimeException e) {
            wal.close();
            throw e;
        }
    }

    /**
     * Goes on after a recovery, in a fresh segment. The last batch is written there again, because its pages
     * may have been read from memory although they never reached the disk. When this returns all that was
     * recovered is durable, and sealed; what is of no more use is gone.
     *
     * @param names of all files
     */
    static Wal resume(
            CheckedDisk disk,
            Defects defects,
            Identity owner,
            Spares spares,
            RecoveredLog log,
            List<String> names)
            throws DiskFullException {
        DurableState fold = log.beforeLast().resume(List.of(), Long.MAX_VALUE);
        Wal wal = new Wal(
                disk, defects, owner, spares, fold, log.older(), log.lastSequence(), log.lastBatchNumber());
        wal.rotate(log.lastBatch());
        wal.collect(names);
        for (WalRecord record : log.lastBatch()) {
            wal.note(record);
        }
        wal.synced = false;
        wal.sync();
        wal.seal();
        wal.trim();
        return wal;
    }

    /** Marks every segment that the current one does not build on. */
    private void collect(List<String> names) {
        for (String name : names) {
            long found = SegmentNames.sequence(name);
            if (found > 0 && found != sequence && !obsolete.contains(found) && !isOlder(found)) {
                obsolete.add(found);
            }
        }
    }

    /** Gives back the space behind the end of the log in the segment before the current one. */
    private void trim() {
        if (!older.isEmpty()) {
            SealedSegment last = older.getLast();
            try (CheckedFile before = disk.reopen(last.name())) {
                before.truncate(last.end());
            }
        }
    }

    private boolean isOlder(long found) {
        for (SealedSegment segment : older) {
            if (segment.sequence() == found) {
                return true;
            }
        }
        return false;
    }

    /** Sequence of the current segment. */
    long sequence() {
        return sequence;
    }

    /** What all batches written amount to; its log keeps no entries. */
    DurableState fold() {
        return fold;
    }

    /** Whether every batch written was synced. */
    boolean synced() {
        return synced;
    }

    /** Whether the last batch is a sealing one. */
    boolean sealed() {
        return sealed;
    }

    /**
     * Writes one batch.
     *
     * @throws DiskFullException when it needs a new segment and there is no room for one; nothing was changed
     */
    void append(List<WalRecord> records) throws DiskFullException {
        writer.begin(sequence, end, chain);
        for (WalRecord record : records) {
            writer.add(record);
        }
        int chained = writer.commit(ordinal + 1, batch + 1);
        if (writer.size() > capacity - end - RecordFormat.COMMIT_BYTES) {
            rotate(records);
        } else {
            write(chained);
        }
        for (WalRecord record : records) {
            note(record);
        }
        synced = false;
        sealed = false;
    }

    private void note(WalRecord record) {
        fold.apply(record);
        if (record instanceof WalRecord.Appended appended) {
            entriesUpTo = Math.max(entriesUpTo, appended.entry().index());
        }
    }

    private void write(int chained) {
        current().overwrite(end, writer.array(), 0, writer.size());
        end += writer.size();
        ordinal++;
        batch++;
        chain = chained;
    }

    private CheckedFile current() {
        if (file == null) {
            throw new IllegalStateException("the log is closed");
        }
        return file;
    }

    /**
     * Begins a segment whose first batch is these records. Room for a sealing batch is kept in every segment.
     */
    private void rotate(List<WalRecord> records) throws DiskFullException {
        boolean forPromises = true;
        for (WalRecord record : records) {
            forPromises &= !(record instanceof WalRecord.Appended);
        }
        List<SealedSegment> candidates = new ArrayList<>(older);
        if (file != null) {
            candidates.add(new SealedSegment(sequence, end, batch, chain, entriesUpTo));
        }
        int needed = candidates.size();
        while (needed > 0 && candidates.get(needed - 1).entriesUpTo() <= fold.base()) {
            needed--;
        }
        SegmentHeader header = header(needed == 0 ? null : candidates.get(needed - 1));
        writer.beginSegment(header);
        writer.add(State.of(fold));
        for (WalRecord record : records) {
            writer.add(record);
        }
        int chained = writer.commit(1, batch + 1);
        // A first start on a full disk has to get by with a reserve, whatever the last batch holds.
        Spares.Spare spare =
                spares.take(writer.size() + RecordFormat.COMMIT_BYTES, forPromises || file == null);

        older.clear();
        older.addAll(candidates.subList(0, needed));
        for (SealedSegment segment : candidates.subList(needed, candidates.size())) {
            obsolete.add(segment.sequence());
        }
        if (file != null && defects.has(Defect.S02_SEGMENT_DROPPED_BEFORE_STATE)) {
            drop();
        }
        close();
        sequence = header.sequence();
        capacity = spare.bytes();
        end = 0;
        ordinal = 0;
        entriesUpTo = 0;
        disk.rename(spare.name(), SegmentNames.of(sequence));
        disk.syncDirectory();
        file = disk.reopen(SegmentNames.of(sequence));
        write(chained);
    }

    private SegmentHeader header(@Nullable SealedSegment previous) {
        return new SegmentHeader(
                owner.cluster(),
                owner.member(),
                owner.incarnation(),
                sequence + 1,
                batch + 1,
                previous == null ? 0 : previous.sequence(),
                previous == null ? 0 : previous.end(),
                previous == null ? 0 : previous.batch(),
                previous == null ? 0 : previous.chain(),
                0);
    }

    /** Makes every batch written durable. */
    void sync() {
        current().sync();
        synced = true;
        retire();
    }

    /** Writes and syncs an empty batch after the last one, unless that is one already. */
    void seal() {
        if (sealed || defects.has(Defect.S03_NO_SEALING_BATCH)) {
            return;
        }
        writer.begin(sequence, end, chain);
        write(writer.commit(ordinal + 1, batch + 1));
        sync();
        sealed = true;
    }

    private void retire() {
        if (synced && ordinal >= 2) {
            drop();
        }
    }

    private void drop() {
        while (!older.isEmpty() && older.getFirst().entriesUpTo() <= fold.base()) {
            obsolete.add(older.removeFirst().sequence());
        }
        for (long dropped : obsolete) {
            disk.delete(SegmentNames.of(dropped));
        }
        obsolete.clear();
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
