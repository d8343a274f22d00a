package dev.synod.node.api;

/**
 * What a process says of itself.
 *
 * @param role member or agent
 * @param cluster its name
 * @param name of the process
 * @param ready whether it is fit to serve
 * @param draining whether it is about to stop
 * @param sessions attached to it
 * @param calls open
 * @param revision the newest that it has applied; 0 where it has no state
 */
public record SidecarStatus(
        String role, String cluster, String name, boolean ready, boolean draining, int sessions, int calls,
        long revision) {}
