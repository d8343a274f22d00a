package dev.synod.node.api;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.health.v1.HealthGrpc;

/** Lets in who shows the token. Health is told to everybody. */
final class BearerCheck implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of(
            "authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String SCHEME = "Bearer ";

    private final TokenFile file;

    BearerCheck(TokenFile file) {
        this.file = file;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(ServerCall<Q, R> call, Metadata headers,
            ServerCallHandler<Q, R> next) {
        if (HealthGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName())) {
            return next.startCall(call, headers);
        }
        String shown = headers.get(AUTHORIZATION);
        if (shown == null) {
            return Gate.refuse(call, Errors.unauthenticated("the call shows no token; send the content of the"
                    + " token file as \"authorization: Bearer <token>\""));
        }
        if (!shown.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                || !file.holds(shown.substring(SCHEME.length()).strip())) {
            return Gate.refuse(call, Errors.unauthenticated("the token shown is not the one that is accepted"
                    + " here; read the token file again and send its content as"
                    + " \"authorization: Bearer <token>\""));
        }
        return next.startCall(call, headers);
    }
}
