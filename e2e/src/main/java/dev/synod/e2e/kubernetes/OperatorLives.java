package dev.synod.e2e.kubernetes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An operator that dies with the answer to its first write, and is started again, and again. When four
 * lives in a row ended with the same write, the next may make one more: an operator that crashes for ever
 * at one place need not come past it.
 */
public final class OperatorLives implements AutoCloseable {
    private static final int ALIKE_MAX = 3;
    private static final int KILLED = 137;
    private static final Duration LOOK = Duration.ofMillis(50);

    private final LocalOperator operator;
    private final Path journal;
    private final Thread thread;
    private volatile boolean closed;
    /** Why nobody is started any more; empty while somebody is. */
    private volatile String broken = "";
    private final AtomicInteger deaths = new AtomicInteger();

    /**
     * Kills the operator and starts it so.
     *
     * @param journal of all its writes
     */
    public OperatorLives(LocalOperator operator, Path journal) {
        this.operator = operator;
        this.journal = journal;
        operator.kill();
        thread = Thread.ofPlatform().daemon().name("operator-lives").start(() -> {
            try {
                live();
            } catch (RuntimeException | Error fault) {
                broken = fault.toString();
                throw fault;
            }
        });
    }

    /** Fails when an operator ended in another way than by a write. */
    public void requireGoingOn() {
        if (!broken.isEmpty()) {
            throw new AssertionError("the operator is not started any more: " + broken);
        }
    }

    private void live() {
        int more = 0;
        int alike = 0;
        String last = "";
        while (!closed) {
            operator.start(journal, 1 + more);
            if (!awaitDeath()) {
                return;
            }
            deaths.incrementAndGet();
            List<Writes.Write> writes = Writes.in(journal);
            String now = writes.isEmpty() ? "" : writes.getLast().what();
            alike = now.equals(last) ? alike + 1 : 0;
            more = alike >= ALIKE_MAX ? more + 1 : 0;
            last = now;
        }
    }

    private boolean awaitDeath() {
        try {
            while (!operator.awaitEnd(LOOK)) {
                if (closed) {
                    return false;
                }
            }
            int status = operator.endedWith().orElse(KILLED);
            if (status != KILLED) {
                broken = "it ended by itself with status " + status + ": " + operator.tail(10);
            }
            return status == KILLED;
        } catch (InterruptedException ended) {
            return false;
        }
    }

    /** How often it has died so far. */
    public int deaths() {
        return deaths.get();
    }

    /** Ends the last life; somebody else may start the operator again. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        operator.kill();
    }
}
