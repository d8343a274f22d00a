package dev.synod.state;

/**
 * Keys from one bound to another, in the order of their bytes.
 *
 * @param from the first that may be in it
 * @param end the first beyond it; empty for no end
 */
public record KeyRange(String from, String end) {
    /** Every key. */
    public static final KeyRange ALL = new KeyRange("", "");

    private static final char LOWEST = '\0';

    /** One key. */
    public static KeyRange of(String key) {
        return new KeyRange(key, key + LOWEST);
    }

    /** Every key that begins with {@code prefix}, which is part of a name. */
    public static KeyRange prefix(String prefix) {
        if (prefix.isEmpty()) {
            return ALL;
        }
        int last = prefix.length() - 1;
        return new KeyRange(prefix, prefix.substring(0, last) + (char) (prefix.charAt(last) + 1));
    }

    /** What is left of this range behind {@code key}: where the next page begins. */
    public KeyRange after(String key) {
        return new KeyRange(key + LOWEST, end);
    }

    /** Whether {@code key} lies in it. */
    public boolean contains(String key) {
        return from.compareTo(key) <= 0 && (end.isEmpty() || key.compareTo(end) < 0);
    }

    /** Whether no key can lie in it. */
    boolean isEmpty() {
        return !end.isEmpty() && from.compareTo(end) >= 0;
    }
}
