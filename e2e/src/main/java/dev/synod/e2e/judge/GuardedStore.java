package dev.synod.e2e.judge;

import dev.synod.e2e.workload.Entry.Kind;
import dev.synod.simulation.check.FencedRegister;
import dev.synod.simulation.check.Violation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the holders of a lock or an election wrote into the store behind it, in the order of revisions.
 * Each read before it wrote, and nobody else may hold the claim in between: so each has found what the one
 * before it wrote, or something newer of which no answer is known. No clock is needed for that.
 */
final class GuardedStore {
    private final Map<String, List<Asked>> byStore = new TreeMap<>();

    GuardedStore(List<Asked> asked) {
        for (Asked each : asked) {
            if (each.kind() == Kind.GUARDED && each.isAcknowledged()) {
                byStore.computeIfAbsent(each.call().name(), store -> new ArrayList<>()).add(each);
            }
        }
    }

    void check() {
        byStore.forEach((store, writes) -> {
            writes.sort(Comparator.comparingLong(GuardedStore::revision));
            FencedRegister fenced = new FencedRegister();
            Asked before = null;
            for (Asked write : writes) {
                check(store, before, write);
                // One claimant writes by one token: a run, for as long as it leads or holds.
                if (!fenced.write(store, write.call().token(), write.run())) {
                    throw new Violation("P1", write + " wrote behind " + before + ", with an older token");
                }
                before = write;
            }
        });
    }

    private static void check(String store, @Nullable Asked before, Asked write) {
        long found = write.call().expected();
        if (before != null && found < revision(before)) {
            throw new Violation("P2", "two held what guards " + store + ": " + write + " found revision "
                    + found + ", but before it wrote, " + before + " did");
        }
        if (found >= revision(write)) {
            throw new Violation("P2", write + " found what was written after it");
        }
    }

    private static long revision(Asked write) {
        return write.answer() == null ? 0 : write.answer().revision();
    }
}
