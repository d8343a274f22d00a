package dev.synod.simulation.walk;

import org.jspecify.annotations.Nullable;

/**
 * The values of one kind that a walk has met, by key. Safe for threads: a reader takes no lock, because a
 * value is immutable and carries its own key; a writer locks one stripe.
 */
final class Known<T extends Keyed> {
    private static final int STRIPE_BITS = 6;
    private static final int INITIAL = 64;

    private static final class Stripe {
        volatile @Nullable Keyed[] values = new @Nullable Keyed[INITIAL];
        int size;
    }

    private final Stripe[] stripes = new Stripe[1 << STRIPE_BITS];

    Known() {
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] = new Stripe();
        }
    }

    private Stripe stripe(long key) {
        return stripes[(int) (key >>> Long.SIZE - STRIPE_BITS)];
    }

    @SuppressWarnings("unchecked")
    @Nullable
    T get(long key) {
        @Nullable
        Keyed[] values = stripe(key).values;
        return (T) values[slot(values, key)];
    }

    /** The value that is known from now on: the one that was, else {@code value}. */
    @SuppressWarnings("unchecked")
    T putIfAbsent(T value) {
        Stripe stripe = stripe(value.key());
        synchronized (stripe) {
            @Nullable
            Keyed[] values = stripe.values;
            int slot = slot(values, value.key());
            Keyed there = values[slot];
            if (there != null) {
                return (T) there;
            }
            values[slot] = value;
            if (++stripe.size * 2 > values.length) {
                stripe.values = grown(values);
            }
            return value;
        }
    }

    private static int slot(@Nullable Keyed[] values, long key) {
        int mask = values.length - 1;
        int slot = (int) key & mask;
        for (Keyed there = values[slot]; there != null && there.key() != key; there = values[slot]) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static @Nullable Keyed[] grown(@Nullable Keyed[] values) {
        @Nullable
        Keyed[] larger = new @Nullable Keyed[values.length * 2];
        for (Keyed value : values) {
            if (value != null) {
                larger[slot(larger, value.key())] = value;
            }
        }
        return larger;
    }

    long size() {
        long size = 0;
        for (Stripe stripe : stripes) {
            synchronized (stripe) {
                size += stripe.size;
            }
        }
        return size;
    }
}
