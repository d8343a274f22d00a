package dev.synod.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.synod.coordination.v1.AcquireLockRequest;
import dev.synod.coordination.v1.GetLockRequest;
import dev.synod.coordination.v1.GetValueRequest;
import dev.synod.coordination.v1.LockServiceGrpc;
import dev.synod.coordination.v1.PutValueRequest;
import dev.synod.coordination.v1.ValueServiceGrpc;
import dev.synod.node.api.AttachedSession;
import dev.synod.node.tls.CertificateFiles;
import dev.synod.node.tls.PeerRole;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three members and an agent, whole and over TLS with the roles that they have in a cluster. */
@Tag("whole")
@Timeout(180)
final class WholeAgentTest {
    @TempDir Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private Cluster cluster;
    private AgentNode agent;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        var authority = new Certificates(folder);
        cluster = new Cluster(folder, 3, authority.issue(PeerRole.MEMBER));
        cluster.awaitLeader();
        CertificateFiles own = authority.issue(PeerRole.AGENT);
        agent = AgentNode.start(Cluster.settings(folder.resolve("none"), "agent")
                .with(Setting.FORM, "agent")
                .with(Setting.INSECURE_PEERS, "false")
                .with(Setting.TLS_CERT, own.certificate().toString())
                .with(Setting.TLS_KEY, own.key().toString())
                .with(Setting.TLS_CA, own.authorities().toString())
                .with(Setting.MEMBERS, cluster.nodes.stream()
                        .map(node -> "127.0.0.1:" + node.ports().ofPeers())
                        .collect(Collectors.joining(","))),
                (code, message, cause) -> cluster.halts.add(code + ": " + message));
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", agent.ports().ofNative()).usePlaintext().build();
        await().atMost(Cluster.PATIENCE).until(() -> get(agent.ports().ofProbes(), "/healthz/ready") == 200);
    }

    @AfterEach
    void stop() {
        http.close();
        channel.shutdownNow();
        agent.close();
        cluster.close();
        assertThat(cluster.halts).isEmpty();
    }

    private int get(int port, String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString()).statusCode();
    }

    private ValueServiceGrpc.ValueServiceBlockingStub values() {
        return ValueServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private void put(String key, String value) {
        values().putValue(PutValueRequest.newBuilder().setKey(key)
                .setValue(ByteString.copyFromUtf8(value)).build());
    }

    private String value(String key) {
        return values().getValue(GetValueRequest.newBuilder().setKey(key).build())
                .getValue().getValue().toStringUtf8();
    }

    @Test
    void valuesLocksAndLeadershipAreHadThroughAnAgent() throws Exception {
        put("colour", "red");
        assertThat(value("colour")).isEqualTo("red");

        AttachedSession session = LoneMember.session(channel);
        var locks = LockServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
        long token = locks.acquireLock(AcquireLockRequest.newBuilder().setSessionId(session.id())
                .setName("nightly").setOwnerId("worker").build()).getFencingToken();
        assertThat(locks.getLock(GetLockRequest.newBuilder().setName("nightly").build()).getLock()
                .getHolders(0).getFencingToken()).isEqualTo(token);

        LoneMember.lead(channel, session, "boss", "one");
        assertThat(get(agent.ports().ofHttp(), "/v1/elections/boss/is-leader")).isEqualTo(200);
        assertThat(get(agent.ports().ofProbes(), "/v1/elections/boss/is-leader")).isEqualTo(200);
        for (Node member : cluster.nodes) {
            assertThat(get(member.ports().ofHttp(), "/v1/elections/boss")).isEqualTo(200);
        }
    }

    @Test
    void aSessionWithItsLockOutlivesTheLeaderBehindTheAgent() throws Exception {
        AttachedSession session = LoneMember.session(channel);
        var locks = LockServiceGrpc.newBlockingStub(channel);
        locks.withDeadlineAfter(30, TimeUnit.SECONDS).acquireLock(AcquireLockRequest.newBuilder()
                .setSessionId(session.id()).setName("nightly").setOwnerId("worker").build());
        cluster.nodes.get(cluster.awaitLeader()).abandon();
        await().atMost(Cluster.PATIENCE).ignoreExceptions().until(() -> {
            session.heartbeat(1);
            put("after", "yes");
            return value("after").equals("yes");
        });
        assertThat(locks.withDeadlineAfter(30, TimeUnit.SECONDS)
                .getLock(GetLockRequest.newBuilder().setName("nightly").build()).getLock().getHolders(0)
                .getClaimant().getSessionId()).isEqualTo(session.id());
    }
}
