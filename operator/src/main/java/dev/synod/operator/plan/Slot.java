package dev.synod.operator.plan;

import java.util.Comparator;

/**
 * A place for a pod: its set and its ordinal there. Members come and go in it; a member is known by its UUID.
 *
 * @param set of pods
 * @param ordinal in the set, from 0
 */
public record Slot(PodSet set, int ordinal) implements Comparable<Slot> {
    private static final Comparator<Slot> ORDER =
            Comparator.comparing(Slot::set).thenComparingInt(Slot::ordinal);

    /** A place for a voter. */
    public static Slot voter(int ordinal) {
        return new Slot(PodSet.VOTERS, ordinal);
    }

    /** A place for an observer. */
    public static Slot observer(int ordinal) {
        return new Slot(PodSet.OBSERVERS, ordinal);
    }

    /** Voters first, each set by ordinal: as numbers, for 11 comes after 9. */
    @Override
    public int compareTo(Slot other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return (set == PodSet.VOTERS ? "voter " : "observer ") + ordinal;
    }
}
