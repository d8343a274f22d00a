package dev.synod.state;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one key has been: its versions, oldest first, one a revision. */
final class History {
    private final ArrayList<Version> versions = new ArrayList<>();

    void add(Version version) {
        versions.add(version);
    }

    /** The newest version; null when there is none. */
    @Nullable
    Version newest() {
        return versions.isEmpty() ? null : versions.getLast();
    }

    /** The version that stood at {@code revision}; null when there was none yet. */
    @Nullable
    Version at(long revision) {
        int after = firstAfter(revision);
        return after == 0 ? null : versions.get(after - 1);
    }

    /**
     * Takes out what reads at {@code revision} and later do not need: all versions before the one that stood
     * then, and that one too if it is a deletion.
     */
    List<Version> compact(long revision) {
        int keptFrom = firstAfter(revision);
        if (keptFrom > 0 && !versions.get(keptFrom - 1).isDeletion()) {
            keptFrom--;
        }
        List<Version> dropped = versions.subList(0, keptFrom);
        List<Version> copy = List.copyOf(dropped);
        dropped.clear();
        return copy;
    }

    List<Version> versions() {
        return versions;
    }

    /** Position of the first version after {@code revision}. */
    private int firstAfter(long revision) {
        int low = 0;
        int high = versions.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (versions.get(middle).modRevision() <= revision) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
