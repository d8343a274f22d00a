package dev.synod.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.synod.node.Resolver;
import dev.synod.paxos.Configuration;
import dev.synod.transport.v1.ConnectRequest;
import dev.synod.transport.v1.ConnectResponse;
import dev.synod.transport.v1.Lane;
import dev.synod.transport.v1.TransportServiceGrpc;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class PeerLinksTest {
    private static final int QUEUE_BYTES_MAX = 256 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final UUID CLUSTER = UUID.randomUUID();

    private final List<Side> sides = new ArrayList<>();

    /** One member's links, with an event loop and a port. */
    private static final class Side {
        final UUID uuid = UUID.randomUUID();
        final List<String> frames = new CopyOnWriteArrayList<>();
        final List<UUID> closed = new CopyOnWriteArrayList<>();
        final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        final Dialer dialer = new Dialer("test", loops, () -> null, Resolver.SYSTEM);
        final PeerLinks links =
                new PeerLinks(loops.next(), dialer, new SimpleMeterRegistry(), QUEUE_BYTES_MAX);
        Server server;

        Side() throws IOException {
            links.tell(frame -> frames.add(new String(frame, StandardCharsets.UTF_8)), closed::add);
            server = serve(0, links.service());
        }

        Server serve(int port, BindableService service) throws IOException {
            return NettyServerBuilder
                    .forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .bossEventLoopGroup(loops).workerEventLoopGroup(loops)
                    .channelType(NioServerSocketChannel.class).directExecutor().addService(service).build()
                    .start();
        }

        String address() {
            return "127.0.0.1:" + server.getPort();
        }

        void configured(UUID cluster, Configuration configuration) {
            on(() -> {
                links.configured(cluster, uuid, configuration);
                return true;
            });
        }

        void send(Side to, String frame) {
            on(() -> {
                links.send(to.uuid, frame.getBytes(StandardCharsets.UTF_8), false);
                return true;
            });
        }

        boolean connected(Side to) {
            return on(() -> links.connected(to.uuid));
        }

        <T> T on(Supplier<T> work) {
            return CompletableFuture.supplyAsync(work, loops.next()).join();
        }

        void end() throws InterruptedException {
            server.shutdownNow().awaitTermination();
            dialer.close();
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
        }
    }

    private Side side() throws IOException {
        Side side = new Side();
        sides.add(side);
        return side;
    }

    private static Configuration of(Side... members) {
        List<UUID> uuids = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        for (Side member : members) {
            uuids.add(member.uuid);
            addresses.add(member.address());
        }
        return Configuration.initial(uuids, addresses);
    }

    private static void awaitUp(Side from, Side to) {
        await().atMost(PATIENCE).until(() -> from.connected(to));
    }

    @AfterEach
    void endAll() throws InterruptedException {
        for (Side side : sides) {
            side.end();
        }
    }

    @Test
    void framesReachTheOtherInTheirOrder() throws Exception {
        Side one = side();
        Side two = side();
        one.configured(CLUSTER, of(one, two));
        two.configured(CLUSTER, of(one, two));
        awaitUp(one, two);
        for (int i = 0; i < 100; i++) {
            one.send(two, "frame " + i);
        }
        await().atMost(PATIENCE).until(() -> two.frames.size() == 100);
        for (int i = 0; i < 100; i++) {
            assertThat(two.frames.get(i)).isEqualTo("frame " + i);
        }
    }

    @Test
    void aMemberWhoseAddressIsNotKnownIsAnsweredOnItsOwnLink() throws Exception {
        Side known = side();
        Side newcomer = side();
        newcomer.configured(CLUSTER, of(known, newcomer));
        known.configured(CLUSTER, Configuration.NONE);
        awaitUp(known, newcomer);
        known.send(newcomer, "welcome");
        await().atMost(PATIENCE).until(() -> newcomer.frames.contains("welcome"));
    }

    @Test
    void aPeerThatEndsIsReportedAtOnceAndFoundAgainWhenItIsBack() throws Exception {
        Side one = side();
        Side two = side();
        one.configured(CLUSTER, of(one, two));
        two.configured(CLUSTER, Configuration.NONE);
        awaitUp(one, two);
        int port = two.server.getPort();
        two.server.shutdownNow().awaitTermination();
        await().atMost(PATIENCE).until(() -> one.closed.contains(two.uuid));
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            two.server = two.serve(port, two.links.service());
            return true;
        });
        await().atMost(PATIENCE).until(() -> {
            one.send(two, "again");
            return two.frames.contains("again");
        });
    }

    @Test
    void aMemberOfAnotherClusterIsNotHeard() throws Exception {
        Side one = side();
        Side stranger = side();
        stranger.configured(UUID.randomUUID(), Configuration.NONE);
        one.configured(CLUSTER, of(one, stranger));
        String wrong = stranger.on(() -> stranger.links.wrongCall(
                Wire.hello(CLUSTER, one.uuid, stranger.uuid, Lane.LANE_CONSENSUS)));
        assertThat(wrong).contains("belongs to cluster " + CLUSTER);
        assertThat(one.connected(stranger)).isFalse();
    }

    @Test
    void aNameThatLeadsToAnotherMemberIsNoticed() throws Exception {
        Side one = side();
        one.configured(CLUSTER, Configuration.NONE);
        UUID meant = UUID.randomUUID();
        assertThat(one.on(() -> one.links.wrongCall(
                Wire.hello(CLUSTER, UUID.randomUUID(), meant, Lane.LANE_CONSENSUS))))
                .contains("this is member " + one.uuid + ", not " + meant);
    }

    @Test
    void aMemberOfAnotherProtocolIsRefused() throws Exception {
        Side one = side();
        one.configured(CLUSTER, Configuration.NONE);
        var later = Wire.hello(CLUSTER, UUID.randomUUID(), one.uuid, Lane.LANE_CONSENSUS).toBuilder()
                .setProtocol(Wire.PROTOCOL + 1).build();
        assertThat(one.on(() -> one.links.wrongCall(later))).contains("protocol 2, this member 1");
    }

    @Test
    void aPeerThatDoesNotReadCostsNoMoreThanItsQueue() throws Exception {
        Side one = side();
        Side stuck = side();
        stuck.server.shutdownNow();
        stuck.server = stuck.serve(0, new ReadsOnlyTheFirst(stuck.uuid));
        one.configured(CLUSTER, of(one, stuck));
        awaitUp(one, stuck);
        byte[] frame = new byte[8 << 10];
        await().atMost(PATIENCE).until(() -> one.on(() -> {
            for (int i = 0; i < 100; i++) {
                one.links.send(stuck.uuid, frame, false);
            }
            return one.links.framesDropped(stuck.uuid) > 1_000;
        }));
        assertThat(one.on(() -> one.links.queuedBytes(stuck.uuid)))
                .isBetween(QUEUE_BYTES_MAX - 2L * frame.length, (long) QUEUE_BYTES_MAX);
    }

    /** Greets, and takes nothing more. */
    private static final class ReadsOnlyTheFirst extends TransportServiceGrpc.TransportServiceImplBase {
        private final UUID self;

        ReadsOnlyTheFirst(UUID self) {
            this.self = self;
        }

        @Override
        public StreamObserver<ConnectRequest> connect(StreamObserver<ConnectResponse> responses) {
            var stream = (ServerCallStreamObserver<ConnectResponse>) responses;
            stream.disableAutoRequest();
            stream.request(1);
            return new StreamObserver<>() {
                @Override
                public void onNext(ConnectRequest message) {
                    stream.onNext(ConnectResponse.newBuilder()
                            .setHello(Wire.hello(CLUSTER, self, null, Lane.LANE_CONSENSUS)).build());
                }

                @Override
                public void onError(Throwable thrown) {}

                @Override
                public void onCompleted() {}
            };
        }
    }
}
