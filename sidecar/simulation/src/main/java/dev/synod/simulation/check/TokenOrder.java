package dev.synod.simulation.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * P1, from what clients saw alone: the tokens of one lock rise. A grant that was asked for after another one
 * had been answered has the greater token; no two grants have the same.
 */
public final class TokenOrder {
    /** A grant as its client saw it. */
    private record Seen(String claimant, boolean alone, long token, long calledAt, long returnedAt) {}

    private final Map<String, List<Seen>> byLock = new TreeMap<>();

    /** Nothing granted yet. */
    public TokenOrder() {}

    /**
     * A client was told that it holds {@code lock}.
     *
     * @param claimant who; the same one may be told of one grant more than once
     * @param alone whether it is the only holder; beside others, who takes it again may have an older token
     */
    public void granted(String lock, String claimant, boolean alone, long token, long calledAt,
            long returnedAt) {
        byLock.computeIfAbsent(lock, name -> new ArrayList<>())
                .add(new Seen(claimant, alone, token, calledAt, returnedAt));
    }

    /**
     * Checks all that was told.
     *
     * @return how many grants there were
     * @throws Violation when tokens do not rise
     */
    public int check() {
        int checked = 0;
        for (Map.Entry<String, List<Seen>> lock : byLock.entrySet()) {
            checkUnique(lock.getKey(), lock.getValue());
            checkRising(lock.getKey(), lock.getValue());
            checked += lock.getValue().size();
        }
        return checked;
    }

    private static void checkUnique(String lock, List<Seen> grants) {
        Map<Long, String> owners = new TreeMap<>();
        for (Seen grant : grants) {
            String other = owners.putIfAbsent(grant.token(), grant.claimant());
            if (other != null && !other.equals(grant.claimant())) {
                throw new Violation("P1", other + " and " + grant.claimant() + " were both granted " + lock
                        + " by token " + grant.token());
            }
        }
    }

    /** Calls and returns in the order of time: whoever is called finds the greatest token returned so far. */
    private static void checkRising(String lock, List<Seen> grants) {
        List<Seen> byCall = new ArrayList<>(grants);
        byCall.sort(Comparator.comparingLong(Seen::calledAt));
        List<Seen> byReturn = new ArrayList<>(grants);
        byReturn.sort(Comparator.comparingLong(Seen::returnedAt));
        int returned = 0;
        Seen greatest = null;
        for (Seen grant : byCall) {
            while (byReturn.get(returned).returnedAt() < grant.calledAt()) {
                Seen before = byReturn.get(returned++);
                greatest = greatest == null || before.token() > greatest.token() ? before : greatest;
            }
            boolean again = greatest != null && greatest.claimant().equals(grant.claimant());
            if (greatest != null && greatest.token() >= grant.token() && !again && grant.alone()) {
                throw new Violation("P1", grant.claimant() + " was granted " + lock + " by token "
                        + grant.token() + ", asked for after " + greatest.claimant() + " had token "
                        + greatest.token());
            }
        }
    }
}
