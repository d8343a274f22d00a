package dev.synod.simulation.check;

import java.util.ArrayList;
import java.util.List;

/**
 * The order of a log respects real time: whoever stands later in it had not returned before one that stands
 * earlier was called. Operations at one place are in no order.
 */
public final class RealTimeOrder {
    /**
     * @param place in the order that the log gives
     * @param calledAt on the clock of all clients
     * @param returnedAt {@link Operation#NEVER} when that is not known
     * @param changes whether it is more than a read
     * @param what for messages
     */
    private record Placed(long place, long calledAt, long returnedAt, boolean changes, Object what) {}

    private final List<Placed> operations = new ArrayList<>();

    /** No operations yet. */
    public RealTimeOrder() {}

    /** An operation, at {@code 2i} when it changed something at index i, {@code 2i + 1} when it read it. */
    public void add(long place, long calledAt, long returnedAt, boolean changes, Object what) {
        operations.add(new Placed(place, calledAt, returnedAt, changes, what));
    }

    /**
     * Checks them all.
     *
     * @throws Violation "real-time", or "stale-read" when a read stands too early
     */
    public void check() {
        operations.sort((a, b) -> Long.compare(a.place(), b.place()));
        int end = operations.size();
        Placed earliest = null;
        while (end > 0) {
            int start = end - 1;
            while (start > 0 && operations.get(start - 1).place() == operations.get(end - 1).place()) {
                start--;
            }
            for (Placed operation : operations.subList(start, end)) {
                if (earliest != null && earliest.returnedAt() < operation.calledAt()) {
                    throw new Violation(operation.changes() ? "real-time" : "stale-read",
                            operation.what() + " was called after the return of " + earliest.what()
                                    + ", which stands behind it in the log");
                }
            }
            for (Placed operation : operations.subList(start, end)) {
                if (earliest == null || operation.returnedAt() < earliest.returnedAt()) {
                    earliest = operation;
                }
            }
            end = start;
        }
    }
}
