package dev.synod.node.tls;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusException;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Refuses calls of whoever does not show one of the roles allowed. */
final class RoleCheck implements ServerInterceptor {
    private final Set<PeerRole> allowed;
    private final Function<String, StatusException> refusal;

    RoleCheck(Set<PeerRole> allowed, Function<String, StatusException> refusal) {
        this.allowed = allowed;
        this.refusal = refusal;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(ServerCall<Q, R> call, Metadata headers,
            ServerCallHandler<Q, R> next) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        Set<PeerRole> shown = rolesOf(session);
        if (shown.stream().anyMatch(allowed::contains)) {
            return next.startCall(call, headers);
        }
        StatusException refused = refusal.apply("this call needs a certificate with "
                + String.join(" or ", allowed.stream().map(PeerRole::uri).toList())
                + " among its subject alternative names; the one shown has "
                + (shown.isEmpty()
                        ? "no role"
                        : String.join(", ", shown.stream().map(PeerRole::uri).toList())));
        Metadata trailers = refused.getTrailers();
        call.close(refused.getStatus(), trailers == null ? new Metadata() : trailers);
        return new ServerCall.Listener<Q>() {};
    }

    private static Set<PeerRole> rolesOf(@Nullable SSLSession session) {
        try {
            return session != null && session.getPeerCertificates()[0] instanceof X509Certificate own
                    ? PeerRole.of(own)
                    : EnumSet.noneOf(PeerRole.class);
        } catch (SSLPeerUnverifiedException e) {
            return EnumSet.noneOf(PeerRole.class);
        }
    }

    /** Without details. */
    static StatusException plain(String text) {
        return Status.PERMISSION_DENIED.withDescription(text).asException();
    }
}
