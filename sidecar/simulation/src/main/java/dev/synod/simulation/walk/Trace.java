package dev.synod.simulation.walk;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Tells how a walk came to a state: one line a step. Duplicates that only repeat an answer are not told. */
final class Trace {
    private final Stepper stepper;
    private final Shares shares;
    private final List<Generation> generations;
    private final int members;

    Trace(Stepper stepper, Shares shares, List<Generation> generations) {
        this.stepper = stepper;
        this.shares = shares;
        this.generations = generations;
        this.members = stepper.bounds.members();
    }

    List<String> to(ExhaustiveWalk.Broken broken) {
        List<String> lines = new ArrayList<>();
        lines.add(broken.by().toString());
        int place = broken.place();
        for (int depth = broken.depth(); depth > 0; depth--) {
            int[] row = new int[members + 1];
            generations.get(depth).read(place, row);
            lines.add(step(generations.get(depth - 1), row));
            place = row[members];
        }
        Collections.reverse(lines);
        return lines;
    }

    /** The step that leads from the state before {@code row} to it. */
    private String step(Generation before, int[] row) {
        int[] from = new int[members + 1];
        before.read(row[members], from);
        Share[] state = new Share[members];
        for (int i = 0; i < members; i++) {
            state[i] = shares.get(from[i]);
        }
        Expander expander = new Expander(stepper, shares);
        expander.begin(state);
        List<Outcome> outcomes = new ArrayList<>();
        expander.outcomes(outcomes);
        for (Outcome outcome : outcomes) {
            if (outcome.violation() == null && expander.take(outcome) && leadsTo(expander.next, row)) {
                return outcome.toString();
            }
        }
        throw new IllegalStateException("no step leads to a state that was met: a step is not deterministic");
    }

    private boolean leadsTo(Share[] next, int[] row) {
        for (int i = 0; i < members; i++) {
            if (next[i].id != row[i]) {
                return false;
            }
        }
        return true;
    }
}
