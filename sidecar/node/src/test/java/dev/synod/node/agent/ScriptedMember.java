package dev.synod.node.agent;

import dev.synod.coordination.v1.AcquireLockRequest;
import dev.synod.coordination.v1.AcquireLockResponse;
import dev.synod.coordination.v1.AttachSessionRequest;
import dev.synod.coordination.v1.AttachSessionResponse;
import dev.synod.coordination.v1.LockServiceGrpc;
import dev.synod.coordination.v1.SessionServiceGrpc;
import dev.synod.coordination.v1.SessionState;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A member behind a real server on loopback that answers nothing but what a test says. */
final class ScriptedMember implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;

    private final BlockingQueue<Watch> watches = new LinkedBlockingQueue<>();
    private final BlockingQueue<Attaching> attaching = new LinkedBlockingQueue<>();
    private final BlockingQueue<StreamObserver<AcquireLockResponse>> acquiring = new LinkedBlockingQueue<>();
    private final Server server;
    private ServingStatus standing = ServingStatus.UNKNOWN;

    ScriptedMember(EventLoopGroup group) {
        try {
            server = NettyServerBuilder
                    .forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .bossEventLoopGroup(group)
                    .workerEventLoopGroup(group)
                    .channelType(NioServerSocketChannel.class)
                    .permitKeepAliveTime(1, TimeUnit.SECONDS)
                    .permitKeepAliveWithoutCalls(true)
                    .addService(health()).addService(sessions()).addService(locks())
                    .build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
    }

    /** Says that it is ready, to all who ask and who will; until then it says nothing. */
    void becomeReady() {
        become(ServingStatus.SERVING);
    }

    /** Says that it is not, or no longer, ready. */
    void becomeUnready() {
        become(ServingStatus.NOT_SERVING);
    }

    private synchronized void become(ServingStatus status) {
        standing = status;
        watches.forEach(watch -> watch.say(status));
    }

    /** The next who asks whether it is ready. */
    Watch watch() {
        return next(watches);
    }

    private synchronized void watched(Watch watch) {
        watches.add(watch);
        if (standing != ServingStatus.UNKNOWN) {
            watch.say(standing);
        }
    }

    /** The next stream of a session, with its first message. */
    Attaching attaching() {
        return next(attaching);
    }

    boolean hasAttaching() {
        return !attaching.isEmpty();
    }

    /** The next call that asks for a lock. */
    StreamObserver<AcquireLockResponse> acquiring() {
        return next(acquiring);
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private static <T> T next(BlockingQueue<T> queue) {
        try {
            T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing came within " + PATIENCE_SECONDS + " s");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private HealthGrpc.HealthImplBase health() {
        return new HealthGrpc.HealthImplBase() {
            @Override
            public void watch(HealthCheckRequest request, StreamObserver<HealthCheckResponse> out) {
                watched(new Watch((ServerCallStreamObserver<HealthCheckResponse>) out));
            }
        };
    }

    private SessionServiceGrpc.SessionServiceImplBase sessions() {
        return new SessionServiceGrpc.SessionServiceImplBase() {
            @Override
            public StreamObserver<AttachSessionRequest> attachSession(
                    StreamObserver<AttachSessionResponse> out) {
                return new Attaching((ServerCallStreamObserver<AttachSessionResponse>) out);
            }
        };
    }

    private LockServiceGrpc.LockServiceImplBase locks() {
        return new LockServiceGrpc.LockServiceImplBase() {
            @Override
            public void acquireLock(AcquireLockRequest request, StreamObserver<AcquireLockResponse> out) {
                acquiring.add(out);
            }
        };
    }

    /** Somebody who wants to know whether this member is ready. */
    static final class Watch {
        private final ServerCallStreamObserver<HealthCheckResponse> out;
        private final LinkedBlockingQueue<String> gone = new LinkedBlockingQueue<>();

        Watch(ServerCallStreamObserver<HealthCheckResponse> out) {
            this.out = out;
            out.setOnCancelHandler(() -> gone.add("gone"));
        }

        void say(ServingStatus status) {
            out.onNext(HealthCheckResponse.newBuilder().setStatus(status).build());
        }

        /** Returns when nobody listens any more. */
        void awaitGone() {
            String _ = next(gone);
        }
    }

    /** The stream of a session. */
    final class Attaching implements StreamObserver<AttachSessionRequest> {
        private final ServerCallStreamObserver<AttachSessionResponse> out;
        private final BlockingQueue<Long> heartbeats = new LinkedBlockingQueue<>();

        Attaching(ServerCallStreamObserver<AttachSessionResponse> out) {
            this.out = out;
            out.setOnCancelHandler(() -> {});
        }

        void attached(long generation) {
            AttachSessionResponse.Builder response = AttachSessionResponse.newBuilder();
            response.getAttachedBuilder().setAttachGeneration(generation)
                    .setState(SessionState.SESSION_STATE_ACTIVE)
                    .getTtlBuilder().setSeconds(10);
            response.getAttachedBuilder().getGuaranteedForBuilder().setSeconds(9);
            out.onNext(response.build());
        }

        void stands(SessionState state) {
            AttachSessionResponse.Builder response = AttachSessionResponse.newBuilder();
            response.getStateChangeBuilder().setState(state);
            out.onNext(response.build());
        }

        /** The last thing to say. */
        void end(SessionState state) {
            stands(state);
            out.onCompleted();
        }

        /** Answers a heartbeat that comes from now on. */
        void answerNext() {
            heartbeats.clear();
            AttachSessionResponse.Builder response = AttachSessionResponse.newBuilder();
            response.getHeartbeatReplyBuilder().setSequence(next(heartbeats))
                    .setState(SessionState.SESSION_STATE_ACTIVE)
                    .getGuaranteedForBuilder().setSeconds(9);
            out.onNext(response.build());
        }

        @Override
        public void onNext(AttachSessionRequest request) {
            if (request.hasAttach()) {
                attaching.add(this);
            } else {
                heartbeats.add(request.getHeartbeat().getSequence());
            }
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {}
    }
}
