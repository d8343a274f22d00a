package dev.synod.state;

import dev.synod.paxos.Bytes;

/**
 * Who waits to lead.
 *
 * @param claimant the candidate, by session and name
 * @param ticket its place in the queue: the index of the command that put it there
 * @param value what it proclaims once elected
 */
public record Candidate(Claimant claimant, long ticket, Bytes value) {}
