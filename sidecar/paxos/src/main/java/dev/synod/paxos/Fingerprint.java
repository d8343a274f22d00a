package dev.synod.paxos;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Hashes of states for exhaustive walks: 64 bits, the same in every run. */
final class Fingerprint {
    private Fingerprint() {}

    static long add(long hash, long value) {
        return SeededRandom.mix(hash * 31 + value);
    }

    static long add(long hash, @Nullable Ballot ballot) {
        if (ballot == null) {
            return add(hash, -1);
        }
        return add(add(add(hash, ballot.epoch()), ballot.round()), ballot.member());
    }

    static long add(long hash, @Nullable UUID uuid) {
        return uuid == null
                ? add(hash, -1)
                : add(add(hash, uuid.getMostSignificantBits()), uuid.getLeastSignificantBits());
    }

    static long add(long hash, @Nullable SnapshotRef snapshot) {
        return snapshot == null
                ? add(hash, -1)
                : add(add(hash, snapshot.index()), snapshot.digest().hashCode());
    }

    static long add(long hash, List<Entry> entries) {
        long h = add(hash, entries.size());
        for (Entry entry : entries) {
            h = add(h, entry);
        }
        return h;
    }

    static long add(long hash, Entry entry) {
        long h = add(add(hash, entry.index()), entry.proposedAt());
        return switch (entry.payload()) {
            case Payload.LeaderStart start -> add(h, 1);
            case Payload.Command command -> add(add(h, 2), command.body().hashCode());
            case Payload.StopSign stop -> add(add(h, 3), configuration(stop.next()));
            case Payload.AddObserver observer -> add(add(h, 4), observer.uuid().hashCode());
            case Payload.RemoveObserver observer -> add(add(h, 5), observer.uuid().hashCode());
        };
    }

    static long configuration(Configuration configuration) {
        long h = add(configuration.epoch(), configuration.nextNumber());
        for (Member voter : configuration.voters()) {
            h = add(h, voter.number());
        }
        for (Member observer : configuration.observers()) {
            h = add(h, -observer.number());
        }
        return h;
    }
}
