package dev.synod.e2e.standin;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The life of one pod, on a thread of its own, as a kubelet leads it:
 *
 * <ol>
 *   <li>Its volumes are there.
 *   <li>Its init containers start in order, each after the one before has ended well; a sidecar, whose
 *       restart policy is Always, only has to have started.
 *   <li>Its containers run, and are started again as the pod asks for.
 *   <li>It is deleted, or its containers have ended: these are asked to end, then the sidecars, the last
 *       one first; all are killed when the grace period is over.
 *   <li>Its last status is written, and then its object goes.
 * </ol>
 */
final class PodLife {
    private static final long TICK_NANOS = 50_000_000;
    private static final long FILES_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long STATUS_AGAIN_NANOS = Duration.ofMillis(500).toNanos();

    private final KubernetesClient client;
    private final Programs programs;
    private final Addresses addresses;
    private final PodFiles files;
    private final Translation translation;
    private final String address;
    private final List<ContainerLife> init = new ArrayList<>();
    private final List<ContainerLife> main = new ArrayList<>();
    private final Pod made;
    private volatile Pod pod;
    private volatile boolean gone;
    private volatile boolean ended;
    private boolean filesAreThere;
    private boolean initialised;
    private boolean closing;
    private long filesAt;
    private long killAt;
    private @Nullable String written;
    private long writtenAt;

    PodLife(KubernetesClient client, Programs programs, Addresses addresses, VolumeKeeper claims, Pod pod,
            Path folder) {
        this.client = client;
        this.programs = programs;
        this.addresses = addresses;
        this.made = pod;
        this.pod = pod;
        address = addresses.draw();
        PodSources sources = new PodSources(client, pod.getMetadata().getNamespace());
        files = new PodFiles(sources, pod, folder, claims);
        translation = new Translation(sources, pod, address, files);
        Path logs = folder.resolve("logs");
        String policy = pod.getSpec().getRestartPolicy();
        for (Container container : pod.getSpec().getInitContainers()) {
            String own = isSidecar(container) ? "Always" : policy.equals("Never") ? policy : "OnFailure";
            init.add(new ContainerLife(container, address, own, logs));
        }
        for (Container container : pod.getSpec().getContainers()) {
            main.add(new ContainerLife(container, address, policy, logs));
        }
    }

    static boolean isSidecar(Container container) {
        return "Always".equals(container.getRestartPolicy());
    }

    /** The API server has another version of it. Any thread. */
    void changed(Pod now) {
        pod = now;
    }

    /** Its object is gone: so is all that ran. Any thread. */
    void gone() {
        gone = true;
        all().forEach(ContainerLife::kill);
    }

    /** Whether nothing of it runs, and nothing will. Any thread. */
    boolean hasEnded() {
        return ended;
    }

    String address() {
        return address;
    }

    Optional<ContainerLife> container(String name) {
        return all().filter(each -> each.name().equals(name)).findFirst();
    }

    private Stream<ContainerLife> all() {
        return Stream.concat(init.stream(), main.stream());
    }

    /** Until it has ended. What the API server does not take now is tried again: it may be away. */
    void live() {
        addresses.publish(made, address);
        try {
            while (!gone && !ended) {
                try {
                    look(System.nanoTime());
                } catch (KubernetesClientException passing) {
                    // Processes go on; what is to be written is written later.
                    LockSupport.parkNanos(STATUS_AGAIN_NANOS);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
                LockSupport.parkNanos(TICK_NANOS);
            }
        } finally {
            all().forEach(ContainerLife::kill);
            addresses.withdraw(made.getMetadata().getUid());
            ended = true;
        }
    }

    private void look(long nanos) throws IOException {
        all().forEach(each -> each.look(nanos));
        boolean deleted = pod.getMetadata().getDeletionTimestamp() != null;
        boolean over = deleted || mainHasEnded();
        if (over) {
            close(nanos, deleted);
        } else {
            keepFiles(nanos);
            if (filesAreThere) {
                startWhatIsDue(nanos);
            }
        }
        boolean atRest = all().noneMatch(ContainerLife::isRunning);
        tell(over && atRest, nanos);
        if (over && atRest && deleted) {
            remove();
        }
    }

    private boolean mainHasEnded() {
        boolean initFailed = !initialised && init.stream().anyMatch(each -> !isSidecar(each.container())
                && each.endedWith() != null && each.endedWith() != 0);
        return initFailed || initialised && main.stream().allMatch(each -> each.endedWith() != null);
    }

    private void keepFiles(long nanos) throws IOException {
        if (filesAt != 0 && nanos - filesAt < (filesAreThere ? FILES_NANOS : STATUS_AGAIN_NANOS)) {
            return;
        }
        filesAt = nanos;
        try {
            files.write();
            filesAreThere = true;
        } catch (PodSources.NotYetException notYet) {
            all().filter(each -> !filesAreThere)
                    .forEach(each -> each.cannotStart("ContainerCreating",
                            String.valueOf(notYet.getMessage()), nanos));
        }
    }

    private void startWhatIsDue(long nanos) throws IOException {
        for (ContainerLife each : init) {
            boolean sidecar = isSidecar(each.container());
            boolean done = sidecar ? each.isStarted() : Integer.valueOf(0).equals(each.endedWith());
            if (sidecar || !initialised && !done) {
                start(each, nanos);
            }
            if (!initialised && !done) {
                return; // those behind it wait
            }
        }
        initialised = true;
        main.forEach(each -> start(each, nanos));
    }

    private void start(ContainerLife life, long nanos) {
        if (!life.isToStart(nanos)) {
            return;
        }
        Container container = life.container();
        if (!programs.has(container.getImage())) {
            life.cannotStart("ErrImageNeverPull", "there is no image " + container.getImage() + " here",
                    nanos);
            return;
        }
        String wrong = Stream.of(container.getStartupProbe(), container.getReadinessProbe(),
                container.getLivenessProbe()).map(Probing::unsupported).filter(text -> !text.isEmpty())
                .findFirst().orElse("");
        Optional<List<String>> program = programs.of(container);
        if (program.isEmpty() || !wrong.isEmpty()) {
            life.cannotStart("CreateContainerError",
                    wrong.isEmpty() ? "there is no program " + container.getCommand() + " here" : wrong,
                    nanos);
            return;
        }
        try {
            Map<String, String> environment = new LinkedHashMap<>(translation.environment(container));
            List<String> command = translation.command(program.get(), container, environment);
            String names = "-Djdk.net.hosts.file=" + addresses.hosts();
            environment.put("SYNOD_JAVA_OPTIONS", names);
            life.start(command, environment, nanos);
        } catch (PodSources.NotYetException | IOException | IllegalArgumentException e) {
            life.cannotStart("CreateContainerConfigError", String.valueOf(e.getMessage()), nanos);
        }
    }

    /** Containers first, then sidecars, the last one first; at the end of the grace period all. */
    private void close(long nanos, boolean deleted) {
        Long given = deleted
                ? pod.getMetadata().getDeletionGracePeriodSeconds()
                : pod.getSpec().getTerminationGracePeriodSeconds();
        long grace = Duration.ofSeconds(given == null ? 30 : given).toNanos();
        if (!closing) {
            closing = true;
            killAt = nanos + grace;
        }
        killAt = Math.min(killAt, nanos + grace); // somebody may shorten it, and nobody lengthen it
        if (nanos - killAt >= 0) {
            all().forEach(ContainerLife::kill);
            return;
        }
        main.forEach(ContainerLife::end);
        for (ContainerLife each : init.reversed()) {
            if (main.stream().anyMatch(ContainerLife::isRunning)) {
                return;
            }
            each.end();
            if (each.isRunning()) {
                return;
            }
        }
    }

    private void tell(boolean atRest, long nanos) {
        PodStatus status = PodReport.status(pod, address, init, main, initialised, atRest);
        String text = "{\"status\":" + Serialization.asJson(status) + "}";
        if (text.equals(written) || gone) {
            return;
        }
        if (writtenAt != 0 && nanos - writtenAt < TICK_NANOS && !atRest) {
            return;
        }
        try {
            client.pods().inNamespace(made.getMetadata().getNamespace())
                    .withName(made.getMetadata().getName())
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"uid\":\""
                            + made.getMetadata().getUid() + "\"}," + text.substring(1));
            written = text;
            writtenAt = nanos;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
                    || e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                gone(); // another one of its name may be there already
            } else {
                throw e;
            }
        }
    }

    private void remove() {
        try {
            client.resource(made).withPropagationPolicy(DeletionPropagation.BACKGROUND).withGracePeriod(0)
                    .delete();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND
                    && e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
        ended = true;
    }
}
