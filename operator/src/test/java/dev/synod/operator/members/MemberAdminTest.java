package dev.synod.operator.members;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.synod.operator.members.MemberAdmin.Sighting;
import dev.synod.operator.members.MemberAdmin.Target;
import dev.synod.operator.members.MemberException.Reason;
import dev.synod.operator.model.ClusterSecrets;
import dev.synod.operator.plan.Observed;
import dev.synod.operator.plan.Observed.Configured;
import dev.synod.operator.plan.Observed.Confirmed;
import dev.synod.operator.plan.Observed.Phase;
import dev.synod.operator.plan.Slot;
import dev.synod.operator.tls.CertificateAuthority;
import dev.synod.operator.tls.KeyMaterial;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("whole")
@Timeout(120)
final class MemberAdminTest {
    private static final Slot FIRST = Slot.voter(0);
    private static final Slot SECOND = Slot.voter(1);
    private static final Slot THIRD = Slot.voter(2);

    @TempDir Path folder;

    private static Confirmed confirmed(RealMembers members) {
        return await().atMost(RealMembers.PATIENCE)
                .until(() -> members.admin.look(members.target()).confirmed(), Objects::nonNull);
    }

    private static MemberException refused(ThrowingCallable call) {
        return catchThrowableOfType(MemberException.class, call);
    }

    private static Slot other(Slot than) {
        return than.equals(FIRST) ? SECOND : FIRST;
    }

    private static boolean has(RealMembers members, UUID id, boolean voter) {
        Confirmed confirmed = members.admin.look(members.target()).confirmed();
        return confirmed != null && confirmed.established()
                && confirmed.members().stream().anyMatch(one -> one.id().equals(id) && one.voter() == voter);
    }

    private static UUID newcomer(RealMembers members, Slot slot) throws Exception {
        UUID id = UUID.randomUUID();
        members.start(slot);
        members.admin.format(members.target(), slot, members.cluster, id, List.of());
        members.admin.addObserver(members.target(), id, slot);
        await().atMost(RealMembers.PATIENCE).until(() -> {
            Sighting sighting = members.admin.look(members.target());
            Observed.Member there = sighting.members().get(slot);
            return there != null && there.ready() && sighting.confirmed() != null
                    && there.applied() >= sighting.confirmed().decided();
        });
        return id;
    }

    @Test
    void membersBeginWhenTheyAreFormattedAndActivated() throws Exception {
        try (RealMembers members = new RealMembers(folder)) {
            members.startVoters(3);
            Sighting empty = members.admin.look(members.target());
            assertThat(empty.members()).containsOnlyKeys(FIRST, SECOND, THIRD);
            assertThat(empty.members().values()).extracting(Observed.Member::phase).containsOnly(Phase.EMPTY);
            assertThat(empty.confirmed()).isNull();
            members.begin();
            Confirmed confirmed = confirmed(members);
            assertThat(confirmed.epoch()).isZero();
            assertThat(confirmed.members()).containsExactlyInAnyOrder(
                    new Configured(members.initial.get(0), true, FIRST),
                    new Configured(members.initial.get(1), true, SECOND),
                    new Configured(members.initial.get(2), true, THIRD));
            Observed.Member there = Objects.requireNonNull(
                    members.admin.look(members.target()).members().get(SECOND));
            assertThat(there.id()).isEqualTo(members.initial.get(1));
            assertThat(there.cluster()).isEqualTo(members.cluster);
            assertThat(there.activated()).isTrue();
            assertThat(there.version()).isNotEmpty();
        }
    }

    @Test
    void beginningTwiceChangesNothing() throws Exception {
        try (RealMembers members = RealMembers.running(folder, 3)) {
            Confirmed before = confirmed(members);
            members.begin();
            assertThat(confirmed(members).members()).isEqualTo(before.members());
        }
    }

    @Test
    void aNewcomerLearnsAndTakesASeatAndTheOtherIsForgotten() throws Exception {
        try (RealMembers members = RealMembers.running(folder, 3)) {
            UUID newcomer = newcomer(members, Slot.voter(3));
            List<UUID> voters = List.of(members.initial.get(0), members.initial.get(1), newcomer);
            members.admin.reconfigure(members.target(), confirmed(members).epoch(), voters);
            await().atMost(RealMembers.PATIENCE).until(() -> has(members, newcomer, true));
            assertThat(confirmed(members).epoch()).isOne();
            UUID observer = newcomer(members, Slot.observer(0));
            await().atMost(RealMembers.PATIENCE).until(() -> has(members, observer, false));
            members.admin.removeObserver(members.target(), observer);
            assertThat(confirmed(members).members()).extracting(Configured::id)
                    .containsExactlyInAnyOrderElementsOf(voters);
        }
    }

    @Test
    void aChangeDecidedInAnotherEpochIsRefused() throws Exception {
        try (RealMembers members = RealMembers.running(folder, 1)) {
            MemberException refusal =
                    refused(() -> members.admin.reconfigure(members.target(), 7, members.initial));
            assertThat(refusal.reason()).isEqualTo(Reason.NOT_ALLOWED);
            assertThat(refusal.maybeApplied()).isFalse();
            assertThat(refusal).hasMessageContaining("orders-0");
        }
    }

    @Test
    void leadershipIsHandedOverAndHandingItToTheLeaderIsDoneAlready() throws Exception {
        try (RealMembers members = RealMembers.running(folder, 3)) {
            UUID heir = members.initial.get(other(members.leader()).ordinal());
            members.admin.transferLeadership(members.target(), heir);
            await().atMost(RealMembers.PATIENCE).until(() -> heir.equals(confirmed(members).leader()));
            members.admin.transferLeadership(members.target(), heir);
            assertThat(confirmed(members).leader()).isEqualTo(heir);
        }
    }

    @Test
    void whoDoesNotLeadNamesWhoDoes() throws Exception {
        try (RealMembers members = RealMembers.running(folder, 3)) {
            Slot leader = members.leader();
            UUID self = members.initial.get(other(leader).ordinal());
            try (Channels channels = new Channels()) {
                MemberException refusal = refused(() -> new Command(channels, members.target(), "ask")
                        .at(other(leader), stub -> stub.transferLeadership(
                                dev.synod.admin.v1.TransferLeadershipRequest.newBuilder()
                                        .setTarget(self.toString()).build())));
                assertThat(refusal.reason()).isEqualTo(Reason.NOT_LEADER);
                assertThat(refusal.leader()).isEqualTo(leader);
            }
        }
    }

    @Test
    void aLookIsTruthfulAndEndsWhenOneMemberIsDownAndAnotherPlaceNeverAnswers() throws Exception {
        try (RealMembers members = RealMembers.running(folder, 3)) {
            Slot down = members.leader();
            members.crash(down);
            InetAddress elsewhere = InetAddress.getLoopbackAddress();
            try (ServerSocket mute = new ServerSocket(members.target().adminPort(), 5, elsewhere)) {
                members.hosts.put(Slot.voter(9), mute.getInetAddress().getHostAddress());
                assertThat(confirmed(members).leader()).isNotEqualTo(members.initial.get(down.ordinal()));
                Sighting sighting = members.admin.look(members.target());
                assertThat(sighting.members()).hasSize(2).doesNotContainKey(down);
                assertThat(sighting.silent()).containsOnlyKeys(down, Slot.voter(9));
                assertThat(sighting.silent().get(down)).contains("refused", "NetworkPolicy");
            }
        }
    }

    @Test
    void withoutAQuorumMembersAreSeenAndNothingIsConfirmed() throws Exception {
        try (RealMembers members = RealMembers.running(folder, 3)) {
            members.crash(FIRST);
            members.crash(SECOND);
            Sighting sighting = members.admin.look(members.target());
            assertThat(sighting.members()).containsOnlyKeys(THIRD);
            assertThat(sighting.confirmed()).isNull();
        }
    }

    @Test
    void membersOfAnotherClusterConfirmAndChangeNothing() throws Exception {
        try (RealMembers members = RealMembers.running(folder, 1)) {
            Target ours = members.target();
            Target other = new Target(ours.names(), UUID.randomUUID(), ours.adminPort(), ours.peerPort(),
                    ours.operator(), ours.trusted(), ours.hosts());
            Sighting sighting = members.admin.look(other);
            assertThat(sighting.members()).containsOnlyKeys(FIRST);
            assertThat(sighting.confirmed()).isNull();
            MemberException refusal =
                    refused(() -> members.admin.addObserver(other, UUID.randomUUID(), SECOND));
            assertThat(refusal.reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(refused(() -> members.admin.activate(other, FIRST, UUID.randomUUID())).reason())
                    .isEqualTo(Reason.VOLUME_TAKEN);
        }
    }

    @Test
    void whoShowsAnotherAuthoritysCertificateHearsNothing() throws Exception {
        CertificateAuthority foreign =
                CertificateAuthority.create("orders", Instant.now(), new SecureRandom());
        try (RealMembers members = RealMembers.running(folder, 1)) {
            KeyMaterial stranger = ClusterSecrets.issueOperator(members.names, foreign, Instant.now());
            Target unknown = members.target().with(stranger, members.target().trusted());
            assertThat(members.admin.look(unknown).members()).isEmpty();
            Target distrustful = members.target().with(members.operator, foreign.material().certificate());
            assertThat(members.admin.look(distrustful).silent().get(FIRST))
                    .contains("certificates", "orders-member-tls", "orders-operator-tls");
            assertThat(members.admin.look(members.target()).members()).containsOnlyKeys(FIRST);
        }
    }

    @Test
    void whoIsNoOperatorIsRefused() throws Exception {
        try (RealMembers members = RealMembers.running(folder, 1)) {
            KeyMaterial agent = ClusterSecrets.issueClient(members.names, members.authority, Instant.now());
            Target asAgent = members.target().with(agent, members.target().trusted());
            assertThat(refused(() -> members.admin.activate(asAgent, FIRST, members.cluster)).reason())
                    .isEqualTo(Reason.ROLE_MISSING);
        }
    }

    @Test
    void certificatesThatAreNoneAreToldAndNotThrownByALook() {
        KeyMaterial broken = new KeyMaterial("broken", "broken");
        try (RealMembers members = new RealMembers(folder)) {
            members.hosts.put(FIRST, "127.0.0.1");
            Target target = members.target().with(broken, "broken");
            assertThat(members.admin.look(target).silent().get(FIRST)).contains("Secret orders-operator-tls");
        }
    }

    @Test
    void connectionsAreKeptUntilTheirPodOrTheirClusterIsGone() throws Exception {
        try (RealMembers members = RealMembers.running(folder, 3)) {
            members.admin.look(members.target());
            assertThat(members.admin.connections()).isEqualTo(3);
            TreeMap<Slot, String> fewer = new TreeMap<>(members.hosts);
            fewer.remove(THIRD);
            Target ours = members.target();
            members.admin.look(new Target(ours.names(), ours.cluster(), ours.adminPort(), ours.peerPort(),
                    ours.operator(), ours.trusted(), fewer));
            assertThat(members.admin.connections()).isEqualTo(2);
            members.admin.forget(members.names);
            assertThat(members.admin.connections()).isZero();
        }
    }
}
