package dev.synod.simulation.world;

import dev.synod.simulation.port.Admin;
import dev.synod.simulation.port.AdminOutcome;
import org.jspecify.annotations.Nullable;

/**
 * The operator's connection to the members' admin ports: one command at a time, answered, timed out, or
 * forgotten.
 */
final class AdminLine {
    private static final long LATENCY_NANOS = 1_000_000;

    private final World world;
    private long ids;
    private long open;
    private @Nullable Reader reader;

    /** What to do with an answer. */
    interface Reader {
        /** {@code outcome} is null when none came. */
        void read(@Nullable AdminOutcome outcome);
    }

    AdminLine(World world) {
        this.world = world;
    }

    /** Whether a command waits for its answer. */
    boolean isBusy() {
        return open != 0;
    }

    /** Sends a command; returns its number. */
    long send(SimMachine machine, Admin command, long timeoutNanos, Reader readsAnswer) {
        long id = ++ids;
        open = id;
        reader = readsAnswer;
        world.at(world.nowNanos() + LATENCY_NANOS, () -> {
            SimProcess process = machine.process();
            if (process != null) {
                process.admin(id, command);
            }
        });
        world.at(world.nowNanos() + timeoutNanos, () -> close(id, null));
        return id;
    }

    /** A member answered. */
    void answered(long id, AdminOutcome outcome) {
        world.at(world.nowNanos() + LATENCY_NANOS, () -> close(id, outcome));
    }

    private void close(long id, @Nullable AdminOutcome outcome) {
        Reader waiting = reader;
        if (id == open && waiting != null) {
            forget();
            waiting.read(outcome);
        }
    }

    /** Nobody waits any more. */
    void forget() {
        open = 0;
        reader = null;
    }
}
