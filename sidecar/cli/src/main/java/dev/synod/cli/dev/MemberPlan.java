package dev.synod.cli.dev;

import java.util.UUID;

/**
 * A member that there is to be.
 *
 * @param name as shown
 * @param id identity of its volume
 * @param voter of the first configuration; otherwise an observer
 * @param ports where it listens; its peers know it by one of them, so they stay
 */
record MemberPlan(String name, UUID id, boolean voter, Ports ports) {
    /** Where peers reach it. */
    String address() {
        return Ports.loopback(ports.peers());
    }

    /** Where applications reach it. */
    String endpoint() {
        return Ports.loopback(ports.api());
    }
}
