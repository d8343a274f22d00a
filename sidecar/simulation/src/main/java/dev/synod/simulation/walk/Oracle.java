package dev.synod.simulation.walk;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Payload;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must hold in every state of the group, told from what volumes held and members said alone. An entry is
 * chosen when q2 voters of its ballot's epoch held it durably at that ballot, all at once or one after the
 * other. Safe for threads; equal views of the group are checked once.
 */
final class Oracle {
    private final Configuration initial;
    private final FingerprintSet passed = new FingerprintSet();

    Oracle(Configuration initial) {
        this.initial = initial;
    }

    /** What is broken, or null. */
    @Nullable
    String check(Share[] state) {
        long key = 0;
        for (Share share : state) {
            key = Hash.add(key, share.member.view.key);
        }
        if (!passed.add(key, 0)) {
            return null;
        }
        View[] views = new View[state.length];
        for (int i = 0; i < state.length; i++) {
            views[i] = state[i].member.view;
        }
        String wrong = agreement(views);
        wrong = wrong == null ? comparableLogs(views) : wrong;
        return wrong == null ? chosenStays(views) : wrong;
    }

    /** I8. */
    private static @Nullable String agreement(View[] views) {
        for (View view : views) {
            for (View other : views) {
                if (!view.witness.decided().comparable(other.witness.decided())) {
                    return "I8: " + view.witness.decided() + " and " + other.witness.decided()
                            + " are both decided";
                }
            }
        }
        return null;
    }

    /** I7. */
    private static @Nullable String comparableLogs(View[] views) {
        for (int i = 0; i < views.length; i++) {
            for (int j = i + 1; j < views.length; j++) {
                View a = views[i];
                View b = views[j];
                boolean apart = a.accepted.equals(b.accepted)
                        && !a.accepted.isBottom()
                        && !a.log.comparable(b.log);
                boolean volumesApart = a.diskAccepted.equals(b.diskAccepted)
                        && !a.diskAccepted.isBottom()
                        && !a.diskLog.comparable(b.diskLog);
                if (apart || volumesApart) {
                    return "I7: at one accepted ballot members " + (a.slot + 1) + " and " + (b.slot + 1)
                            + " hold "
                            + a.log + " and " + b.log + ", on their volumes " + a.diskLog + " and "
                            + b.diskLog;
                }
            }
        }
        return null;
    }

    /**
     * I9: what was chosen is in the log of every later leader, and in every later vote. I10: decided is
     * chosen.
     */
    private @Nullable String chosenStays(View[] views) {
        List<Ballot> ballots = ballots(views);
        List<Entry> decided = longestDecided(views).entries();
        LogNode most = null;
        for (Ballot ballot : ballots) {
            LogNode chosen = chosen(views, ballot, decided);
            if (chosen == null) {
                continue;
            }
            if (most != null && !chosen.comparable(most)) {
                return "I8: " + most + " and " + chosen + " are both chosen";
            }
            most = most == null || chosen.index > most.index ? chosen : most;
            for (View view : views) {
                String lost = lost(chosen, ballot, view.witness.led(), view.slot, "began to lead");
                lost = lost == null ? lost(chosen, ballot, view.witness.voted(), view.slot, "voted") : lost;
                if (lost != null) {
                    return lost;
                }
            }
        }
        for (View view : views) {
            LogNode known = view.witness.decided();
            if (known.index > 0 && (most == null || !known.isPrefixOf(most))) {
                return "I10: member " + (view.slot + 1) + " takes " + known + " for decided, chosen is "
                        + (most == null ? "nothing" : most);
            }
        }
        return null;
    }

    private static @Nullable String lost(LogNode chosen, Ballot ballot, Witness.Logs logs, int slot,
            String how) {
        for (int i = 0; i < logs.ballots().length; i++) {
            if (ballot.isBelow(logs.ballots()[i]) && !chosen.isPrefixOf(logs.logs()[i])) {
                return "I9: " + chosen + " was chosen at " + ballot + ", but at " + logs.ballots()[i]
                        + " member "
                        + (slot + 1) + " " + how + " with " + logs.logs()[i];
            }
        }
        return null;
    }

    private static List<Ballot> ballots(View[] views) {
        List<Ballot> ballots = new ArrayList<>();
        for (View view : views) {
            for (Ballot ballot : view.witness.voted().ballots()) {
                if (!ballots.contains(ballot)) {
                    ballots.add(ballot);
                }
            }
        }
        return ballots;
    }

    private static LogNode longestDecided(View[] views) {
        LogNode longest = views[0].witness.decided();
        for (View view : views) {
            longest = view.witness.decided().index > longest.index ? view.witness.decided() : longest;
        }
        return longest;
    }

    /** The longest log that is chosen at {@code ballot}, or null. */
    private @Nullable LogNode chosen(View[] views, Ballot ballot, List<Entry> decided) {
        Configuration configuration = initial;
        for (Entry entry : decided) {
            if (entry.payload() instanceof Payload.StopSign stop && stop.next().epoch() <= ballot.epoch()) {
                configuration = stop.next();
            }
        }
        LogNode best = null;
        for (View candidate : views) {
            int at = candidate.witness.voted().find(ballot);
            if (at < 0 || configuration.epoch() != ballot.epoch()) {
                continue;
            }
            LogNode log = candidate.witness.voted().logs()[at];
            boolean longer = best == null || log.index > best.index;
            if (longer && holders(views, ballot, log, configuration) >= configuration.quorums().accept()) {
                best = log;
            }
        }
        return best;
    }

    private static int holders(View[] views, Ballot ballot, LogNode log, Configuration configuration) {
        int holders = 0;
        for (View view : views) {
            int at = view.witness.voted().find(ballot);
            boolean holds = at >= 0 && log.isPrefixOf(view.witness.voted().logs()[at]);
            holders += holds && configuration.isVoter(Frames.uuid(view.slot)) ? 1 : 0;
        }
        return holders;
    }
}
