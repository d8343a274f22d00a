package dev.synod.node.api;

import dev.synod.coordination.v1.AcquireLockRequest;
import dev.synod.coordination.v1.AcquireLockResponse;
import dev.synod.coordination.v1.BreakLockRequest;
import dev.synod.coordination.v1.BreakLockResponse;
import dev.synod.coordination.v1.CancelAcquireRequest;
import dev.synod.coordination.v1.CancelAcquireResponse;
import dev.synod.coordination.v1.CheckFencingTokenRequest;
import dev.synod.coordination.v1.CheckFencingTokenResponse;
import dev.synod.coordination.v1.FencingTokenState;
import dev.synod.coordination.v1.GetLockRequest;
import dev.synod.coordination.v1.GetLockResponse;
import dev.synod.coordination.v1.ListLocksRequest;
import dev.synod.coordination.v1.ListLocksResponse;
import dev.synod.coordination.v1.Lock;
import dev.synod.coordination.v1.LockServiceGrpc;
import dev.synod.coordination.v1.ReleaseLockRequest;
import dev.synod.coordination.v1.ReleaseLockResponse;
import dev.synod.coordination.v1.WatchLockRequest;
import dev.synod.coordination.v1.WatchLockResponse;
import dev.synod.member.Answer;
import dev.synod.member.Consistency;
import dev.synod.member.WatchTarget;
import dev.synod.node.Coordinator;
import dev.synod.state.Command;
import dev.synod.state.Event;
import dev.synod.state.Fence;
import dev.synod.state.Holder;
import dev.synod.state.KeyRange;
import dev.synod.state.LockMode;
import dev.synod.state.Reply;
import dev.synod.state.Request;
import dev.synod.state.StateMachine;
import dev.synod.state.TokenCheck;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Locks. */
final class LockService extends LockServiceGrpc.LockServiceImplBase {
    private final Coordinator coordinator;
    private final Calls calls;
    private final Feed.Bounds bounds;

    LockService(Coordinator coordinator, Calls calls, Feed.Bounds bounds) {
        this.coordinator = coordinator;
        this.calls = calls;
        this.bounds = bounds;
    }

    @Override
    public void acquireLock(AcquireLockRequest request, StreamObserver<AcquireLockResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            String name = fields.name(namespace, "name", request.getName());
            String owner = fields.name("owner_id", request.getOwnerId());
            LockMode mode = mode(fields, request);
            Duration wait = waitOf(fields, request);
            Request of = fields.request(request.getSessionId(), request.getRequest());
            boolean queue = wait == null || wait.isPositive();
            var command = fields.checked(new Command.AcquireLock(of, name, owner, mode,
                    holders(mode, request.getMaxHolders()), queue));
            return acquire(command, wait);
        });
    }

    /** To cancel the call is to give the claim up; the coordinator hears of it by its own future alone. */
    private CompletableFuture<AcquireLockResponse> acquire(Command.AcquireLock command,
            @Nullable Duration wait) {
        CompletableFuture<Answer> claim = coordinator.acquire(command, wait, calls.firstTimeout());
        CompletableFuture<AcquireLockResponse> response =
                claim.thenApply(answer -> acquired(Calls.replied(answer, command)));
        response.whenComplete((r, error) -> {
            if (response.isCancelled()) {
                claim.cancel(false);
            }
        });
        return response;
    }

    private static AcquireLockResponse acquired(Answer.Replied replied) {
        var response = AcquireLockResponse.newBuilder().setRevision(replied.revision());
        switch (replied.reply()) {
            case Reply.Granted granted -> response.setAcquired(true).setFencingToken(granted.token());
            case Reply.Busy busy -> {
                response.setQueuePosition(busy.position());
                for (Holder holder : busy.holders()) {
                    response.addHolders(Views.holder(holder, null));
                }
            }
            default -> throw Calls.unexpected(replied.reply());
        }
        return response.build();
    }

    private static LockMode mode(Fields fields, AcquireLockRequest request) {
        LockMode mode = switch (request.getMode()) {
            case LOCK_MODE_UNSPECIFIED, LOCK_MODE_EXCLUSIVE -> LockMode.EXCLUSIVE;
            case LOCK_MODE_SHARED -> LockMode.SHARED;
            case LOCK_MODE_PERMIT -> LockMode.PERMIT;
            case UNRECOGNIZED -> {
                fields.invalid("mode", "is " + request.getModeValue() + "; LOCK_MODE_EXCLUSIVE,"
                        + " LOCK_MODE_SHARED and LOCK_MODE_PERMIT are allowed");
                yield LockMode.EXCLUSIVE;
            }
        };
        int holders = request.getMaxHolders();
        int most = dev.synod.state.Limits.HOLDERS_MAX;
        if (mode == LockMode.PERMIT && (holders < 1 || holders > most)) {
            fields.invalid("max_holders", "is " + holders + "; 1 to " + most + " are allowed with"
                    + " LOCK_MODE_PERMIT");
        }
        if (mode != LockMode.PERMIT && holders != 0) {
            fields.invalid("max_holders", "is " + holders + " without LOCK_MODE_PERMIT; leave it out");
        }
        return mode;
    }

    private static int holders(LockMode mode, int permits) {
        return switch (mode) {
            case EXCLUSIVE -> 1;
            case SHARED -> 0;
            case PERMIT -> permits;
        };
    }

    /** How long to wait, within the deadline of the call; zero for not at all, null for ever. */
    private @Nullable Duration waitOf(Fields fields, AcquireLockRequest request) {
        Duration asked = switch (request.getWaitCase()) {
            case NO_WAIT, WAIT_NOT_SET -> Duration.ZERO;
            case WAIT_FOR -> fields.duration("wait_for", request.getWaitFor());
            case WAIT_FOREVER -> null;
        };
        if (request.hasWaitFor() && asked != null && asked.isZero()) {
            fields.invalid("wait_for", "is 0 s; more is allowed, or no_wait");
        }
        Duration left = calls.remaining();
        boolean waits = asked == null || asked.isPositive();
        return waits && left != null && (asked == null || left.compareTo(asked) < 0)
                ? left.plusNanos(1)
                : asked;
    }

    @Override
    public void cancelAcquire(CancelAcquireRequest request, StreamObserver<CancelAcquireResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            String name = fields.name(namespace, "name", request.getName());
            String owner = fields.name("owner_id", request.getOwnerId());
            Request of = fields.request(request.getSessionId(), request.getRequest());
            return calls.submit(fields.checked(new Command.CancelLock(of, name, owner)),
                    LockService::cancelled);
        });
    }

    private static CancelAcquireResponse cancelled(Answer.Replied replied) {
        var response = CancelAcquireResponse.newBuilder().setRevision(replied.revision());
        switch (replied.reply()) {
            case Reply.Granted granted -> response.setFencingToken(granted.token());
            case Reply.Done done -> response.setCancelled(done.changed());
            default -> throw Calls.unexpected(replied.reply());
        }
        return response.build();
    }

    @Override
    public void releaseLock(ReleaseLockRequest request, StreamObserver<ReleaseLockResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            String name = fields.name(namespace, "name", request.getName());
            String owner = fields.name("owner_id", request.getOwnerId());
            long token = fields.natural("fencing_token", request.getFencingToken());
            Request of = fields.request(request.getSessionId(), request.getRequest());
            return calls.submit(fields.checked(new Command.ReleaseLock(of, name, owner, token)),
                    replied -> ReleaseLockResponse.newBuilder().setRevision(replied.revision()).build());
        });
    }

    @Override
    public void breakLock(BreakLockRequest request, StreamObserver<BreakLockResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            String name = fields.name(namespace, "name", request.getName());
            long token = fields.natural("fencing_token", request.getFencingToken());
            Request of = fields.requestOrNone(request.getSessionId(), request.getRequest());
            return calls.submit(
                    fields.checked(new Command.BreakLock(of, name, token, request.getReason())),
                    replied -> BreakLockResponse.newBuilder().setRevision(replied.revision()).build());
        });
    }

    @Override
    public void getLock(GetLockRequest request, StreamObserver<GetLockResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            String name = fields.name(namespace, "name", request.getName());
            Consistency consistency = fields.consistency(request.getRead());
            fields.check();
            return calls.read(consistency, state -> GetLockResponse.newBuilder()
                    .setLock(Views.lock(namespace, state.lock(name), state))
                    .setRevision(state.revision())
                    .build());
        });
    }

    @Override
    public void listLocks(ListLocksRequest request, StreamObserver<ListLocksResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            KeyRange range = fields.prefix(namespace, "prefix", request.getPrefix());
            int size = fields.pageSize(request.getPageSize());
            String listed = "locks " + range;
            KeyRange rest = fields.rest(range, fields.page(request.getPageToken(), listed));
            Consistency consistency = fields.consistency(request.getRead());
            fields.check();
            return calls.read(consistency, state -> locks(state, namespace, rest, size, listed));
        });
    }

    private static ListLocksResponse locks(StateMachine state, Namespace namespace, KeyRange range, int size,
            String listed) {
        var response = ListLocksResponse.newBuilder().setRevision(state.revision());
        var filling = new Filling(size);
        for (String name : state.locks(range, size + 1)) {
            Lock lock = Views.lock(namespace, state.lock(name), state);
            if (!filling.takes(name, lock)) {
                response.setNextPageToken(new Page(0, filling.last()).token(listed));
                break;
            }
            response.addLocks(lock);
        }
        return response.build();
    }

    @Override
    public void checkFencingToken(CheckFencingTokenRequest request,
            StreamObserver<CheckFencingTokenResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            Fence fence = fields.fence(namespace, "fence", request.getFence());
            Consistency consistency = fields.consistency(request.getRead());
            fields.check();
            return calls.read(consistency, state -> {
                TokenCheck check = state.check(fence);
                return CheckFencingTokenResponse.newBuilder()
                        .setState(tokenState(check.state()))
                        .setCurrentFencingToken(check.current())
                        .setRevision(state.revision())
                        .build();
            });
        });
    }

    private static FencingTokenState tokenState(TokenCheck.State state) {
        return switch (state) {
            case VALID -> FencingTokenState.FENCING_TOKEN_STATE_VALID;
            case STALE -> FencingTokenState.FENCING_TOKEN_STATE_STALE;
            case UNKNOWN -> FencingTokenState.FENCING_TOKEN_STATE_UNKNOWN;
        };
    }

    @Override
    public void watchLock(WatchLockRequest request, StreamObserver<WatchLockResponse> out) {
        Watch.open((ServerCallStreamObserver<WatchLockResponse>) out, bounds, coordinator, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            String name = fields.name(namespace, "name", request.getName());
            fields.check();
            return new Watch.Plan<>(new WatchTarget.OfLock(name), new LockWords(namespace, name));
        });
    }

    /** What a watch of one lock says. */
    private record LockWords(Namespace namespace, String name) implements Watch.Words<WatchLockResponse> {
        @Override
        public WatchLockResponse started(StateMachine state, long revision) {
            return WatchLockResponse.newBuilder().setRevision(revision)
                    .setState(Views.lock(namespace, state.lock(name), state)).build();
        }

        @Override
        public WatchLockResponse changes(StateMachine state, long revision, Iterable<Event> events) {
            var response = WatchLockResponse.newBuilder().setRevision(revision);
            for (Event event : events) {
                if (event instanceof Event.OfLock of) {
                    response.addEvents(Views.lockEvent(of, state));
                }
            }
            return response.build();
        }

        @Override
        public WatchLockResponse bookmark(long revision) {
            return WatchLockResponse.newBuilder().setRevision(revision).build();
        }
    }
}
