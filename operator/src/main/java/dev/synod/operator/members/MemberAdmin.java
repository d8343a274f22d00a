package dev.synod.operator.members;

import dev.synod.admin.v1.ActivateRequest;
import dev.synod.admin.v1.AddObserverRequest;
import dev.synod.admin.v1.FormatRequest;
import dev.synod.admin.v1.InitialMember;
import dev.synod.admin.v1.ReconfigureRequest;
import dev.synod.admin.v1.RemoveObserverRequest;
import dev.synod.admin.v1.TransferLeadershipRequest;
import dev.synod.operator.model.Names;
import dev.synod.operator.plan.Observed;
import dev.synod.operator.plan.Slot;
import dev.synod.operator.tls.KeyMaterial;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The members of all clusters, as far as looking after them goes. Every command may be repeated. Commands
 * throw {@link MemberException}. Safe for threads; calls block, for {@link #LOOK_MAX} or {@link
 * #COMMAND_MAX} at the most.
 */
public final class MemberAdmin implements AutoCloseable {
    /** How long a look takes at the most. */
    public static final Duration LOOK_MAX = Duration.ofSeconds(3);
    /** How long a command takes at the most: longer than a member tries to find a quorum. */
    public static final Duration COMMAND_MAX = Duration.ofSeconds(15);

    private final Channels channels = new Channels();

    /**
     * One cluster as far as its members' administration is concerned.
     *
     * @param names of the cluster
     * @param cluster its identity as the latch has it: members of another one confirm and change nothing;
     * null
     *     while there is no latch, then whoever answers counts
     * @param adminPort of all members
     * @param peerPort of all members
     * @param operator what the operator shows
     * @param trusted PEM of the authorities that members' certificates may be from
     * @param hosts pod IP by place, of pods that have one; names are never looked up
     */
    public record Target(
            Names names, @Nullable UUID cluster, int adminPort, int peerPort, KeyMaterial operator,
            String trusted, SortedMap<Slot, String> hosts) {
        /** With a copy of the map. */
        public Target {
            hosts = new TreeMap<>(hosts);
        }

        /** The same with other certificates. */
        public Target with(KeyMaterial shown, String trusting) {
            return new Target(names, cluster, adminPort, peerPort, shown, trusting, hosts);
        }
    }

    /**
     * What one look found.
     *
     * @param members those that answered
     * @param confirmed what a quorum confirmed after the look began; null when no member could
     * @param silent of all others of the target, why they did not answer, for people
     */
    public record Sighting(
            SortedMap<Slot, Observed.Member> members, Observed.@Nullable Confirmed confirmed,
            SortedMap<Slot, String> silent) {
        /** With copies of the maps. */
        public Sighting {
            members = new TreeMap<>(members);
            silent = new TreeMap<>(silent);
        }
    }

    /**
     * Asks all places at once, and then for what a quorum confirms. Never throws for what it does not get.
     */
    public Sighting look(Target target) {
        channels.keepOnly(target);
        return new Look(channels, target).sighting();
    }

    /**
     * The places whose members talk with exactly these certificates, over connections of their own: who shows
     * a certificate of a new authority finds out who trusts it, and who trusts nothing else, who shows it.
     */
    public SortedSet<Slot> answering(Target target) {
        try (Channels own = new Channels()) {
            return new TreeSet<>(new Look(own, target).sightingOfEach().members().keySet());
        }
    }

    /**
     * Makes the empty volume there that of a first voter or of a newcomer; done when durable.
     *
     * @param initialVoters by ordinal of their places; empty for a newcomer
     */
    public void format(Target target, Slot slot, UUID cluster, UUID member, List<UUID> initialVoters) {
        FormatRequest.Builder request = FormatRequest.newBuilder()
                .setClusterId(cluster.toString()).setMemberId(member.toString());
        for (int ordinal = 0; ordinal < initialVoters.size(); ordinal++) {
            request.addVoters(InitialMember.newBuilder().setMemberId(initialVoters.get(ordinal).toString())
                    .setAddress(target.names().address(Slot.voter(ordinal), target.peerPort())));
        }
        FormatRequest built = request.build();
        new Command(channels, target, "format the volume").at(slot, stub -> stub.format(built));
    }

    /** Lets a first voter vote; done when durable. */
    public void activate(Target target, Slot slot, UUID cluster) {
        ActivateRequest request = ActivateRequest.newBuilder().setClusterId(cluster.toString()).build();
        new Command(channels, target, "let the member vote").at(slot,
                stub -> stub.activate(request));
    }

    /** Lets a newcomer learn; done when decided. */
    public void addObserver(Target target, UUID member, Slot slot) {
        AddObserverRequest request = AddObserverRequest.newBuilder().setMemberId(member.toString())
                .setAddress(target.names().address(slot, target.peerPort())).build();
        new Command(channels, target, "add observer " + member).atLeader(stub -> stub.addObserver(request));
    }

    /** Forgets an observer; done when decided. */
    public void removeObserver(Target target, UUID member) {
        RemoveObserverRequest request =
                RemoveObserverRequest.newBuilder().setMemberId(member.toString()).build();
        new Command(channels, target, "remove observer " + member)
                .atLeader(stub -> stub.removeObserver(request));
    }

    /** Other voters, if the epoch is still that one; done when decided. */
    public void reconfigure(Target target, int expectedEpoch, List<UUID> voters) {
        ReconfigureRequest request = ReconfigureRequest.newBuilder().setExpectedEpoch(expectedEpoch)
                .addAllVoters(voters.stream().map(UUID::toString).toList()).build();
        new Command(channels, target, "change the voters of epoch " + expectedEpoch + " to " + voters)
                .atLeader(stub -> stub.reconfigure(request));
    }

    /** Hands leadership to a voter; done when it leads, at once when it does already. */
    public void transferLeadership(Target target, UUID to) {
        TransferLeadershipRequest request =
                TransferLeadershipRequest.newBuilder().setTarget(to.toString()).build();
        new Command(channels, target, "hand leadership to " + to).atLeaderUnlessItIs(to,
                stub -> stub.transferLeadership(request));
    }

    /** Closes the connections to a cluster that is no more. */
    public void forget(Names names) {
        channels.forget(names);
    }

    /** How many there are. */
    int connections() {
        return channels.size();
    }

    /** Closes all connections; calls fail from now on. */
    @Override
    public void close() {
        channels.close();
    }
}
