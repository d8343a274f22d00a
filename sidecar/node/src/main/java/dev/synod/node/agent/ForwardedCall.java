package dev.synod.node.agent;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.synod.node.api.Defect;
import dev.synod.node.api.Errors;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call with one request, passed on to a member. Its deadline and its end go with it, and so does the pace
 * of who reads its answers.
 *
 * <p>When the member is lost before it answered, the call is made again if it never left, or if to make it
 * twice is no harm: it only reads, or its session remembers it by its request id. Otherwise its caller is
 * told that it may have been applied.
 *
 * <p>That its session was granted something is told only while the session is ACTIVE by this agent's clock:
 * until it is again the answer is held back. It may have been under way for longer than the session lived.
 */
final class ForwardedCall extends ServerCall.Listener<byte[]> {
    private static final int ATTEMPTS_MAX = 5;
    private static final long AGAIN_MILLIS = 50;
    private static final String READS = "Get|List|Check|Watch|Observe";

    private final Forwarding forwarding;
    private final ServerCall<byte[], byte[]> call;
    private final MethodDescriptor<byte[], byte[]> method;
    private final Forwarding.@Nullable Grants grants;
    private final @Nullable Deadline deadline = Context.current().getDeadline();
    private byte @Nullable [] request;
    private @Nullable Attempt attempt;
    private int attempts;
    private boolean over;

    ForwardedCall(Forwarding forwarding, ServerCall<byte[], byte[]> call,
            MethodDescriptor<byte[], byte[]> method, Forwarding.@Nullable Grants grants) {
        this.forwarding = forwarding;
        this.call = call;
        this.method = method;
        this.grants = grants;
    }

    @Override
    public void onMessage(byte[] message) {
        request = message;
    }

    @Override
    public void onHalfClose() {
        byte[] whole = request;
        if (whole == null) {
            over = true;
            StatusRuntimeException why = Errors.malformed("the call ended without a request");
            call.close(why.getStatus(), trailers(why));
            return;
        }
        begin(whole);
    }

    @Override
    public void onCancel() {
        over = true;
        if (attempt != null) {
            attempt.cancel();
        }
    }

    @Override
    public void onReady() {
        if (attempt != null) {
            attempt.pull();
        }
    }

    private void begin(byte[] whole) {
        attempts++;
        Defect.then(forwarding.upstream().ready(patience()), link -> {
            if (over) {
                return;
            }
            if (link == null) {
                end(Errors.unreachable("no member of the cluster answers: this agent tries all that it knows;"
                        + " try again", false));
                return;
            }
            AgentSession session = grants == null ? null : session(whole);
            if (session == null) {
                send(link, whole, null);
                return;
            }
            Defect.then(session.attachedOver(link), attached -> {
                if (!over) {
                    send(link, whole, session);
                }
            });
        });
    }

    private Duration patience() {
        return deadline == null
                ? forwarding.patience()
                : Duration.ofNanos(Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
    }

    private void send(Link link, byte[] whole, @Nullable AgentSession session) {
        var sending = new Attempt(link, session);
        attempt = sending;
        sending.start(whole);
    }

    private void end(StatusRuntimeException why) {
        over = true;
        call.close(why.getStatus(), trailers(why));
    }

    private static Metadata trailers(StatusRuntimeException why) {
        Metadata trailers = why.getTrailers();
        return trailers == null ? new Metadata() : trailers;
    }

    private void closed(Attempt ended, Status status, Metadata trailers) {
        if (over || attempt != ended) {
            return;
        }
        if (!isLost(status, trailers)) {
            over = true;
            call.close(status, trailers);
            return;
        }
        byte[] whole = request;
        boolean repeatable = !ended.answered
                && (!ended.sent || isRead() || whole != null && isRemembered(whole));
        boolean inTime = deadline == null || !deadline.isExpired();
        if (repeatable && inTime && attempts < ATTEMPTS_MAX && whole != null) {
            again(whole);
            return;
        }
        boolean maybeApplied = ended.sent && !isRead();
        end(Errors.unreachable("the member " + ended.link.address() + " was lost while it had this call: "
                + status.getDescription() + (maybeApplied
                        ? "; it may have been applied: read what came of it, or use request ids"
                        : "; try again"),
                maybeApplied));
    }

    private void again(byte[] whole) {
        long millis = AGAIN_MILLIS / 2 + ThreadLocalRandom.current().nextLong(AGAIN_MILLIS);
        forwarding.eventLoop().schedule(() -> {
            if (!over) {
                begin(whole);
            }
        }, millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Its session moved since the call was made, and what was granted before may have been taken away with
     * nobody told: where the session is now, who asks again is told what is.
     */
    private void outdated(Attempt by) {
        attempt = null;
        by.cancel();
        byte[] whole = request;
        if (!by.answered && attempts < ATTEMPTS_MAX && whole != null) {
            again(whole);
        } else {
            end(Errors.unreachable("the session was attached to another member while the member "
                    + by.link.address() + " had this call; it may have been applied: call again", true));
        }
    }

    /** The session whose grants have to wait for it; null when the answer grants nothing that is known. */
    private @Nullable AgentSession toldOnlyActive(byte[] answer, Attempt by) {
        byte[] whole = request;
        if (grants == null || whole == null) {
            return null;
        }
        try {
            if (!grants.isGrant(answer)) {
                return null;
            }
        } catch (InvalidProtocolBufferException e) {
            return null; // its caller cannot read it either
        }
        return by.session == null ? session(whole) : by.session;
    }

    /** Whether a call ended by what happened to its connection: what a member says carries a reason. */
    static boolean isLost(Status status, @Nullable Metadata trailers) {
        return (status.getCode() == Status.Code.UNAVAILABLE || status.getCode() == Status.Code.CANCELLED)
                && Errors.info(status.asRuntimeException(trailers)) == null;
    }

    /** Whether to make the call twice changes nothing. */
    private boolean isRead() {
        String name = method.getBareMethodName();
        return name != null && name.matches("(" + READS + ").*");
    }

    // What of the request matters here.

    private static @Nullable Message parse(MethodDescriptor<?, ?> method, byte[] whole) {
        if (!(method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier supplier)) {
            return null;
        }
        Descriptor type = supplier.getMethodDescriptor().getInputType();
        try {
            return DynamicMessage.parseFrom(type, whole);
        } catch (InvalidProtocolBufferException e) {
            return null; // the member says so, and with what
        }
    }

    private boolean isRemembered(byte[] whole) {
        Message parsed = parse(method, whole);
        FieldDescriptor field =
                parsed == null ? null : parsed.getDescriptorForType().findFieldByName("request");
        if (parsed == null || field == null || !(parsed.getField(field) instanceof Message of)) {
            return false;
        }
        FieldDescriptor id = of.getDescriptorForType().findFieldByName("request_id");
        return id != null && of.getField(id) instanceof Long number && number != 0;
    }

    private @Nullable AgentSession session(byte[] whole) {
        Message parsed = parse(method, whole);
        FieldDescriptor field =
                parsed == null ? null : parsed.getDescriptorForType().findFieldByName("session_id");
        return parsed != null && field != null && parsed.getField(field) instanceof Long id
                ? forwarding.sessions().find(id)
                : null;
    }

    /** The call as it is made to one member. */
    private final class Attempt extends ClientCall.Listener<byte[]> {
        private final Link link;
        private final @Nullable AgentSession session;
        /** The session's attachment that the call was made in. */
        private final long generation;
        private final ClientCall<byte[], byte[]> upstream;
        private boolean sent;
        private boolean answered;
        private boolean asked;
        private boolean holdsBack;
        /** How it ended, with an answer still held back. */
        private @Nullable Metadata ended;

        Attempt(Link link, @Nullable AgentSession session) {
            this.link = link;
            this.session = session;
            this.generation = session == null ? 0 : session.generation();
            CallOptions options =
                    CallOptions.DEFAULT.withStreamTracerFactory(new ClientStreamTracer.Factory() {
                        @Override
                        public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info,
                                Metadata headers) {
                            return new ClientStreamTracer() {
                                @Override
                                public void outboundHeaders() {
                                    sent = true;
                                }
                            };
                        }
                    });
            this.upstream = link.channel().newCall(method,
                    deadline == null ? options : options.withDeadline(deadline));
        }

        void start(byte[] whole) {
            upstream.start(this, new Metadata());
            upstream.sendMessage(whole);
            upstream.halfClose();
            // One more than wanted of a unary call: its end comes with the second.
            upstream.request(method.getType() == MethodType.UNARY ? 2 : 1);
        }

        void cancel() {
            upstream.cancel("the caller gave it up", null);
        }

        /** Asks for the next message when its reader can take it. */
        void pull() {
            if (asked && call.isReady()) {
                asked = false;
                upstream.request(1);
            }
        }

        @Override
        public void onMessage(byte[] message) {
            if (over || attempt != this) {
                return;
            }
            AgentSession granted = toldOnlyActive(message, this);
            if (granted == null) {
                pass(message);
                return;
            }
            holdsBack = true;
            Defect.then(granted.active(), whyNot -> {
                if (holdsBack && !over && attempt == this) {
                    holdsBack = false;
                    decided(message, whyNot);
                }
            });
        }

        /** Its session is ACTIVE again, or has ended. */
        private void decided(byte[] message, @Nullable StatusRuntimeException whyNot) {
            if (whyNot != null) {
                cancel();
                end(whyNot);
            } else if (session != null && session.generation() != generation) {
                outdated(this);
            } else {
                pass(message);
                if (ended != null) {
                    closed(this, Status.OK, ended);
                }
            }
        }

        private void pass(byte[] message) {
            if (!answered) {
                answered = true;
                call.sendHeaders(new Metadata());
            }
            call.sendMessage(message);
            asked = method.getType() != MethodType.UNARY;
            pull();
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (holdsBack && status.isOk()) {
                ended = trailers;
                return;
            }
            // With a member that is lost goes what it granted and nobody was told: it is asked for anew.
            holdsBack = false;
            closed(this, status, trailers);
        }
    }
}
