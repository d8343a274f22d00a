package dev.synod.client;

import java.util.Map;

/**
 * Who holds, leads or waits.
 *
 * @param sessionId the session whose end ends it
 * @param owner within the session
 * @param identity of the session; empty where the sidecar did not have it at hand
 * @param labels of the session; empty where the sidecar did not have them at hand
 */
public record Claimant(long sessionId, String owner, String identity, Map<String, String> labels) {
    static Claimant of(dev.synod.coordination.v1.Claimant proto) {
        return new Claimant(proto.getSessionId(), proto.getOwnerId(), proto.getIdentity(),
                Map.copyOf(proto.getLabelsMap()));
    }
}
