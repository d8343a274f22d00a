package dev.synod.e2e.standin;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One container of a pod: the process that stands for it, start after start. Only the thread of its pod
 * calls it; what others may ask is said so.
 */
final class ContainerLife {
    private static final Duration BACK_OFF_FIRST = Duration.ofSeconds(1);
    private static final Duration BACK_OFF_MAX = Duration.ofSeconds(20);
    /** After so long a run the next fault is a first one again. */
    private static final Duration RAN_WELL = Duration.ofSeconds(60);

    private final Container container;
    private final String address;
    private final String policy;
    private final Path logs;
    private volatile @Nullable Process process;
    private volatile @Nullable Path log;
    private volatile @Nullable Path logBefore;
    private @Nullable Probing startup;
    private @Nullable Probing readiness;
    private @Nullable Probing liveness;
    private String waits = "PodInitializing";
    private String waitsFor = "";
    private String id = "";
    private Instant began = Instant.EPOCH;
    private @Nullable ContainerState last;
    private @Nullable Integer exit;
    private int starts;
    private long mayStartAt;
    private Duration backOff = BACK_OFF_FIRST;
    private boolean started;
    private boolean ready;
    private boolean killed;

    /** @param policy as a pod has it: Always, OnFailure or Never */
    ContainerLife(Container container, String address, String policy, Path logs) {
        this.container = container;
        this.address = address;
        this.policy = policy;
        this.logs = logs;
    }

    String name() {
        return container.getName();
    }

    Container container() {
        return container;
    }

    /** Whether what has ended so is started again. */
    private boolean restarts() {
        Integer status = exit;
        return policy.equals("Always") || policy.equals("OnFailure") && status != null && status != 0;
    }

    /** Whether a process is wanted and it is time for one. */
    boolean isToStart(long nanos) {
        return process == null && !killed && (exit == null || restarts()) && nanos - mayStartAt >= 0;
    }

    /** It cannot be started now; it is tried again. */
    void cannotStart(String reason, String message, long nanos) {
        waits = reason;
        waitsFor = message;
        mayStartAt = nanos + Duration.ofSeconds(1).toNanos();
    }

    void start(List<String> command, Map<String, String> environment, long nanos) throws IOException {
        Files.createDirectories(logs);
        logBefore = log;
        log = logs.resolve(name() + "-" + starts + ".log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(log.toFile()).redirectInput(Path.of("/dev/null").toFile());
        builder.environment().keySet().retainAll(List.of("PATH", "LANG", "TMPDIR", "HOME"));
        builder.environment().putAll(environment);
        Process running = builder.start();
        id = "standin://" + UUID.randomUUID();
        began = Instant.now();
        exit = null;
        started = false;
        ready = false;
        starts++;
        startup = probing(container.getStartupProbe(), nanos);
        readiness = null;
        liveness = null;
        process = running;
    }

    private @Nullable Probing probing(@Nullable Probe probe, long nanos) {
        return probe == null ? null : new Probing(probe, container, address, nanos);
    }

    /** Looks after its process and its probes. */
    void look(long nanos) {
        Process running = process;
        if (running == null) {
            return;
        }
        if (!running.isAlive()) {
            ended(running.exitValue(), nanos);
            return;
        }
        if (!started) {
            Probing.Verdict verdict = startup == null ? Probing.Verdict.SUCCESS : startup.look(nanos);
            if (verdict == Probing.Verdict.SUCCESS) {
                started = true;
                readiness = probing(container.getReadinessProbe(), nanos);
                liveness = probing(container.getLivenessProbe(), nanos);
                ready = readiness == null;
            } else if (verdict == Probing.Verdict.FAILURE) {
                running.destroyForcibly();
            }
            return;
        }
        if (readiness != null) {
            Probing.Verdict verdict = readiness.look(nanos);
            ready = verdict == Probing.Verdict.NOTHING ? ready : verdict == Probing.Verdict.SUCCESS;
        }
        if (liveness != null && !killed && liveness.look(nanos) == Probing.Verdict.FAILURE) {
            running.destroy();
        }
    }

    private void ended(int status, long nanos) {
        process = null;
        exit = status;
        started = false;
        ready = false;
        last = new ContainerStateBuilder().withNewTerminated().withExitCode(status)
                .withReason(status == 0 ? "Completed" : "Error").withContainerID(id)
                .withStartedAt(time(began)).withFinishedAt(time(Instant.now())).endTerminated().build();
        backOff = Duration.between(began, Instant.now()).compareTo(RAN_WELL) > 0 ? BACK_OFF_FIRST : backOff;
        mayStartAt = nanos + backOff.toNanos();
        Duration twice = backOff.multipliedBy(2);
        backOff = twice.compareTo(BACK_OFF_MAX) > 0 ? BACK_OFF_MAX : twice;
        waits = "CrashLoopBackOff";
        waitsFor = "it ended with status " + status;
    }

    /** Whether it serves: its startup probe, if it has one, has succeeded. */
    boolean isStarted() {
        return started;
    }

    boolean isReady() {
        return ready;
    }

    boolean isRunning() {
        return process != null;
    }

    /** Status that it ended with, for good; null while it runs or is to run again. */
    @Nullable
    Integer endedWith() {
        return process == null && (!restarts() || killed) ? exit : null;
    }

    /** Asks it to end; it is not started again. */
    void end() {
        Process running = process;
        if (!killed && running != null) {
            running.destroy();
        }
        killed = true;
    }

    /** Ends it. Any thread. */
    void kill() {
        killed = true;
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }

    /** Its process, while there is one. Any thread. */
    Optional<ProcessHandle> handle() {
        return Optional.ofNullable(process).map(Process::toHandle);
    }

    /** What it writes, from its present start on, until it has ended. Any thread. */
    @Nullable
    LogTail log() {
        Path file = log;
        Process writer = process;
        return file == null ? null : new LogTail(file, () -> writer != null && writer.isAlive());
    }

    /** What its start before this one wrote. Any thread. */
    @Nullable
    Path logBefore() {
        return logBefore;
    }

    ContainerStatus status() {
        return new ContainerStatusBuilder().withName(name()).withImage(container.getImage())
                .withImageID(starts == 0 ? "" : container.getImage()).withContainerID(starts == 0 ? null : id)
                .withRestartCount(Math.max(0, starts - 1))
                .withReady(ready || (exit != null && exit == 0 && !restarts()))
                .withStarted(started).withState(state())
                .withLastState(starts > 1 || last != null && process != null ? last : null).build();
    }

    private @Nullable ContainerState state() {
        if (process != null) {
            return new ContainerStateBuilder().withNewRunning().withStartedAt(time(began)).endRunning()
                    .build();
        }
        if (exit != null && (!restarts() || killed)) {
            return last;
        }
        return new ContainerStateBuilder().withNewWaiting().withReason(waits)
                .withMessage(waitsFor.isEmpty() ? null : waitsFor).endWaiting().build();
    }

    /** As the API server has times: in whole seconds. */
    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
