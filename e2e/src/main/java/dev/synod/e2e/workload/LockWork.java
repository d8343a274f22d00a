package dev.synod.e2e.workload;

import dev.synod.client.Coordination;
import dev.synod.client.CoordinationException;
import dev.synod.client.LockHandle;
import dev.synod.client.LockTimeoutException;
import dev.synod.client.Operation;
import dev.synod.e2e.workload.Entry.Kind;
import dev.synod.e2e.workload.Entry.Outcome;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Takes one of a few locks, works on what it guards, holds it for a while, and gives it back. */
final class LockWork implements Work {
    private static final int LOCKS = 2;
    private static final Duration WAIT = Duration.ofMillis(500);
    private static final int HOLD_MILLIS_MAX = 100;
    private static final int PAUSE_MILLIS_MAX = 600;
    private static final int LOOK_MILLIS = 10;

    private final Journal journal;
    private final Journalled journalled;
    private final Stopping stopping;
    private final Random random = new Random();

    LockWork(Journal journal, Stopping stopping) {
        this.journal = journal;
        this.stopping = stopping;
        journalled = new Journalled(journal);
    }

    @Override
    public long once(Coordination coordination) throws InterruptedException {
        String name = "lock/" + random.nextInt(LOCKS);
        long operation = journal.call(number -> new Entry.Call(number, Kind.ACQUIRE, name, "", 0, 0));
        try (LockHandle handle = acquired(coordination, operation, name)) {
            if (handle != null) {
                hold(coordination, handle, operation);
            }
        }
        return random.nextInt(PAUSE_MILLIS_MAX);
    }

    private @Nullable LockHandle acquired(Coordination coordination, long operation, String name)
            throws InterruptedException {
        try {
            LockHandle handle = coordination.lock(name).acquire(WAIT);
            journal.write(new Entry.Return(
                    operation, Outcome.OK, true, 0, "", handle.fencingToken().value(), ""));
            return handle;
        } catch (LockTimeoutException busy) {
            journal.write(new Entry.Return(operation, Outcome.OK, false, 0, "", 0, ""));
            return null;
        } catch (CoordinationException failed) {
            journal.write(Journalled.failed(operation, failed));
            throw failed;
        }
    }

    private void hold(Coordination coordination, LockHandle handle, long operation)
            throws InterruptedException {
        long token = handle.fencingToken().value();
        Belief belief = new Belief(journal, operation, handle.name(), token, handle::isHeld);
        try {
            String key = "store/" + handle.name();
            journalled.guarded(coordination, key, token,
                    value -> coordination.values().commit().whileHeld(handle)
                            .then(Operation.put(key, value)).run());
            long millis = random.nextInt(HOLD_MILLIS_MAX);
            for (long held = 0; held < millis && belief.look() && !stopping.isAsked(); held += LOOK_MILLIS) {
                stopping.pauseMillis(LOOK_MILLIS);
            }
        } finally {
            belief.end();
        }
    }
}
