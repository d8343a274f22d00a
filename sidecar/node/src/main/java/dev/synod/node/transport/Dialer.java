package dev.synod.node.transport;

import dev.synod.node.HostPort;
import dev.synod.node.Resolver;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to other members. Names are looked up anew for each connection, for a pod that comes back
 * has another address; on a thread of its own, for a look-up may block for long.
 */
public final class Dialer implements AutoCloseable {
    static final int MESSAGE_BYTES_MAX = 4 << 20;

    private static final int CONNECT_MILLIS = 2_000;
    private static final int KEEP_ALIVE_SECONDS = 5;
    private static final int KEEP_ALIVE_ANSWER_SECONDS = 2;
    private static final int LOOK_UPS_MAX = 256;

    private final EventLoopGroup eventLoops;
    private final Supplier<@Nullable SslContext> tls;
    private final Resolver resolver;
    private final ThreadPoolExecutor lookUps;

    /**
     * A dialer.
     *
     * @param tls asked for at each connection; null within it for connections in the clear
     * @param resolver asked at each connection too
     */
    public Dialer(String name, EventLoopGroup eventLoops, Supplier<@Nullable SslContext> tls,
            Resolver resolver) {
        this.eventLoops = eventLoops;
        this.tls = tls;
        this.resolver = resolver;
        this.lookUps = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(LOOK_UPS_MAX),
                Thread.ofPlatform().name(name + "-names").daemon(true).factory());
        lookUps.allowCoreThreadTimeOut(true);
    }

    /** Looks an address up; at once when it is one already. Completes on any thread. */
    CompletableFuture<InetSocketAddress> lookUp(HostPort address) {
        CompletableFuture<InetSocketAddress> found = new CompletableFuture<>();
        if (address.isLiteral()) {
            lookUp(address, found);
            return found;
        }
        try {
            lookUps.execute(() -> lookUp(address, found));
        } catch (RejectedExecutionException e) {
            found.completeExceptionally(e);
        }
        return found;
    }

    private void lookUp(HostPort address, CompletableFuture<InetSocketAddress> found) {
        try {
            found.complete(resolver.resolve(address));
        } catch (UnknownHostException e) {
            found.completeExceptionally(e);
        }
    }

    /** A channel for one connection; whoever opened it shuts it down when its stream ends. */
    ManagedChannel channel(HostPort address, InetSocketAddress resolved) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(resolved)
                .overrideAuthority(address.toString())
                .eventLoopGroup(eventLoops)
                .channelType(NioSocketChannel.class, InetSocketAddress.class)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .directExecutor()
                .offloadExecutor(Runnable::run)
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_ANSWER_SECONDS, TimeUnit.SECONDS)
                .disableRetry();
        SslContext security = tls.get();
        if (security == null) {
            builder.usePlaintext();
        } else {
            builder.sslContext(security);
        }
        return builder.build();
    }

    @Override
    public void close() {
        lookUps.shutdownNow();
    }
}
