package dev.synod.simulation.world;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which machines hold a volume of which identity: one as a rule, two while an identity is taken over. */
final class Directory {
    private static final int[] NONE = new int[0];

    /** Looked up, never walked through. */
    private final Map<UUID, int[]> holders = new HashMap<>();

    private int @Nullable [] serving;

    int[] holdersOf(UUID identity) {
        int[] known = holders.get(identity);
        return known == null ? NONE : known;
    }

    void add(UUID identity, int machine) {
        int[] known = holdersOf(identity);
        int[] more = Arrays.copyOf(known, known.length + 1);
        more[known.length] = machine;
        holders.put(identity, more);
        changed();
    }

    /** The machine that is meant when only one can be. */
    void addFirst(UUID identity, int machine) {
        int[] known = holdersOf(identity);
        int[] more = new int[known.length + 1];
        more[0] = machine;
        System.arraycopy(known, 0, more, 1, known.length);
        holders.put(identity, more);
        changed();
    }

    void remove(UUID identity, int machine) {
        int[] fewer = Arrays.stream(holdersOf(identity)).filter(each -> each != machine).toArray();
        if (fewer.length == 0) {
            holders.remove(identity);
        } else {
            holders.put(identity, fewer);
        }
        changed();
    }

    /**
     * The machines that clients turn to, as worked out since the last change; null when they are to be worked
     * out again.
     */
    int @Nullable [] serving() {
        return serving;
    }

    void setServing(int[] machines) {
        serving = machines;
    }

    void changed() {
        serving = null;
    }
}
