package dev.synod.log;

import java.io.Serial;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** A logger that hands its lines to the writer. */
final class QueueingLogger extends LegacyAbstractLogger {
    @Serial private static final long serialVersionUID = 1L;

    private final transient LogWriter writer;

    QueueingLogger(String name, LogWriter writer) {
        this.name = name;
        this.writer = writer;
    }

    @Override
    protected void handleNormalizedLoggingCall(Level level, @Nullable Marker marker, String pattern,
            Object @Nullable [] arguments, @Nullable Throwable thrown) {
        String text = MessageFormatter.basicArrayFormat(pattern, arguments);
        writer.add(new Line(System.currentTimeMillis(), level, name, Thread.currentThread().getName(),
                text == null ? "null" : text, thrown));
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public boolean isDebugEnabled() {
        return writer.isEnabled(Level.DEBUG, name);
    }

    @Override
    public boolean isInfoEnabled() {
        return writer.isEnabled(Level.INFO, name);
    }

    @Override
    public boolean isWarnEnabled() {
        return writer.isEnabled(Level.WARN, name);
    }

    @Override
    public boolean isErrorEnabled() {
        return writer.isEnabled(Level.ERROR, name);
    }
}
