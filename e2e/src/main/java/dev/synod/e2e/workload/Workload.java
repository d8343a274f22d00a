package dev.synod.e2e.workload;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The program in the container. It runs until it is asked to end (SIGTERM), or for as long as it was told,
 * and ends in order then: what it began is finished, what it holds is given back, and the last line says
 * so.
 *
 * <p>Beside the client's environment it reads {@code SYNOD_WORKLOAD_RATE}, operations on values a second
 * (1 to 500, 5 unless set; locks and elections come on top, as often as waiting for them allows), and
 * {@code SYNOD_WORKLOAD_SECONDS} (until it is asked to end unless set).
 */
public final class Workload {
    /** Status that it ends with when a signal ends it before its first line: that of a JVM without a hook. */
    public static final int NEVER_BEGUN = 143;

    private static final int USAGE = 64;
    private static final int SOFTWARE = 70;
    private static final long END_MILLIS = 20_000;

    private Workload() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws InterruptedException, IOException {
        Map<String, String> environment = System.getenv();
        int rate;
        int seconds;
        try {
            rate = number(environment, "SYNOD_WORKLOAD_RATE", 5, 500);
            seconds = number(environment, "SYNOD_WORKLOAD_SECONDS", Integer.MAX_VALUE, Integer.MAX_VALUE);
        } catch (IllegalArgumentException wrong) {
            System.err.println("workload: " + wrong.getMessage());
            System.exit(USAGE);
            return;
        }
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            System.err.println("workload: " + thread.getName() + " broke");
            thrown.printStackTrace();
            Runtime.getRuntime().halt(SOFTWARE);
        });
        Journal journal = new Journal(
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
                pod(environment));
        Stopping stopping = new Stopping();
        List<Thread> threads = new ArrayList<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stopping.ask();
            end(threads, journal);
        }, "workload-end"));
        begin(threads, journal, stopping, pod(environment), rate);
        stopping.pauseMillis(seconds * 1000L);
        System.exit(0);
    }

    /** Nothing is begun once the end was asked for. */
    private static void begin(List<Thread> threads, Journal journal, Stopping stopping, String pod, int rate)
            throws IOException {
        synchronized (threads) {
            if (stopping.isAsked()) {
                return;
            }
            journal.write(new Entry.Begin(boot()));
            for (Worker worker : List.of(
                    new Worker("values", journal, stopping, new ValueWork(journal, pod, 1_000 / rate)),
                    new Worker("locks", journal, stopping, new LockWork(journal, stopping)),
                    new Worker("election", journal, stopping, new LeaderWork(journal, stopping, pod)))) {
                threads.add(worker.start());
            }
        }
    }

    private static void end(List<Thread> threads, Journal journal) {
        List<Thread> begun;
        synchronized (threads) {
            begun = List.copyOf(threads);
        }
        if (begun.isEmpty()) {
            Runtime.getRuntime().halt(NEVER_BEGUN);
        }
        try {
            for (Thread thread : begun) {
                thread.join(END_MILLIS);
                if (thread.isAlive()) {
                    System.err.println("workload: " + thread.getName() + " did not end in "
                            + END_MILLIS + " ms; the history has no last line");
                    Runtime.getRuntime().halt(SOFTWARE);
                }
            }
        } catch (InterruptedException never) {
            Runtime.getRuntime().halt(SOFTWARE);
        }
        journal.write(new Entry.End());
        Runtime.getRuntime().halt(0); // not the 143 that a signal would make of it
    }

    private static String pod(Map<String, String> environment) {
        String name = environment.getOrDefault("POD_NAME", environment.getOrDefault("HOSTNAME", ""));
        return name.isEmpty() ? "pid-" + ProcessHandle.current().pid() : name;
    }

    /** Which start of which kernel this is; of another system, something that no other process has. */
    private static String boot() throws IOException {
        Path id = Path.of("/proc/sys/kernel/random/boot_id");
        return Files.isReadable(id) ? Files.readString(id).strip() : "pid-" + ProcessHandle.current().pid();
    }

    private static int number(Map<String, String> environment, String name, int otherwise, int most) {
        String text = environment.get(name);
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException(
                    name + " is \"" + text + "\"; it is a number from 1 to " + most);
        }
        return Integer.parseInt(text);
    }
}
