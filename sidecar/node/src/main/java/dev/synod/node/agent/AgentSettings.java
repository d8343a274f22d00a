package dev.synod.node.agent;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * What an agent is told beyond {@link dev.synod.node.api.ApiSettings}.
 *
 * @param members whose port for members and agents (7401) to connect to; host names are looked up anew at
 *     each attempt, and all addresses of a name are members
 */
public record AgentSettings(List<InetSocketAddress> members) {
    public AgentSettings {
        if (members.isEmpty()) {
            throw new IllegalArgumentException(
                    "an agent has nobody to forward to; name at least one member's port 7401");
        }
        members = List.copyOf(members);
    }
}
