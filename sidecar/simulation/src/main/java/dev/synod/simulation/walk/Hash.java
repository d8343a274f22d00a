package dev.synod.simulation.walk;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Member;
import dev.synod.paxos.Payload;
import dev.synod.paxos.SeededRandom;

/** 64-bit hashes of values, the same in every run. */
final class Hash {
    private static final long ODD = 0x9E3779B97F4A7C15L;
    private static final long FNV_PRIME = 0x100000001B3L;

    private Hash() {}

    static long add(long hash, long value) {
        return SeededRandom.mix(Long.rotateLeft(hash, 23) * ODD + value);
    }

    static long of(Ballot ballot) {
        return add(add(ballot.epoch(), ballot.round()), ballot.member());
    }

    static long of(byte[] bytes) {
        long hash = bytes.length;
        for (byte each : bytes) {
            hash = (hash ^ each) * FNV_PRIME;
            hash ^= hash >>> 29;
        }
        return SeededRandom.mix(hash);
    }

    static long of(Entry entry) {
        long hash = add(entry.index(), of(entry.proposedAt()));
        return switch (entry.payload()) {
            case Payload.LeaderStart start -> add(hash, 1);
            case Payload.Command command -> add(add(hash, 2), of(command.body().array()));
            case Payload.StopSign stop -> add(add(hash, 3), of(stop.next()));
            case Payload.AddObserver added -> add(add(hash, 4), added.uuid().getLeastSignificantBits());
            case Payload.RemoveObserver removed ->
                    add(add(hash, 5), removed.uuid().getLeastSignificantBits());
        };
    }

    static long of(Configuration configuration) {
        long hash = add(configuration.epoch(), configuration.nextNumber());
        for (Member voter : configuration.voters()) {
            hash = add(hash, voter.number());
        }
        for (Member observer : configuration.observers()) {
            hash = add(hash, -observer.number());
        }
        return hash;
    }
}
