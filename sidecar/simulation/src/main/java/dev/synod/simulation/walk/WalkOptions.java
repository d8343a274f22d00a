package dev.synod.simulation.walk;

import dev.synod.paxos.Defects;
import java.util.List;

/**
 * The bounds of a walk. Counts are over the whole group unless "each" says otherwise. Loss, duplication and
 * reordering are unbounded. Immutable: what {@code with} returns is a copy.
 */
public final class WalkOptions implements Cloneable {
    /** Crashes of one member; the reductions stand on it. */
    static final int CRASHES_EACH_MAX = 1;
    /** Syncs that a leader begins to one follower; the reductions stand on it. */
    static final int STREAMS_MAX = 1;

    private final String name;
    private int voters = 3;
    private int observers;
    private int ballotsMax = 1;
    private int commandsMax;
    private int crashesMax;
    private List<List<Integer>> changes = List.of();
    private int readsMax;
    private boolean newIncarnations;
    private boolean atomicWrites;
    private boolean reduced = true;
    private boolean outcomesOnly;
    private Defects defects = Defects.NONE;

    private WalkOptions(String name) {
        this.name = name;
    }

    /** A walk of three voters with one campaign and nothing else. */
    public static WalkOptions of(String name) {
        return new WalkOptions(name);
    }

    // ---- copies -------------------------------------------------------------------------------------------

    private WalkOptions copy() {
        try {
            return (WalkOptions) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** The same with these many members: voters numbered from 1, observers after them. */
    public WalkOptions withMembers(int newVoters, int newObservers) {
        WalkOptions copy = copy();
        copy.voters = newVoters;
        copy.observers = newObservers;
        return copy;
    }

    /** The same with these many campaigns, whatever started them; commands, each by itself; and crashes. */
    public WalkOptions with(int ballots, int commands, int crashes) {
        WalkOptions copy = copy();
        copy.ballotsMax = ballots;
        copy.commandsMax = commands;
        copy.crashesMax = crashes;
        return copy;
    }

    /** The same with one StopSign, for any of these next sets of voters, by number. */
    public WalkOptions withChange(List<List<Integer>> next) {
        WalkOptions copy = copy();
        copy.changes = next;
        return copy;
    }

    /** The same with these many linearizable reads. */
    public WalkOptions withReads(int reads) {
        WalkOptions copy = copy();
        copy.readsMax = reads;
        return copy;
    }

    /**
     * The same with a new incarnation for each process that starts; otherwise members cannot tell it from the
     * one before, and believe more.
     */
    public WalkOptions withNewIncarnations() {
        WalkOptions copy = copy();
        copy.newIncarnations = true;
        return copy;
    }

    /** The same with a follower's write and its durability as one step. */
    public WalkOptions withAtomicWrites() {
        WalkOptions copy = copy();
        copy.atomicWrites = true;
        return copy;
    }

    /** The same without any reduction of {@link Expander}, for comparison. */
    public WalkOptions plain() {
        WalkOptions copy = copy();
        copy.atomicWrites = false;
        copy.reduced = false;
        return copy;
    }

    /**
     * The same with a planted bug, to be found by what the group decides alone if {@code byOutcome}, not by
     * what must be durable before a frame leaves.
     */
    public WalkOptions withDefect(Defects planted, boolean byOutcome) {
        WalkOptions copy = copy();
        copy.defects = planted;
        copy.outcomesOnly = byOutcome;
        return copy;
    }

    // ---- the bounds ---------------------------------------------------------------------------------------

    /** For reports. */
    public String name() {
        return name;
    }

    int voters() {
        return voters;
    }

    int members() {
        return voters + observers;
    }

    int ballotsMax() {
        return ballotsMax;
    }

    int commandsMax() {
        return commandsMax;
    }

    int crashesMax() {
        return crashesMax;
    }

    List<List<Integer>> changes() {
        return changes;
    }

    /** StopSigns proposed. */
    int changesMax() {
        return changes.isEmpty() ? 0 : 1;
    }

    int readsMax() {
        return readsMax;
    }

    boolean newIncarnations() {
        return newIncarnations;
    }

    boolean atomicWrites() {
        return atomicWrites;
    }

    boolean reduced() {
        return reduced;
    }

    boolean outcomesOnly() {
        return outcomesOnly;
    }

    Defects defects() {
        return defects;
    }

    @Override
    public String toString() {
        return name + ": " + voters + " voters, " + observers + " observers, " + ballotsMax + " ballots, "
                + commandsMax + " commands, " + crashesMax + " crashes, " + readsMax + " reads, changes "
                + changes + (newIncarnations ? ", new incarnations" : "")
                + (atomicWrites ? ", atomic writes" : "") + (reduced ? "" : ", not reduced");
    }
}
