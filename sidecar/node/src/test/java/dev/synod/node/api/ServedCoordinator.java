package dev.synod.node.api;

import dev.synod.coordination.v1.AttachSessionRequest;
import dev.synod.coordination.v1.AttachSessionResponse;
import dev.synod.coordination.v1.CreateSessionRequest;
import dev.synod.coordination.v1.CreateSessionResponse;
import dev.synod.coordination.v1.ElectionServiceGrpc;
import dev.synod.coordination.v1.LockServiceGrpc;
import dev.synod.coordination.v1.SessionServiceGrpc;
import dev.synod.coordination.v1.ValueServiceGrpc;
import dev.synod.node.InMemoryCoordinator;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A native API over the in-memory coordinator, behind a real server on loopback, with one connection to it.
 */
public final class ServedCoordinator implements AutoCloseable {
    private final List<Throwable> defects = new CopyOnWriteArrayList<>();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, task -> {
        var thread = new Thread(task, "event-loop");
        thread.setUncaughtExceptionHandler((t, e) -> defects.add(e));
        return thread;
    }, NioIoHandler.newFactory());
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final List<Server> servers = new ArrayList<>();
    private final Server server;
    public final InMemoryCoordinator coordinator = new InMemoryCoordinator(group.next());
    public final AtomicBoolean ready = new AtomicBoolean(true);
    public final NativeApi api;
    public final ManagedChannel channel;

    public ServedCoordinator() {
        this(ApiSettings.of("orders", "orders-0", null));
    }

    public ServedCoordinator(ApiSettings settings) {
        api = new NativeApi(coordinator, settings, ready::get, group.next());
        server = serve(api, 0);
        channel = connect();
    }

    /** One more server over the same state, as another member of the same cluster would be. */
    public Server serve(ServedApi served, int port) {
        var builder =
                NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                        .bossEventLoopGroup(group)
                        .workerEventLoopGroup(group)
                        .channelType(NioServerSocketChannel.class);
        served.serveBy(builder, ServedApi.Trust.TOKEN);
        try {
            Server started = builder.build().start();
            servers.add(started);
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another API over the same state. */
    public NativeApi another(ApiSettings settings, AtomicBoolean fit) {
        return CompletableFuture.supplyAsync(
                () -> new NativeApi(coordinator, settings, fit::get, group.next()), group).join();
    }

    /** Another connection. */
    public ManagedChannel connect() {
        return connect(server.getPort());
    }

    /** A connection to one of the servers. */
    public ManagedChannel connect(int port) {
        ManagedChannel connected = NettyChannelBuilder
                .forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .eventLoopGroup(group)
                .channelType(NioSocketChannel.class)
                .usePlaintext()
                .build();
        channels.add(connected);
        return connected;
    }

    public Server server() {
        return server;
    }

    public int port() {
        return server.getPort();
    }

    public EventLoop loop() {
        return group.next();
    }

    public EventLoopGroup group() {
        return group;
    }

    public List<Throwable> defects() {
        return defects;
    }

    public LockServiceGrpc.LockServiceBlockingStub locks() {
        return LockServiceGrpc.newBlockingStub(channel);
    }

    public ElectionServiceGrpc.ElectionServiceBlockingStub elections() {
        return ElectionServiceGrpc.newBlockingStub(channel);
    }

    public ValueServiceGrpc.ValueServiceBlockingStub values() {
        return ValueServiceGrpc.newBlockingStub(channel);
    }

    public SessionServiceGrpc.SessionServiceBlockingStub sessions() {
        return SessionServiceGrpc.newBlockingStub(channel);
    }

    /** Opens a session, and waits until its stream is attached. */
    public AttachedSession session(String identity) {
        CreateSessionResponse created = sessions().createSession(
                CreateSessionRequest.newBuilder().setIdentity(identity).build());
        return attach(channel, created);
    }

    public AttachedSession attach(ManagedChannel over, CreateSessionResponse created) {
        var received = new Received<AttachSessionResponse>();
        var requests = SessionServiceGrpc.newStub(over).attachSession(received);
        requests.onNext(AttachSessionRequest.newBuilder().setAttach(AttachSessionRequest.Attach.newBuilder()
                .setSessionId(created.getSessionId()).setSecret(created.getSecret())).build());
        return new AttachedSession(created.getSessionId(), created, requests, received);
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        try {
            for (Server running : servers) {
                running.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
            }
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
