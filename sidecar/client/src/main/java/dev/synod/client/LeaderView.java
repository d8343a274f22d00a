package dev.synod.client;

import dev.synod.coordination.v1.Leader;

/**
 * Who leads, as others see it.
 *
 * @param claimant the candidate
 * @param fencingToken of its leadership
 * @param value what it proclaims
 */
public record LeaderView(Claimant claimant, FencingToken fencingToken, Value value) {
    static LeaderView of(Leader proto) {
        return new LeaderView(Claimant.of(proto.getClaimant()), new FencingToken(proto.getFencingToken()),
                new Value(proto.getValue()));
    }
}
