package dev.synod.cli.dev;

import dev.synod.client.Coordination;
import dev.synod.client.CoordinationException;
import dev.synod.client.LockHandle;
import dev.synod.client.SessionExpiredException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One application at each sidecar that takes the same lock again and again. The resource that the lock
 * protects is a list in memory: it writes down the token of who is there, and sees when one is not greater
 * than all before, or when two are there at once.
 */
final class LockLoad implements AutoCloseable {
    private final String name;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    // The resource, guarded by this.
    private long lastToken;
    private int cycles;
    private int violations;
    private int inside;

    LockLoad(String name, List<Coordination> sidecars) {
        this.name = name;
        for (Coordination sidecar : sidecars) {
            threads.add(Thread.ofVirtual().name("locker").start(() -> cycle(sidecar)));
        }
    }

    private void cycle(Coordination sidecar) {
        while (!stopping) {
            try {
                take(sidecar);
            } catch (SessionExpiredException e) {
                Sessions.renew(sidecar, () -> stopping);
            } catch (CoordinationException e) {
                // its sidecar, or the leader, is away: try again
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void take(Coordination sidecar) throws InterruptedException {
        try (LockHandle handle = sidecar.lock(name).acquire(Duration.ofSeconds(2))) {
            if (!handle.isHeld()) {
                return; // lost before anything was done with it
            }
            long token = handle.fencingToken().value();
            enter(token);
            leave();
        }
    }

    private synchronized void enter(long token) {
        cycles++;
        inside++;
        if (token <= lastToken || inside > 1) {
            violations++;
        }
        lastToken = Math.max(lastToken, token);
    }

    private synchronized void leave() {
        inside--;
    }

    synchronized int cycles() {
        return cycles;
    }

    synchronized int violations() {
        return violations;
    }

    synchronized long lastToken() {
        return lastToken;
    }

    @Override
    public void close() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
