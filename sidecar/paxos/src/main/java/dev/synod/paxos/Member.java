package dev.synod.paxos;

import java.util.UUID;

/**
 * A member as the configuration names it.
 *
 * @param number small number used in ballots, allotted per UUID and never reused; from 1
 * @param uuid identity of the member's volume
 * @param address where peers reach it; opaque to the protocol, at most 256 bytes
 */
public record Member(int number, UUID uuid, String address) {
    @Override
    public String toString() {
        return "#" + number;
    }
}
