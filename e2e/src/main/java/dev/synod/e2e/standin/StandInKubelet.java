package dev.synod.e2e.standin;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A node whose containers are processes of this machine: it registers, runs the pods that the scheduler
 * gives it, and provisions their volumes. It is the whole of its machine's part of Kubernetes but for
 * networks, Services, limits and file systems of containers: what a container sees of its pod's files and
 * addresses is translated.
 *
 * <p>A pod has a loopback address of its own, on which it listens wherever it means its own loopback or all
 * addresses; its name leads there by a hosts file. Safe for threads.
 */
public final class StandInKubelet implements AutoCloseable {
    /** The node's own address. */
    static final String HOST = "127.0.0.1";
    private static final String NODE = "standin";
    private static final int SOFTWARE = 70;
    private static final String LEASES = "kube-node-lease";
    private static final Duration RENEW = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration END = Duration.ofSeconds(40);

    private final KubernetesClient client;
    private final Programs programs;
    private final Path folder;
    private final Addresses addresses;
    private final VolumeKeeper volumes;
    private final Map<String, PodLife> pods = new ConcurrentHashMap<>();
    private final SharedIndexInformer<Pod> bound;
    private volatile boolean closed;

    private StandInKubelet(KubernetesClient client, Path folder, Programs programs) {
        this.client = client;
        this.programs = programs;
        try {
            this.folder = Files.createDirectories(folder.toAbsolutePath());
            addresses = new Addresses(this.folder.resolve("hosts"));
            volumes = new VolumeKeeper(client, Files.createDirectories(this.folder.resolve("claims")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        register();
        thread("standin-lease", RENEW, this::renew).start();
        thread("standin-volumes", LOOK, volumes::look).start();
        bound = client.pods().inAnyNamespace().withField("spec.nodeName", NODE).inform(new Bound());
        Runtime.getRuntime().addShutdownHook(new Thread(this::killAll, "standin-end"));
    }

    /**
     * Starts it.
     *
     * @param folder for volumes, files and logs of pods; what is in it is nobody else's
     */
    public static StandInKubelet start(KubernetesClient client, Path folder, Programs programs) {
        return new StandInKubelet(client, folder, programs);
    }

    private void register() {
        Node node = new NodeBuilder().withNewMetadata().withName(NODE)
                .addToLabels("kubernetes.io/hostname", NODE).addToLabels("kubernetes.io/os", "linux")
                .endMetadata().withNewSpec().endSpec().build();
        client.resource(node).fieldManager("standin").forceConflicts().serverSideApply();
        Map<String, Quantity> room = Map.of("cpu", new Quantity("64"), "memory", new Quantity("64Gi"), "pods",
                new Quantity("250"), "ephemeral-storage", new Quantity("100Gi"));
        renew();
        client.nodes().withName(NODE).editStatus(now -> {
            String time = ContainerLife.time(Instant.now());
            return new NodeBuilder(now).editOrNewStatus().withCapacity(room).withAllocatable(room)
                    .withConditions().addNewCondition().withType("Ready").withStatus("True")
                    .withReason("StandIn").withMessage("pods are processes of this machine")
                    .withLastHeartbeatTime(time).withLastTransitionTime(time).endCondition()
                    .withAddresses().addNewAddress(HOST, "InternalIP").addNewAddress(NODE, "Hostname")
                    .withNewNodeInfo().withKubeletVersion("v1.34.4").withOperatingSystem("linux")
                    .withArchitecture("amd64").withOsImage("none").withKernelVersion("none")
                    .withContainerRuntimeVersion("standin://1").withBootID("").withMachineID("")
                    .withSystemUUID("").withKubeProxyVersion("").endNodeInfo().endStatus().build();
        });
    }

    private void renew() {
        client.resource(
                new LeaseBuilder().withNewMetadata().withName(NODE).withNamespace(LEASES).endMetadata()
                        .withNewSpec().withHolderIdentity(NODE).withLeaseDurationSeconds(40)
                        .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS))
                        .endSpec().build())
                .fieldManager("standin").forceConflicts().serverSideApply();
    }

    /** Work that is done again and again; an API server that is away is waited for. */
    private Thread thread(String name, Duration pause, Runnable work) {
        Thread.Builder builder =
                Thread.ofPlatform().daemon().name(name).uncaughtExceptionHandler(StandInKubelet::broke);
        return builder.unstarted(() -> {
            while (!closed) {
                try {
                    work.run();
                } catch (KubernetesClientException passing) {
                    // Again after the pause.
                }
                LockSupport.parkNanos(pause.toNanos());
            }
        });
    }

    /** A node without one of its threads would be a silence that nobody can explain. */
    private static void broke(Thread thread, Throwable thrown) {
        System.err.println("the stand-in's thread " + thread.getName() + " broke");
        thrown.printStackTrace();
        System.exit(SOFTWARE); // with its hooks, which end operators and pods
    }

    private final class Bound implements ResourceEventHandler<Pod> {
        @Override
        public void onAdd(Pod pod) {
            String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
            if (!"Succeeded".equals(phase) && !"Failed".equals(phase)) {
                life(pod).changed(pod);
            }
        }

        @Override
        public void onUpdate(Pod before, Pod now) {
            PodLife life = pods.get(now.getMetadata().getUid());
            if (life != null) {
                life.changed(now);
            }
        }

        @Override
        public void onDelete(Pod pod, boolean unknownState) {
            PodLife life = pods.get(pod.getMetadata().getUid());
            if (life != null) {
                life.gone();
            }
        }
    }

    private PodLife life(Pod pod) {
        String uid = pod.getMetadata().getUid();
        return pods.computeIfAbsent(uid, key -> {
            String name = pod.getMetadata().getName();
            PodLife life = new PodLife(client, programs, addresses, volumes, pod,
                    folder.resolve("pods").resolve(name + "_" + uid));
            Thread.ofPlatform().daemon().name("pod-" + name).uncaughtExceptionHandler(StandInKubelet::broke)
                    .start(life::live);
            return life;
        });
    }

    // ---- What is seen of pods -----------------------------------------------------------------------------

    private Optional<ContainerLife> container(String uid, String container) {
        return Optional.ofNullable(pods.get(uid)).flatMap(pod -> pod.container(container));
    }

    /** Address of the pod of this UID; null while it has none. */
    public @Nullable String address(String uid) {
        PodLife life = pods.get(uid);
        return life == null ? null : life.address();
    }

    /** The process that stands for a container; empty while none runs. */
    public Optional<ProcessHandle> process(String uid, String container) {
        return container(uid, container).flatMap(ContainerLife::handle);
    }

    /**
     * What a container writes, from the beginning of its present start until it ends; empty before the
     * first.
     */
    public Optional<InputStream> log(String uid, String container) {
        return container(uid, container).map(ContainerLife::log);
    }

    /** All that the start before wrote; empty when there was none. */
    public String logBefore(String uid, String container) {
        Path file = container(uid, container).map(ContainerLife::logBefore).orElse(null);
        try {
            return file == null ? "" : Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void killAll() {
        pods.values().forEach(PodLife::gone);
    }

    @Override
    public void close() {
        long until = System.nanoTime() + END.toNanos();
        while (pods.values().stream().anyMatch(life -> !life.hasEnded()) && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
        closed = true;
        bound.close();
        killAll();
    }
}
