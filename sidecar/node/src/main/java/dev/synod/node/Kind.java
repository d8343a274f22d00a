package dev.synod.node;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What values a {@link Setting} takes, and how they are written. */
public sealed interface Kind {
    /** What is allowed, to be put behind "allowed is". */
    String allowed();

    /** What is wrong with a text; null when nothing is. */
    @Nullable
    String wrong(String text);

    /** Any one line. */
    record Text() implements Kind {
        @Override
        public String allowed() {
            return "text";
        }

        @Override
        public @Nullable String wrong(String text) {
            return text.chars().anyMatch(Character::isISOControl) ? "it has a control character in it" : null;
        }
    }

    /** A path. */
    record File() implements Kind {
        @Override
        public String allowed() {
            return "a path";
        }

        @Override
        public @Nullable String wrong(String text) {
            return text.indexOf('\0') >= 0 ? "it is no path" : null;
        }
    }

    /** Yes or no; alone on the command line it means yes. */
    record Flag() implements Kind {
        @Override
        public String allowed() {
            return "true or false";
        }

        @Override
        public @Nullable String wrong(String text) {
            return text.equals("true") || text.equals("false") ? null : "it is neither";
        }
    }

    /** One of a few words. */
    record Choice(List<String> words) implements Kind {
        static Choice of(String... words) {
            return new Choice(List.of(words));
        }

        @Override
        public String allowed() {
            return String.join(" or ", words);
        }

        @Override
        public @Nullable String wrong(String text) {
            return words.contains(text) ? null : "it is none of these";
        }
    }

    /** A whole number. */
    record Number(long min, long max) implements Kind {
        @Override
        public String allowed() {
            return min + " to " + max;
        }

        @Override
        public @Nullable String wrong(String text) {
            return outside(amount(text, PLAIN), min, max);
        }

        long parse(String text) {
            return amount(text, PLAIN);
        }
    }

    /** An amount of bytes. */
    record Size(long min, long max) implements Kind {
        @Override
        public String allowed() {
            return say(min) + " to " + say(max) + ", such as 512KiB, 8MiB or a number of bytes";
        }

        @Override
        public @Nullable String wrong(String text) {
            return outside(amount(text, BYTES), min, max);
        }

        long parse(String text) {
            return amount(text, BYTES);
        }

        private static String say(long bytes) {
            return bytes % (1 << 20) == 0 ? (bytes >> 20) + "MiB" : (bytes >> 10) + "KiB";
        }
    }

    /** A span of time, bounds in milliseconds. */
    record Span(long minMillis, long maxMillis) implements Kind {
        @Override
        public String allowed() {
            return minMillis + "ms to " + maxMillis + "ms, such as 250ms, 10s or 1m";
        }

        @Override
        public @Nullable String wrong(String text) {
            return outside(amount(text, MILLIS), minMillis, maxMillis);
        }

        Duration parse(String text) {
            return Duration.ofMillis(amount(text, MILLIS));
        }
    }

    /** {@code host:port}; port 0 takes any that is free. */
    record Address(boolean loopbackOnly) implements Kind {
        static Address onLoopback() {
            return new Address(true);
        }

        static Address anywhere() {
            return new Address(false);
        }

        @Override
        public String allowed() {
            return loopbackOnly
                    ? "an address of loopback and a port, such as 127.0.0.1:7400 or [::1]:7400"
                    : "an address and a port, such as 0.0.0.0:7401 or [::]:7401";
        }

        @Override
        public @Nullable String wrong(String text) {
            HostPort address = HostPort.parse(text);
            if (address == null) {
                return "it is not an address and a port";
            }
            return loopbackOnly && !address.isLoopback() ? "it is not on loopback" : null;
        }
    }

    /** Units of {@link Number}. */
    Pattern PLAIN = Pattern.compile("(\\d{1,15})()");
    /** Units of {@link Size}. */
    Pattern BYTES = Pattern.compile("(\\d{1,15})(|B|KiB|MiB|GiB)");
    /** Units of {@link Span}. */
    Pattern MILLIS = Pattern.compile("(\\d{1,12})(ms|s|m)");

    private static long amount(String text, Pattern pattern) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            return -1;
        }
        long unit = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "kib" -> 1 << 10;
            case "mib" -> 1 << 20;
            case "gib" -> 1 << 30;
            case "s" -> 1_000;
            case "m" -> 60_000;
            default -> 1;
        };
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    private static @Nullable String outside(long amount, long min, long max) {
        if (amount < 0) {
            return "it is not written so";
        }
        return amount < min || amount > max ? "it lies outside" : null;
    }
}
