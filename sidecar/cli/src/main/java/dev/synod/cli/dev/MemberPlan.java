package dev.synod.cli.dev;

import java.util.UUID;

/**
 * A member that there is to be.
 *
 * @param name as shown
 * @param id identity of its volume
 * @param voter of the first configuration; otherwise an observer
 * @param ports where it listens
 * @param dialed the port by which its peers know it, so it stays: its own, unless something stands before it
 */
record MemberPlan(String name, UUID id, boolean voter, Ports ports, int dialed) {
    MemberPlan(String name, UUID id, boolean voter, Ports ports) {
        this(name, id, voter, ports, ports.peers());
    }

    /** Where peers reach it. */
    String address() {
        return Ports.loopback(dialed);
    }

    /** Where applications reach it. */
    String endpoint() {
        return Ports.loopback(ports.api());
    }
}
