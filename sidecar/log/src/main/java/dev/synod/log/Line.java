package dev.synod.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * One line of the log.
 *
 * @param message with its values filled in
 */
record Line(
        long epochMillis, Level level, String logger, String thread, String message,
        @Nullable Throwable thrown) {
    private static final String HEX = "0123456789abcdef";

    /** {@code time=… level=… logger=… thread=… msg="…" error="…"}. */
    void logfmt(StringBuilder out) {
        out.append("time=").append(Instant.ofEpochMilli(epochMillis))
                .append(" level=").append(level.name().toLowerCase(java.util.Locale.ROOT))
                .append(" logger=").append(shortName())
                .append(" thread=").append(thread.replace(' ', '_'))
                .append(" msg=");
        quote(out, message);
        if (thrown != null) {
            out.append(" error=");
            quote(out, trace(thrown));
        }
        out.append('\n');
    }

    /** The same as one JSON object. */
    void json(StringBuilder out) {
        out.append("{\"time\":\"").append(Instant.ofEpochMilli(epochMillis))
                .append("\",\"level\":\"").append(level.name().toLowerCase(java.util.Locale.ROOT))
                .append("\",\"logger\":");
        quote(out, shortName());
        out.append(",\"thread\":");
        quote(out, thread);
        out.append(",\"msg\":");
        quote(out, message);
        if (thrown != null) {
            out.append(",\"error\":");
            quote(out, trace(thrown));
        }
        out.append("}\n");
    }

    private String shortName() {
        return logger.substring(logger.lastIndexOf('.') + 1);
    }

    private static String trace(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString().strip();
    }

    /** Quoted as JSON quotes, so that a line stays one line whatever a peer sends. */
    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || (c >= 0x7F && c < 0xA0)) {
                        out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
