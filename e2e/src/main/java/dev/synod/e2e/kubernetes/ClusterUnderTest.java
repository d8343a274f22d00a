package dev.synod.e2e.kubernetes;

import dev.synod.client.Coordination;
import dev.synod.crd.CoordinationCluster;
import dev.synod.crd.CoordinationClusterStatus;
import dev.synod.crd.CoordinationClusterStatus.Health;
import dev.synod.crd.CoordinationClusterStatus.Truth;
import dev.synod.e2e.judge.Findings;
import dev.synod.e2e.judge.History;
import dev.synod.e2e.judge.Judge;
import dev.synod.e2e.judge.Moment;
import dev.synod.e2e.judge.Shown;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A CoordinationCluster with the workload in its pods, looked upon for as long as it lives. */
public final class ClusterUnderTest implements AutoCloseable {
    /** Container of the workload. */
    public static final String APP = "app";
    /** What applications claim. */
    public static final List<String> CLAIMS = List.of("lock/0", "lock/1", "leader");
    /** Container of the member. */
    public static final String SIDECAR = "synod";
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int API_PORT = 7_400;
    private static final int PROBES_PORT = 7_403;

    private final Stage stage;
    private final String name;
    private final History history = new History();
    private final PodLogs logs;
    private final Watchfulness watch;
    private final List<SharedIndexInformer<Pod>> others = new ArrayList<>();

    /** For a cluster of that name; {@link #create} makes it. */
    public ClusterUnderTest(Stage stage, String name, int voters) {
        this.stage = stage;
        this.name = name;
        logs = new PodLogs(client(), stage.doors(), stage.namespace(), APP, history);
        watch = new Watchfulness(client(), stage.namespace(), name, voters, logs::follow);
    }

    private KubernetesClient client() {
        return stage.client();
    }

    // ---- What is asked for --------------------------------------------------------------------------------

    /**
     * Creates it, with the workload in its pods.
     *
     * @param more of its spec, as YAML
     */
    public void create(int voters, String more) {
        createAlone(voters, more + "\n" + Workloads.template());
    }

    /** Creates it, with members alone in its pods. */
    public void createAlone(int voters, String more) {
        watch.voters(voters);
        client().resource("""
                apiVersion: synod.dev/v1alpha1
                kind: CoordinationCluster
                metadata:
                  name: %s
                  namespace: %s
                spec:
                  voters: {replicas: %d}
                  sidecar:
                    resources: {requests: {cpu: 50m, memory: 96Mi}, limits: {memory: 256Mi}}
                """.formatted(name, stage.namespace(), voters) + more.strip().indent(2)).create();
    }

    /** Applies a manifest, and follows what its pods of the label {@code app: workload} write. */
    public void applyWorkload(String manifest) {
        client().load(new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)))
                .inNamespace(stage.namespace()).create();
        others.add(client().pods().inNamespace(stage.namespace()).withLabel("app", "workload")
                .inform(new ResourceEventHandler<Pod>() {
                    @Override
                    public void onAdd(Pod pod) {
                        logs.follow(pod);
                    }

                    @Override
                    public void onUpdate(Pod before, Pod now) {
                        logs.follow(now);
                    }

                    @Override
                    public void onDelete(Pod pod, boolean unknownState) {
                        logs.follow(pod);
                    }
                }));
    }

    /** Changes what is asked for, by a JSON merge patch. */
    public void patch(String json) {
        resource().patch(PatchContext.of(PatchType.JSON_MERGE), json);
    }

    /** Sets an annotation of its object; null takes it away. */
    public void annotate(String annotation, @Nullable String value) {
        patch("{\"metadata\":{\"annotations\":{\"" + annotation + "\":"
                + (value == null ? "null" : "\"" + value + "\"") + "}}}");
    }

    /** Asks for so many voters. */
    public void voters(int replicas) {
        watch.voters(replicas);
        patch("{\"spec\":{\"voters\":{\"replicas\":" + replicas + "}}}");
    }

    /**
     * Places from there on may be on their way out: what becomes of their pods and volumes is not watched.
     */
    public void watchVoters(int below) {
        watch.voters(below);
    }

    /** All that was asked for is done: so many voters, and no volume is to go any more. */
    public void settled(int voters) {
        watch.settled(voters);
    }

    /** A person asks for another member in this place; its volume may go from now on. */
    public void announceReplacement(String pod) {
        watch.announceClaim("synod-" + pod);
    }

    /** What should not have happened since this was asked last; empty when nothing did. */
    public List<String> unexpected() {
        return watch.found();
    }

    /** The processes of its pods, where they run on this machine. */
    public PodProcesses processes() {
        return new PodProcesses(client(), stage.namespace(), stage.doors());
    }

    /** Its object. */
    public Resource<CoordinationCluster> resource() {
        return client().resources(CoordinationCluster.class).inNamespace(stage.namespace()).withName(name);
    }

    /** Its name. */
    public String name() {
        return name;
    }

    // ---- What is seen -------------------------------------------------------------------------------------

    /** Its status, empty while there is none. */
    public CoordinationClusterStatus status() {
        CoordinationCluster now = resource().get();
        return now == null || now.getStatus() == null
                ? new CoordinationClusterStatus(null, null, null, null, null, null, null, null, null, null)
                : now.getStatus();
    }

    /** Whether a condition has that status. */
    public boolean is(String condition, Truth truth) {
        return status().conditions().stream()
                .anyMatch(each -> each.type().equals(condition) && each.status() == truth);
    }

    /** Ready, about the present spec, with all pods ready. */
    public boolean isReady(int voters) {
        CoordinationCluster now = resource().get();
        if (now == null || now.getStatus() == null) {
            return false;
        }
        CoordinationClusterStatus status = now.getStatus();
        boolean present = now.getMetadata().getGeneration().equals(status.observedGeneration());
        boolean healthy = status.members().stream()
                .filter(member -> member.health() == Health.Healthy).count() == voters;
        return present && healthy && is("Ready", Truth.True) && is("Progressing", Truth.False)
                && pods().size() == voters
                && pods().stream().allMatch(PodView::isReady);
    }

    /** Waits for that. */
    public Duration awaitMembers(int voters) {
        return Waiting.until(name + " to be ready with " + voters, PATIENCE, () -> {
            stage.requireOperators();
            return isReady(voters);
        }, this::described);
    }

    /** Waits for that, and for operations of the workload after it. */
    public Duration awaitReady(int voters) {
        Duration took = awaitMembers(voters);
        awaitOperations(50);
        return took;
    }

    /** Waits until so many runs of the workload told that they ended. */
    public void awaitEnds(int runs) {
        Waiting.until("the last lines of " + runs + " runs", PATIENCE, () -> history.ended() >= runs,
                () -> history.ended() + " have ended");
    }

    /** As {@link #awaitReady(int)}, with that image in all pods. */
    public Duration awaitReady(int voters, String image) {
        return Waiting.until(image + " in all pods", PATIENCE,
                () -> pods().stream().allMatch(pod -> imageOf(pod).equals(image)), this::described)
                .plus(awaitReady(voters));
    }

    /** Image of the member in a pod. */
    public String imageOf(Pod pod) {
        return PodView.container(pod, SIDECAR).getImage();
    }

    /** Why a condition is as it is, in its words; empty when it is not told. */
    public String why(String condition) {
        return status().conditions().stream().filter(each -> each.type().equals(condition))
                .map(each -> each.reason() + ": " + each.message()).findFirst().orElse("");
    }

    /** Names of its volumes' claims. */
    public List<String> claims() {
        return client().persistentVolumeClaims().inNamespace(stage.namespace())
                .withLabel("synod.dev/cluster", name).list().getItems().stream()
                .map(claim -> claim.getMetadata().getName()).toList();
    }

    /** What its volumes hold, as their claims tell it, by claim. */
    public Map<String, String> capacities() {
        Map<String, String> sizes = new TreeMap<>();
        client().persistentVolumeClaims().inNamespace(stage.namespace())
                .withLabel("synod.dev/cluster", name).list().getItems()
                .forEach(claim -> sizes.put(claim.getMetadata().getName(), claim.getStatus() == null
                        || claim.getStatus().getCapacity() == null
                                ? "none"
                                : String.valueOf(claim.getStatus().getCapacity().get("storage"))));
        return sizes;
    }

    /** Size that a voter to come will ask for; empty while there is no set of voters. */
    public String sizeOfNewVolumes() {
        StatefulSet set = client().apps().statefulSets().inNamespace(stage.namespace()).withName(name).get();
        return set == null
                ? ""
                : String.valueOf(set.getSpec().getVolumeClaimTemplates().getFirst().getSpec().getResources()
                        .getRequests().get("storage"));
    }

    /** UIDs of its pods, by name. */
    public Map<String, String> podUids() {
        Map<String, String> uids = new TreeMap<>();
        pods().forEach(pod -> uids.put(pod.getMetadata().getName(), pod.getMetadata().getUid()));
        return uids;
    }

    /** Waits until the workload had that many more operations acknowledged. */
    public void awaitOperations(long more) {
        long before = history.acknowledged();
        Waiting.until("operations of the workload", PATIENCE, () -> history.acknowledged() >= before + more,
                () -> history.acknowledged() + " acknowledged; " + described());
    }

    /** In a line. */
    public String described() {
        CoordinationClusterStatus status = status();
        StringBuilder text = new StringBuilder();
        status.conditions().forEach(each -> text.append(each.type()).append('=').append(each.status())
                .append('(').append(each.reason()).append(") "));
        return text + "leader " + status.leader() + ", epoch " + status.epoch() + ", pods "
                + pods().stream().map(pod -> pod.getMetadata().getName()
                        + (PodView.isReady(pod) ? "" : " not ready")).toList();
    }

    /** Its pods. */
    public List<Pod> pods() {
        return client().pods().inNamespace(stage.namespace()).withLabel("synod.dev/cluster", name).list()
                .getItems();
    }

    /** Pod of the member that leads now, by the members' own word: the status may be seconds old. */
    public String leader() {
        List<String> found = new ArrayList<>(1);
        Waiting.until("a leader", PATIENCE, () -> {
            List<String> leaders = pods().stream().filter(this::leads).map(pod -> pod.getMetadata().getName())
                    .toList();
            return leaders.size() == 1 && found.add(leaders.getFirst());
        }, this::described);
        return found.getFirst();
    }

    private boolean leads(Pod pod) {
        try {
            return metrics(pod).of("synod_member_role{role=\"leader\"}") == 1;
        } catch (IOException | KubernetesClientException away) {
            return false;
        }
    }

    private Metrics metrics(Pod pod) throws IOException {
        try (PodDoors.Way way = stage.doors().open(pod, PROBES_PORT)) {
            return Metrics.at(way.host(), way.port());
        }
    }

    /** How often members stood for leader in this epoch, won or not: the greatest round of a ballot. */
    public long rounds() throws IOException {
        double most = 0;
        for (Pod pod : pods()) {
            most = Math.max(most, metrics(pod).of("synod_member_ballot_round")); // NaN stays
        }
        if (Double.isNaN(most)) {
            throw new IOException("a member tells of no synod_member_ballot_round");
        }
        return (long) most;
    }

    /**
     * Kills the process of a container without warning, and waits until the kubelet has started it again.
     *
     * @return false when the pods do not run on this machine, and nothing was done
     */
    public boolean killProcess(String pod, String container) {
        int before = restarts(pod, container);
        if (!processes().kill(pod, container)) {
            return false;
        }
        Waiting.until(container + " of " + pod + " to be started again", PATIENCE,
                () -> restarts(pod, container) > before, this::described);
        return true;
    }

    private int restarts(String pod, String container) {
        Pod now = client().pods().inNamespace(stage.namespace()).withName(pod).require();
        return PodView.status(now, container).orElseThrow().getRestartCount();
    }

    /** What its applications were told so far. */
    public History history() {
        return history;
    }

    /** Identities of members, by pod. */
    public Map<String, String> memberIds() {
        Map<String, String> ids = new TreeMap<>();
        status().members().forEach(member -> {
            if (member.id() != null) {
                ids.put(member.name(), member.id());
            }
        });
        return ids;
    }

    /** Resource versions of the cluster and of all that belongs to it, by kind and name. */
    public Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        List<HasMetadata> all = new ArrayList<>();
        String space = stage.namespace();
        Map<String, String> ours = Map.of("synod.dev/cluster", name);
        all.add(resource().require());
        all.addAll(client().apps().statefulSets().inNamespace(space).withLabels(ours).list().getItems());
        all.addAll(client().services().inNamespace(space).withLabels(ours).list().getItems());
        all.addAll(client().configMaps().inNamespace(space).withLabels(ours).list().getItems());
        all.addAll(client().secrets().inNamespace(space).withLabels(ours).list().getItems());
        all.addAll(client().persistentVolumeClaims().inNamespace(space).withLabels(ours).list().getItems());
        all.addAll(client().policy().v1().podDisruptionBudget().inNamespace(space).withLabels(ours).list()
                .getItems());
        all.addAll(client().network().v1().networkPolicies().inNamespace(space).withLabels(ours).list()
                .getItems());
        all.addAll(pods());
        all.forEach(each -> versions.put(each.getKind() + " " + each.getMetadata().getName(),
                each.getMetadata().getUid() + " at " + each.getMetadata().getResourceVersion()));
        return versions;
    }

    // ---- What is done to it -------------------------------------------------------------------------------

    /** Deletes a pod, without the operator knowing. */
    public void deletePod(String pod, boolean atOnce) {
        var resource = client().pods().inNamespace(stage.namespace()).withName(pod);
        String uid = uidOf(pod);
        watch.announcePod(uid);
        if (atOnce) {
            logs.excuse(uid);
        }
        (atOnce ? resource.withGracePeriod(0).delete() : resource.delete())
                .forEach(deleted -> watch.announcePod(String.valueOf(deleted.getUid())));
    }

    /** UID of a pod; empty while there is none of that name. */
    private String uidOf(String pod) {
        Pod now = client().pods().inNamespace(stage.namespace()).withName(pod).get();
        return now == null ? "" : now.getMetadata().getUid();
    }

    /**
     * Asks to evict a pod, as a drain does.
     *
     * @return false when the budget does not allow it now
     */
    public boolean evict(String pod) {
        String uid = uidOf(pod);
        watch.announcePod(uid);
        // Without repeats: they would wait until the budget allows it.
        RequestConfig once = new RequestConfigBuilder(client().getConfiguration().getRequestConfig())
                .withRequestRetryBackoffLimit(0).build();
        boolean evicted = client().newClient(once).adapt(KubernetesClient.class).pods()
                .inNamespace(stage.namespace()).withName(pod).evict();
        if (!evicted) {
            watch.withdrawPod(uid);
        }
        return evicted;
    }

    /** A recovery is asked for, which makes this pod and its volume anew. */
    public void announceRecovery(String pod) {
        watch.announceClaim("synod-" + pod);
        watch.announceRecovery();
    }

    /** Deletes the volume of a pod, and the pod that holds it. */
    public void deleteVolume(String pod) {
        watch.announceClaim("synod-" + pod);
        client().persistentVolumeClaims().inNamespace(stage.namespace()).withName("synod-" + pod).delete();
        deletePod(pod, false);
    }

    // ---- The judgement ------------------------------------------------------------------------------------

    /** Holds all that the workload was told against what is there now; figures are since that moment. */
    public Findings judge(Moment since) {
        stage.requireOperators();
        List<String> found = watch.found();
        if (!found.isEmpty()) {
            throw new AssertionError(String.join("; ", found));
        }
        Waiting.until("a run of each pod that was ready", PATIENCE, () -> logs.missing().isEmpty(),
                () -> logs.missing().toString());
        return Judge.judge(history, since, shown(), logs.unheard());
    }

    private Shown shown() {
        List<Shown> shown = new ArrayList<>(1);
        Waiting.until("a listing of all values", PATIENCE, () -> shown.add(shownOnce()), this::described);
        return shown.getFirst();
    }

    private Shown shownOnce() throws IOException {
        Pod pod = pods().stream().filter(PodView::isReady).findFirst().orElseThrow();
        try (PodDoors.Way way = stage.doors().open(pod, API_PORT);
                Coordination coordination = Coordination.builder().withoutSession()
                        .endpoint(way.host() + ":" + way.port()).tokenFile(token())
                        .callTimeout(Duration.ofSeconds(20)).connect()) {
            return Shown.by(coordination);
        }
    }

    private Path token() throws IOException {
        Secret secret = client().secrets().inNamespace(stage.namespace()).withName(name + "-token").require();
        String token = secret.getData().get("token");
        Path file = Files.createTempFile("synod-token-", "");
        file.toFile().deleteOnExit();
        return Files.write(file, Base64.getDecoder().decode(token));
    }

    /** Pods of voters that the operator took down so far, in order. */
    public List<String> takenDown() {
        return watch.takenDown();
    }

    /** Pods of which was seen in which order their containers began and ended; it is judged already. */
    public Sidecars.Seen sidecars() {
        return watch.sidecars();
    }

    /** Asks for so many observers, by the sub-resource that kubectl scale uses. */
    public void scale(int observers) {
        resource().scale(observers);
    }

    /** Deletes its object, and waits until its pods are gone. */
    public void deleteObject() {
        watch.voters(0); // whatever goes now was asked for, until it is made again
        resource().delete();
        Waiting.until("the end of the pods of " + name, PATIENCE, () -> pods().isEmpty(),
                () -> pods().size() + " left");
    }

    /** Deletes it and everything of it, volumes too. */
    public void delete() {
        logs.close();
        watch.close();
        others.forEach(SharedIndexInformer::close);
        deleteObject();
        client().persistentVolumeClaims().inNamespace(stage.namespace()).withLabel("synod.dev/cluster", name)
                .delete();
    }

    @Override
    public void close() {
        delete();
    }
}
