package dev.synod.simulation.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * P2: of those who are told that they hold a lock, no more than may hold it at once believe so at one moment
 * of true time. Each believes from the time that it is told until its guarantee is over by the clock of its
 * own machine, or it lets go.
 *
 * <p>Two intervals overlap only if one begins within the other, so it is enough to look whenever a belief
 * begins, or begins again.
 */
public final class Beliefs {
    /** What a machine's clock shows now. */
    public interface Clocks {
        /** Now, there. */
        long localNanos(int machine);
    }

    /** How many may believe at once. */
    public sealed interface Sharing {
        /** So many of one kind: 1 for an exclusive lock or an election. */
        record UpTo(int holders) implements Sharing {}

        /** All who share; nobody who holds it alone. */
        record Shared() implements Sharing {}
    }

    /**
     * One who believes.
     *
     * @param lock that it holds, or election that it leads
     * @param claimant who, the same wherever it is attached
     * @param machine whose clock it goes by
     */
    public record Holder(String lock, String claimant, int machine) {}

    private static final class Belief {
        final Holder holder;
        final Sharing sharing;
        final long token;
        long untilLocalNanos;

        Belief(Holder holder, Sharing sharing, long token, long untilLocalNanos) {
            this.holder = holder;
            this.sharing = sharing;
            this.token = token;
            this.untilLocalNanos = untilLocalNanos;
        }

        @Override
        public String toString() {
            return holder.claimant() + " by token " + token + " on machine " + holder.machine();
        }
    }

    private final Clocks clocks;
    private final Consumer<String> overlap;
    private final Map<String, List<Belief>> byLock = new TreeMap<>();

    /** @param overlap told of two who believe at once, in words */
    public Beliefs(Clocks clocks, Consumer<String> overlap) {
        this.clocks = clocks;
        this.overlap = overlap;
    }

    /**
     * Somebody is told that it holds a lock, or is guaranteed it for longer.
     *
     * @param untilLocalNanos in the clock of its machine
     */
    public void believe(Holder holder, Sharing sharing, long token, long untilLocalNanos) {
        List<Belief> all = byLock.computeIfAbsent(holder.lock(), lock -> new ArrayList<>());
        Belief mine = find(all, holder);
        if (mine != null && mine.token != token) {
            all.remove(mine);
            mine = null;
        }
        boolean goesOn = mine != null && isLive(mine);
        if (mine == null) {
            mine = new Belief(holder, sharing, token, untilLocalNanos);
            all.add(mine);
        } else {
            mine.untilLocalNanos = Math.max(mine.untilLocalNanos, untilLocalNanos);
        }
        if (!goesOn && isLive(mine)) {
            all.removeIf(belief -> !isLive(belief));
            check(mine, all);
        }
    }

    /** A claimant begins anew: it believes nothing any more but what it is told from now on. */
    public void endOf(String claimant) {
        for (List<Belief> all : byLock.values()) {
            all.removeIf(belief -> belief.holder.claimant().equals(claimant));
        }
    }

    /** A claimant lets go of a lock, whichever machine it was told of it on. */
    public void end(String lock, String claimant) {
        List<Belief> all = byLock.get(lock);
        if (all != null) {
            all.removeIf(belief -> belief.holder.claimant().equals(claimant));
        }
    }

    /** Somebody lets go, or is told that it holds the lock no longer. */
    public void end(Holder holder) {
        List<Belief> all = byLock.get(holder.lock());
        if (all != null) {
            all.removeIf(belief -> belief.holder.equals(holder));
        }
    }

    private static @Nullable Belief find(List<Belief> all, Holder holder) {
        for (Belief belief : all) {
            if (belief.holder.equals(holder)) {
                return belief;
            }
        }
        return null;
    }

    private boolean isLive(Belief belief) {
        return clocks.localNanos(belief.holder.machine()) < belief.untilLocalNanos;
    }

    private void check(Belief mine, List<Belief> live) {
        Set<String> beside = new TreeSet<>();
        Belief other = null;
        for (Belief belief : live) {
            boolean someoneElse = !belief.holder.claimant().equals(mine.holder.claimant());
            boolean both = belief.sharing instanceof Sharing.Shared
                    && mine.sharing instanceof Sharing.Shared;
            if (someoneElse && !both && beside.add(belief.holder.claimant())) {
                other = belief;
            }
        }
        int allowed = mine.sharing instanceof Sharing.UpTo upTo ? upTo.holders() : 1;
        if (other != null && beside.size() >= allowed) {
            overlap.accept(mine + " believes to hold " + mine.holder.lock() + " while " + other
                    + " does: " + (beside.size() + 1) + " at once, allowed are " + allowed);
        }
    }
}
