package dev.synod.log;

import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * What SLF4J finds by the system property {@code slf4j.provider}. It is not announced as a service: a test's
 * JVM that runs nodes logs as the test wants.
 */
public final class LogBackend implements SLF4JServiceProvider {
    private static final LogWriter WRITER = new LogWriter(System.err);

    private final BasicMarkerFactory markers = new BasicMarkerFactory();
    private final NOPMDCAdapter contexts = new NOPMDCAdapter();
    private final ConcurrentHashMap<String, Logger> loggers = new ConcurrentHashMap<>();

    /** Made by SLF4J. */
    public LogBackend() {}

    /** Makes this the backend of the process, before anything is logged. */
    public static LogWriter install() {
        System.setProperty("slf4j.provider", LogBackend.class.getName());
        System.setProperty("slf4j.internal.verbosity", "WARN");
        WRITER.start();
        LibraryLogs.install(WRITER);
        return WRITER;
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return name -> loggers.computeIfAbsent(name, key -> new QueueingLogger(key, WRITER));
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return contexts;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {}
}
