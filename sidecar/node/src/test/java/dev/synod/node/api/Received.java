package dev.synod.node.api;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a stream brought, one by one, and how it ended. */
public final class Received<T> implements ClientResponseObserver<Object, T> {
    private static final Object DONE = new Object();
    private static final int PATIENCE_SECONDS = 10;

    private final LinkedBlockingQueue<Object> queue = new LinkedBlockingQueue<>();
    private final boolean reads;
    private @Nullable ClientCallStreamObserver<Object> call;

    public Received() {
        this(true);
    }

    /** One that reads nothing until it is told to, if not {@code reads}. */
    public Received(boolean reads) {
        this.reads = reads;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Object> started) {
        call = started;
        if (!reads) {
            started.disableAutoRequestWithInitial(0);
        }
    }

    /** Reads so many more. */
    public void read(int messages) {
        call.request(messages);
    }

    /** Gives the stream up. */
    public void cancel() {
        call.cancel("the test is done with it", null);
    }

    @Override
    public void onNext(T message) {
        queue.add(message);
    }

    @Override
    public void onError(Throwable error) {
        queue.add(error);
    }

    @Override
    public void onCompleted() {
        queue.add(DONE);
    }

    /** The next message. */
    @SuppressWarnings("unchecked")
    public T next() {
        Object next = poll();
        if (next == DONE || next instanceof Throwable) {
            throw new AssertionError("the stream ended: " + next);
        }
        return (T) next;
    }

    /** The next message, or the error that ends the stream. */
    public Object any() {
        return poll();
    }

    /** How the stream ended by an error, which must be the next thing. */
    public Throwable error() {
        Object next = poll();
        if (next instanceof Throwable error) {
            return error;
        }
        throw new AssertionError("not an error but " + next);
    }

    /** That the stream ended well. */
    public void end() {
        Object next = poll();
        if (next != DONE) {
            throw new AssertionError("not the end but " + next);
        }
    }

    private Object poll() {
        try {
            Object next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing came within " + PATIENCE_SECONDS + " s");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
