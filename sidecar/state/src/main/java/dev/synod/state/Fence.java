package dev.synod.state;

/**
 * A fencing token with what it was granted for.
 *
 * @param domain whether a lock or an election
 * @param name of the lock or election
 * @param token the revision of the grant
 */
public record Fence(Domain domain, String name, long token) {}
