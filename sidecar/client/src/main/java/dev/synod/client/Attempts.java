package dev.synod.client;

import dev.synod.coordination.v1.Request;
import io.grpc.MethodDescriptor;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call, sent again where that is safe: a read always, a command only under the id of a session's request,
 * and only after failures that may pass. Any thread may start and cancel it.
 */
final class Attempts<Q, R> {
    private final Client client;
    private final MethodDescriptor<Q, R> method;
    private final Function<Request, Q> maker;
    private final Kind kind;
    private final @Nullable RequestWindow window;
    private final long deadlineNanos;
    private final Backoff backoff = new Backoff();
    private final CompletableFuture<R> result = new CompletableFuture<>();
    private volatile long id;
    private volatile @Nullable CompletableFuture<R> call;
    private volatile boolean maybeApplied;

    /** What may be done about a failure. */
    enum Kind {
        /** Changes nothing: repeated. */
        READ,
        /** Changes something and cannot be told from its repeat: not repeated. */
        ONCE,
        /** Changes something under an id: repeated. */
        REMEMBERED,
        /** As REMEMBERED, and may take as long as others hold what it waits for. */
        WAITING
    }

    private Attempts(
            Client client, MethodDescriptor<Q, R> method, Kind kind, @Nullable RequestWindow window,
            long budgetNanos, Function<Request, Q> maker) {
        this.client = client;
        this.method = method;
        this.kind = kind;
        this.window = window;
        this.maker = maker;
        deadlineNanos = budgetNanos == Long.MAX_VALUE ? Long.MAX_VALUE : client.time().nanos() + budgetNanos;
    }

    static <Q, R> CompletableFuture<R> read(Client client, MethodDescriptor<Q, R> method, Q request) {
        return read(client, method, request, client.callNanos());
    }

    static <Q, R> CompletableFuture<R> read(
            Client client, MethodDescriptor<Q, R> method, Q request, long budgetNanos) {
        return new Attempts<>(client, method, Kind.READ, null, budgetNanos, none -> request).start();
    }

    static <Q, R> CompletableFuture<R> once(Client client, MethodDescriptor<Q, R> method, Q request) {
        return new Attempts<>(client, method, Kind.ONCE, null, client.callNanos(), none -> request).start();
    }

    /**
     * Under an id of {@code window}.
     *
     * @param kind REMEMBERED or WAITING
     * @param budgetNanos for all attempts together; {@link Long#MAX_VALUE} for no end
     * @param maker of the request for each attempt; may throw what the call then fails with
     */
    static <Q, R> CompletableFuture<R> under(
            Client client, RequestWindow window, Kind kind, MethodDescriptor<Q, R> method, long budgetNanos,
            Function<Request, Q> maker) {
        return new Attempts<>(client, method, kind, window, budgetNanos, maker).start();
    }

    private CompletableFuture<R> start() {
        Futures.whenDone(result, (answer, failure) -> {
            CompletableFuture<R> last = call;
            if (last != null) {
                last.cancel(false);
            }
            if (window != null && id != 0) {
                window.end(id);
            }
        });
        client.link().track(result);
        begin();
        return result;
    }

    private void begin() {
        if (window == null) {
            attempt(0);
        } else {
            window.begin(kind == Kind.WAITING, this::attempt);
        }
    }

    private void attempt(long requestId) {
        id = requestId;
        if (result.isDone()) {
            if (window != null) {
                window.end(requestId);
            }
            return;
        }
        long left = deadlineNanos == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : Math.max(1, deadlineNanos - client.time().nanos());
        Q request;
        try {
            request = maker.apply(requestId == 0 ? Request.getDefaultInstance() : named(requestId));
        } catch (CoordinationException over) {
            result.completeExceptionally(over);
            return;
        }
        CompletableFuture<R> sent = client.link().call(method, request, left);
        call = sent;
        if (result.isDone()) {
            sent.cancel(false);
        }
        Futures.whenDone(sent, (answer, failure) -> {
            if (failure == null) {
                result.complete(answer);
            } else if (!result.isDone()) {
                failed(Failures.of(Client.bare(failure), String.valueOf(method.getBareMethodName()),
                        kind != Kind.READ));
            }
        });
    }

    private Request named(long requestId) {
        long ackedBelow = window == null ? 0 : window.ackedBelow(requestId);
        return Request.newBuilder().setRequestId(requestId).setAckedBelow(ackedBelow).build();
    }

    private void failed(CoordinationException failure) {
        maybeApplied |= failure.maybeApplied();
        long delayNanos = Math.max(failure.retryAfterNanos(), backoff.nanos());
        boolean hasTime = deadlineNanos == Long.MAX_VALUE
                || deadlineNanos - client.time().nanos() - delayNanos > 0;
        boolean waived = window != null && !window.isOpen(id);
        boolean worthIt = failure.isPassing()
                || waived && failure.reason()
                        == dev.synod.coordination.v1.ErrorReason.ERROR_REASON_REQUEST_ACKNOWLEDGED;
        if (kind == Kind.ONCE || !worthIt || !hasTime) {
            result.completeExceptionally(told(failure));
            return;
        }
        client.loop().later(() -> {
            if (waived) {
                begin();
            } else {
                attempt(id);
            }
        }, delayNanos);
    }

    /** An attempt that failed for certain does not undo what an earlier one may have done. */
    private CoordinationException told(CoordinationException failure) {
        if (!maybeApplied || failure.maybeApplied()) {
            return failure;
        }
        return failure instanceof SessionExpiredException
                ? new SessionExpiredException(String.valueOf(failure.getMessage()), true, failure)
                : failure instanceof LockTimeoutException
                        ? failure
                        : new CoordinationException(failure, true);
    }
}
