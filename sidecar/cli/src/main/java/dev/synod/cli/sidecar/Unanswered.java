package dev.synod.cli.sidecar;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Says of a call that its receiver did not answer who that is and what to do, in the place of what the
 * transport says. What a receiver answers is left as it is.
 *
 * @param receiver what was asked, and where
 * @param advice what to do when it is not there
 * @param patience what to do when it is slow
 */
public record Unanswered(String receiver, String advice, String patience) implements ClientInterceptor {
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    /** How the names of calls begin that change nothing. */
    private static final List<String> READS =
            List.of("Get", "List", "Range", "Watch", "Observe", "Check", "Confirm", "Stream");

    /** Of calls to a sidecar. */
    public static Unanswered ofSidecar(String endpoint) {
        return new Unanswered("the sidecar at " + endpoint,
                "is a cluster running? synodctl dev -f FILE starts one on this machine, and --endpoint or"
                        + " SYNOD_ENDPOINT names another sidecar",
                "--timeout waits longer, synodctl status tells how a member stands");
    }

    /** Of calls to a member's admin port. */
    public static Unanswered ofMember(String address) {
        return new Unanswered("the member's admin port at " + address,
                "is a member running there? --admin or SYNOD_ADMIN names another",
                "try again, or name another member with --admin");
    }

    /** When nobody answers. */
    public String silent(String why) {
        return receiver + " does not answer (" + why + "): " + advice;
    }

    /** When there is no answer yet. */
    public String late() {
        return receiver + " did not answer in time: it hangs, or the cluster has no leader; " + patience;
    }

    private String foreign() {
        return "what listens in the place of " + receiver + " does not serve this: is that its port, and"
                + " of this version?";
    }

    private Status told(Status status, Metadata trailers, String method) {
        if (trailers.containsKey(DETAILS)) {
            return status;
        }
        String text = switch (status.getCode()) {
            case UNAVAILABLE -> silent(why(status));
            case DEADLINE_EXCEEDED -> late();
            case UNIMPLEMENTED -> foreign();
            default -> null;
        };
        if (status.getCode() == Status.Code.INTERNAL
                && "http2 exception".equals(status.getDescription())) {
            return Status.UNIMPLEMENTED.withDescription(foreign()).withCause(status.getCause());
        }
        if (text == null) {
            return status;
        }
        boolean maybe = status.getCode() != Status.Code.UNIMPLEMENTED && !isRefused(status)
                && READS.stream().noneMatch(method::startsWith);
        return status.withDescription(maybe ? text + CallFailure.MAYBE : text);
    }

    /** Nothing of the call was sent. */
    private static boolean isRefused(Status status) {
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
                return true;
            }
        }
        return false;
    }

    private static String why(Status status) {
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return "there is no such host";
            }
            if (cause instanceof ConnectException) {
                return "the connection is refused";
            }
        }
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                return cause.getMessage();
            }
        }
        return "the connection is lost";
    }

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options,
            Channel next) {
        String name = String.valueOf(method.getBareMethodName());
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<R> listener, Metadata headers) {
                super.start(new SimpleForwardingClientCallListener<R>(listener) {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        super.onClose(told(status, trailers, name), trailers);
                    }
                }, headers);
            }
        };
    }
}
