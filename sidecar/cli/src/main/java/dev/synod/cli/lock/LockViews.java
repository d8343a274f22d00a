package dev.synod.cli.lock;

import dev.synod.cli.output.Tree;
import dev.synod.cli.sidecar.Claims;
import dev.synod.coordination.v1.Lock;
import dev.synod.coordination.v1.LockHolder;
import dev.synod.coordination.v1.LockMode;
import dev.synod.coordination.v1.LockWaiter;
import java.util.ArrayList;
import java.util.List;

/** How a lock is shown. */
final class LockViews {
    private LockViews() {}

    static String mode(LockMode mode, int holdersMax) {
        String word = Claims.word(mode, "LOCK_MODE_");
        return mode == LockMode.LOCK_MODE_PERMIT ? word + " of " + holdersMax : word;
    }

    static Tree tree(Lock lock) {
        List<Object> holders = new ArrayList<>();
        for (LockHolder holder : lock.getHoldersList()) {
            holders.add(new Tree()
                    .with("claimant", Claims.tree(holder.getClaimant()))
                    .with("mode", Claims.word(holder.getMode(), "LOCK_MODE_"))
                    .with("maxHolders", holder.getMaxHolders())
                    .with("fencingToken", holder.getFencingToken())
                    .fields());
        }
        List<Object> queue = new ArrayList<>();
        for (LockWaiter waiter : lock.getQueueList()) {
            queue.add(new Tree()
                    .with("position", waiter.getPosition())
                    .with("claimant", Claims.tree(waiter.getClaimant()))
                    .with("mode", Claims.word(waiter.getMode(), "LOCK_MODE_"))
                    .with("maxHolders", waiter.getMaxHolders())
                    .fields());
        }
        return new Tree().with("name", lock.getName()).with("holders", holders).with("queue", queue);
    }
}
