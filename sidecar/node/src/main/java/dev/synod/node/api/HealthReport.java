package dev.synod.node.api;

import dev.synod.coordination.v1.ElectionServiceGrpc;
import dev.synod.coordination.v1.LockServiceGrpc;
import dev.synod.coordination.v1.SessionServiceGrpc;
import dev.synod.coordination.v1.ValueServiceGrpc;
import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.List;

/**
 * grpc.health.v1: "" says that the process lives, and never depends on a quorum, for whoever is restarted for
 * want of one makes things worse; "ready" and each service say whether it is fit to serve.
 */
final class HealthReport {
    /** The name of readiness. */
    static final String READY = "ready";

    private static final List<String> NAMES = List.of(READY, SessionServiceGrpc.SERVICE_NAME,
            LockServiceGrpc.SERVICE_NAME, ElectionServiceGrpc.SERVICE_NAME, ValueServiceGrpc.SERVICE_NAME);

    private final HealthStatusManager statuses = new HealthStatusManager();

    /** Alive, and not ready. */
    HealthReport() {
        statuses.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
        ready(false);
    }

    /** The service. */
    BindableService service() {
        return statuses.getHealthService();
    }

    /** Whether it is fit to serve from here on. */
    void ready(boolean ready) {
        for (String name : NAMES) {
            statuses.setStatus(name, ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
        }
    }
}
