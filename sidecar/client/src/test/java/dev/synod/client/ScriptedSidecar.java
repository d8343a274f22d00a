package dev.synod.client;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import dev.synod.coordination.v1.AcquireLockRequest;
import dev.synod.coordination.v1.AcquireLockResponse;
import dev.synod.coordination.v1.AttachSessionRequest;
import dev.synod.coordination.v1.AttachSessionResponse;
import dev.synod.coordination.v1.CampaignRequest;
import dev.synod.coordination.v1.CampaignResponse;
import dev.synod.coordination.v1.CancelAcquireRequest;
import dev.synod.coordination.v1.CancelAcquireResponse;
import dev.synod.coordination.v1.CheckFencingTokenRequest;
import dev.synod.coordination.v1.CheckFencingTokenResponse;
import dev.synod.coordination.v1.CloseSessionRequest;
import dev.synod.coordination.v1.CloseSessionResponse;
import dev.synod.coordination.v1.CommitRequest;
import dev.synod.coordination.v1.CommitResponse;
import dev.synod.coordination.v1.CreateSessionRequest;
import dev.synod.coordination.v1.CreateSessionResponse;
import dev.synod.coordination.v1.ElectionServiceGrpc;
import dev.synod.coordination.v1.FencingTokenState;
import dev.synod.coordination.v1.GetValueRequest;
import dev.synod.coordination.v1.GetValueResponse;
import dev.synod.coordination.v1.ListValuesRequest;
import dev.synod.coordination.v1.ListValuesResponse;
import dev.synod.coordination.v1.LockServiceGrpc;
import dev.synod.coordination.v1.ObserveElectionRequest;
import dev.synod.coordination.v1.ObserveElectionResponse;
import dev.synod.coordination.v1.ProclaimRequest;
import dev.synod.coordination.v1.ProclaimResponse;
import dev.synod.coordination.v1.PutValueRequest;
import dev.synod.coordination.v1.PutValueResponse;
import dev.synod.coordination.v1.ReleaseLockRequest;
import dev.synod.coordination.v1.ReleaseLockResponse;
import dev.synod.coordination.v1.ResignRequest;
import dev.synod.coordination.v1.ResignResponse;
import dev.synod.coordination.v1.SessionServiceGrpc;
import dev.synod.coordination.v1.SessionState;
import dev.synod.coordination.v1.TransferLeadershipRequest;
import dev.synod.coordination.v1.TransferLeadershipResponse;
import dev.synod.coordination.v1.ValueServiceGrpc;
import dev.synod.coordination.v1.WatchValuesRequest;
import dev.synod.coordination.v1.WatchValuesResponse;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A sidecar that does as it is told, behind a real socket of the loopback interface. */
final class ScriptedSidecar implements AutoCloseable {
    /** Short, for what has to run out. */
    static final Duration SHORT = Duration.ofSeconds(1);

    final AtomicLong tokens = new AtomicLong(100);
    final List<CreateSessionRequest> created = new CopyOnWriteArrayList<>();
    final List<CloseSessionRequest> closed = new CopyOnWriteArrayList<>();
    final List<AttachSessionRequest.Attach> attached = new CopyOnWriteArrayList<>();
    final List<String> authorizations = new CopyOnWriteArrayList<>();
    final AtomicLong heartbeats = new AtomicLong();
    final Script<AcquireLockRequest, AcquireLockResponse> acquire = new Script<>((request, out) -> answer(out,
            AcquireLockResponse.newBuilder().setAcquired(true).setFencingToken(tokens.incrementAndGet())
                    .build()));
    final Script<ReleaseLockRequest, ReleaseLockResponse> release =
            new Script<>((request, out) -> answer(out, ReleaseLockResponse.getDefaultInstance()));
    final Script<CancelAcquireRequest, CancelAcquireResponse> cancel =
            new Script<>((request, out) -> answer(out, CancelAcquireResponse.getDefaultInstance()));
    final Script<CheckFencingTokenRequest, CheckFencingTokenResponse> check =
            new Script<>((request, out) -> answer(out, CheckFencingTokenResponse.newBuilder()
                    .setState(FencingTokenState.FENCING_TOKEN_STATE_VALID).build()));
    final Script<CampaignRequest, CampaignResponse> campaign = new Script<>((request, out) -> {});
    final Script<ResignRequest, ResignResponse> resign =
            new Script<>(
                    (request, out) -> answer(out, ResignResponse.newBuilder().setResigned(true).build()));
    final Script<ProclaimRequest, ProclaimResponse> proclaim =
            new Script<>((request, out) -> answer(out, ProclaimResponse.getDefaultInstance()));
    final Script<TransferLeadershipRequest, TransferLeadershipResponse> transfer =
            new Script<>((request, out) -> answer(out, TransferLeadershipResponse.getDefaultInstance()));
    final Script<ObserveElectionRequest, ObserveElectionResponse> observe =
            new Script<>((request, out) -> {});
    final Script<GetValueRequest, GetValueResponse> get =
            new Script<>((request, out) -> answer(out, GetValueResponse.getDefaultInstance()));
    final Script<ListValuesRequest, ListValuesResponse> list =
            new Script<>((request, out) -> answer(out, ListValuesResponse.getDefaultInstance()));
    final Script<PutValueRequest, PutValueResponse> put =
            new Script<>((request, out) -> answer(out, PutValueResponse.newBuilder().setRevision(7).build()));
    final Script<CommitRequest, CommitResponse> commit =
            new Script<>(
                    (request, out) -> answer(out, CommitResponse.newBuilder().setSucceeded(true).build()));
    final Script<WatchValuesRequest, WatchValuesResponse> watch = new Script<>((request, out) -> {});

    private final Set<StreamObserver<AttachSessionResponse>> streams = ConcurrentHashMap.newKeySet();
    private final int port;
    private volatile Duration ttl = Duration.ofSeconds(30);
    private volatile boolean silent;
    private volatile @Nullable RuntimeException attachRefusal;
    private volatile @Nullable Server server;
    private volatile @Nullable Server unixServer;

    ScriptedSidecar() {
        Server first = started(0);
        server = first;
        port = first.getPort();
    }

    String endpoint() {
        return "127.0.0.1:" + port;
    }

    /** TTL of sessions; 30 s unless set, so that a busy machine does not end them. */
    ScriptedSidecar ttl(Duration other) {
        ttl = other;
        return this;
    }

    Duration ttl() {
        return ttl;
    }

    /** A client of it. */
    Coordination.Builder client() {
        return Coordination.builder().endpoint(endpoint()).namespace("default").identity("test").ttl(ttl)
                .callTimeout(Duration.ofSeconds(5)).connectTimeout(Duration.ofSeconds(20));
    }

    /** From now on sessions are heard and not answered. */
    void fallSilent() {
        silent = true;
    }

    void speakAgain() {
        silent = false;
    }

    /** What the next streams are refused with; null for nothing. */
    void refuseAttach(@Nullable RuntimeException failure) {
        attachRefusal = failure;
    }

    void tell(AttachSessionResponse message) {
        streams.forEach(stream -> stream.onNext(message));
    }

    /** Breaks the streams of sessions. */
    void cutStreams() {
        for (StreamObserver<AttachSessionResponse> stream : List.copyOf(streams)) {
            streams.remove(stream);
            stream.onError(Status.UNAVAILABLE.withDescription("cut").asRuntimeException());
        }
    }

    /** As a process that died. */
    void stop() {
        stop(server);
        server = null;
    }

    private void stop(@Nullable Server running) {
        if (running == null) {
            return;
        }
        running.shutdownNow();
        streams.clear();
        try {
            running.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    void startAgain() {
        server = started(port);
    }

    @Override
    public void close() {
        stop();
        stop(unixServer);
    }

    /** An error as a sidecar makes it. */
    static StatusRuntimeException error(
            Status.Code code, String reason, boolean maybeApplied, long current) {
        ErrorInfo.Builder info = ErrorInfo.newBuilder().setDomain("coordination.synod.dev").setReason(reason);
        if (maybeApplied) {
            info.putMetadata("maybe_applied", "true");
        }
        if (current != 0) {
            info.putMetadata("current", Long.toString(current));
        }
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(code.value()).setMessage(reason).addDetails(Any.pack(info.build())).build());
    }

    static <R> void answer(StreamObserver<R> out, R answer) {
        out.onNext(answer);
        out.onCompleted();
    }

    /** Listens on a Unix socket as well. */
    void listenOn(Path socket, EventLoopGroup unixGroup) {
        unixServer = started(NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                .channelType(EpollServerDomainSocketChannel.class)
                .bossEventLoopGroup(unixGroup).workerEventLoopGroup(unixGroup));
    }

    private Server started(int wanted) {
        return started(NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted)));
    }

    private Server started(NettyServerBuilder builder) {
        try {
            return builder
                    .intercept(new Authorizations())
                    .addService(new Sessions()).addService(new Locks()).addService(new Elections())
                    .addService(new ValuesService())
                    .build().start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private final class Authorizations implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            String shown = headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER));
            if (shown != null) {
                authorizations.add(shown);
            }
            return next.startCall(call, headers);
        }
    }

    private final class Sessions extends SessionServiceGrpc.SessionServiceImplBase {
        @Override
        public void createSession(CreateSessionRequest request, StreamObserver<CreateSessionResponse> out) {
            created.add(request);
            answer(out, CreateSessionResponse.newBuilder()
                    .setSessionId(created.size()).setSecret(ByteString.copyFromUtf8("s" + created.size()))
                    .setGrantedTtl(request.getTtl()).setAttachGeneration(1).build());
        }

        @Override
        public void closeSession(CloseSessionRequest request, StreamObserver<CloseSessionResponse> out) {
            closed.add(request);
            answer(out, CloseSessionResponse.newBuilder().setClosed(true).build());
        }

        @Override
        public StreamObserver<AttachSessionRequest> attachSession(StreamObserver<AttachSessionResponse> raw) {
            StreamObserver<AttachSessionResponse> out = new OneAtATime<>(raw);
            return new StreamObserver<>() {
                @Override
                public void onNext(AttachSessionRequest message) {
                    if (message.hasAttach()) {
                        attach(message.getAttach(), out);
                    } else {
                        heartbeats.incrementAndGet();
                        if (!silent) {
                            out.onNext(AttachSessionResponse.newBuilder().setHeartbeatReply(
                                    AttachSessionResponse.HeartbeatReply.newBuilder()
                                            .setSequence(message.getHeartbeat().getSequence())
                                            .setState(SessionState.SESSION_STATE_ACTIVE)
                                            .setGuaranteedFor(Times.proto(ttl.toNanos())))
                                    .build());
                        }
                    }
                }

                @Override
                public void onError(Throwable failure) {
                    streams.remove(out);
                }

                @Override
                public void onCompleted() {
                    streams.remove(out);
                    out.onCompleted();
                }
            };
        }

        private void attach(AttachSessionRequest.Attach attach, StreamObserver<AttachSessionResponse> out) {
            attached.add(attach);
            RuntimeException refusal = attachRefusal;
            if (refusal != null) {
                out.onError(refusal);
                return;
            }
            if (silent) {
                return;
            }
            streams.add(out);
            out.onNext(AttachSessionResponse.newBuilder()
                    .setAttached(AttachSessionResponse.Attached.newBuilder()
                            .setAttachGeneration(attached.size()).setTtl(Times.proto(ttl.toNanos()))
                            .setState(SessionState.SESSION_STATE_ACTIVE)
                            .setGuaranteedFor(Times.proto(ttl.toNanos())))
                    .build());
        }
    }

    private final class Locks extends LockServiceGrpc.LockServiceImplBase {
        @Override
        public void acquireLock(AcquireLockRequest request, StreamObserver<AcquireLockResponse> out) {
            acquire.called(request, out);
        }

        @Override
        public void releaseLock(ReleaseLockRequest request, StreamObserver<ReleaseLockResponse> out) {
            release.called(request, out);
        }

        @Override
        public void cancelAcquire(CancelAcquireRequest request, StreamObserver<CancelAcquireResponse> out) {
            cancel.called(request, out);
        }

        @Override
        public void checkFencingToken(
                CheckFencingTokenRequest request, StreamObserver<CheckFencingTokenResponse> out) {
            check.called(request, out);
        }
    }

    private final class Elections extends ElectionServiceGrpc.ElectionServiceImplBase {
        @Override
        public void campaign(CampaignRequest request, StreamObserver<CampaignResponse> out) {
            campaign.called(request, out);
        }

        @Override
        public void resign(ResignRequest request, StreamObserver<ResignResponse> out) {
            resign.called(request, out);
        }

        @Override
        public void proclaim(ProclaimRequest request, StreamObserver<ProclaimResponse> out) {
            proclaim.called(request, out);
        }

        @Override
        public void transferLeadership(
                TransferLeadershipRequest request, StreamObserver<TransferLeadershipResponse> out) {
            transfer.called(request, out);
        }

        @Override
        public void observeElection(
                ObserveElectionRequest request, StreamObserver<ObserveElectionResponse> out) {
            observe.called(request, out);
        }
    }

    private final class ValuesService extends ValueServiceGrpc.ValueServiceImplBase {
        @Override
        public void getValue(GetValueRequest request, StreamObserver<GetValueResponse> out) {
            get.called(request, out);
        }

        @Override
        public void listValues(ListValuesRequest request, StreamObserver<ListValuesResponse> out) {
            list.called(request, out);
        }

        @Override
        public void putValue(PutValueRequest request, StreamObserver<PutValueResponse> out) {
            put.called(request, out);
        }

        @Override
        public void commit(CommitRequest request, StreamObserver<CommitResponse> out) {
            commit.called(request, out);
        }

        @Override
        public void watchValues(WatchValuesRequest request, StreamObserver<WatchValuesResponse> out) {
            watch.called(request, out);
        }
    }

    /** A test and the sidecar's own threads may speak on one stream. */
    private static final class OneAtATime<R> implements StreamObserver<R> {
        private final StreamObserver<R> out;
        private boolean over;

        OneAtATime(StreamObserver<R> out) {
            this.out = out;
        }

        @Override
        public synchronized void onNext(R message) {
            if (!over) {
                out.onNext(message);
            }
        }

        @Override
        public synchronized void onError(Throwable failure) {
            if (!over) {
                over = true;
                out.onError(failure);
            }
        }

        @Override
        public synchronized void onCompleted() {
            if (!over) {
                over = true;
                out.onCompleted();
            }
        }
    }
}
