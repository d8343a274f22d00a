package dev.synod.simulation.port;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What a run, or a batch of runs, exercised: a count for every name in every group. */
public final class Counters {
    /** What is counted. */
    public enum Group {
        /** Totals of the run: {@code events}, {@code messages}, {@code leader changes} and so on. */
        TOTAL,
        /** Frames handed to the network, by message type. */
        MESSAGE,
        /** Faults that struck, by {@link FaultKind}. */
        FAULT,
        /** Faults that struck, by {@link FaultFamily}. */
        FAMILY,
        /** What the network and the disks did by chance, and what faults led to. */
        CONSEQUENCE,
        /** Faults that the disks carried out. */
        DISK,
        /** Places named by {@link Machine#buggify} that fired. */
        FAILPOINT,
        /** Effects named by {@link Machine#count}. */
        EFFECT,
        /** Steps of the operator. */
        OPERATOR,
        /** Operations of clients, by how they ended. */
        CLIENT
    }

    private final Map<Group, Map<String, long[]>> groups = new EnumMap<>(Group.class);

    /** Nothing counted yet. */
    public Counters() {
        for (Group group : Group.values()) {
            groups.put(group, new LinkedHashMap<>());
        }
    }

    private Map<String, long[]> of(Group group) {
        Map<String, long[]> counts = groups.get(group);
        if (counts == null) {
            throw new IllegalStateException("no group " + group);
        }
        return counts;
    }

    /** Counts once. */
    public void add(Group group, String name) {
        add(group, name, 1);
    }

    /** Counts {@code count} times; 0 makes the name known. */
    public void add(Group group, String name, long count) {
        Map<String, long[]> counts = of(group);
        long[] cell = counts.get(name);
        if (cell == null) {
            cell = new long[1];
            counts.put(name, cell);
        }
        cell[0] += count;
    }

    /** How often; 0 for a name that is not known. */
    public long get(Group group, String name) {
        long[] cell = of(group).get(name);
        return cell == null ? 0 : cell[0];
    }

    /** The counts of a group, ordered by name. */
    public Map<String, Long> get(Group group) {
        Map<String, Long> sorted = new TreeMap<>();
        of(group).forEach((name, cell) -> sorted.put(name, cell[0]));
        return sorted;
    }

    /** Adds what another run counted. */
    public void addAll(Counters other) {
        for (Group group : Group.values()) {
            other.of(group).forEach((name, cell) -> add(group, name, cell[0]));
        }
    }
}
