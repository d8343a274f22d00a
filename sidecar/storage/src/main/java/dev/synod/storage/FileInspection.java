package dev.synod.storage;

import dev.synod.paxos.Bytes;
import dev.synod.paxos.Defects;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.SnapshotRef;
import dev.synod.storage.VolumeReport.Condition;
import dev.synod.storage.VolumeReport.FileReport;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Looks at the files of a volume one by one, for {@link VolumeInspection}. */
final class FileInspection {
    private static final int PIECE_BYTES = 64 << 10;

    private final CheckedDisk disk;
    private final @Nullable Identity owner;
    private final @Nullable RecoveredLog log;
    private final boolean unfinished;
    private final boolean everything;

    /**
     * Prepares to look.
     *
     * @param owner whose files they have to be; null when that cannot be told
     * @param log as recovered; null when it cannot be
     * @param unfinished whether the volume is nobody's yet, so that no file matters
     * @param everything whether to read also what a start does not need
     */
    FileInspection(CheckedDisk disk, @Nullable Identity owner, @Nullable RecoveredLog log,
            boolean unfinished, boolean everything) {
        this.disk = disk;
        this.owner = owner;
        this.log = log;
        this.unfinished = unfinished;
        this.everything = everything;
    }

    /** What a file holds; never throws for what it holds. */
    FileReport at(String name) {
        if (!VolumeFiles.isOwn(name)) {
            return new FileReport(name, sizeOf(name), Condition.FOREIGN, "no file of a volume's");
        }
        if (unfinished) {
            return new FileReport(name, sizeOf(name), Condition.UNUSED, "left by a formatting cut off");
        }
        try {
            return look(name);
        } catch (DamagedException e) {
            return new FileReport(name, sizeOf(name), Condition.DAMAGED, String.valueOf(e.getMessage()));
        }
    }

    private long sizeOf(String name) {
        try (CheckedFile file = disk.open(name)) {
            return file.size();
        } catch (DamagedException e) {
            return -1;
        }
    }

    private FileReport look(String name) throws DamagedException {
        if (SegmentNames.sequence(name) > 0) {
            return segment(name);
        }
        if (SnapshotNames.isSnapshot(name)) {
            return snapshot(name);
        }
        if (Spares.isSpare(name)) {
            return spare(name);
        }
        return switch (name) {
            case IdentityFile.NAME -> slots(name, IdentityFile.SLOT_BYTES);
            case PromiseFile.NAME -> slots(name, PromiseFile.SLOT_BYTES);
            case SnapshotNames.WRITING -> report(
                    name, Condition.UNUSED,
                    "a snapshot whose writing was cut off; the next start removes it");
            default -> staging(name);
        };
    }

    private FileReport report(String name, Condition condition, String what) {
        return new FileReport(name, sizeOf(name), condition, what);
    }

    private FileReport slots(String name, int slotBytes) throws DamagedException {
        try (SlotFile file = SlotFile.open(disk, name, slotBytes)) {
            for (int i = 0; i < 2; i++) {
                if (file.slot(i) == null) {
                    return report(name, Condition.TORN,
                            "copy " + (i + 1) + " of 2 is not intact, as a crash in its writing leaves it;"
                                    + " the other counts");
                }
            }
            return report(name, Condition.INTACT, "both copies are intact");
        }
    }

    private FileReport segment(String name) throws DamagedException {
        Identity whose = owner;
        if (whose == null) {
            return report(name, Condition.UNCHECKED, "cannot be checked: nothing tells whose volume this is");
        }
        long sequence = SegmentNames.sequence(name);
        SegmentImage image = SegmentImage.load(disk, Defects.NONE, whose, sequence);
        long end = endOf(sequence);
        boolean walking = true;
        while (walking && image.end() < end) {
            walking = image.next();
        }
        boolean onlyZeros = isZeroFrom(name, image.ordinal() == 0 ? 0 : image.end());
        if (log != null && end == 0) {
            return report(name, Condition.UNUSED,
                    onlyZeros
                            ? "no batch was written to it"
                            : "nothing builds on it; the next start removes it");
        }
        String holds = words(image);
        if (end < Long.MAX_VALUE) {
            return report(name, Condition.INTACT, holds);
        }
        if (image.intactBeyond()) {
            return report(name, Condition.DAMAGED, holds + "; then damage, and after it intact ones again");
        }
        if (onlyZeros) {
            return report(name, Condition.INTACT, holds);
        }
        return log != null
                ? report(name, Condition.TORN, holds + "; then a torn write")
                : report(name, Condition.UNCHECKED, holds + "; then a torn write, or damage");
    }

    /**
     * Where the log ends in a segment: 0 when none of it is in there, and {@link Long#MAX_VALUE} when that is
     * to be found out.
     */
    private long endOf(long sequence) {
        if (log == null || log.headSequence() == sequence) {
            return Long.MAX_VALUE;
        }
        for (SealedSegment segment : log.older()) {
            if (segment.sequence() == sequence) {
                return segment.end();
            }
        }
        return 0;
    }

    private static String words(SegmentImage image) {
        SegmentHeader header = image.header();
        if (header == null) {
            return "a segment without an intact header";
        }
        if (image.ordinal() == 0) {
            return "a segment of incarnation " + header.incarnation() + " without an intact batch";
        }
        return "batches " + header.firstBatch() + " to " + image.batch()
                + (image.entriesUpTo() == 0
                        ? " without entries"
                        : " with entries up to " + image.entriesUpTo())
                + ", written in incarnation " + header.incarnation() + ", up to byte " + image.end();
    }

    private FileReport snapshot(String name) throws DamagedException {
        SnapshotHeader header = headerOf(name);
        long size = sizeOf(name);
        if (header == null || header.bytes() + header.stateBytes() != size) {
            return new FileReport(name, size, Condition.DAMAGED,
                    "a snapshot without an intact header, or cut");
        }
        String holds = "snapshot up to entry " + header.index() + ", in epoch "
                + header.configuration().epoch();
        if (owner != null && !owner.cluster().equals(header.cluster())) {
            return new FileReport(
                    name, size, Condition.DAMAGED, holds + ", of another cluster: " + header.cluster());
        }
        Snapshot referenced = log == null ? null : log.fold().snapshot();
        SnapshotRef expected = referenced == null ? null : referenced.ref();
        boolean isReferenced = expected != null && SnapshotNames.of(expected).equals(name);
        if (!everything) {
            return new FileReport(name, size, Condition.UNCHECKED,
                    holds + (isReferenced ? ", which the log refers to" : "; its digest was not compared"));
        }
        SnapshotRef found = new SnapshotRef(header.index(), size, digestOf(name, size));
        boolean intact = isReferenced ? found.equals(expected) : SnapshotNames.of(found).equals(name);
        return new FileReport(name, size, intact ? Condition.INTACT : Condition.DAMAGED,
                holds + (intact ? "" : ", whose digest is not the one it was written with")
                        + (isReferenced ? ", which the log refers to" : ""));
    }

    private @Nullable SnapshotHeader headerOf(String name) throws DamagedException {
        byte[] start = new byte[SnapshotHeader.BYTES_MAX];
        try (CheckedFile file = disk.open(name)) {
            return SnapshotHeader.decode(start, file.read(0, start, start.length));
        }
    }

    private Bytes digestOf(String name, long size) throws DamagedException {
        MessageDigest digest = SnapshotStore.sha256();
        byte[] piece = new byte[PIECE_BYTES];
        try (CheckedFile file = disk.open(name)) {
            for (long at = 0; at < size; at += piece.length) {
                digest.update(piece, 0, file.read(at, piece, piece.length));
            }
        }
        return Bytes.of(digest.digest());
    }

    private boolean isZeroFrom(String name, long from) throws DamagedException {
        byte[] piece = new byte[PIECE_BYTES];
        try (CheckedFile file = disk.open(name)) {
            long size = file.size();
            int any = 0;
            for (long at = from; at < size; at += piece.length) {
                int count = file.read(at, piece, piece.length);
                for (int i = 0; i < count; i++) {
                    any |= piece[i];
                }
            }
            return any == 0;
        }
    }

    private FileReport spare(String name) throws DamagedException {
        boolean zeros = !everything || isZeroFrom(name, 0);
        return report(name, Condition.UNUSED, zeros
                ? "waits to become a segment"
                : "waits to become a segment; not all zeros, which does no harm");
    }

    private FileReport staging(String name) {
        Recovered.Staged staged = Staging.peek(disk, VolumeLimits.DEFAULT);
        return staged == null
                ? report(name, Condition.UNUSED, "left of a snapshot that was being received")
                : report(name, Condition.INTACT, "a snapshot up to entry " + staged.ref().index()
                        + " is being received: " + staged.receivedBytes() + " of "
                        + staged.ref().lengthBytes() + " bytes are intact");
    }
}
