package dev.synod.simulation.disk;

import java.util.Arrays;
import java.util.EnumSet;

/** Which faults are ordered, and how often each struck. */
final class FaultLedger {
    private static final EnumSet<DiskFault> ORDERABLE = EnumSet.of(
            DiskFault.SYNC_FAILED,
            DiskFault.WRITE_FAILED,
            DiskFault.READ_FAILED,
            DiskFault.WRITE_LOST,
            DiskFault.MISDIRECTED);

    private final long[] hits = new long[DiskFault.values().length];
    private final long[] ordered = new long[DiskFault.values().length];

    void order(DiskFault fault, long nth) {
        if (!ORDERABLE.contains(fault)) {
            throw new IllegalArgumentException(fault + " cannot be ordered; it has a method of its own");
        }
        ordered[fault.ordinal()] = nth;
    }

    void cancelOrders() {
        Arrays.fill(ordered, 0);
    }

    /** One chance for {@code fault}: whether it strikes now. */
    boolean strikes(DiskFault fault) {
        int at = fault.ordinal();
        boolean now = ordered[at] == 1;
        if (ordered[at] > 0) {
            ordered[at]--;
        }
        return count(fault, now);
    }

    /** Counts {@code fault} if it struck, and returns that. */
    boolean count(DiskFault fault, boolean struck) {
        if (struck) {
            hits[fault.ordinal()]++;
        }
        return struck;
    }

    long hits(DiskFault fault) {
        return hits[fault.ordinal()];
    }
}
