package dev.synod.paxos;

import org.jspecify.annotations.Nullable;

/**
 * Which planted bug a run carries. Production passes {@link #NONE}; without the system property {@code
 * synod.plant-defects} the switch is a constant false, and the JIT compiler removes every check of it.
 */
public final class Defects {
    private static final boolean PLANTING = Boolean.getBoolean("synod.plant-defects");

    /** No defect: what ships. */
    public static final Defects NONE = new Defects(null);

    private final @Nullable Defect planted;

    private Defects(@Nullable Defect planted) {
        this.planted = planted;
    }

    /**
     * Plants one bug.
     *
     * @throws IllegalStateException when the process was not started with {@code -Dsynod.plant-defects=true}
     */
    public static Defects planted(Defect defect) {
        if (!PLANTING) {
            throw new IllegalStateException("planting " + defect + " needs -Dsynod.plant-defects=true");
        }
        return new Defects(defect);
    }

    /** Whether {@code defect} is planted in this run. */
    public boolean has(Defect defect) {
        return PLANTING && planted == defect;
    }

    /** Whether one takes back what must not be: the simulator is to find that by its own means. */
    boolean takeBack() {
        return has(Defect.E02_EPOCH_REENTERED)
                || has(Defect.M10_ROUND_RESET_ON_RESTART)
                || has(Defect.M15_SNAPSHOT_DROPS_BALLOTS);
    }
}
