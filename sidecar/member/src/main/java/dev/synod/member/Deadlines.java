package dev.synod.member;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Things that are due at some time, earliest first; of equal times, the one that was added first. */
final class Deadlines<T> {
    /** Where a thing stands. */
    record Key(long atNanos, long number) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final TreeMap<Key, T> things = new TreeMap<>();
    private long added;

    /** {@code nanos} after {@code nowNanos}, or never when that is too far off to be told. */
    static long after(long nowNanos, long nanos) {
        return nanos > Long.MAX_VALUE - Math.max(nowNanos, 0)
                ? Long.MAX_VALUE
                : nowNanos + Math.max(nanos, 0);
    }

    Key add(long atNanos, T thing) {
        Key key = new Key(atNanos, ++added);
        things.put(key, thing);
        return key;
    }

    void remove(Key key) {
        things.remove(key);
    }

    /** Takes the first that is due; null when none is. */
    @Nullable
    T takeDue(long nowNanos) {
        return nextNanos() <= nowNanos && !things.isEmpty() ? things.pollFirstEntry().getValue() : null;
    }

    /** When the first is due; {@link Long#MAX_VALUE} for never. */
    long nextNanos() {
        return things.isEmpty() ? Long.MAX_VALUE : things.firstKey().atNanos();
    }
}
