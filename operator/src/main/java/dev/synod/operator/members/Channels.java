package dev.synod.operator.members;

import dev.synod.operator.members.MemberAdmin.Target;
import dev.synod.operator.members.MemberException.Reason;
import dev.synod.operator.model.Names;
import dev.synod.operator.plan.Slot;
import dev.synod.operator.tls.KeyMaterial;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Connections to members, kept from call to call. TLS 1.3, both sides show certificates. They lead to a pod's
 * address; the name that its certificate must show is the pod's below the peers' Service, which nobody looks
 * up: what DNS says decides nothing. Safe for threads.
 */
final class Channels implements AutoCloseable {
    private static final String VERSION = "TLSv1.3";
    private static final int CONNECT_MILLIS = 1_500;

    /** What tells two connections apart. */
    private record Key(String host, int port, String authority, KeyMaterial operator, String trusted) {
        static Key of(Target target, Slot slot, String host) {
            String address = target.names().address(slot, target.adminPort());
            return new Key(host, target.adminPort(), address, target.operator(), target.trusted());
        }
    }

    private final Map<Names, Map<Key, ManagedChannel>> open = new HashMap<>();
    private boolean closed;

    /**
     * The connection to the member at a place; it connects when it is first used.
     *
     * @throws MemberException when the place has no address, or the operator's certificates cannot be used
     */
    synchronized ManagedChannel to(Target target, Slot slot) {
        String host = target.hosts().get(slot);
        if (host == null) {
            throw new MemberException(Reason.UNREACHABLE, "pod " + target.names().pod(slot)
                    + " has no address yet; wait until it runs");
        }
        if (closed) {
            throw new IllegalStateException("the connections to members are closed");
        }
        return open.computeIfAbsent(target.names(), names -> new HashMap<>())
                .computeIfAbsent(Key.of(target, slot, host), key -> connect(target.names(), key));
    }

    private static ManagedChannel connect(Names names, Key key) {
        return NettyChannelBuilder.forAddress(new InetSocketAddress(key.host(), key.port()))
                .overrideAuthority(key.authority())
                .sslContext(security(names, key))
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .build();
    }

    private static SslContext security(Names names, Key key) {
        try {
            return GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                    .keyManager(stream(key.operator().certificate()), stream(key.operator().key()))
                    .trustManager(stream(key.trusted()))
                    .protocols(VERSION)
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new MemberException(Reason.CERTIFICATES, "the operator's certificates cannot be used: "
                    + Failures.rootCause(e) + "; look at tls.crt, tls.key and ca.crt of Secret "
                    + names.operatorTls() + " in " + names.namespace(), false, null, e);
        }
    }

    private static InputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * The next call to that place connects anew, at once: a connection waits longer and longer after
     * failures, and one to a pod that is gone is never told so. Calls under way end by themselves.
     */
    synchronized void drop(Target target, Slot slot) {
        String host = target.hosts().get(slot);
        Map<Key, ManagedChannel> ofCluster = open.get(target.names());
        if (host != null && ofCluster != null) {
            shutdown(ofCluster.remove(Key.of(target, slot, host)));
        }
    }

    /** Closes what leads elsewhere: to pods that are gone, or by old certificates. */
    synchronized void keepOnly(Target target) {
        Map<Key, ManagedChannel> ofCluster = open.get(target.names());
        if (ofCluster == null) {
            return;
        }
        Set<Key> wanted = target.hosts().entrySet().stream()
                .map(entry -> Key.of(target, entry.getKey(), entry.getValue())).collect(Collectors.toSet());
        for (Iterator<Key> keys = ofCluster.keySet().iterator(); keys.hasNext();) {
            Key key = keys.next();
            if (!wanted.contains(key)) {
                shutdown(ofCluster.get(key));
                keys.remove();
            }
        }
    }

    synchronized void forget(Names names) {
        Map<Key, ManagedChannel> ofCluster = open.remove(names);
        if (ofCluster != null) {
            ofCluster.values().forEach(Channels::shutdown);
        }
    }

    private static void shutdown(@Nullable ManagedChannel channel) {
        if (channel != null) {
            channel.shutdown();
        }
    }

    /** How many there are. */
    synchronized int size() {
        return open.values().stream().mapToInt(Map::size).sum();
    }

    @Override
    public synchronized void close() {
        closed = true;
        open.values().forEach(ofCluster -> ofCluster.values().forEach(ManagedChannel::shutdownNow));
        open.clear();
    }
}
