package dev.synod.cli.child;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.client.LockLostException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A child process that does not outlive what it depends on, as long as this process lives. Its guarantee is
 * looked at all the time:
 *
 * <ol>
 *   <li>When it is not renewed and comes near its end, or is taken away, the child and all that it
 *       started are asked to end (TERM), once.
 *   <li>Before it ends, or a moment after it was taken away, they are killed (KILL).
 * </ol>
 *
 * A guarantee that comes back in between changes nothing: the child was told to stop. Whoever kills this very
 * process without warning leaves the child running; what it does then is for the fencing token to refuse.
 */
public final class GuardedChild {
    static final long LOOK_MILLIS = 20;
    private static final Duration TERM_BEFORE_MAX = Duration.ofSeconds(2);
    private static final Duration KILL_BEFORE_MAX = Duration.ofMillis(300);
    private static final Duration AFTER_TAKEN = Duration.ofMillis(300);
    private static final Duration END_MAX = Duration.ofSeconds(10);

    private final List<String> command;
    private final Map<String, String> variables;
    private final Duration termBefore;
    private final Duration killBefore;
    private final LongSupplier nanos;
    private final CountDownLatch ended = new CountDownLatch(1);
    private long termedAt;
    private boolean termed;

    /** What the child depends on. */
    public interface Guarantee {
        /** How long it is guaranteed from now; zero when it is not. */
        Duration guaranteedFor();

        /** Whether it is over for good, whatever was guaranteed: broken, deposed, expired. */
        boolean isOver();
    }

    /**
     * Why a guarantee ended, for people: asked of it, for the child may be stopped before a listener is told.
     *
     * @param ensureHeld throws unless it is still held
     */
    public static String whyEnded(Runnable ensureHeld) {
        try {
            ensureHeld.run();
            return "it was not renewed in time";
        } catch (LockLostException e) {
            return e.loss().text();
        }
    }

    /** A child and everything below it. */
    interface ToBeEnded {
        /** Asks it to end, or kills it. */
        void end(boolean force);
    }

    /**
     * Starts nothing yet.
     *
     * @param command with its arguments
     * @param variables added to its environment
     * @param ttl for how long a renewal guarantees
     */
    public GuardedChild(List<String> command, Map<String, String> variables, Duration ttl) {
        this(command, variables, ttl, System::nanoTime);
    }

    /** With time from outside. */
    GuardedChild(List<String> command, Map<String, String> variables, Duration ttl, LongSupplier nanos) {
        this.command = List.copyOf(command);
        this.variables = Map.copyOf(variables);
        this.nanos = nanos;
        termBefore = least(ttl.dividedBy(3), TERM_BEFORE_MAX);
        killBefore = least(ttl.dividedBy(10), KILL_BEFORE_MAX);
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /**
     * Runs it to its end, with this process's input and output.
     *
     * @return its status; empty when it was stopped because the guarantee ended
     */
    public OptionalInt run(Guarantee guarantee) throws InterruptedException {
        Process child;
        try {
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            builder.environment().putAll(variables);
            child = builder.start();
        } catch (IOException e) {
            throw new CommandException(ExitStatus.USAGE, "the command cannot be run: " + e.getMessage(), e);
        }
        Thread forward = new Thread(() -> passOn(child), "pass-on");
        Runtime.getRuntime().addShutdownHook(forward);
        try {
            while (!child.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                look(force -> signal(child, force), guarantee);
            }
            return termed ? OptionalInt.empty() : OptionalInt.of(child.exitValue());
        } finally {
            if (child.isAlive()) {
                signal(child, true);
            }
            ended.countDown();
            removeHook(forward);
        }
    }

    /** Who asks this process to end asks the child, which is waited for: the hold is given back after it. */
    private void passOn(Process child) {
        signal(child, false);
        try {
            if (!ended.await(END_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                signal(child, true);
            }
        } catch (InterruptedException e) {
            signal(child, true);
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // it runs already: the process ends
        }
    }

    void look(ToBeEnded child, Guarantee guarantee) {
        boolean over = guarantee.isOver();
        Duration left = guarantee.guaranteedFor();
        if (!termed && (over || left.compareTo(termBefore) <= 0)) {
            termed = true;
            termedAt = nanos.getAsLong();
            child.end(false);
        }
        boolean taken = over && nanos.getAsLong() - termedAt > AFTER_TAKEN.toNanos();
        if (termed && (taken || !over && left.compareTo(killBefore) <= 0)) {
            child.end(true);
        }
    }

    /** The child and everything below it. */
    private static void signal(Process child, boolean force) {
        List<ProcessHandle> all = new ArrayList<>(child.toHandle().descendants().toList());
        all.add(child.toHandle());
        for (ProcessHandle one : all) {
            if (force) {
                one.destroyForcibly();
            } else {
                one.destroy();
            }
        }
    }
}
