package dev.synod.operator;

import dev.synod.log.LogBackend;
import dev.synod.log.LogWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's process: settings in, until SIGTERM. An exception that nobody caught on any thread ends it.
 */
public final class Main {
    /** A setting is wrong, as sysexits.h has it. */
    private static final int USAGE = 64;
    private static final int SOFTWARE = 70;
    private static final Duration FLUSH = Duration.ofSeconds(2);

    private Main() {}

    /**
     * Runs it.
     *
     * @param arguments {@code --version}, or none
     */
    public static void main(String[] arguments) {
        if (arguments.length == 1 && arguments[0].equals("--version")) {
            System.out.println("synod operator " + Version.current());
            return;
        }
        if (arguments.length > 0) {
            end(USAGE, "unknown argument '" + arguments[0] + "'; allowed is --version, or none: settings are"
                    + " environment variables, see docs/operator.md");
        }
        OperatorConfig config;
        try {
            config = OperatorConfig.of(System.getenv(), hostName(System.getenv()));
        } catch (IllegalArgumentException e) {
            end(USAGE, String.valueOf(e.getMessage()));
            return;
        }
        run(config);
    }

    private static void run(OperatorConfig config) {
        prepare();
        LogWriter log = LogBackend.install();
        log.configure(config.logLevel(), false);
        Logger logger = LoggerFactory.getLogger(Main.class);
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            logger.error("ends with status {}: the thread {} broke", SOFTWARE, thread.getName(), thrown);
            log.flush(FLUSH);
            Runtime.getRuntime().halt(SOFTWARE);
        });
        Running running;
        try {
            running = Running.start(config, () -> {
                log.flush(FLUSH);
                Runtime.getRuntime().halt(SOFTWARE);
            });
        } catch (IOException | RuntimeException e) {
            logger.error("the operator cannot start", e);
            log.flush(FLUSH);
            Runtime.getRuntime().halt(SOFTWARE);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            running.stop();
            log.flush(FLUSH);
            Runtime.getRuntime().halt(0);
        }, "synod-end"));
        logger.info("synod operator {} is up, as {} in namespace {}; it looks after {}", Version.current(),
                config.pod(), config.namespace(),
                config.watched().isEmpty() ? "all namespaces" : config.watched());
        while (true) {
            try {
                Thread.currentThread().join(); // all other threads are daemons
            } catch (InterruptedException e) {
                logger.debug("nobody has a reason to interrupt this thread");
            }
        }
    }

    /** What libraries look for when they begin. */
    private static void prepare() {
        Security.setProperty("networkaddress.cache.ttl", "5");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    private static String hostName(Map<String, String> environment) {
        String name = environment.getOrDefault("HOSTNAME", "");
        if (!name.isBlank()) {
            return name;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "synod-operator";
        }
    }

    private static void end(int status, String message) {
        System.err.println("synod-operator: " + message);
        System.err.flush();
        Runtime.getRuntime().halt(status);
    }
}
