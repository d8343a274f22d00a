package dev.synod.log;

import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.event.Level;

/** Lines of libraries that log by {@code java.util.logging}, as gRPC does. */
final class LibraryLogs extends Handler {
    private final LogWriter writer;
    private final SimpleFormatter formatter = new SimpleFormatter();

    private LibraryLogs(LogWriter writer) {
        this.writer = writer;
    }

    static void install(LogWriter writer) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(java.util.logging.Level.WARNING);
        root.addHandler(new LibraryLogs(writer));
    }

    @Override
    public void publish(LogRecord line) {
        Level level = line.getLevel().intValue() >= java.util.logging.Level.SEVERE.intValue()
                ? Level.ERROR
                : Level.WARN;
        String name = line.getLoggerName() == null ? "" : line.getLoggerName();
        if (writer.isEnabled(level, name)) {
            writer.add(new Line(line.getMillis(), level, name, Thread.currentThread().getName(),
                    formatter.formatMessage(line), line.getThrown()));
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
