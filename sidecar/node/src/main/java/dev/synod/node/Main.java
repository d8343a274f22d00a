package dev.synod.node;

import dev.synod.log.LogBackend;
import dev.synod.log.LogWriter;
import java.io.PrintStream;
import java.security.Security;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The process of a member or an agent. */
public final class Main {
    private static final Duration FLUSH = Duration.ofSeconds(1);

    private Main() {}

    /** Runs until it is told to end by a signal, or cannot go on; {@link ExitCode} says how. */
    public static void main(String[] arguments) {
        List<String> flags = List.of(arguments);
        if (flags.contains("--help")) {
            System.out.print(HelpText.of());
            return;
        }
        if (flags.contains("--version")) {
            System.out.println("synod " + Version.current());
            return;
        }
        prepare();
        LogWriter log = LogBackend.install();
        ProcessHalt halt = new ProcessHalt(log);
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> halt.halt(ExitCode.SOFTWARE,
                "the thread " + thread.getName() + " broke: " + thrown, thrown));
        try {
            Settings settings = Settings.of(flags, System.getenv());
            log.configure(Level.valueOf(settings.text(Setting.LOG_LEVEL).toUpperCase(Locale.ROOT)),
                    settings.text(Setting.LOG_FORMAT).equals("json"));
            Running running = settings.isAgent()
                    ? AgentNode.start(settings, halt)
                    : Node.start(settings, halt);
            running.metrics().ofLog(log::dropped);
            sayStarted();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(running, log), "synod-end"));
        } catch (StartException e) {
            log.flush(FLUSH);
            complain(System.err, e);
            Runtime.getRuntime().halt(e.code().status());
        }
        // The event loop's thread is a daemon: this one keeps the process.
        while (true) {
            waitForTheEnd();
        }
    }

    private static void waitForTheEnd() {
        try {
            Thread.currentThread().join();
        } catch (InterruptedException e) {
            LoggerFactory.getLogger(Main.class).debug("nobody has a reason to interrupt this thread");
        }
    }

    /** What libraries look for when they begin, unless somebody set it otherwise. */
    private static void prepare() {
        // A pod that comes back has another address: names are looked up anew.
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        setUnlessSet("io.netty.allocator.type", "pooled");
        setUnlessSet("io.netty.allocator.numDirectArenas", "1");
        setUnlessSet("io.netty.allocator.numHeapArenas", "0");
        setUnlessSet("io.netty.allocator.maxOrder", "3");
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static void sayStarted() {
        Logger log = LoggerFactory.getLogger(Main.class);
        ProcessHandle.current().info().startInstant().ifPresent(from -> log.info(
                "synod {} is up {} ms after its start", Version.current(),
                Duration.between(from, Instant.now()).toMillis()));
    }

    private static void complain(PrintStream out, StartException e) {
        out.println("synod: " + e.getMessage());
        out.flush();
    }

    private static void end(Running running, LogWriter log) {
        running.drain();
        log.flush(FLUSH);
        Runtime.getRuntime().halt(ExitCode.OK.status());
    }

    /** Nothing may happen after it: no shutdown hook, no further write. */
    private record ProcessHalt(LogWriter log) implements Halt {
        @Override
        public void halt(ExitCode code, String message, @Nullable Throwable cause) {
            LoggerFactory.getLogger(Main.class).error("ends with status {}: {}", code.status(), message,
                    cause);
            log.flush(FLUSH);
            Runtime.getRuntime().halt(code.status());
        }
    }
}
