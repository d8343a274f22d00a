package dev.synod.storage;

import java.util.ArrayList;
import java.util.List;

/**
 * Zero-filled files that wait to become segments: one of the ordinary size, so that the log goes on without
 * waiting for it, and a few small ones for promises on a full disk. A spare never holds records: it gets its
 * segment's name, durably, before the first byte is written to it.
 *
 * <p>On a full disk the small ones are enough for ever: a segment of promises alone is void once the next one
 * has opened with a STATE, and goes, which makes room for a small one again.
 */
final class Spares {
    private static final String PREFIX = "spare-";
    private static final int PAGE_BYTES = 4 << 10;

    /** A file of zeros. */
    record Spare(String name, int bytes) {}

    private final CheckedDisk disk;
    private final VolumeLimits limits;
    private final List<Spare> ordinary = new ArrayList<>();
    private final List<Spare> reserves = new ArrayList<>();
    private long nextNumber = 1;
    private boolean full;

    Spares(CheckedDisk disk, VolumeLimits limits) {
        this.disk = disk;
        this.limits = limits;
    }

    static boolean isSpare(String name) {
        return name.startsWith(PREFIX);
    }

    /** Takes over what an earlier run prepared. What it did not finish, or cannot be opened, goes. */
    void adopt(List<String> names) {
        for (String name : names) {
            if (!isSpare(name)) {
                continue;
            }
            nextNumber = Math.max(nextNumber, numberOf(name) + 1);
            long bytes = sizeOf(name);
            if (bytes == limits.segmentBytes() && ordinary.isEmpty()) {
                ordinary.add(new Spare(name, (int) bytes));
            } else if (bytes == limits.reserveBytes() && reserves.size() < limits.reserves()) {
                reserves.add(new Spare(name, (int) bytes));
            } else {
                disk.delete(name);
            }
        }
    }

    private long sizeOf(String name) {
        try (CheckedFile file = disk.open(name)) {
            return file.size();
        } catch (DamagedException e) {
            return -1;
        }
    }

    private static long numberOf(String name) {
        long number = 0;
        for (int i = PREFIX.length(); i < name.length() && i < PREFIX.length() + 18; i++) {
            int digit = name.charAt(i) - '0';
            number = digit < 0 || digit > 9 ? number : 10 * number + digit;
        }
        return number;
    }

    /** Whether the log would wait for its next segment, and nobody knows yet whether there is room. */
    boolean isUsedUp() {
        return ordinary.isEmpty() && !full;
    }

    /** Whether the last attempt to prepare a spare found no room. */
    boolean full() {
        return full;
    }

    /**
     * Takes a spare of at least {@code neededBytes}.
     *
     * @param forPromises whether a reserve may be taken
     * @throws DiskFullException when there is none, and no room to make one
     */
    Spare take(int neededBytes, boolean forPromises) throws DiskFullException {
        for (int i = 0; i < ordinary.size(); i++) {
            if (ordinary.get(i).bytes >= neededBytes) {
                return ordinary.remove(i);
            }
        }
        int wholeBytes = (neededBytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
        try {
            return create(Math.max(limits.segmentBytes(), wholeBytes));
        } catch (DiskFullException e) {
            full = true;
            if (!forPromises) {
                throw e;
            }
            for (int i = 0; i < reserves.size(); i++) {
                if (reserves.get(i).bytes >= neededBytes) {
                    return reserves.remove(i);
                }
            }
            return create(Math.max(limits.reserveBytes(), wholeBytes));
        }
    }

    private Spare create(int bytes) throws DiskFullException {
        String name = PREFIX + nextNumber++;
        try (CheckedFile file = disk.create(name)) {
            file.fill(bytes);
            file.sync();
            return new Spare(name, bytes);
        } catch (DiskFullException e) {
            disk.delete(name);
            throw e;
        }
    }

    /** Prepares what is missing, as far as there is room. */
    void replenish() {
        try {
            while (reserves.size() < limits.reserves()) {
                reserves.add(create(limits.reserveBytes()));
            }
            while (ordinary.isEmpty()) {
                ordinary.add(create(limits.segmentBytes()));
            }
            full = false;
        } catch (DiskFullException e) {
            full = true;
        }
    }
}
