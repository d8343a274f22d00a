package dev.synod.simulation.check;

import java.util.Map;
import java.util.TreeMap;

/**
 * A store outside of Synod that a lock guards, as applications should build theirs: it takes a write only by
 * a token that is not below the greatest it has seen. Whatever clocks and pauses do, a token is one grant's
 * (P1): two writers with one token would both be let in.
 */
public final class FencedRegister {
    private record Written(long token, String writer) {}

    private final Map<String, Written> newest = new TreeMap<>();
    private long rejected;

    /** Nothing written yet. */
    public FencedRegister() {}

    /**
     * A write under the lock.
     *
     * @return whether it was taken
     * @throws Violation when another writer came with the same token
     */
    public boolean write(String lock, long token, String writer) {
        Written last = newest.get(lock);
        if (last != null && last.token() == token && !last.writer().equals(writer)) {
            throw new Violation("P1", writer + " and " + last.writer() + " both write under " + lock
                    + " by token " + token);
        }
        if (last != null && last.token() > token) {
            rejected++;
            return false;
        }
        newest.put(lock, new Written(token, writer));
        return true;
    }

    /** How many writes came too late. */
    public long rejected() {
        return rejected;
    }
}
