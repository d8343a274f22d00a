package dev.synod.simulation.walk;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.DurableState;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Seal;
import dev.synod.paxos.WalRecord;
import java.util.List;
import java.util.UUID;

/**
 * What a volume holds after some batch: a {@link DurableState} that is never changed. Walks take no
 * snapshots.
 */
final class DiskImage {
    final Ballot promised;
    final Ballot accepted;
    final Configuration configuration;
    final LogNode log;
    /** The decided hint. */
    final long decided;
    /** Of everything but the hint. */
    final long key;
    private final Seal seal;
    private final boolean activated;
    private final long configurationIndex;

    private DiskImage(DurableState state, LogNode root) {
        promised = state.promised();
        accepted = state.accepted();
        seal = state.seal();
        configuration = state.configuration();
        activated = state.activated();
        configurationIndex = state.configurationIndex();
        LogNode node = root;
        for (Entry entry : state.log()) {
            node = node.plus(entry);
        }
        log = node;
        decided = Math.min(state.decided(), log.index);
        long hash = Hash.add(Hash.of(promised), Hash.of(accepted));
        hash = Hash.add(Hash.add(hash, seal.index()), Hash.of(seal.ballot()));
        hash = Hash.add(Hash.add(hash, Hash.of(configuration)), configurationIndex);
        key = Hash.add(Hash.add(hash, log.key), activated ? 1 : 0);
    }

    static DiskImage formatted(Configuration initial, LogNode root) {
        return new DiskImage(new DurableState(initial, true), root);
    }

    /** The volume when {@code batch} is durable too. */
    DiskImage plus(List<WalRecord> batch) {
        DurableState state = new DurableState(
                activated, promised, accepted, seal, configuration, configurationIndex, null, 0, decided);
        for (Entry entry : log.entries()) {
            state.apply(new WalRecord.Appended(entry));
        }
        for (WalRecord record : batch) {
            state.apply(record);
        }
        return new DiskImage(state, log.upTo(0));
    }

    /** What a process finds that starts on this volume. */
    Recovered recover(UUID cluster, UUID member, long incarnation, long nonce) {
        return new Recovered(
                cluster,
                member,
                incarnation,
                nonce,
                activated,
                promised,
                accepted,
                seal,
                configuration,
                configurationIndex,
                null,
                0,
                log.entries(),
                decided,
                null,
                null);
    }

    int epoch() {
        return configuration.epoch();
    }

    /** Whether this volume's log equals or beats one of (accepted, last). */
    boolean holdsAtLeast(Ballot otherAccepted, long otherLast) {
        int order = accepted.compareTo(otherAccepted);
        return order > 0 || order == 0 && log.index >= otherLast;
    }

    @Override
    public String toString() {
        return "promised " + promised + ", log " + accepted + " " + log;
    }
}
