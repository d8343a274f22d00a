package dev.synod.e2e.judge;

import dev.synod.e2e.workload.Entry.Kind;
import dev.synod.simulation.check.TokenOrder;
import dev.synod.simulation.check.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Holds what applications were told against what Synod promises, whatever happened meanwhile.
 *
 * <ol>
 *   <li>Values: an order exists that explains every answer and respects real time, with what is there in the end as the
 *   last answers. So no acknowledged write is lost, and no read is stale.
 *   <li>Tokens of a lock, and of an election, rise from grant to grant, and no two grants share one.
 *   <li>No two believe at once that they hold a lock or lead.
 *   <li>Behind a lock or an election nobody writes but who follows from what was there: no two valid holders, by
 *   revisions alone, without any clock.
 *   <li>Observers are told one leader for each token.
 * </ol>
 */
public final class Judge {
    private final List<Run> runs;
    private final MachineTime time;
    private final List<Asked> asked = new ArrayList<>();

    private Judge(List<Run> runs) {
        this.runs = runs;
        time = MachineTime.of(runs);
        runs.forEach(run -> asked.addAll(run.asked(time)));
    }

    /**
     * Judges a history that is complete but for the ends of runs.
     *
     * @param inTheEnd every key with its value, read after the last of the runs
     * @throws Violation naming what was broken
     */
    public static Findings judge(History history, Map<String, Stored> inTheEnd) {
        List<Run> runs = history.runs();
        for (Run run : runs) {
            if (!run.hole().isEmpty()) {
                throw new Violation("not-judged", "the collected history lacks " + run.hole());
            }
        }
        return new Judge(runs).judge(inTheEnd);
    }

    private Findings judge(Map<String, Stored> inTheEnd) {
        ValueHistory values = new ValueHistory(runs, asked, inTheEnd, time);
        values.check();
        int grants = checkTokens();
        new Holders(runs, time).check();
        new GuardedStore(asked).check();
        return Findings.of(runs, asked, time, grants, values.hidden());
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
