package dev.synod.node.transport;

import dev.synod.node.HostPort;
import dev.synod.node.loop.FrameSender;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Member;
import dev.synod.transport.v1.Hello;
import dev.synod.transport.v1.Lane;
import io.grpc.BindableService;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links with all peers. To each member of the configuration a link for consensus is kept open, and one for
 * snapshots once there is one to send. Everything on the event loop.
 */
public final class PeerLinks implements FrameSender {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLinks.class);

    /** Links of one peer. */
    private record Peer(PeerLane consensus, PeerLane bulk, PeerMeters meters) {
        PeerLane lane(Lane lane) {
            return lane == Lane.LANE_BULK ? bulk : consensus;
        }
    }

    /** Who this is; known once the volume is formatted and read back. */
    private record Identity(UUID cluster, UUID self) {}

    private final EventLoop loop;
    private final Dialer dialer;
    private final MeterRegistry registry;
    private final int queueBytesMax;
    private final Map<UUID, Peer> peers = new HashMap<>();
    private Consumer<byte[]> onFrame = frame -> {};
    private Consumer<UUID> onClosed = peer -> {};
    private @Nullable Identity identity;
    private Configuration configuration = Configuration.NONE;
    private boolean silent;

    /**
     * No link yet.
     *
     * @param queueBytesMax frames that may wait for one peer, in bytes
     */
    public PeerLinks(EventLoop loop, Dialer dialer, MeterRegistry registry, int queueBytesMax) {
        this.loop = loop;
        this.dialer = dialer;
        this.registry = registry;
        this.queueBytesMax = queueBytesMax;
    }

    /** Who is told of frames that arrived, and of peers whose link for consensus broke. */
    public void tell(Consumer<byte[]> frames, Consumer<UUID> closed) {
        onFrame = frames;
        onClosed = closed;
    }

    /** What peers call. */
    public BindableService service() {
        return new LinkService(this);
    }

    /** Whether frames reach a member, as far as can be told. */
    public boolean connected(UUID member) {
        Peer peer = peers.get(member);
        return peer != null && peer.consensus().up();
    }

    // ---- FrameSender --------------------------------------------------------------------------------------

    @Override
    public void send(UUID to, byte[] frame, boolean bulk) {
        Peer peer = peers.get(to);
        if (peer != null && !silent) {
            peer.lane(bulk ? Lane.LANE_BULK : Lane.LANE_CONSENSUS).send(frame);
        }
    }

    @Override
    public void configured(UUID cluster, UUID self, Configuration now) {
        identity = new Identity(cluster, self);
        configuration = now;
        for (Member member : now.everyone()) {
            if (!member.uuid().equals(self)) {
                HostPort address = HostPort.parse(member.address());
                if (address == null) {
                    LOG.warn("member {} has the address \"{}\", which is not host:port: it is not called",
                            member.uuid(), member.address());
                }
                Peer peer = peer(member.uuid());
                peer.consensus().at(address);
                peer.bulk().at(address);
                peer.consensus().open();
            }
        }
        // Who left keeps the links that stand: it may still have to learn that it left.
        peers.entrySet().removeIf(entry -> !isMember(entry.getKey()) && forgotten(entry.getValue()));
    }

    private static boolean forgotten(Peer peer) {
        if (peer.consensus().up() || peer.bulk().up()) {
            return false;
        }
        peer.consensus().close("it left the cluster");
        peer.bulk().close("it left the cluster");
        peer.meters().remove();
        return true;
    }

    @Override
    public void silence() {
        silent = true;
        for (Peer peer : peers.values()) {
            peer.consensus().close("this member is silent");
            peer.bulk().close("this member is silent");
        }
    }

    // ---- for the lanes ------------------------------------------------------------------------------------

    private Peer peer(UUID uuid) {
        return peers.computeIfAbsent(uuid, key -> {
            PeerMeters meters = new PeerMeters(registry, key);
            return new Peer(
                    new PeerLane(this, key, Lane.LANE_CONSENSUS, meters, queueBytesMax),
                    new PeerLane(this, key, Lane.LANE_BULK, meters, queueBytesMax),
                    meters);
        });
    }

    Dialer dialer() {
        return dialer;
    }

    boolean isMember(UUID peer) {
        return !silent && configuration.member(peer) != null;
    }

    Hello hello(@Nullable UUID meantFor, Lane lane) {
        Identity own = identity;
        if (own == null) {
            throw new IllegalStateException("nobody speaks before the volume is formatted");
        }
        return Wire.hello(own.cluster(), own.self(), meantFor, lane);
    }

    /** Why {@code hello} is not from the peer that was called; null when it is. */
    @Nullable
    String wrongAnswer(Hello hello, UUID peer) {
        String wrong = wrong(hello);
        if (wrong == null && !peer.equals(Wire.uuid(hello.getMemberId()))) {
            return "member " + Wire.uuid(hello.getMemberId()) + " answers there";
        }
        return wrong;
    }

    /** Why whoever sent {@code hello} is refused; null when it is not. */
    @Nullable
    String wrongCall(Hello hello) {
        Identity own = identity;
        if (own == null || silent) {
            return "no member runs here: its volume is empty, or it is FAULTY, or it ends";
        }
        if (hello.getLane() != Lane.LANE_CONSENSUS && hello.getLane() != Lane.LANE_BULK) {
            return "the link says not what it is for";
        }
        if (!hello.getMeantFor().isEmpty() && !own.self().equals(Wire.uuid(hello.getMeantFor()))) {
            return "this is member " + own.self() + ", not " + Wire.uuid(hello.getMeantFor());
        }
        return wrong(hello);
    }

    private @Nullable String wrong(Hello hello) {
        Identity own = identity;
        if (hello.getProtocol() != Wire.PROTOCOL) {
            return "it speaks protocol " + hello.getProtocol() + ", this member " + Wire.PROTOCOL;
        }
        UUID cluster = Wire.uuid(hello.getClusterId());
        UUID member = Wire.uuid(hello.getMemberId());
        if (cluster == null || member == null) {
            return "it does not say who it is";
        }
        if (own != null && !own.cluster().equals(cluster)) {
            return "it belongs to cluster " + cluster + ", this member to " + own.cluster();
        }
        return own != null && own.self().equals(member) ? "it says it is this very member" : null;
    }

    /** The lane that a call belongs to, which {@link #wrongCall} let pass. */
    PeerLane accept(Hello hello) {
        UUID member = Wire.uuid(hello.getMemberId());
        if (member == null) {
            throw new IllegalStateException("let pass without a name");
        }
        return peer(member).lane(hello.getLane());
    }

    void received(byte[] frame) {
        if (!silent) {
            onFrame.accept(frame);
        }
    }

    void closed(UUID peer, Lane lane) {
        if (lane == Lane.LANE_CONSENSUS && !silent) {
            onClosed.accept(peer);
        }
        if (!isMember(peer)) {
            peers.computeIfPresent(peer, (uuid, links) -> forgotten(links) ? null : links);
        }
    }

    void onLoop(Runnable work) {
        if (loop.inEventLoop()) {
            work.run();
            return;
        }
        try {
            loop.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.debug("the event loop has ended");
        }
    }

    ScheduledFuture<?> later(Runnable work, long nanos) {
        return loop.schedule(work, nanos, TimeUnit.NANOSECONDS);
    }

    /** Bytes that wait for a peer. */
    public long queuedBytes(UUID member) {
        Peer peer = peers.get(member);
        return peer == null ? 0 : peer.consensus().queuedBytes() + peer.bulk().queuedBytes();
    }

    /** Frames for a peer that were dropped so far. */
    public long framesDropped(UUID member) {
        Peer peer = peers.get(member);
        return peer == null ? 0 : peer.meters().droppedSoFar();
    }
}
