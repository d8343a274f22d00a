package dev.synod.storage;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.DurableState;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Seal;
import dev.synod.paxos.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a segment opens with: all that the segments before it amount to, but for the entries themselves. It is
 * what allows those segments to go (etcd#10219). The components are those of {@link DurableState}.
 *
 * @param last where the log ends; entries {@code base+1..last} are in earlier segments
 */
record State(
        boolean activated,
        Ballot promised,
        Ballot accepted,
        Seal seal,
        Configuration configuration,
        long configurationIndex,
        @Nullable Snapshot snapshot,
        long base,
        long last,
        long decided) {

    static State of(DurableState fold) {
        return new State(
                fold.activated(),
                fold.promised(),
                fold.accepted(),
                fold.seal(),
                fold.configuration(),
                fold.configurationIndex(),
                fold.snapshot(),
                fold.base(),
                fold.last(),
                fold.decided());
    }

    /** The fold that goes on from here; {@code log} and {@code floor} as {@link DurableState} has them. */
    DurableState resume(List<Entry> log, long floor) {
        return new DurableState(
                activated,
                promised,
                accepted,
                seal,
                configuration,
                configurationIndex,
                snapshot,
                base,
                last,
                decided,
                log,
                floor);
    }
}
