package dev.synod.cli.dev;

import dev.synod.cli.Spans;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process that is wanted: started again when it ends by itself, later each time, until it has run for a
 * while. One that says by its exit status that starting it again is useless is left alone, and so is one
 * that was killed on purpose. Safe for threads.
 */
final class Supervised implements AutoCloseable {
    /** Wrong settings, a damaged volume, a folder that cannot be had: the next start would find the same. */
    private static final Set<Integer> USELESS = Set.of(64, 65, 73, 78);

    private static final Duration PAUSE_FIRST = Duration.ofMillis(250);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(10);
    private static final Duration RAN_WELL = Duration.ofSeconds(30);

    private final int place;
    private final String name;
    private final List<String> arguments;
    private final Path log;
    private final Console console;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private @Nullable Process process;
    private boolean wanted = true;
    private boolean closing;
    private @Nullable String given;
    private Duration pause = PAUSE_FIRST;

    Supervised(int place, String name, List<String> arguments, Path log, Console console) {
        this.place = place;
        this.name = name;
        this.arguments = arguments;
        this.log = log;
        this.console = console;
    }

    /** Starts it for the first time. */
    void start() {
        Thread thread = new Thread(this::supervise, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void supervise() {
        try {
            while (awaitWanted()) {
                run();
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            give("it cannot be run: " + e.getMessage());
        } finally {
            stopped.countDown();
        }
    }

    private synchronized boolean awaitWanted() throws InterruptedException {
        while (!wanted && !closing) {
            wait();
        }
        return !closing;
    }

    private void run() throws IOException, InterruptedException {
        Process running;
        long started = System.nanoTime();
        synchronized (this) {
            if (closing) {
                return;
            }
            running = JavaProgram.of(arguments).start();
            process = running;
        }
        copyLog(running);
        int status = running.waitFor();
        Duration ran = Duration.ofNanos(System.nanoTime() - started);
        synchronized (this) {
            process = null;
            if (closing || !wanted) {
                return;
            }
            if (USELESS.contains(status)) {
                wanted = false;
                given = "it ended with status " + status + ", which starting it again would not mend; see "
                        + log;
                console.warn(name + ": " + given);
                return;
            }
            pause = ran.compareTo(RAN_WELL) > 0 ? PAUSE_FIRST : pause;
            long until = System.nanoTime() + pause.toNanos();
            while (wanted && !closing && until - System.nanoTime() > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
            }
            if (closing || !wanted) {
                return; // an interrupt from the keyboard reaches the members a moment before this program
            }
            console.warn(name + " ended with status " + status + " after " + Spans.rough(ran)
                    + ", and is started again");
            Duration twice = pause.multipliedBy(2);
            pause = twice.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : twice;
        }
    }

    private void copyLog(Process running) throws IOException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(running.getInputStream(), StandardCharsets.UTF_8));
                PrintWriter file = new PrintWriter(Files.newBufferedWriter(log, StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND))) {
            String line = lines.readLine();
            while (line != null) {
                file.println(line);
                file.flush();
                console.log(place, name, line);
                line = lines.readLine();
            }
        }
    }

    private synchronized void give(String why) {
        wanted = false;
        given = why;
        console.warn(name + ": " + why);
    }

    /** Why it is not started again any more; null while it is. */
    synchronized @Nullable String givenUp() {
        return given;
    }

    /** Its process; null when none runs. */
    synchronized @Nullable ProcessHandle handle() {
        return process == null ? null : process.toHandle();
    }

    boolean isAlive() {
        ProcessHandle handle = handle();
        return handle != null && handle.isAlive();
    }

    /** Ends it without warning (SIGKILL), on purpose: it stays so until {@link #startAgain}. */
    synchronized void kill() {
        wanted = false;
        if (process != null) {
            process.toHandle().destroyForcibly();
        }
    }

    /** Starts one that was killed on purpose. */
    synchronized void startAgain() {
        wanted = true;
        given = null;
        pause = PAUSE_FIRST;
        notifyAll();
    }

    /** Asks it to end (SIGTERM), for good. */
    synchronized void stop() {
        closing = true;
        notifyAll();
        if (process != null) {
            process.toHandle().destroy();
        }
    }

    /** Waits until it has ended; kills it when it does not in time, or when the thread is interrupted. */
    void awaitEnd(Duration patience) {
        try {
            if (stopped.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        console.warn(name + " did not end within " + Spans.rough(patience) + ", and is killed");
        synchronized (this) {
            if (process != null) {
                process.toHandle().destroyForcibly();
            }
        }
    }

    @Override
    public void close() {
        stop();
    }
}
