package dev.synod.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.synod.admin.v1.AdminServiceGrpc;
import dev.synod.admin.v1.GetStatusRequest;
import dev.synod.admin.v1.TransferLeadershipRequest;
import dev.synod.member.Answer;
import dev.synod.node.tls.CertificateFiles;
import dev.synod.node.tls.PeerRole;
import dev.synod.node.tls.PeerSecurity;
import dev.synod.transport.v1.ConnectRequest;
import dev.synod.transport.v1.ConnectResponse;
import dev.synod.transport.v1.TransportServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslContext;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("whole")
@Timeout(180)
final class SecureClusterTest {
    @TempDir Path folder;

    private static ManagedChannel channel(int port, @Nullable SslContext security) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress("localhost", port);
        return (security == null ? builder.usePlaintext() : builder.sslContext(security)).build();
    }

    private static Status statusOf(ManagedChannel channel) {
        try {
            AdminServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS)
                    .getStatus(GetStatusRequest.getDefaultInstance());
            return Status.OK;
        } catch (io.grpc.StatusRuntimeException e) {
            return e.getStatus();
        } finally {
            channel.shutdownNow();
        }
    }

    private static Status linkOf(ManagedChannel channel) throws Exception {
        CompletableFuture<Status> end = new CompletableFuture<>();
        StreamObserver<ConnectRequest> stream = TransportServiceGrpc.newStub(channel).connect(
                new StreamObserver<>() {
                    @Override
                    public void onNext(ConnectResponse message) {}

                    @Override
                    public void onError(Throwable thrown) {
                        end.complete(Status.fromThrowable(thrown));
                    }

                    @Override
                    public void onCompleted() {
                        end.complete(Status.OK);
                    }
                });
        stream.onNext(ConnectRequest.getDefaultInstance());
        try {
            return end.get(30, TimeUnit.SECONDS);
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void membersTalkOverTlsAndGoOnWhenTheirCertificatesAreExchanged() throws Exception {
        Certificates authority = new Certificates(folder);
        CertificateFiles files = authority.issue(PeerRole.MEMBER);
        try (var cluster = new Cluster(folder, 3, files)) {
            int leader = cluster.awaitLeader();
            assertThat(cluster.put(leader, "a", "1").get(30, TimeUnit.SECONDS))
                    .isInstanceOf(Answer.Replied.class);
            authority.issue(files, PeerRole.MEMBER);
            cluster.nodes.get(leader).abandon();
            cluster.restart(leader);
            await().atMost(Cluster.PATIENCE).until(() -> cluster.nodes.get(leader).status().ready());
            assertThat(cluster.get(leader, "a")).isEqualTo("1");
        }
    }

    @Test
    void onlyOperatorsAdministerAndOnlyMembersTalkToMembers() throws Exception {
        Certificates authority = new Certificates(folder);
        SslContext agent = PeerSecurity.of(authority.issue(PeerRole.AGENT)).client();
        SslContext operator = PeerSecurity.of(authority.issue(PeerRole.OPERATOR)).client();
        try (var cluster = new Cluster(folder, 1, authority.issue(PeerRole.MEMBER))) {
            int admin = cluster.nodes.getFirst().ports().ofAdmin();
            int peers = cluster.nodes.getFirst().ports().ofPeers();
            assertThat(statusOf(channel(admin, operator))).isEqualTo(Status.OK);
            Status refused = statusOf(channel(admin, agent));
            assertThat(refused.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(refused.getDescription()).contains("urn:synod:role:operator", "urn:synod:role:agent");
            assertThat(linkOf(channel(peers, agent)).getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        }
    }

    @Test
    void aMembersCertificateMayLookAndNotAct() throws Exception {
        Certificates authority = new Certificates(folder);
        SslContext member = PeerSecurity.of(authority.issue(PeerRole.MEMBER)).client();
        try (var cluster = new Cluster(folder, 1, authority.issue(PeerRole.MEMBER))) {
            int admin = cluster.nodes.getFirst().ports().ofAdmin();
            assertThat(statusOf(channel(admin, member))).isEqualTo(Status.OK);
            assertThatThrownBy(() -> AdminServiceGrpc.newBlockingStub(channel(admin, member))
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .transferLeadership(TransferLeadershipRequest.getDefaultInstance()))
                    .hasMessageContaining("PERMISSION_DENIED")
                    .hasMessageContaining("needs a certificate with urn:synod:role:operator");
        }
    }

    @Test
    void whoeverComesWithoutACertificateOrFromAnotherAuthorityIsNotHeard() throws Exception {
        Certificates authority =
                new Certificates(java.nio.file.Files.createDirectory(folder.resolve("ours")));
        Certificates other = new Certificates(java.nio.file.Files.createDirectory(folder.resolve("theirs")));
        CertificateFiles foreign = other.issue(PeerRole.OPERATOR);
        SslContext stranger = PeerSecurity.of(new CertificateFiles(
                foreign.certificate(), foreign.key(), authority.issue(PeerRole.MEMBER).authorities()))
                .client();
        try (var cluster = new Cluster(folder, 1, authority.issue(PeerRole.MEMBER))) {
            int admin = cluster.nodes.getFirst().ports().ofAdmin();
            assertThat(statusOf(channel(admin, null)).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(statusOf(channel(admin, stranger)).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void whatIsCalledAsAMemberMustShowThatItIsOne() throws Exception {
        Certificates authority = new Certificates(folder);
        try (var cluster = new Cluster(folder, 1, authority.issue(PeerRole.AGENT))) {
            SslContext member = PeerSecurity.of(authority.issue(PeerRole.MEMBER)).client();
            Status refused = linkOf(channel(cluster.nodes.getFirst().ports().ofPeers(), member));
            assertThat(refused.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThatThrownBy(() -> {
                throw refused.asException();
            }).rootCause().hasMessageContaining("urn:synod:role:member");
        }
    }
}
