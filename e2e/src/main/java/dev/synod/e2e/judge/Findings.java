package dev.synod.e2e.judge;

import dev.synod.e2e.workload.Entry.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a history was about, from the beginning that was asked for.
 *
 * @param runs starts of the workload
 * @param cutRuns those whose end is missing
 * @param operations asked
 * @param acknowledged of them, told to have had their effect
 * @param unknown of them, of unknown fate
 * @param grants of locks and elections
 * @param hidden writes that were seen, and of which no line tells
 * @param longestGapMillis longest time without an acknowledged write anywhere, from the beginning on
 * @param exactTime whether one clock timed all of it
 */
public record Findings(int runs, int cutRuns, int operations, int acknowledged, int unknown, int grants,
        int hidden, double longestGapMillis, boolean exactTime) {
    private static final double NANOS_A_MILLI = 1e6;

    static Findings of(List<Run> runs, List<Asked> asked, long since, MachineTime time, int grants,
            int hidden) {
        int acknowledged = 0;
        int unknown = 0;
        List<Long> writes = new ArrayList<>(List.of(since));
        for (Asked each : asked) {
            acknowledged += each.isAcknowledged() ? 1 : 0;
            unknown += each.answer() == null || each.answer().outcome() == Outcome.UNKNOWN ? 1 : 0;
            if (each.isWrite() && each.isAcknowledged()) {
                writes.add(each.returnedAt());
            }
        }
        int cut = (int) runs.stream().filter(run -> !run.ended()).count();
        return new Findings(runs.size(), cut, asked.size(), acknowledged, unknown, grants, hidden,
                longest(writes) / NANOS_A_MILLI, time.isExact());
    }

    private static long longest(List<Long> moments) {
        List<Long> sorted = moments.stream().sorted().toList();
        long longest = 0;
        for (int i = 1; i < sorted.size(); i++) {
            longest = Math.max(longest, sorted.get(i) - sorted.get(i - 1));
        }
        return longest;
    }

    /** For the table at the end, in order. */
    public Map<String, String> figures() {
        Map<String, String> figures = new TreeMap<>();
        figures.put("operations", Integer.toString(operations));
        figures.put("acknowledged", Integer.toString(acknowledged));
        figures.put("unknown fate", Integer.toString(unknown));
        figures.put("grants", Integer.toString(grants));
        figures.put("runs", runs + " (" + cutRuns + " cut)");
        figures.put("written unseen", Integer.toString(hidden));
        figures.put("longest gap", Math.round(longestGapMillis) + " ms");
        return figures;
    }
}
