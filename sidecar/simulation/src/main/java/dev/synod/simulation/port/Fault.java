package dev.synod.simulation.port;

import java.util.ArrayList;
import java.util.List;

/**
 * One injected fault, whole: with the same seed and knobs, a run that is given a list of these instead of
 * drawing its own repeats the run that recorded them, and a shorter list leaves the rest of the faults as
 * they were.
 *
 * @param atNanos true time at which it begins
 * @param kind what happens; says what the other fields mean
 * @param target index of the machine; -1 for none
 * @param other index of a second machine; -1 for none
 * @param durationNanos how long
 * @param amount how much
 * @param salt seeds whatever the fault draws for itself
 */
public record Fault(
        long atNanos, FaultKind kind, int target, int other, long durationNanos, long amount, long salt) {

    /** One line that {@link #parse} reads back: {@code 12345678900ns PAUSE target=1 for=2000000ns}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(atNanos).append("ns ").append(kind.name());
        if (target >= 0) {
            text.append(" target=").append(target);
        }
        if (other >= 0) {
            text.append(" other=").append(other);
        }
        if (durationNanos != 0) {
            text.append(" for=").append(durationNanos).append("ns");
        }
        if (amount != 0) {
            text.append(" amount=").append(amount);
        }
        if (salt != 0) {
            text.append(" salt=").append(Long.toUnsignedString(salt, 16));
        }
        return text.toString();
    }

    /**
     * Reads one fault as {@link #toString} writes it.
     *
     * @throws IllegalArgumentException when it is none; the message says what is wrong
     */
    public static Fault parse(String text) {
        List<String> words = words(text, ' ');
        if (words.size() < 2 || !words.getFirst().endsWith("ns")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no fault: wanted is '<time>ns <KIND> [name=value]...'");
        }
        long atNanos = nanos(words.getFirst());
        FaultKind kind = FaultKind.valueOf(words.get(1));
        int target = -1;
        int other = -1;
        long durationNanos = 0;
        long amount = 0;
        long salt = 0;
        for (String word : words.subList(2, words.size())) {
            int equals = word.indexOf('=');
            String value = word.substring(equals + 1);
            switch (equals < 0 ? "" : word.substring(0, equals)) {
                case "target" -> target = Integer.parseInt(value);
                case "other" -> other = Integer.parseInt(value);
                case "for" -> durationNanos = nanos(value);
                case "amount" -> amount = Long.parseLong(value);
                case "salt" -> salt = Long.parseUnsignedLong(value, 16);
                default -> throw new IllegalArgumentException("'" + word + "' in '" + text
                        + "' is not one of target=, other=, for=, amount=, salt=");
            }
        }
        return new Fault(atNanos, kind, target, other, durationNanos, amount, salt);
    }

    private static long nanos(String text) {
        if (!text.endsWith("ns")) {
            throw new IllegalArgumentException("'" + text + "' is not a time in ns");
        }
        return Long.parseLong(text.substring(0, text.length() - 2));
    }

    private static List<String> words(String text, char separator) {
        List<String> words = new ArrayList<>();
        int from = 0;
        for (int at = 0; at <= text.length(); at++) {
            if (at == text.length() || text.charAt(at) == separator) {
                if (at > from) {
                    words.add(text.substring(from, at));
                }
                from = at + 1;
            }
        }
        return words;
    }
}
