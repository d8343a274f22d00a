package dev.synod.client;

/**
 * Rises with every grant, over all locks and elections of the cluster. Hand it to whatever the lock protects,
 * and have that refuse a lower one than it has seen: that holds even when this process is paused, and no lock
 * service can hold it otherwise.
 *
 * @param value greater than 0
 */
public record FencingToken(long value) implements Comparable<FencingToken> {
    @Override
    public int compareTo(FencingToken other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
