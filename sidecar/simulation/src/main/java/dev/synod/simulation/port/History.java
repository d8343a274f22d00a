package dev.synod.simulation.port;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all clients asked and were answered, in the order of asking, on the true clock of the world. */
public final class History {
    /** The end time of an operation that has none. */
    public static final long NEVER = Long.MAX_VALUE;

    /** What became of an operation. */
    public enum Outcome {
        /** Still waited for; at the end of a run the same as {@link #UNKNOWN}. */
        OPEN,
        /** Answered; {@link Operation#reply()} holds the answer. */
        DONE,
        /** It had no effect and never will have one. */
        FAILED,
        /** It may have happened at any time after it was asked, may still happen, or may never. */
        UNKNOWN
    }

    /** One operation, however often it was sent. */
    public static final class Operation {
        private final long client;
        private final long request;
        private final byte[] body;
        private final long invokedNanos;
        private long completedNanos = NEVER;
        private Outcome outcome = Outcome.OPEN;
        private byte @Nullable [] reply;

        private Operation(long client, long request, byte[] body, long invokedNanos) {
            this.client = client;
            this.request = request;
            this.body = body;
            this.invokedNanos = invokedNanos;
        }

        /** Who asked. */
        public long client() {
            return client;
        }

        /** Number of the request, rising for each client. */
        public long request() {
            return request;
        }

        /** The request as the workload made it; not to be changed. */
        public byte[] body() {
            return body;
        }

        /** When it was first sent. */
        public long invokedNanos() {
            return invokedNanos;
        }

        /** When it was answered; {@link #NEVER} unless {@link Outcome#DONE} or {@link Outcome#FAILED}. */
        public long completedNanos() {
            return completedNanos;
        }

        /** What became of it. */
        public Outcome outcome() {
            return outcome;
        }

        /** The answer, when {@link Outcome#DONE}; not to be changed. */
        public byte @Nullable [] reply() {
            return reply;
        }

        /** Closes the operation with its answer. */
        public void done(long nowNanos, byte[] answer) {
            close(Outcome.DONE, nowNanos);
            reply = answer;
        }

        /** Closes the operation, which had no effect. */
        public void failed(long nowNanos) {
            close(Outcome.FAILED, nowNanos);
        }

        /** Closes the operation, whose fate the client will not learn. */
        public void unknown() {
            close(Outcome.UNKNOWN, NEVER);
        }

        private void close(Outcome how, long nowNanos) {
            if (outcome != Outcome.OPEN) {
                throw new IllegalStateException(
                        "operation " + client + "." + request + " is already " + outcome);
            }
            outcome = how;
            completedNanos = nowNanos;
        }
    }

    private final List<Operation> operations = new ArrayList<>();

    /** Records that a client asks; the rest is told to the operation that is returned. */
    public Operation invoke(long client, long request, byte[] body, long nowNanos) {
        Operation operation = new Operation(client, request, body, nowNanos);
        operations.add(operation);
        return operation;
    }

    /** All operations, in the order of their invocation. */
    public List<Operation> operations() {
        return Collections.unmodifiableList(operations);
    }
}
