package dev.synod.client;

import dev.synod.coordination.v1.Lock;
import dev.synod.coordination.v1.LockEvent;
import dev.synod.coordination.v1.LockHolder;
import dev.synod.coordination.v1.LockWaiter;
import java.util.ArrayList;
import java.util.List;

/**
 * A lock as others see it.
 *
 * @param name its name
 * @param holders who has it; nobody, for a lock that nobody uses
 * @param queue who waits, first come first
 */
public record LockView(String name, List<Holder> holders, List<Waiter> queue) {
    /**
     * Who holds it.
     *
     * @param claimant who
     * @param mode in what way
     * @param permits of the semaphore; 1 for EXCLUSIVE, 0 for SHARED
     * @param fencingToken of the grant
     */
    public record Holder(Claimant claimant, LockMode mode, int permits, FencingToken fencingToken) {
        static Holder of(LockHolder proto) {
            return new Holder(Claimant.of(proto.getClaimant()), LockMode.of(proto.getMode()),
                    proto.getMaxHolders(), new FencingToken(proto.getFencingToken()));
        }
    }

    /**
     * Who waits for it.
     *
     * @param claimant who
     * @param mode in what way it would be held
     * @param permits as in {@link Holder}
     */
    public record Waiter(Claimant claimant, LockMode mode, int permits) {
        static Waiter of(LockWaiter proto) {
            return new Waiter(Claimant.of(proto.getClaimant()), LockMode.of(proto.getMode()),
                    proto.getMaxHolders());
        }
    }

    static LockView of(Lock proto) {
        return new LockView(proto.getName(),
                proto.getHoldersList().stream().map(Holder::of).toList(),
                proto.getQueueList().stream().map(Waiter::of).toList());
    }

    /** The same lock after {@code events}. */
    LockView after(List<LockEvent> events) {
        List<Holder> holding = new ArrayList<>(holders);
        List<Waiter> waiting = new ArrayList<>(queue);
        for (LockEvent event : events) {
            switch (event.getEventCase()) {
                case QUEUED -> waiting.add(Waiter.of(event.getQueued()));
                case GRANTED -> {
                    Holder holder = Holder.of(event.getGranted());
                    forget(holding, waiting, holder.claimant);
                    holding.add(holder);
                }
                case LEFT -> forget(holding, waiting, Claimant.of(event.getLeft().getClaimant()));
                case EVENT_NOT_SET -> {} // of a newer sidecar
            }
        }
        return new LockView(name, List.copyOf(holding), List.copyOf(waiting));
    }

    private static void forget(List<Holder> holding, List<Waiter> waiting, Claimant who) {
        holding.removeIf(each -> isSame(each.claimant, who));
        waiting.removeIf(each -> isSame(each.claimant, who));
    }

    private static boolean isSame(Claimant one, Claimant other) {
        return one.sessionId() == other.sessionId() && one.owner().equals(other.owner());
    }
}
