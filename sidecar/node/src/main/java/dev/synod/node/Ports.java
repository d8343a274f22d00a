package dev.synod.node;

import dev.synod.node.admin.AdminRoles;
import dev.synod.node.admin.AdminService;
import dev.synod.node.api.ServedApi;
import dev.synod.node.api.ServedApi.Trust;
import dev.synod.node.door.Door;
import dev.synod.node.probe.ProbeServer;
import dev.synod.node.tls.PeerRole;
import dev.synod.node.tls.PeerSecurity;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Everything that listens. */
public final class Ports implements AutoCloseable {
    private static final int PEER_MESSAGE_BYTES_MAX = 4 << 20;
    private static final int HANDSHAKE_SECONDS = 5;
    private static final int KEEP_ALIVE_SECONDS = 5;
    private static final int CALLS_MAX = 1_024;
    private static final int RESETS_MAX = 200;
    private static final int RESETS_SECONDS = 30;
    private static final int CLOSE_SECONDS = 2;

    private final Settings settings;
    private final EventLoopGroup loops;
    private final Map<Setting, InetSocketAddress> bound = new EnumMap<>(Setting.class);
    private final List<Server> servers = new ArrayList<>();
    private final List<Channel> channels = new ArrayList<>();
    private @Nullable Path socket;

    Ports(Settings settings, EventLoopGroup loops) {
        this.settings = settings;
        this.loops = loops;
    }

    /** Native gRPC for applications. */
    public int ofNative() {
        return port(Setting.LISTEN_NATIVE);
    }

    /** HTTP for applications. */
    public int ofHttp() {
        return port(Setting.LISTEN_HTTP);
    }

    /** Members and agents. */
    public int ofPeers() {
        return port(Setting.LISTEN_PEERS);
    }

    /** Administration. */
    public int ofAdmin() {
        return port(Setting.LISTEN_ADMIN);
    }

    /** Metrics and probes. */
    public int ofProbes() {
        return port(Setting.LISTEN_PROBES);
    }

    private int port(Setting setting) {
        InetSocketAddress address = bound.get(setting);
        if (address == null) {
            throw new IllegalStateException("nothing listens on " + setting.key());
        }
        return address.getPort();
    }

    // ---- opening ------------------------------------------------------------------------------------------

    void probes(ProbeServer server) throws StartException {
        listen(Setting.LISTEN_PROBES, server.listen(address(Setting.LISTEN_PROBES), loops));
    }

    void admin(AdminService service, PeerSecurity security) throws StartException {
        ServerInterceptor lookers =
                security.allow(EnumSet.of(PeerRole.OPERATOR, PeerRole.MEMBER), AdminService::noRole);
        ServerInterceptor actors = security.allow(EnumSet.of(PeerRole.OPERATOR), AdminService::noRole);
        serve(Setting.LISTEN_ADMIN, security.server(), server -> {
            keepAlive(server).addService(service);
            if (lookers != null && actors != null) {
                server.intercept(new AdminRoles(lookers, actors));
            }
        });
    }

    /** For members, and for agents, which pass on what their applications ask; those come with their role. */
    void peers(BindableService transport, ServedApi api, PeerSecurity security) throws StartException {
        ServerInterceptor members = security.allow(PeerRole.MEMBER);
        ServerInterceptor agents = security.allow(PeerRole.AGENT, PeerRole.MEMBER);
        serve(Setting.LISTEN_PEERS, security.server(), server -> {
            keepAlive(server).maxInboundMessageSize(PEER_MESSAGE_BYTES_MAX)
                    .addService(checked(transport.bindService(), members))
                    .addTransportFilter(api.transportFilter());
            for (ServerServiceDefinition service : api.services()) {
                var gated = ServerInterceptors.intercept(service, api.interceptors(Trust.CONNECTION));
                server.addService(checked(gated, agents));
            }
        });
    }

    /**
     * Machines vanish without a word. Applications do not: on loopback the death of a process closes its
     * connections, and one that merely stands still must keep its session for as long as it was promised.
     */
    private static NettyServerBuilder keepAlive(NettyServerBuilder server) {
        return server.keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
    }

    private static ServerServiceDefinition checked(ServerServiceDefinition service,
            @Nullable ServerInterceptor check) {
        return check == null ? service : ServerInterceptors.intercept(service, check);
    }

    void applications(ServedApi api, Door door) throws StartException {
        serve(Setting.LISTEN_NATIVE, null, server -> api.serveBy(server, Trust.TOKEN));
        Path path = settings.path(Setting.NATIVE_SOCKET);
        if (path != null) {
            serve(path, api);
        }
        listen(Setting.LISTEN_HTTP,
                door.listen(address(Setting.LISTEN_HTTP), loops, NioServerSocketChannel.class));
    }

    private InetSocketAddress address(Setting setting) throws StartException {
        HostPort wanted = settings.address(setting);
        try {
            return wanted.resolve();
        } catch (UnknownHostException e) {
            throw new StartException(ExitCode.USAGE, setting.flag() + " is " + wanted
                    + ": there is no such host; name an address of this machine", e);
        }
    }

    private void serve(Setting setting, @Nullable SslContext security, Consumer<NettyServerBuilder> content)
            throws StartException {
        NettyServerBuilder builder = builder(address(setting), NioServerSocketChannel.class);
        if (security != null) {
            builder.sslContext(security);
        }
        content.accept(builder);
        try {
            Server server = builder.build().start();
            servers.add(server);
            bound.put(setting, (InetSocketAddress) server.getListenSockets().getFirst());
        } catch (IOException e) {
            throw refused(setting, e);
        }
    }

    private void serve(Path path, ServedApi api) throws StartException {
        try {
            Files.deleteIfExists(path); // of a process that was killed; one that lives holds the volume
            NettyServerBuilder builder =
                    builder(UnixDomainSocketAddress.of(path), NioServerDomainSocketChannel.class);
            api.serveBy(builder, Trust.TOKEN);
            servers.add(builder.build().start());
            socket = path;
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
        } catch (IOException | IllegalArgumentException e) {
            throw new StartException(ExitCode.UNAVAILABLE, Setting.NATIVE_SOCKET.flag() + " is " + path
                    + ": no socket can be made there: " + e.getMessage()
                    + "; name a path of at most 100 bytes in a folder that this process may write", e);
        }
    }

    private NettyServerBuilder builder(SocketAddress address, Class<? extends ServerChannel> type) {
        return NettyServerBuilder.forAddress(address).bossEventLoopGroup(loops).workerEventLoopGroup(loops)
                .channelType(type).directExecutor()
                .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(KEEP_ALIVE_SECONDS - 1, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxConcurrentCallsPerConnection(CALLS_MAX)
                .maxRstFramesPerWindow(RESETS_MAX, RESETS_SECONDS);
    }

    private void listen(Setting setting, ChannelFuture binding) throws StartException {
        binding.awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw refused(setting, binding.cause());
        }
        channels.add(binding.channel());
        bound.put(setting, (InetSocketAddress) binding.channel().localAddress());
    }

    private StartException refused(Setting setting, Throwable cause) {
        String why = cause.getCause() instanceof BindException bind ? bind.getMessage() : cause.getMessage();
        HostPort wanted = settings.address(setting);
        return new StartException(ExitCode.UNAVAILABLE, "port " + wanted.port() + " of " + setting.flag()
                + " " + wanted + " (" + setting.description() + ") cannot be had: " + why
                + ". Another process listens there, perhaps another member; `ss -ltnp 'sport = :"
                + wanted.port() + "'` names it. Stop it, or choose another port", cause);
    }

    // ---- closing ------------------------------------------------------------------------------------------

    /** Closes everything that listens, and every connection. */
    @Override
    public void close() {
        channels.forEach(channel -> channel.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS));
        servers.forEach(Server::shutdownNow);
        for (Server server : servers) {
            try {
                server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (socket != null) {
            try {
                Files.deleteIfExists(socket);
            } catch (IOException e) {
                socket = null; // the next start removes it
            }
        }
    }
}
