package dev.synod.node.agent;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * What an agent is told beyond {@link dev.synod.node.api.ApiSettings}.
 *
 * @param members whose port for members and agents (7401) to connect to; host names are resolved anew at each
 *     attempt
 */
public record AgentSettings(List<InetSocketAddress> members) {}
