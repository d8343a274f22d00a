package dev.synod.simulation.walk;

import dev.synod.paxos.Defects;
import java.util.List;

/**
 * The bounds of a walk. Counts are over the whole group unless "each" says otherwise. Loss, duplication and
 * reordering are unbounded.
 *
 * @param name for reports
 * @param voters of the first epoch, numbered from 1
 * @param observers numbered after the voters
 * @param ballotsMax campaigns, whatever started them
 * @param commandsMax commands proposed, each by itself
 * @param crashesMax processes that crash and start again
 * @param crashesEachMax of them, of one member
 * @param streamsMax Syncs that a leader begins to one follower
 * @param changes what voters may be asked to become, by number
 * @param changesMax StopSigns proposed
 * @param readsMax linearizable reads asked for
 * @param newIncarnations whether a process that starts again has a new incarnation; otherwise members cannot
 *     tell it from the one before, and believe more
 * @param atomicWrites whether a follower's write and its durability are one step
 * @param reduced whether the reductions of {@link Expander} are on
 * @param outcomesOnly whether only what the group decides is checked, not what must be durable before a frame
 *     leaves
 * @param defects planted bugs
 */
public record WalkOptions(
        String name,
        int voters,
        int observers,
        int ballotsMax,
        int commandsMax,
        int crashesMax,
        int crashesEachMax,
        int streamsMax,
        List<List<Integer>> changes,
        int changesMax,
        int readsMax,
        boolean newIncarnations,
        boolean atomicWrites,
        boolean reduced,
        boolean outcomesOnly,
        Defects defects) {

    /** A walk of three voters with one campaign and nothing else. */
    public static WalkOptions of(String name) {
        return new WalkOptions(
                name, 3, 0, 1, 0, 0, 1, 1, List.of(), 0, 0, false, false, true, false, Defects.NONE);
    }

    /** The same with these many members. */
    public WalkOptions withMembers(int newVoters, int newObservers) {
        return new WalkOptions(name, newVoters, newObservers, ballotsMax, commandsMax, crashesMax,
                crashesEachMax,
                streamsMax, changes, changesMax, readsMax, newIncarnations, atomicWrites, reduced,
                outcomesOnly,
                defects);
    }

    int members() {
        return voters + observers;
    }

    /** The same with these many campaigns, commands and crashes. */
    public WalkOptions with(int ballots, int commands, int crashes) {
        return new WalkOptions(name, voters, observers, ballots, commands, crashes, crashesEachMax,
                streamsMax,
                changes, changesMax, readsMax, newIncarnations, atomicWrites, reduced, outcomesOnly, defects);
    }

    /** The same with one StopSign, for any of these next sets of voters. */
    public WalkOptions withChange(List<List<Integer>> next) {
        return new WalkOptions(name, voters, observers, ballotsMax, commandsMax, crashesMax, crashesEachMax,
                streamsMax, next, 1, readsMax, newIncarnations, atomicWrites, reduced, outcomesOnly, defects);
    }

    /** The same with these many reads. */
    public WalkOptions withReads(int reads) {
        return new WalkOptions(name, voters, observers, ballotsMax, commandsMax, crashesMax, crashesEachMax,
                streamsMax, changes, changesMax, reads, newIncarnations, atomicWrites, reduced, outcomesOnly,
                defects);
    }

    /** The same with a new incarnation for each process. */
    public WalkOptions withNewIncarnations() {
        return new WalkOptions(name, voters, observers, ballotsMax, commandsMax, crashesMax, crashesEachMax,
                streamsMax, changes, changesMax, readsMax, true, atomicWrites, reduced, outcomesOnly,
                defects);
    }

    /** The same with a follower's write and its durability as one step. */
    public WalkOptions withAtomicWrites() {
        return new WalkOptions(name, voters, observers, ballotsMax, commandsMax, crashesMax, crashesEachMax,
                streamsMax, changes, changesMax, readsMax, newIncarnations, true, reduced, outcomesOnly,
                defects);
    }

    /** The same without any reduction, for comparison. */
    public WalkOptions plain() {
        return new WalkOptions(name, voters, observers, ballotsMax, commandsMax, crashesMax, crashesEachMax,
                streamsMax, changes, changesMax, readsMax, newIncarnations, false, false, outcomesOnly,
                defects);
    }

    /** The same with a planted bug, to be found by what the group decides if {@code byOutcome}. */
    public WalkOptions withDefect(Defects planted, boolean byOutcome) {
        return new WalkOptions(name, voters, observers, ballotsMax, commandsMax, crashesMax, crashesEachMax,
                streamsMax, changes, changesMax, readsMax, newIncarnations, atomicWrites, reduced, byOutcome,
                planted);
    }
}
