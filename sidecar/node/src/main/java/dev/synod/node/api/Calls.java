package dev.synod.node.api;

import dev.synod.member.Answer;
import dev.synod.member.Consistency;
import dev.synod.node.Coordinator;
import dev.synod.node.RequestFailedException;
import dev.synod.state.Command;
import dev.synod.state.Reply;
import dev.synod.state.StateMachine;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How a unary call becomes a question to the coordinator, and the answer a response or a status. */
final class Calls {
    /**
     * An answer leaves so much before the deadline that it arrives before it; at most a tenth of the time.
     */
    private static final Duration WAY_BACK_MAX = Duration.ofMillis(100);

    private final Coordinator coordinator;
    private final Duration unaryTimeout;

    Calls(Coordinator coordinator, Duration unaryTimeout) {
        this.coordinator = coordinator;
        this.unaryTimeout = unaryTimeout;
    }

    /** Answers a call by what {@code question} comes to, or by the status that it throws. */
    <T> void answer(StreamObserver<T> out, Supplier<CompletableFuture<T>> question) {
        var call = (ServerCallStreamObserver<T>) out;
        CompletableFuture<T> answer;
        try {
            answer = question.get();
        } catch (StatusRuntimeException e) {
            call.setOnCancelHandler(() -> {});
            call.onError(e);
            return;
        }
        call.setOnCancelHandler(() -> answer.cancel(false));
        Defect.whenDone(answer, (response, error) -> {
            if (call.isCancelled()) {
                return;
            }
            if (error == null && response != null) {
                call.onNext(response);
                call.onCompleted();
            } else {
                call.onError(status(error == null ? unexpected("nothing") : error));
            }
        });
    }

    /** How long the caller of the present call waits: until its deadline, or as long as is usual. */
    Duration timeout() {
        Duration remaining = remaining();
        return remaining == null ? unaryTimeout : remaining;
    }

    /** How long until the deadline of the present call, less the way back; null for none. */
    @Nullable
    Duration remaining() {
        Deadline deadline = Context.current().getDeadline();
        if (deadline == null) {
            return null;
        }
        Duration left = Duration.ofNanos(Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
        Duration wayBack = left.dividedBy(10);
        return left.minus(wayBack.compareTo(WAY_BACK_MAX) < 0 ? wayBack : WAY_BACK_MAX);
    }

    /** The earlier of the usual time and the deadline: for the decision that a longer call begins with. */
    Duration firstTimeout() {
        Duration remaining = remaining();
        return remaining == null || remaining.compareTo(unaryTimeout) > 0 ? unaryTimeout : remaining;
    }

    /** Submits a command; what it replied is mapped by {@code response}, which sees no refusal. */
    <T> CompletableFuture<T> submit(Command command, Function<Answer.Replied, T> response) {
        return coordinator.submit(command, timeout())
                .thenApply(answer -> response.apply(replied(answer, command)));
    }

    /** Reads the state. {@code query} maps what it sees; it may throw a status. */
    <T> CompletableFuture<T> read(Consistency consistency, Function<StateMachine, T> query) {
        CompletableFuture<T> read = coordinator.read(consistency, timeout(), query);
        // Another future: to cancel the call is not to complete the member's.
        return read.thenApply(Function.identity());
    }

    /** The newest revision that this member has applied; 0 when it does not say. */
    CompletableFuture<Long> revision() {
        return coordinator.read(Consistency.stale(), unaryTimeout, StateMachine::revision)
                .exceptionally(error -> 0L);
    }

    /** The reply in the answer to a command; a status for everything else. */
    static Answer.Replied replied(Answer answer, Command command) {
        return replied(answer instanceof Answer.Replied(long revision, Reply.Refused refused)
                ? new Answer.Replied(revision, Spoken.of(refused, command))
                : answer);
    }

    /** The reply in an answer; a status for everything else. */
    static Answer.Replied replied(Answer answer) {
        return switch (answer) {
            case Answer.Replied(long revision, Reply.Refused refused) -> throw Errors.refused(refused);
            case Answer.Replied replied -> replied;
            case Answer.Failed failed -> throw Errors.failed(failed);
            case Answer.MayRead a -> throw unexpected(a);
            case Answer.Changed a -> throw unexpected(a);
            case Answer.NotAllowed a -> throw unexpected(a);
        };
    }

    /** The reply as what it has to be. */
    static <R extends Reply> R as(Class<R> type, Answer.Replied replied) {
        if (!type.isInstance(replied.reply())) {
            throw unexpected(replied.reply());
        }
        return type.cast(replied.reply());
    }

    static IllegalStateException unexpected(Object answer) {
        return new IllegalStateException("an answer to another question: " + answer);
    }

    /** The status of what went wrong; a defect ends the process. */
    static StatusRuntimeException status(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null
                ? error.getCause()
                : error;
        return switch (cause) {
            case StatusRuntimeException e -> e;
            case RequestFailedException e -> Errors.failed(e.failed());
            default -> {
                Defect.report(cause);
                yield Errors.defect(cause);
            }
        };
    }
}
