package dev.synod.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import dev.synod.admin.v1.ActivateRequest;
import dev.synod.admin.v1.AddObserverRequest;
import dev.synod.admin.v1.AdminServiceGrpc;
import dev.synod.admin.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import dev.synod.admin.v1.ConfirmStatusRequest;
import dev.synod.admin.v1.FormatRequest;
import dev.synod.admin.v1.GetDigestRequest;
import dev.synod.admin.v1.GetStatusRequest;
import dev.synod.admin.v1.InitialMember;
import dev.synod.admin.v1.MemberStatus;
import dev.synod.admin.v1.ReconfigureRequest;
import dev.synod.admin.v1.RemoveObserverRequest;
import dev.synod.admin.v1.Role;
import dev.synod.admin.v1.StreamBackupRequest;
import dev.synod.admin.v1.StreamBackupResponse;
import dev.synod.admin.v1.TransferLeadershipRequest;
import dev.synod.state.Restore;
import dev.synod.state.StateMachine;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("whole")
@Timeout(120)
final class AdminTest {
    @TempDir Path folder;

    private final List<ManagedChannel> channels = new ArrayList<>();

    @AfterEach
    void closeChannels() {
        channels.forEach(ManagedChannel::shutdownNow);
    }

    private AdminServiceBlockingStub admin(Node node) {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", node.ports().ofAdmin())
                .usePlaintext().build();
        channels.add(channel);
        return AdminServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    private static MemberStatus status(AdminServiceBlockingStub admin) {
        return admin.getStatus(GetStatusRequest.getDefaultInstance()).getStatus();
    }

    private static void assertRefused(ThrowingCallable call, Status.Code code, String reason, String... said)
            throws Exception {
        StatusRuntimeException thrown = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(thrown.getStatus().getCode()).isEqualTo(code);
        for (String part : said) {
            assertThat(thrown.getStatus().getDescription()).contains(part);
        }
        var status = Objects.requireNonNull(StatusProto.fromThrowable(thrown));
        ErrorInfo info = status.getDetails(0).unpack(ErrorInfo.class);
        assertThat(info.getReason()).isEqualTo(reason);
        assertThat(info.getDomain()).isEqualTo("admin.synod.dev");
    }

    @Test
    void anEmptyVolumeTellsThatItWaitsAndTakesNoOrders() throws Exception {
        try (Node node = Node.start(Cluster.settings(folder, "m"), (code, message, cause) -> {})) {
            var admin = admin(node);
            assertThat(status(admin).getClusterId()).isEmpty();
            assertRefused(() -> admin.getDigest(GetDigestRequest.getDefaultInstance()),
                    Status.Code.FAILED_PRECONDITION, "NOT_FORMATTED", "format it first");
            assertRefused(() -> admin.activate(
                    ActivateRequest.newBuilder().setClusterId(UUID.randomUUID().toString()).build()),
                    Status.Code.FAILED_PRECONDITION, "NOT_FORMATTED");
        }
    }

    @Test
    void formattingIsRepeatedWithoutHarmAndRefusedToOthers() throws Exception {
        try (Node node = Node.start(Cluster.settings(folder, "m"), (code, message, cause) -> {})) {
            var admin = admin(node);
            String self = UUID.randomUUID().toString();
            FormatRequest mine = FormatRequest.newBuilder().setClusterId(UUID.randomUUID().toString())
                    .setMemberId(self)
                    .addVoters(InitialMember.newBuilder().setMemberId(self)
                            .setAddress("127.0.0.1:" + node.ports().ofPeers()))
                    .build();
            assertThat(admin.format(mine).getAlready()).isFalse();
            assertThat(admin.format(mine).getAlready()).isTrue();
            assertThat(status(admin).getActivated()).isFalse();
            assertRefused(
                    () -> admin.format(mine.toBuilder().setClusterId(UUID.randomUUID().toString()).build()),
                    Status.Code.FAILED_PRECONDITION, "VOLUME_TAKEN", self, "empty volume");
        }
    }

    @Test
    void aRequestThatIsWrongIsRefusedWithWhatIsAllowed() throws Exception {
        try (Node node = Node.start(Cluster.settings(folder, "m"), (code, message, cause) -> {})) {
            var admin = admin(node);
            assertRefused(() -> admin.format(FormatRequest.newBuilder().setClusterId("mine").build()),
                    Status.Code.INVALID_ARGUMENT, "INVALID_REQUEST", "cluster_id", "mine", "UUID");
            assertRefused(() -> admin.addObserver(AddObserverRequest.newBuilder()
                    .setMemberId(UUID.randomUUID().toString()).setAddress("nowhere").build()),
                    Status.Code.INVALID_ARGUMENT, "INVALID_REQUEST", "address", "nowhere", "host:port");
        }
    }

    @Test
    void aVoterIsReplacedByANewcomerThatCaughtUpAsAnObserver() throws Exception {
        try (var cluster = new Cluster(folder, 3);
                Node newcomer = Node.start(Cluster.settings(folder.resolve("new"), "new"),
                        (code, message, cause) -> cluster.halts.add(message))) {
            int leader = cluster.awaitLeader();
            cluster.put(leader, "a", "1").get(30, TimeUnit.SECONDS);
            var admin = admin(cluster.nodes.get(leader));
            UUID uuid = UUID.randomUUID();
            admin(newcomer).format(FormatRequest.newBuilder().setClusterId(cluster.id.toString())
                    .setMemberId(uuid.toString()).build());
            admin.addObserver(AddObserverRequest.newBuilder().setMemberId(uuid.toString())
                    .setAddress("127.0.0.1:" + newcomer.ports().ofPeers()).build());
            await().atMost(Cluster.PATIENCE).until(() -> newcomer.status().ready());
            int removed = (leader + 1) % 3;
            List<String> voters = new ArrayList<>(List.of(uuid.toString()));
            for (int i = 0; i < 3; i++) {
                if (i != removed) {
                    voters.add(cluster.uuids.get(i).toString());
                }
            }
            MemberStatus after = admin.reconfigure(
                    ReconfigureRequest.newBuilder().setExpectedEpoch(0).addAllVoters(voters).build())
                    .getStatus();
            assertThat(after.getConfiguration().getEpoch()).isEqualTo(1);
            await().atMost(Cluster.PATIENCE).until(() -> newcomer.status().established()
                    && newcomer.status().configuration().isVoter(uuid));
            cluster.nodes.get(removed).close();
            assertThat(newcomer.coordinator().submit(dev.synod.state.Command.Commit.of(
                    dev.synod.state.Request.NONE,
                    new dev.synod.state.Operation.Put("b", dev.synod.paxos.Bytes.EMPTY)), Cluster.PATIENCE)
                    .get(30, TimeUnit.SECONDS)).isInstanceOf(dev.synod.member.Answer.Replied.class);
            assertThat(cluster.halts).isEmpty();
        }
    }

    @Test
    void onlyTheLeaderChangesTheClusterAndTheOthersNameIt() throws Exception {
        try (var cluster = new Cluster(folder, 3)) {
            int leader = cluster.awaitLeader();
            var follower = admin(cluster.nodes.get((leader + 1) % 3));
            assertRefused(() -> follower.removeObserver(RemoveObserverRequest.newBuilder()
                    .setMemberId(UUID.randomUUID().toString()).build()), Status.Code.FAILED_PRECONDITION,
                    "NOT_LEADER", cluster.uuids.get(leader).toString(),
                    "127.0.0.1:" + cluster.nodes.get(leader).ports().ofPeers());
            var admin = admin(cluster.nodes.get(leader));
            assertRefused(() -> admin.reconfigure(ReconfigureRequest.newBuilder().setExpectedEpoch(7)
                    .addVoters(cluster.uuids.getFirst().toString()).build()),
                    Status.Code.FAILED_PRECONDITION, "NOT_ALLOWED", "epoch is 0");
        }
    }

    @Test
    void leadershipIsHandedToTheVoterThatIsNamed() throws Exception {
        try (var cluster = new Cluster(folder, 3)) {
            int leader = cluster.awaitLeader();
            int target = (leader + 1) % 3;
            var admin = admin(cluster.nodes.get(leader));
            String answer = admin.transferLeadership(TransferLeadershipRequest.newBuilder()
                    .setTarget(cluster.uuids.get(target).toString()).build()).getLeader();
            assertThat(answer).isIn("", cluster.uuids.get(target).toString());
            var other = admin(cluster.nodes.get(target));
            await().atMost(Cluster.PATIENCE).until(() -> status(other).getRole() == Role.ROLE_LEADER);
        }
    }

    @Test
    void aConfirmedStatusNeedsAQuorum() throws Exception {
        try (var cluster = new Cluster(folder, 3)) {
            int leader = cluster.awaitLeader();
            var admin = admin(cluster.nodes.get(leader));
            assertThat(admin.confirmStatus(ConfirmStatusRequest.getDefaultInstance()).getStatus().getReady())
                    .isTrue();
            cluster.nodes.get((leader + 1) % 3).abandon();
            cluster.nodes.get((leader + 2) % 3).abandon();
            assertRefused(() -> admin.withDeadlineAfter(20, TimeUnit.SECONDS)
                    .confirmStatus(ConfirmStatusRequest.getDefaultInstance()),
                    Status.Code.UNAVAILABLE, "NO_QUORUM");
            assertThat(status(admin).getMemberId()).isEqualTo(cluster.uuids.get(leader).toString());
        }
    }

    @Test
    void aBackupIsTheWholeStateAtOneRevision() throws Exception {
        try (var cluster = new Cluster(folder, 1)) {
            cluster.awaitLeader();
            for (int i = 0; i < 40; i++) {
                cluster.put(0, "key-" + i, "x".repeat(10_000)).get(30, TimeUnit.SECONDS);
            }
            Iterator<StreamBackupResponse> stream =
                    admin(cluster.nodes.getFirst()).streamBackup(StreamBackupRequest.getDefaultInstance());
            StreamBackupResponse.Header header = stream.next().getHeader();
            var all = ByteString.newOutput();
            StreamBackupResponse last = stream.next();
            while (last.hasChunk()) {
                last.getChunk().writeTo(all);
                last = stream.next();
            }
            byte[] bytes = all.toByteString().toByteArray();
            assertThat(last.getEnd().getLengthBytes()).isEqualTo(bytes.length);
            assertThat(last.getEnd().getSha256().toByteArray())
                    .isEqualTo(MessageDigest.getInstance("SHA-256").digest(bytes));
            Restore restore = new Restore();
            restore.accept(bytes, 0, bytes.length);
            StateMachine state = restore.finish();
            assertThat(state.digest()).isEqualTo(header.getDigest());
            assertThat(state.revision()).isEqualTo(header.getRevision());
            assertThat(header.getClusterId()).isEqualTo(cluster.id.toString());
            assertThat(stream.hasNext()).isFalse();
        }
    }
}
