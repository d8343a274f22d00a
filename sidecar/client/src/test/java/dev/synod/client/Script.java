package dev.synod.client;

import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a scripted sidecar does with the calls of one method, and which ones came. */
final class Script<Q, R> {
    private final ConcurrentLinkedQueue<Step<Q, R>> steps = new ConcurrentLinkedQueue<>();
    private final List<Q> requests = new CopyOnWriteArrayList<>();
    private final List<Q> cancelled = new CopyOnWriteArrayList<>();
    private final Step<Q, R> otherwise;

    /** What is done with one call. */
    interface Step<Q, R> {
        void answer(Q request, StreamObserver<R> out);
    }

    Script(Step<Q, R> otherwise) {
        this.otherwise = otherwise;
    }

    /** The next call, and after it those that are said next; then as always. */
    Script<Q, R> next(Step<Q, R> step) {
        steps.add(step);
        return this;
    }

    Script<Q, R> nextAnswer(R answer) {
        return next((request, out) -> {
            out.onNext(answer);
            out.onCompleted();
        });
    }

    Script<Q, R> nextFailure(RuntimeException failure) {
        return next((request, out) -> out.onError(failure));
    }

    /** The next call gets no answer. */
    Script<Q, R> nextSilence() {
        return next((request, out) -> {});
    }

    /** In the order in which they came. */
    List<Q> requests() {
        return requests;
    }

    /** Calls that the client gave up. */
    List<Q> cancelled() {
        return cancelled;
    }

    void called(Q request, StreamObserver<R> out) {
        if (out instanceof io.grpc.stub.ServerCallStreamObserver<R> call) {
            call.setOnCancelHandler(() -> cancelled.add(request));
        }
        Step<Q, R> step = steps.poll();
        requests.add(request);
        (step == null ? otherwise : step).answer(request, out);
    }
}
