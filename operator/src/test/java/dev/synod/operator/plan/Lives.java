package dev.synod.operator.plan;

import java.util.HashSet;
import java.util.Set;
import java.util.function.ObjLongConsumer;

/** Many random lives, one a seed; a failure names its seed. */
final class Lives {
    private Lives() {}

    /**
     * Goes through them.
     *
     * @param life takes what was seen so far, and adds to it, and the seed
     * @return what was seen in all
     */
    static Set<String> walk(long seeds, ObjLongConsumer<Set<String>> life) {
        Set<String> seen = new HashSet<>();
        for (long seed = 0; seed < seeds; seed++) {
            try {
                life.accept(seen, seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        return seen;
    }
}
