package dev.synod.simulation.world;

import dev.synod.paxos.Configuration;
import dev.synod.paxos.Member;
import dev.synod.simulation.port.ProgramView;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who votes, as far as anyone in the world can know: the newest epoch whose start is decided, every later one
 * that a process has entered, and every change that was asked for and may still come about. Whatever must
 * hold for the voters, such as the atlas, must hold for each of these.
 */
final class ClusterTruth {
    private final TreeMap<Integer, Configuration> entered = new TreeMap<>();
    private final List<Proposal> proposals = new ArrayList<>();
    private int establishedEpoch = -1;
    private int newestEpoch;
    private long decided;
    private @Nullable Configuration newest;

    /** A change of voters that was asked for. */
    private record Proposal(long id, int expectedEpoch, List<UUID> voters) {}

    /** The first configuration. */
    void begin(Configuration initial) {
        entered.put(initial.epoch(), initial);
        newest = initial;
    }

    /** Learns from the state of a process of this cluster. */
    void observe(ProgramView view) {
        int epoch = view.epoch();
        decided = Math.max(decided, view.decided());
        if (epoch < newestEpoch
                || epoch == newestEpoch && (epoch == establishedEpoch || !view.established())) {
            return;
        }
        Configuration configuration = view.configuration();
        if (configuration.voters().isEmpty() || configuration.epoch() != epoch) {
            return;
        }
        if (epoch > newestEpoch || newest == null) {
            newestEpoch = epoch;
            newest = configuration;
            entered.put(epoch, configuration);
            proposals.removeIf(proposal -> proposal.expectedEpoch() < epoch);
        }
        if (view.established()) {
            establishedEpoch = epoch;
            entered.headMap(epoch).clear();
        }
    }

    /** A change is being asked for. */
    void proposed(long id, int expectedEpoch, List<UUID> voters) {
        if (expectedEpoch >= newestEpoch) {
            proposals.add(new Proposal(id, expectedEpoch, voters));
        }
    }

    /** That change will not come about. */
    void refused(long id) {
        proposals.removeIf(proposal -> proposal.id() == id);
    }

    /** The newest configuration that a process has entered, as it was then. */
    Configuration newest() {
        Configuration configuration = newest;
        if (configuration == null) {
            throw new IllegalStateException("there is no cluster yet");
        }
        return configuration;
    }

    /** Highest index that any process knows decided. */
    long decided() {
        return decided;
    }

    /** All sets of voters that count or may come to count. */
    List<List<UUID>> voterSets() {
        List<List<UUID>> sets = new ArrayList<>();
        for (Configuration configuration : entered.values()) {
            sets.add(uuids(configuration.voters()));
        }
        for (Proposal proposal : proposals) {
            sets.add(proposal.voters());
        }
        return sets;
    }

    /** Identities of members. */
    static List<UUID> uuids(List<Member> members) {
        List<UUID> uuids = new ArrayList<>();
        for (Member member : members) {
            uuids.add(member.uuid());
        }
        return uuids;
    }
}
