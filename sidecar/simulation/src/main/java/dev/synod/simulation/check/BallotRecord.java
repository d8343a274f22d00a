package dev.synod.simulation.check;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Entry;
import java.util.ArrayList;
import java.util.List;

/**
 * What is known of one ballot: who used it, the one log that goes with it (I7), and who vouched for how much
 * of that.
 */
final class BallotRecord {
    /** No leader of the ballot was seen. */
    static final long NONE = -1;

    final Ballot ballot;
    /** The voters of its epoch, the only ones who count. */
    final Configuration voters;
    /** The log up to here is chosen, whatever its ballot; what follows is in {@link #entries}. */
    final long start;

    private final List<Entry> entries = new ArrayList<>();
    private final long[] votes;
    /** Voters whose durable promise left for the ballot's owner, by slot. */
    private int promises;
    /** Every entry up to here is chosen at this ballot. */
    private long chosen;
    /** The run of a process that uses the ballot (I3). */
    long ownerRun = NONE;
    /** The machine of that run; means nothing while there is none. */
    int ownerMachine;
    /**
     * End of the log that its leader began with, its own entries left out; {@link #NONE} while no leader was
     * seen.
     */
    long adoptedLast = NONE;

    BallotRecord(Ballot ballot, Configuration voters, long start) {
        this.ballot = ballot;
        this.voters = voters;
        this.start = start;
        votes = new long[voters.voters().size()];
    }

    /** Last index of the longest log seen with this ballot. */
    long last() {
        return start + entries.size();
    }

    /** For {@code start < index <= last()}. */
    Entry entry(long index) {
        return entries.get((int) (index - start - 1));
    }

    void append(Entry entry) {
        entries.add(entry);
    }

    long chosen() {
        return chosen;
    }

    void chosenUpTo(long index) {
        chosen = index;
    }

    /** Voter {@code slot} holds the ballot's log up to {@code upTo}; returns whether that is news. */
    boolean vote(int slot, long upTo) {
        if (upTo <= votes[slot]) {
            return false;
        }
        votes[slot] = upTo;
        return true;
    }

    /** Voter {@code slot} promised, on its disk. */
    void promised(int slot) {
        promises |= 1 << slot;
    }

    /** How many voters promised. */
    int promises() {
        return Integer.bitCount(promises);
    }

    /** The highest index that q2 voters vouched for. */
    long vouchedByQuorum() {
        int needed = voters.quorums().accept();
        long highest = 0;
        for (long candidate : votes) {
            int reached = 0;
            for (long vote : votes) {
                if (vote >= candidate) {
                    reached++;
                }
            }
            if (reached >= needed && candidate > highest) {
                highest = candidate;
            }
        }
        return highest;
    }
}
