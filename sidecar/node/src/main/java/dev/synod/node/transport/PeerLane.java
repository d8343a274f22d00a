package dev.synod.node.transport;

import com.google.protobuf.ByteString;
import dev.synod.node.HostPort;
import dev.synod.transport.v1.ConnectRequest;
import dev.synod.transport.v1.ConnectResponse;
import dev.synod.transport.v1.Lane;
import dev.synod.transport.v1.TransportServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCallStreamObserver;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One kind of links with one peer: the link that this member opened, and the one that the peer opened. Frames
 * leave by the first, and by the second while the first is not up; so a member whose address nobody here
 * knows is answered on its own link.
 *
 * <p>A link that fails is opened again after a pause that doubles from 20 ms to 1 s, jittered; at once when
 * the peer shows that it is there.
 */
final class PeerLane {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLane.class);
    private static final long PAUSE_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long PAUSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);
    /** Some seconds' worth: members of a new cluster do not start, and get their volumes, at one moment. */
    private static final int FAILURES_AT_START_MAX = 12;

    /** What becomes of the link that this member opens. */
    private enum State {
        /** Nobody asked for it, or no address is known. */
        IDLE,
        /** It is being opened. */
        OPENING,
        /** Both ends have said who they are. */
        OPEN,
        /** It failed, and waits for the next attempt. */
        PAUSING
    }

    private final PeerLinks links;
    private final UUID peer;
    private final Lane lane;
    private final PeerMeters meters;
    private final FrameQueue queue;
    private State state = State.IDLE;
    private @Nullable HostPort address;
    private @Nullable ManagedChannel channel;
    private @Nullable ClientCallStreamObserver<ConnectRequest> own;
    private @Nullable ServerCallStreamObserver<ConnectResponse> theirs;
    private @Nullable ScheduledFuture<?> retry;
    private long pauseNanos = PAUSE_NANOS_MIN;
    private int attempt;
    private String lastFailure = "";
    private boolean wasOpen;
    /** Before it was open for the first time. */
    private int failures;

    PeerLane(PeerLinks links, UUID peer, Lane lane, PeerMeters meters, int queueBytesMax) {
        this.links = links;
        this.peer = peer;
        this.lane = lane;
        this.meters = meters;
        this.queue = new FrameQueue(queueBytesMax);
    }

    // ---- sending ------------------------------------------------------------------------------------------

    void send(byte[] frame) {
        if (lane == Lane.LANE_BULK && state == State.IDLE) {
            open();
        }
        if (!canSendSoon() || !queue.add(frame)) {
            meters.dropped();
            return;
        }
        flush();
    }

    /** While a link fails, frames for it would be stale by the time it stands. */
    private boolean canSendSoon() {
        return state == State.OPEN || state == State.OPENING || theirs != null;
    }

    /** Sends what the stream takes; it calls again when it takes more. */
    private void flush() {
        ClientCallStreamObserver<ConnectRequest> ours = own;
        if (state == State.OPEN && ours != null) {
            while (!queue.isEmpty() && ours.isReady()) {
                queue.next(frame -> {
                    meters.sent(frame.length);
                    ours.onNext(ConnectRequest.newBuilder().setFrame(Wire.bytes(frame)).build());
                });
            }
            return;
        }
        ServerCallStreamObserver<ConnectResponse> answers = theirs;
        if (answers != null) {
            while (!queue.isEmpty() && answers.isReady()) {
                queue.next(frame -> {
                    meters.sent(frame.length);
                    answers.onNext(ConnectResponse.newBuilder().setFrame(Wire.bytes(frame)).build());
                });
            }
        }
    }

    long queuedBytes() {
        return queue.bytes();
    }

    /** Whether frames reach the peer, as far as can be told. */
    boolean up() {
        return state == State.OPEN || theirs != null;
    }

    // ---- the link that this member opens ------------------------------------------------------------------

    /** The peer is to be reached here from now on; null for nowhere. Opens nothing by itself. */
    void at(@Nullable HostPort now) {
        if (!Objects.equals(now, address)) {
            address = now;
            if (now != null && state != State.IDLE) {
                dropOwn("its address is " + now + " now");
                state = State.IDLE;
                open();
            }
        }
    }

    /** Opens the link, if it is not up and an address is known. */
    void open() {
        HostPort to = address;
        if (to == null || state == State.OPEN || state == State.OPENING) {
            return;
        }
        if (retry != null) {
            retry.cancel(false);
            retry = null;
        }
        state = State.OPENING;
        int current = ++attempt;
        links.dialer().lookUp(to).whenComplete((resolved, failure) -> links.onLoop(() -> {
            if (current == attempt) {
                if (failure == null) {
                    dial(to, resolved, current);
                } else {
                    failed(current, "its address cannot be looked up: " + failure.getMessage());
                }
            }
        }));
    }

    private void dial(HostPort to, InetSocketAddress resolved, int current) {
        ManagedChannel opened = links.dialer().channel(to, resolved);
        channel = opened;
        TransportServiceGrpc.newStub(opened).connect(new Stream(current));
    }

    /** The stream that this member opened, as it hears of it. */
    private final class Stream implements ClientResponseObserver<ConnectRequest, ConnectResponse> {
        private final int current;

        Stream(int current) {
            this.current = current;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ConnectRequest> stream) {
            own = stream;
            stream.setOnReadyHandler(() -> {
                if (current == attempt) {
                    ready(stream);
                }
            });
        }

        private boolean greeted;

        /** The first time: says who speaks. */
        private void ready(ClientCallStreamObserver<ConnectRequest> stream) {
            if (!greeted) {
                greeted = true;
                stream.onNext(ConnectRequest.newBuilder().setHello(links.hello(peer, lane)).build());
            }
            flush();
        }

        @Override
        public void onNext(ConnectResponse message) {
            if (current != attempt) {
                return;
            }
            if (state == State.OPENING) {
                String wrong = message.hasHello()
                        ? links.wrongAnswer(message.getHello(), peer)
                        : "its first message does not say who it is";
                if (wrong != null) {
                    failed(current, wrong);
                    return;
                }
                opened();
            } else if (message.hasFrame()) {
                received(message.getFrame());
            }
        }

        @Override
        public void onError(Throwable thrown) {
            Status status = Status.fromThrowable(thrown);
            failed(current, status.getCode() + ": " + status.getDescription()
                    + (status.getCause() == null ? "" : " (" + status.getCause().getMessage() + ")"));
        }

        @Override
        public void onCompleted() {
            failed(current, "it closed the link");
        }
    }

    private void opened() {
        state = State.OPEN;
        wasOpen = true;
        pauseNanos = PAUSE_NANOS_MIN;
        lastFailure = "";
        LOG.info("{} link to {} at {} is up", lane, peer, address);
        flush();
    }

    private void failed(int current, String why) {
        if (current != attempt) {
            return;
        }
        boolean stood = state == State.OPEN;
        dropOwn(why);
        if (!stood && !wasOpen && ++failures <= FAILURES_AT_START_MAX) {
            LOG.debug("{} link to {} at {} cannot be opened yet: {}", lane, peer, address, why);
        } else if (stood || !why.equals(lastFailure)) {
            lastFailure = why;
            LOG.warn("{} link to {} at {} {}: {}", lane, peer, address, stood ? "broke" : "cannot be opened",
                    why);
        }
        if (theirs == null) {
            queue.clear();
        }
        state = State.PAUSING;
        long pause = ThreadLocalRandom.current().nextLong(pauseNanos / 2, pauseNanos + 1);
        pauseNanos = Math.min(2 * pauseNanos, PAUSE_NANOS_MAX);
        retry = links.later(this::retry, pause);
        if (stood) {
            links.closed(peer, lane);
        }
    }

    private void retry() {
        retry = null;
        if (state == State.PAUSING) {
            state = State.IDLE;
            if (lane == Lane.LANE_CONSENSUS && links.isMember(peer)) {
                open();
            }
        }
    }

    private void dropOwn(String why) {
        attempt++;
        ClientCallStreamObserver<ConnectRequest> ours = own;
        own = null;
        if (ours != null) {
            ours.cancel(why, null);
        }
        if (channel != null) {
            channel.shutdownNow();
            channel = null;
        }
    }

    // ---- the link that the peer opens ---------------------------------------------------------------------

    /** The peer has opened a link and said who it is. */
    void accepted(ServerCallStreamObserver<ConnectResponse> stream) {
        ServerCallStreamObserver<ConnectResponse> before = theirs;
        theirs = stream;
        if (before != null) {
            before.onError(Status.ABORTED.withDescription("a newer link took its place").asException());
        }
        if (state == State.PAUSING && address != null) {
            pauseNanos = PAUSE_NANOS_MIN;
            open();
        }
        flush();
    }

    /** The link that the peer opened takes more. */
    void acceptedReady(ServerCallStreamObserver<ConnectResponse> stream) {
        if (stream == theirs) {
            flush();
        }
    }

    /** The link that the peer opened is over. */
    void acceptedClosed(ServerCallStreamObserver<ConnectResponse> stream) {
        if (stream == theirs) {
            theirs = null;
            links.closed(peer, lane);
        }
    }

    void received(ByteString bytes) {
        byte[] frame = Wire.frame(bytes);
        meters.received(frame.length);
        links.received(frame);
    }

    // ---- end ----------------------------------------------------------------------------------------------

    /** Closes both; nothing is opened again until {@link #open}. */
    void close(String why) {
        dropOwn(why);
        state = State.IDLE;
        queue.clear();
        if (retry != null) {
            retry.cancel(false);
            retry = null;
        }
        ServerCallStreamObserver<ConnectResponse> answers = theirs;
        theirs = null;
        if (answers != null) {
            answers.onError(Status.UNAVAILABLE.withDescription(why).asException());
        }
    }
}
