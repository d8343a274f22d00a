package dev.synod.simulation.report;

import dev.synod.simulation.mutants.Hunt;
import dev.synod.simulation.mutants.Mutant;
import dev.synod.simulation.port.RunResult;
import java.util.List;

/** What became of the planted bugs. */
public final class MutantTable {
    private final List<Hunt> hunts;
    private final List<Mutant> directed;

    /** A table of hunts that are over, and of the mutants that directed tests catch. */
    public MutantTable(List<Hunt> hunts, List<Mutant> directed) {
        this.hunts = hunts;
        this.directed = directed;
    }

    /** One line for one hunt. */
    public static String line(Hunt hunt) {
        Mutant mutant = hunt.mutant();
        RunResult killer = hunt.killer();
        String fate = killer == null
                ? "SURVIVED  " + hunt.seeds() + " seeds; expected was " + mutant.killedBy()
                : "killed    " + pad(Integer.toString(hunt.seeds()), 6) + pad(hunt.invariant(), 16) + "seed "
                        + Numbers.seed(killer.seed());
        RunResult unsound = hunt.unsound();
        String apart = unsound == null
                ? ""
                : "  FAILED: seed " + Numbers.seed(unsound.seed()) + " fails without it too";
        return "  " + pad(mutant.defect().name(), 38) + fate + apart;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    /** The sum of it, in a few lines. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Mutant mutant : directed) {
            text.append("  ").append(pad(mutant.defect().name(), 38)).append("by a test ")
                    .append(mutant.directed());
            text.append('\n');
        }
        text.append("  killed ").append(killed()).append(" of ").append(hunts.size());
        text.append(", median ").append(medianSeeds()).append(" seeds\n");
        return text.toString();
    }

    /** How many were found. */
    public long killed() {
        return hunts.stream().filter(Hunt::killed).count();
    }

    /** The middle of the seeds it took; a survivor took its whole budget. */
    public long medianSeeds() {
        int[] seeds = hunts.stream().mapToInt(Hunt::seeds).sorted().toArray();
        return seeds.length == 0 ? 0 : seeds[seeds.length / 2];
    }

    /** The hunts as a list under {@code mutants} in the object that is open. */
    public void write(JsonText json) {
        json.put("killed", killed()).put("hunted", hunts.size()).put("medianSeeds", medianSeeds());
        json.list("mutants");
        for (Hunt hunt : hunts) {
            json.object().put("id", hunt.mutant().id()).put("defect", hunt.mutant().defect().name());
            json.put("killed", hunt.killed()).put("seeds", hunt.seeds()).put("invariant", hunt.invariant())
                    .end();
        }
        json.end();
    }
}
