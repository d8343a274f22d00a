package dev.synod.node.admin;

import dev.synod.admin.v1.AdminServiceGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Set;

/**
 * Who may look and who may act. A member has the whole state and every status already, so its certificate,
 * which is all that a person in its pod has, suffices to look.
 */
public final class AdminRoles implements ServerInterceptor {
    private static final Set<MethodDescriptor<?, ?>> LOOKING = Set.of(
            AdminServiceGrpc.getGetStatusMethod(), AdminServiceGrpc.getConfirmStatusMethod(),
            AdminServiceGrpc.getGetDigestMethod(), AdminServiceGrpc.getStreamBackupMethod());

    private final ServerInterceptor lookers;
    private final ServerInterceptor actors;

    /**
     * Composes the two.
     *
     * @param lookers checks who wants to know something
     * @param actors checks who wants to change something, and calls that are not known
     */
    public AdminRoles(ServerInterceptor lookers, ServerInterceptor actors) {
        this.lookers = lookers;
        this.actors = actors;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(ServerCall<Q, R> call, Metadata headers,
            ServerCallHandler<Q, R> next) {
        ServerInterceptor check = LOOKING.contains(call.getMethodDescriptor()) ? lookers : actors;
        return check.interceptCall(call, headers, next);
    }
}
