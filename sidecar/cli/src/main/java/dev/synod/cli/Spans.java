package dev.synod.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Spans of time as people write them: 250ms, 10s, 1m, 2h. */
public final class Spans implements ITypeConverter<Duration> {
    /** What is allowed, to be put behind "allowed is". */
    public static final String ALLOWED = "a number with ms, s, m or h, such as 250ms, 10s or 1m";

    private static final Pattern SPAN = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

    /** Parses one; null when the text is none. */
    public static @Nullable Duration parse(String text) {
        Matcher matcher = SPAN.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }

    /** The shortest way to write one. */
    public static String text(Duration span) {
        long millis = span.toMillis();
        return millis % 1_000 == 0 ? (millis / 1_000) + "s" : millis + "ms";
    }

    /** For people: 350 ms, 4.2 s, 3 min, 5 h, 2 d. */
    public static String rough(Duration span) {
        long millis = span.toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
        }
        if (span.toHours() < 2) {
            return span.toMinutes() + " min";
        }
        return span.toHours() < 48 ? span.toHours() + " h" : span.toDays() + " d";
    }

    @Override
    public Duration convert(String text) {
        Duration span = parse(text);
        if (span == null) {
            throw new TypeConversionException("'" + text + "' is no span of time; allowed is " + ALLOWED);
        }
        return span;
    }
}
