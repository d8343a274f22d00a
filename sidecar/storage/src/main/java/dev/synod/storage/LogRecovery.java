package dev.synod.storage;

import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import dev.synod.paxos.DurableState;
import dev.synod.paxos.Entry;
import dev.synod.paxos.InvariantViolation;
import dev.synod.paxos.WalRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log back, and changes nothing. Each step refuses what a crash cannot have caused:
 *
 * <ol>
 *   <li>Every segment with an intact header must be this volume's.
 *   <li>The head is the newest segment whose first batch, which holds its STATE, is intact. A newer one was
 *       never acknowledged, unless a later batch in it is intact: then it is damaged.
 *   <li>The head's batches count up to the first that is not intact. If a later one is intact, that is
 *       damage; if not, it is a torn tail, which no one was told of: batch k+1 is written only after the
 *       fsync of batch k returned.
 *   <li>Back from the head, each header says where the log ends in the segment before: up to there it must be
 *       intact. The first segment that is no longer there ends the way back.
 *   <li>The base to which the log will have been dropped in the end is found (the floor): entries up to it
 *       may be missing, because their segments are gone; no others may.
 *   <li>The records are folded, oldest segment first. A segment's STATE replaces all but the entries.
 * </ol>
 */
final class LogRecovery {
    private final CheckedDisk disk;
    private final Defects defects;
    private final Identity owner;
    private final List<SealedSegment> chain = new ArrayList<>();
    private final List<SealedSegment> older = new ArrayList<>();
    private final List<WalRecord> lastBatch = new ArrayList<>();
    private long floor;
    private @Nullable DurableState fold;
    private @Nullable State beforeLast;

    private LogRecovery(CheckedDisk disk, Defects defects, Identity owner) {
        this.disk = disk;
        this.defects = defects;
        this.owner = owner;
    }

    /**
     * Reads the log of a volume.
     *
     * @param names of all files
     * @throws DamagedException when the log has lost, or may have lost, what was acknowledged
     */
    static RecoveredLog run(CheckedDisk disk, Defects defects, Identity owner, List<String> names)
            throws DamagedException {
        List<Long> sequences = new ArrayList<>();
        for (String name : names) {
            if (SegmentNames.sequence(name) > 0) {
                sequences.add(SegmentNames.sequence(name));
            }
        }
        return new LogRecovery(disk, defects, owner).run(sequences);
    }

    private RecoveredLog run(List<Long> sequences) throws DamagedException {
        for (long sequence : sequences) {
            checkOwner(sequence);
        }
        SegmentImage head = head(sequences);
        long ordinals = scanHead(head);
        SegmentHeader header = head.header();
        long incarnation = header == null ? 0 : header.incarnation();
        while (header != null && header.previous() > 0 && sequences.contains(header.previous())) {
            header = scanPrevious(header);
        }
        for (int i = chain.size() - 1; i > 0; i--) {
            SealedSegment segment = chain.get(i);
            SegmentImage image = SegmentImage.load(disk, defects, owner, segment.sequence());
            while (image.end() < segment.end() && image.next()) {
                fold(image, lastBatch);
            }
            older.add(sealed(image));
        }
        foldHead(SegmentImage.load(disk, defects, owner, head.sequence()), ordinals);
        if (fold == null || beforeLast == null || fold.base() != floor) {
            throw new DamagedException("the log's base is not where its records put it: " + floor);
        }
        return new RecoveredLog(
                fold,
                older,
                beforeLast,
                lastBatch,
                chain.getFirst().batch(),
                incarnation,
                head.sequence(),
                sequences.getLast());
    }

    private void checkOwner(long sequence) throws DamagedException {
        String name = SegmentNames.of(sequence);
        byte[] bytes = new byte[SegmentHeader.BYTES];
        try (CheckedFile file = disk.open(name)) {
            SegmentHeader.read(bytes, file.read(0, bytes, bytes.length), name, owner, sequence);
        }
    }

    private SegmentImage head(List<Long> sequences) throws DamagedException {
        for (int i = sequences.size() - 1; i >= 0; i--) {
            SegmentImage image = SegmentImage.load(disk, defects, owner, sequences.get(i));
            if (image.next()) {
                return image;
            }
            if (image.intactBeyond()) {
                throw new DamagedException("the first batch of " + image.name()
                        + " is damaged: a later one, written after its fsync, is intact");
            }
        }
        throw new DamagedException("none of " + sequences.size() + " segments opens with an intact batch");
    }

    /** Walks to the end of the head, whose first batch was walked over; returns how many batches it holds. */
    private long scanHead(SegmentImage head) throws DamagedException {
        do {
            raiseFloor(head);
        } while (head.next());
        if (head.intactBeyond()) {
            throw new DamagedException(
                    "batch " + (head.batch() + 1) + " at " + head.end() + " of " + head.name()
                            + " is damaged: a later one, written after its fsync, is intact");
        }
        chain.add(sealed(head));
        return head.ordinal();
    }

    private @Nullable SegmentHeader scanPrevious(SegmentHeader next) throws DamagedException {
        SegmentImage image = SegmentImage.load(disk, defects, owner, next.previous());
        while (image.end() < next.previousEnd() && image.next()) {
            raiseFloor(image);
        }
        if (image.end() != next.previousEnd()
                || image.batch() != next.previousBatch()
                || image.chain() != next.previousChain()) {
            throw new DamagedException(image.name() + " is intact only up to " + image.end() + ", batch "
                    + image.batch() + "; segment " + next.sequence() + " follows on " + next.previousEnd()
                    + ", batch " + next.previousBatch());
        }
        chain.add(sealed(image));
        return image.header();
    }

    private static SealedSegment sealed(SegmentImage image) {
        return new SealedSegment(image.sequence(), image.end(), image.batch(), image.chain(),
                image.entriesUpTo());
    }

    private void raiseFloor(SegmentImage image) throws DamagedException {
        for (int i = 0; i < image.records(); i++) {
            int type = image.type(i);
            if (type == RecordFormat.STATE || type == RecordFormat.TAKEN || type == RecordFormat.INSTALLED) {
                floor = Math.max(floor, baseOf(image.record(i)));
            }
        }
    }

    private static long baseOf(LogRecord record) {
        return switch (record) {
            case LogRecord.Opening opening -> opening.state().base();
            case LogRecord.Change(WalRecord.SnapshotTaken taken) -> taken.base();
            case LogRecord.Change(WalRecord.SnapshotInstalled installed) -> installed.snapshot().index();
            case LogRecord.Change change -> 0;
        };
    }

    private void foldHead(SegmentImage image, long ordinals) throws DamagedException {
        boolean trusted = defects.has(Defect.S04_LAST_BATCH_NOT_REWRITTEN);
        while (image.ordinal() < ordinals && image.next()) {
            boolean last = image.ordinal() == ordinals;
            if (last && !trusted && fold != null && image.ordinal() > 1) {
                beforeLast = State.of(fold);
            }
            fold(image, lastBatch);
            if (fold != null && trusted && last) {
                beforeLast = State.of(fold);
                lastBatch.clear();
            }
            if (trusted ? last : image.ordinal() == ordinals - 1) {
                older.add(sealed(image));
            }
        }
    }

    /** Folds the batch that was walked over last, and leaves its changes in {@code changes}. */
    private void fold(SegmentImage image, List<WalRecord> changes) throws DamagedException {
        changes.clear();
        for (int i = 0; i < image.records(); i++) {
            switch (image.record(i)) {
                case LogRecord.Opening opening -> {
                    fold = resume(opening.state(), image);
                    beforeLast = opening.state();
                }
                case LogRecord.Change change -> {
                    apply(change.record(), image);
                    changes.add(change.record());
                }
            }
        }
    }

    private void apply(WalRecord record, SegmentImage image) throws DamagedException {
        try {
            if (fold != null) {
                fold.apply(record);
            }
        } catch (InvariantViolation e) {
            throw new DamagedException(
                    "batch " + image.batch() + " of " + image.name()
                            + " does not follow from those before it: "
                            + e.getMessage(),
                    e);
        }
    }

    private DurableState resume(State state, SegmentImage image) throws DamagedException {
        List<Entry> kept = new ArrayList<>();
        long from = Math.max(state.base(), floor) + 1;
        if (fold != null) {
            for (Entry entry : fold.log()) {
                if (entry.index() >= from && entry.index() <= state.last()) {
                    kept.add(entry);
                }
            }
        }
        if (kept.size() != Math.max(0, state.last() - from + 1)) {
            throw new DamagedException(
                    image.name() + " follows on entries up to " + state.last() + "; of " + from
                            + ".." + state.last() + " only " + kept.size() + " are there");
        }
        return state.resume(kept, floor);
    }
}
