package dev.synod.simulation.disk;

import dev.synod.paxos.Bytes;
import dev.synod.paxos.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file as the machine sees it (the image) and as it is on the disk for sure (synced), with the writes in
 * between. Arrays are a whole number of pages long, and zero beyond the sizes.
 */
final class SimFile {
    private static final int PAGE_BYTES = SimDisk.PAGE_BYTES;
    private static final int SECTOR_BYTES = SimDisk.SECTOR_BYTES;

    /** A change of the image since the last sync; {@code data} is empty for one of the size alone. */
    private record Change(int offset, Bytes data, int sizeAfter) {
        int end() {
            return offset + data.length();
        }
    }

    /** How what was not synced fares in a crash. */
    private enum Survival {
        NOTHING,
        EVERYTHING,
        BY_PAGE,
        BY_SECTOR
    }

    private byte[] image = new byte[0];
    private byte[] synced = new byte[0];
    private int size;
    private int syncedSize;
    private final List<Change> pending = new ArrayList<>();
    private long[] dirty = new long[1];

    SimFile copy() {
        SimFile copy = new SimFile();
        copy.image = image.clone();
        copy.synced = synced.clone();
        copy.size = size;
        copy.syncedSize = syncedSize;
        copy.pending.addAll(pending);
        copy.dirty = dirty.clone();
        return copy;
    }

    int size() {
        return size;
    }

    int syncedSize() {
        return syncedSize;
    }

    /** Whether a sync would write anything. */
    boolean isDirty() {
        return !pending.isEmpty();
    }

    int read(long offset, byte[] target, int from, int length) {
        if (offset >= size) {
            return 0;
        }
        int count = Math.min(length, size - (int) offset);
        System.arraycopy(image, (int) offset, target, from, count);
        return count;
    }

    void write(int offset, byte[] source, int from, int length) {
        int end = offset + length;
        if (end > image.length) {
            int pages = (Math.max(end, image.length + image.length / 2) + PAGE_BYTES - 1) / PAGE_BYTES;
            image = Arrays.copyOf(image, pages * PAGE_BYTES);
        }
        System.arraycopy(source, from, image, offset, length);
        size = Math.max(size, end);
        pending.add(new Change(offset, Bytes.of(Arrays.copyOfRange(source, from, from + length)), size));
        markDirty(offset, end);
    }

    private void markDirty(int from, int end) {
        int last = (end - 1) / PAGE_BYTES;
        if (last >= dirty.length * Long.SIZE) {
            dirty = Arrays.copyOf(dirty, 2 * (last / Long.SIZE + 1));
        }
        for (int page = from / PAGE_BYTES; page <= last; page++) {
            dirty[page >> 6] |= 1L << page;
        }
    }

    void truncate(int to) {
        Arrays.fill(image, to, size, (byte) 0);
        markDirty(to, Math.max(size, to + 1));
        size = to;
        pending.add(new Change(to, Bytes.EMPTY, to));
    }

    /** Makes the image durable. */
    void sync() {
        flush(this, 0);
        syncedSize = size;
        clean();
    }

    /** Says that it was synced, and writes nothing. */
    void loseSync() {
        syncedSize = size;
        growSynced(size);
        clean();
    }

    /**
     * Writes the dirty pages over those of {@code victim}, from page {@code shift} further on as far as it
     * reaches.
     */
    void misdirect(SimFile victim, int shift) {
        flush(victim, shift);
        syncedSize = size;
        growSynced(size);
        clean();
    }

    /** Fails to sync: part of it reached the disk, and the pages look clean all the same. */
    void failSync(SeededRandom random, FaultLedger faults) {
        settle(random, faults, drawSurvival(random), 0);
        clean();
    }

    /** The first dirty page; -1 when there is none. */
    int firstDirtyPage() {
        for (int word = 0; word < dirty.length; word++) {
            if (dirty[word] != 0) {
                return word * Long.SIZE + Long.numberOfTrailingZeros(dirty[word]);
            }
        }
        return -1;
    }

    private void flush(SimFile target, int shift) {
        if (target == this) {
            growSynced(size);
        }
        for (int word = 0; word < dirty.length; word++) {
            for (long bits = dirty[word]; bits != 0; bits &= bits - 1) {
                int from = (word * Long.SIZE + Long.numberOfTrailingZeros(bits)) * PAGE_BYTES;
                int to = from + shift * PAGE_BYTES;
                if (from < image.length && to >= 0 && to < target.synced.length) {
                    System.arraycopy(image, from, target.synced, to, PAGE_BYTES);
                }
            }
        }
    }

    private void growSynced(int reach) {
        if (reach > synced.length) {
            synced = Arrays.copyOf(synced, image.length);
        }
    }

    private void clean() {
        pending.clear();
        Arrays.fill(dirty, 0);
    }

    /** The power goes: what was not synced survives in part. */
    void crash(SeededRandom random, FaultLedger faults) {
        if (!pending.isEmpty()) {
            double garbled = random.chance(0.5) ? 0 : random.unit() * 0.5;
            settle(random, faults, drawSurvival(random), garbled);
        }
        clean();
        image = synced.clone();
        size = syncedSize;
    }

    private static Survival drawSurvival(SeededRandom random) {
        int draw = random.below(10);
        if (draw < 2) {
            return draw == 0 ? Survival.NOTHING : Survival.EVERYTHING;
        }
        return draw < 6 ? Survival.BY_PAGE : Survival.BY_SECTOR;
    }

    /**
     * Lets pending changes reach the disk, each sector as it stood at a moment of its own since the last
     * sync.
     */
    private void settle(SeededRandom random, FaultLedger faults, Survival survival, double garbled) {
        growSynced(reach());
        syncedSize = settledSize(random, survival);
        long keptSectors = 0;
        long lostSectors = 0;
        for (int page = 0; page * PAGE_BYTES < synced.length; page++) {
            if ((dirty[page >> 6] >>> page & 1) == 0) {
                continue;
            }
            int pageMoment = moment(random, survival);
            for (int at = page * PAGE_BYTES; at < (page + 1) * PAGE_BYTES; at += SECTOR_BYTES) {
                int moment = survival == Survival.BY_SECTOR ? moment(random, survival) : pageMoment;
                boolean garble = garbled > 0 && random.chance(garbled);
                int touched = settleSector(at, moment, garble ? random : null, faults);
                keptSectors += touched >>> 16;
                lostSectors += touched & 0xFFFF;
            }
        }
        faults.count(DiskFault.UNSYNCED_KEPT, keptSectors > 0);
        faults.count(DiskFault.UNSYNCED_LOST, lostSectors > 0);
        Arrays.fill(synced, Math.min(syncedSize, synced.length), synced.length, (byte) 0);
    }

    private int reach() {
        int reach = size;
        for (Change change : pending) {
            reach = Math.max(reach, change.sizeAfter);
        }
        return reach;
    }

    private int settledSize(SeededRandom random, Survival survival) {
        return switch (survival) {
            case NOTHING -> syncedSize;
            case EVERYTHING -> size;
            case BY_PAGE, BY_SECTOR -> {
                int moment = random.below(pending.size() + 1);
                yield moment == 0 ? syncedSize : pending.get(moment - 1).sizeAfter;
            }
        };
    }

    private int moment(SeededRandom random, Survival survival) {
        return switch (survival) {
            case NOTHING -> 0;
            case EVERYTHING -> pending.size();
            case BY_PAGE, BY_SECTOR -> {
                int draw = random.below(5);
                yield draw < 2 ? 0 : draw < 4 ? pending.size() : random.below(pending.size() + 1);
            }
        };
    }

    /** Returns how many changes reached the sector, times 65,536, plus how many did not. */
    private int settleSector(int at, int moment, @Nullable SeededRandom garbler, FaultLedger faults) {
        int kept = 0;
        int lost = 0;
        for (int i = 0; i < pending.size(); i++) {
            Change change = pending.get(i);
            int from = Math.max(at, change.offset);
            int end = Math.min(at + SECTOR_BYTES, change.end());
            if (from >= end) {
                continue;
            }
            if (garbler != null) {
                garble(garbler, from, end, faults);
            } else if (i < moment) {
                System.arraycopy(change.data.array(), from - change.offset, synced, from, end - from);
                kept++;
            } else {
                lost++;
            }
        }
        return Math.min(kept, 1) << 16 | Math.min(lost, 1);
    }

    /** Only bytes that were being written turn into others: what was synced beside them survives. */
    private void garble(SeededRandom random, int from, int end, FaultLedger faults) {
        for (int i = from; i < end; i++) {
            synced[i] = (byte) random.nextLong();
        }
        faults.count(DiskFault.UNSYNCED_GARBLED, true);
    }

    /** What is on the disk for sure, as a file that was just read in. */
    SimFile durable() {
        SimFile durable = new SimFile();
        durable.image = synced.clone();
        durable.synced = synced.clone();
        durable.size = syncedSize;
        durable.syncedSize = syncedSize;
        durable.dirty = new long[dirty.length];
        return durable;
    }

    /** Flips a bit, on the disk and in memory. */
    void flip(int offset, int bit) {
        if (offset < image.length) {
            image[offset] ^= (byte) (1 << bit);
        }
        if (offset < synced.length) {
            synced[offset] ^= (byte) (1 << bit);
        }
    }

    /** How many pages of it are on the disk. */
    int syncedPages() {
        return (syncedSize + PAGE_BYTES - 1) / PAGE_BYTES;
    }
}
