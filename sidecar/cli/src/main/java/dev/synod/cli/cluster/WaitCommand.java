package dev.synod.cli.cluster;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.Spans;
import dev.synod.cli.sidecar.CallFailure;
import dev.synod.cli.sidecar.Sidecar;
import dev.synod.cli.sidecar.SidecarOptions;
import dev.synod.coordination.v1.ListLocksRequest;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Waits for a sidecar. */
@Command(name = "wait",
        description = "Wait until the sidecar is ready to serve, or until the cluster answers a"
                + " linearizable read,"
                + " which takes a leader and a quorum. --timeout says how long"
                + " to wait in all.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:it is so", "69:it was not so in time"},
        footer = {"", "Examples:",
            "  synodctl wait --for ready --timeout 60s",
            "  synodctl wait --for leader && ./start-app"})
public final class WaitCommand implements Callable<Integer> {
    private static final String READY = "ready";
    private static final long PAUSE_MILLIS = 100;
    private static final Duration ONE_TRY = Duration.ofSeconds(2);

    private enum Goal {
        READY,
        LEADER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Mixin private SidecarOptions options = new SidecarOptions();

    // spotless:off
    @Option(names = "--for", paramLabel = "GOAL", required = true,
            description = "What for: ${COMPLETION-CANDIDATES}.")
    private Goal goal = Goal.READY;
    // spotless:on

    /** What came last in the place of what is waited for. */
    private String seen = "";

    @Override
    public Integer call() throws InterruptedException {
        seen = "the sidecar at " + options.endpoint() + " is not ready";
        long until = System.nanoTime() + options.timeout().toNanos();
        try (Sidecar sidecar = options.open()) {
            while (!isReached(sidecar)) {
                if (System.nanoTime() - until > 0) {
                    throw new CommandException(ExitStatus.UNAVAILABLE, "waited "
                            + Spans.rough(options.timeout()) + " for " + goal
                            + ", in vain: " + seen + "; --timeout waits longer");
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
        return ExitStatus.OK.status();
    }

    private boolean isReached(Sidecar sidecar) {
        try {
            return switch (goal) {
                case READY -> HealthGrpc.newBlockingStub(sidecar.channel())
                        .withDeadlineAfter(ONE_TRY.toMillis(), TimeUnit.MILLISECONDS)
                        .check(HealthCheckRequest.newBuilder().setService(READY).build())
                        .getStatus() == ServingStatus.SERVING;
                case LEADER -> {
                    sidecar.locks().listLocks(ListLocksRequest.newBuilder()
                            .setNamespace(options.namespace()).setPageSize(1).build());
                    yield true;
                }
            };
        } catch (StatusRuntimeException e) {
            sidecar.reconnect();
            seen = CallFailure.of(e).message();
            return switch (e.getStatus().getCode()) {
                case UNAVAILABLE, DEADLINE_EXCEEDED, NOT_FOUND -> false;
                default -> throw e;
            };
        }
    }
}
