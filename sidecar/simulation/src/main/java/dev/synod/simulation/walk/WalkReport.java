package dev.synod.simulation.walk;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What came of a walk.
 *
 * @param name of the walk
 * @param states distinct states of the group
 * @param transitions steps between them
 * @param depth steps to the farthest state
 * @param memberStates distinct states of single members
 * @param coreSteps steps that the real core took: what an event does to a state of a member is computed once
 * @param cut steps not taken because they lead beyond the bounds
 * @param closed whether no state is left to go on from
 * @param violation what broke, or null
 * @param trace the shortest way to the violation, one step a line
 * @param seconds how long it took
 */
public record WalkReport(
        String name,
        long states,
        long transitions,
        int depth,
        long memberStates,
        long coreSteps,
        long cut,
        boolean closed,
        @Nullable String violation,
        List<String> trace,
        double seconds) {

    /** One line of figures, and the trace if there is one. */
    public String render() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-34s %,12d states %,13d transitions  %,9d cut  depth %2d  %,8d member states"
                        + " %,9d core steps  %6.1f s  %s",
                name,
                states,
                transitions,
                cut,
                depth,
                memberStates,
                coreSteps,
                seconds,
                violation != null ? "VIOLATION" : closed ? "closed" : "NOT CLOSED"));
        if (violation != null) {
            text.append(System.lineSeparator()).append("    ").append(violation);
            for (int i = 0; i < trace.size(); i++) {
                text.append(String.format(Locale.ROOT, "%n    %3d %s", i + 1, trace.get(i)));
            }
        }
        return text.toString();
    }
}
