package dev.synod.e2e.judge;

import dev.synod.e2e.workload.Entry.Kind;
import dev.synod.simulation.check.TokenOrder;
import dev.synod.simulation.check.Violation;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds what applications were told against what Synod promises, whatever happened meanwhile.
 *
 * <ol>
 *   <li>Values: an order exists that explains every answer and respects real time, with what is there now
 *   as answers too. So no acknowledged write is lost, and no read is stale.
 *   <li>Tokens of a lock, and of an election, rise from grant to grant, and no two grants share one.
 *   <li>No two believe at once that they hold a lock or lead.
 *   <li>Behind a lock or an election nobody writes but who follows from what was there: no two valid
 *   holders, by revisions alone, without any clock.
 *   <li>Observers are told one leader for each token.
 * </ol>
 */
public final class Judge {
    private final List<Run> runs;
    private final MachineTime time;
    private final List<Asked> asked = new ArrayList<>();

    private Judge(List<Run> runs, Shown now) {
        this.runs = runs;
        time = MachineTime.of(runs, now.boot());
        runs.forEach(run -> asked.addAll(run.asked(time)));
    }

    /**
     * Judges a history that is complete but for the ends of runs; some may go on.
     *
     * @param since figures are of what was asked from then on
     * @param now every key with its value, read lately
     * @param unheard how many runs there may have been of which not one line was collected
     * @throws Violation naming what was broken
     */
    public static Findings judge(History history, Moment since, Shown now, int unheard) {
        List<Run> runs = history.runs();
        for (Run run : runs) {
            if (!run.hole().isEmpty()) {
                throw new Violation("not-judged", "the collected history lacks " + run.hole());
            }
        }
        return new Judge(runs, now).judge(since, now, unheard);
    }

    private Findings judge(Moment since, Shown now, int unheard) {
        ValueHistory values = new ValueHistory(runs, asked, now, time, unheard);
        values.check();
        int grants = checkTokens();
        new Holders(runs, time).check();
        new GuardedStore(asked).check();
        long from = time.at(since);
        List<Asked> counted = asked.stream().filter(each -> each.calledAt() >= from).toList();
        return Findings.of(runs, counted, from, time, grants, values.hidden());
    }

    private int checkTokens() {
        TokenOrder tokens = new TokenOrder();
        for (Asked each : asked) {
            boolean claim = each.kind() == Kind.ACQUIRE || each.kind() == Kind.STAND;
            if (claim && each.isAcknowledged() && each.answer() != null) {
                tokens.granted(each.call().name(), each.claimant(), true, each.answer().token(),
                        each.calledAt(), each.returnedAt());
            }
        }
        return tokens.check();
    }
}
