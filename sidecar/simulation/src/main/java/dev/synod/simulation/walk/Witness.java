package dev.synod.simulation.walk;

import dev.synod.paxos.Ballot;
import java.util.Arrays;

/**
 * What the oracle remembers of one member, over all its processes; never changed.
 *
 * @param decided the log that it knows decided; in walks with reads, the longest that it ever knew
 * @param voted at each ballot, the longest log that its volume ever held
 * @param led the log that it began to lead with, by ballot; only of the leadership that it is in
 * @param floor the index that its read under way must reach; -1 when none is
 */
record Witness(LogNode decided, Logs voted, Logs led, long floor) {
    /** Logs by ballot, in the order in which the ballots came. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Logs(Ballot[] ballots, LogNode[] logs) {
        static final Logs NONE = new Logs(new Ballot[0], new LogNode[0]);

        /** The place of {@code ballot}, or -1. */
        int find(Ballot ballot) {
            for (int i = 0; i < ballots.length; i++) {
                if (ballots[i].equals(ballot)) {
                    return i;
                }
            }
            return -1;
        }

        Logs with(Ballot ballot, LogNode log) {
            int at = find(ballot);
            if (at >= 0) {
                LogNode[] changed = logs.clone();
                changed[at] = log;
                return new Logs(ballots, changed);
            }
            Ballot[] moreBallots = Arrays.copyOf(ballots, ballots.length + 1);
            LogNode[] moreLogs = Arrays.copyOf(logs, logs.length + 1);
            moreBallots[ballots.length] = ballot;
            moreLogs[logs.length] = log;
            return new Logs(moreBallots, moreLogs);
        }

        long key() {
            long sum = 0;
            for (int i = 0; i < ballots.length; i++) {
                sum += Hash.add(Hash.of(ballots[i]), logs[i].key);
            }
            return sum;
        }
    }

    static Witness of(LogNode root) {
        return new Witness(root, Logs.NONE, Logs.NONE, -1);
    }

    Witness withDecided(LogNode log) {
        return new Witness(log, voted, led, floor);
    }

    Witness withVote(Ballot ballot, LogNode log) {
        return new Witness(decided, voted.with(ballot, log), led, floor);
    }

    Witness withLed(Logs logs) {
        return new Witness(decided, voted, logs, floor);
    }

    Witness withFloor(long index) {
        return new Witness(decided, voted, led, index);
    }

    long key() {
        return Hash.add(Hash.add(Hash.add(decided.key, voted.key()), led.key()), floor);
    }
}
