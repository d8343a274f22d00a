package dev.synod.node;

import static org.awaitility.Awaitility.await;

import dev.synod.coordination.v1.AttachSessionRequest;
import dev.synod.coordination.v1.AttachSessionResponse;
import dev.synod.coordination.v1.CampaignRequest;
import dev.synod.coordination.v1.CampaignResponse;
import dev.synod.coordination.v1.CreateSessionRequest;
import dev.synod.coordination.v1.CreateSessionResponse;
import dev.synod.coordination.v1.ElectionServiceGrpc;
import dev.synod.coordination.v1.SessionServiceGrpc;
import dev.synod.node.api.AttachedSession;
import dev.synod.node.api.Received;
import dev.synod.paxos.Configuration;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A whole member with all its ports and a Unix socket: the only one, or one whose peers never come. */
final class LoneMember implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    final Node node;
    final Path socket;
    final ManagedChannel channel;
    private final List<String> halts = new ArrayList<>();

    /** A member of as many voters. */
    LoneMember(Path folder, int voters) throws StartException {
        socket = folder.resolve("s");
        node = Node.start(Cluster.settings(folder.resolve("volume"), "lone")
                .with(Setting.NATIVE_SOCKET, socket.toString()),
                (code, message, cause) -> halts.add(code + ": " + message));
        List<UUID> ids = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < voters; i++) {
            ids.add(new UUID(1, i));
            addresses.add(i == 0 ? "127.0.0.1:" + node.ports().ofPeers() : "peer-" + i + ".invalid:7401");
        }
        node.format(new UUID(2, 2), ids.getFirst(), Configuration.initial(ids, addresses));
        node.activate(PATIENCE);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", node.ports().ofNative()).usePlaintext().build();
        if (voters == 1) {
            await().atMost(PATIENCE).until(() -> node.status().ready());
        }
    }

    /** A session with its stream, by a sidecar's native API. */
    static AttachedSession session(ManagedChannel channel) {
        CreateSessionResponse created = SessionServiceGrpc.newBlockingStub(channel).withWaitForReady()
                .createSession(CreateSessionRequest.newBuilder().setIdentity("pod-1").build());
        var received = new Received<AttachSessionResponse>();
        var requests = SessionServiceGrpc.newStub(channel).attachSession(received);
        var session = new AttachedSession(created.getSessionId(), created, requests, received);
        requests.onNext(AttachSessionRequest.newBuilder()
                .setAttach(AttachSessionRequest.Attach.newBuilder()
                        .setSessionId(created.getSessionId()).setSecret(created.getSecret()))
                .build());
        received.next();
        return session;
    }

    /** Has a session's candidate elected; its token. */
    static long lead(ManagedChannel channel, AttachedSession session, String election, String candidate) {
        var received = new Received<CampaignResponse>();
        ElectionServiceGrpc.newStub(channel).campaign(CampaignRequest.newBuilder()
                .setSessionId(session.id()).setName(election).setCandidateId(candidate).build(), received);
        return received.next().getElected().getFencingToken();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        node.close();
        if (!halts.isEmpty()) {
            throw new AssertionError(halts);
        }
    }
}
