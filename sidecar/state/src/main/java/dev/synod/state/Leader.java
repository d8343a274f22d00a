package dev.synod.state;

import dev.synod.paxos.Bytes;

/**
 * Who leads an election.
 *
 * @param claimant the candidate, by session and name
 * @param token the fencing token: the revision of the grant
 * @param value what it proclaims
 */
public record Leader(Claimant claimant, long token, Bytes value) {}
