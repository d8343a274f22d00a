package dev.synod.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.crd.Annotations;
import dev.synod.crd.CoordinationClusterStatus.Health;
import dev.synod.crd.CoordinationClusterStatus.Truth;
import dev.synod.e2e.kubernetes.ClusterUnderTest;
import dev.synod.e2e.kubernetes.PodView;
import dev.synod.e2e.kubernetes.Stage;
import dev.synod.e2e.kubernetes.Waiting;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Changes of one cluster, drawn at random: what people ask for, what they get wrong, and pods that die.
 * Knows what was asked for last. One thread.
 */
final class Walk {
    private static final Duration PATIENCE = Duration.ofMinutes(8);
    private static final int REST_MILLIS_MAX = 1_500;
    private static final int UNPROCESSABLE = 422;
    private static final String BAD_IMAGE = "synod/sidecar:not-there";

    /** What the API server must refuse, and the field that it must name. */
    private static final Map<String, String> INVALID = Map.ofEntries(
            Map.entry("{\"voters\":{\"replicas\":2}}", "spec.voters.replicas"),
            Map.entry("{\"voters\":{\"replicas\":4}}", "spec.voters.replicas"),
            Map.entry("{\"voters\":{\"replicas\":9}}", "spec.voters.replicas"),
            Map.entry("{\"voters\":{\"replicas\":\"three\"}}", "spec.voters.replicas"),
            Map.entry("{\"observers\":{\"replicas\":-1}}", "spec.observers.replicas"),
            Map.entry("{\"observers\":{\"replicas\":65}}", "spec.observers.replicas"),
            Map.entry("{\"storage\":{\"size\":\"512Mi\"}}", "spec.storage.size"),
            Map.entry("{\"storage\":{\"size\":\"plenty\"}}", "spec.storage.size"),
            Map.entry("{\"storage\":{\"storageClassName\":\"other\"}}", "spec.storage.storageClassName"),
            Map.entry("{\"storage\":{\"existing\":\"Adopt\"}}", "spec.storage.existing"),
            Map.entry("{\"sidecar\":{\"ports\":{\"api\":7500}}}", "spec.sidecar.ports"),
            Map.entry("{\"tls\":{\"provider\":\"Secret\"}}", "spec.tls.provider"),
            Map.entry("{\"tuning\":{\"electionTimeout\":\"200ms\"}}", "spec.tuning.electionTimeout"),
            Map.entry("{\"tuning\":{\"heartbeat\":\"soon\"}}", "spec.tuning.heartbeat"),
            Map.entry("{\"template\":{\"spec\":{\"hostNetwork\":true}}}", "spec.template.spec.hostNetwork"),
            Map.entry("{\"template\":{\"spec\":{\"containers\":[{\"name\":\"synod\",\"image\":\"a\"}]}}}",
                    "spec.template.spec.containers"));

    /** One way to change something; draws nothing (null) where it has no sense now. */
    private record Way(int weight, Supplier<@Nullable String> change) {}

    private final ClusterUnderTest cluster;
    private final KubernetesClient client;
    private final String namespace;
    private final Random random;
    private final List<Way> ways;

    private int voters = 3;
    private int observers;
    /** The fewest that were asked for since all was settled: beyond, places may be on their way out. */
    private int fewest = 3;
    private int changes;
    private String image = Stage.sidecarImage();
    private String goodImage = image;
    private String restart = "";
    private String label = "";
    private String env = "";
    private String electionTimeout = "1s";
    private int mebibytes = 1_024;
    /** The member that is to be another one; null when the annotation names none that there is. */
    private @Nullable String replaced;
    /** Asked to pause, or asked for what the operator does not understand. */
    private boolean stopped;
    private int refused;

    Walk(ClusterUnderTest cluster, Stage stage, Random random) {
        this.cluster = cluster;
        this.client = stage.client();
        this.namespace = stage.namespace();
        this.random = random;
        ways = List.of(new Way(8, this::scale), new Way(5, this::scaleObservers), new Way(3, this::restart),
                new Way(4, this::changeImage), new Way(1, this::imageThatIsNotThere),
                new Way(3, this::changeLabel), new Way(3, this::changeEnvironment), new Way(3, this::tune),
                new Way(2, this::pause), new Way(4, this::replace),
                new Way(1, this::replaceNobody), new Way(2, this::annotateNonsense), new Way(1, this::grow),
                new Way(10, this::askForWhatIsInvalid), new Way(8, this::deletePod),
                new Way(2, this::settleAmid));
    }

    /** Makes one change, and says which. */
    String change() {
        changes++;
        if (stopped && random.nextInt(3) == 0) {
            return goOn();
        }
        while (true) {
            int drawn = random.nextInt(ways.stream().mapToInt(Way::weight).sum());
            for (Way way : ways) {
                drawn -= way.weight();
                if (drawn < 0) {
                    String made = way.change().get();
                    if (made != null) {
                        return made;
                    }
                    break;
                }
            }
        }
    }

    /** How often the API server refused what it should refuse. */
    int refused() {
        return refused;
    }

    /** Lets the operator come to some step or other. */
    void rest() throws InterruptedException {
        Thread.sleep(random.nextInt(REST_MILLIS_MAX));
    }

    // ---- What people ask for
    // -------------------------------------------------------------------------------------

    private @Nullable String scale() {
        int asked = List.of(1, 3, 3, 5, 5).get(random.nextInt(5));
        if (asked == voters) {
            return null;
        }
        fewest = Math.min(fewest, asked);
        cluster.watchVoters(fewest);
        voters = asked;
        return spec("{\"voters\":{\"replicas\":" + asked + "}}");
    }

    private String scaleObservers() {
        observers = random.nextInt(3);
        return spec("{\"observers\":{\"replicas\":" + observers + "}}");
    }

    private String restart() {
        restart = "at " + changes;
        return annotate(Annotations.RESTART, restart);
    }

    private String changeImage() {
        goodImage = goodImage.equals(Stage.sidecarImage()) ? Stage.sidecarImageAgain() : Stage.sidecarImage();
        image = goodImage;
        return spec("{\"image\":\"" + image + "\"}");
    }

    private String imageThatIsNotThere() {
        image = BAD_IMAGE;
        return spec("{\"image\":\"" + image + "\"}");
    }

    private String changeLabel() {
        label = "at-" + changes;
        return spec("{\"template\":{\"metadata\":{\"labels\":{\"walk\":\"" + label + "\"}}}}");
    }

    private String changeEnvironment() {
        // The list has two entries to begin with; the third one is ours.
        String patch = "[{\"op\":\"" + (env.isEmpty() ? "add" : "replace")
                + "\",\"path\":\"/spec/template/spec/containers/0/env/2\",\"value\":{\"name\":\"WALK\","
                + "\"value\":\"at " + changes + "\"}}]";
        env = "at " + changes;
        cluster.resource().patch(PatchContext.of(PatchType.JSON), patch);
        return patch;
    }

    private String tune() {
        electionTimeout = List.of("1s", "1500ms", "2s").get(random.nextInt(3));
        return spec("{\"tuning\":{\"electionTimeout\":\"" + electionTimeout + "\"}}");
    }

    private String pause() {
        stopped = true;
        return annotate(Annotations.PAUSED, "true");
    }

    /** Takes back whatever keeps the operator from doing anything. */
    private String goOn() {
        stopped = false;
        if (replaced == null) {
            annotate(Annotations.REPLACE_MEMBER, null);
        }
        return annotate(Annotations.PAUSED, random.nextBoolean() ? "false" : null);
    }

    private @Nullable String replace() {
        List<Map.Entry<String, String>> members = List.copyOf(cluster.memberIds().entrySet());
        if (members.isEmpty()) {
            return null;
        }
        Map.Entry<String, String> chosen = members.get(random.nextInt(members.size()));
        cluster.announceReplacement(chosen.getKey());
        replaced = chosen.getValue();
        return annotate(Annotations.REPLACE_MEMBER, replaced) + " in " + chosen.getKey();
    }

    private String replaceNobody() {
        replaced = null;
        return annotate(Annotations.REPLACE_MEMBER,
                new UUID(random.nextLong(), random.nextLong()).toString());
    }

    private String annotateNonsense() {
        stopped = true;
        if (random.nextBoolean()) {
            return annotate(Annotations.PAUSED, "maybe");
        }
        replaced = null;
        return annotate(Annotations.REPLACE_MEMBER, "the slow one");
    }

    private String grow() {
        mebibytes += 64;
        return spec("{\"storage\":{\"size\":\"" + mebibytes + "Mi\"}}");
    }

    private String askForWhatIsInvalid() {
        List<Map.Entry<String, String>> all =
                INVALID.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
        Map.Entry<String, String> invalid = all.get(random.nextInt(all.size()));
        try {
            spec(invalid.getKey());
        } catch (KubernetesClientException e) {
            assertThat(e.getCode()).as("%s: %s", invalid.getKey(), e).isEqualTo(UNPROCESSABLE);
            assertThat(e.getMessage()).contains(invalid.getValue());
            refused++;
            return "refused: " + invalid.getKey();
        }
        throw new AssertionError("the API server took " + invalid.getKey());
    }

    private @Nullable String deletePod() {
        List<String> there = cluster.pods().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .map(pod -> pod.getMetadata().getName()).sorted().toList();
        if (there.isEmpty()) {
            return null;
        }
        String pod = there.get(random.nextInt(there.size()));
        cluster.deletePod(pod, false);
        return "deleted pod " + pod;
    }

    private String settleAmid() {
        return String.format("settled after %.1f s", settle().toMillis() / 1e3);
    }

    private String spec(String fields) {
        cluster.patch("{\"spec\":" + fields + "}");
        return fields;
    }

    private String annotate(String annotation, @Nullable String value) {
        cluster.annotate(annotation, value);
        return annotation + "=" + value;
    }

    // ---- What must come of it
    // ------------------------------------------------------------------------------------

    /** Takes back what keeps a cluster from becoming what is asked for, and waits until it has. */
    Duration settle() {
        goOn();
        if (voters == 1) {
            replaced = null; // the only voter is never replaced
            annotate(Annotations.REPLACE_MEMBER, null);
        }
        if (!image.equals(goodImage)) {
            image = goodImage;
            spec("{\"image\":\"" + image + "\"}");
        }
        Duration took = Waiting.until("all that was asked for", PATIENCE, () -> {
            requireNothingUnexpected();
            return missing().isEmpty();
        }, () -> missing() + " " + cluster.described() + " " + cluster.why("Progressing"));
        cluster.settled(voters);
        fewest = voters;
        return took;
    }

    /** What is not yet as it was asked for last. */
    private List<String> missing() {
        List<String> missing = new ArrayList<>();
        int count = voters + observers;
        var object = cluster.resource().require();
        var status = cluster.status();
        List<Pod> pods = cluster.pods();
        require(missing, object.getMetadata().getGeneration().equals(status.observedGeneration()),
                "a status about the present spec");
        require(missing, status.members().size() == count
                && status.members().stream().allMatch(member -> member.health() == Health.Healthy),
                count + " healthy members");
        require(missing, replaced == null || !cluster.memberIds().containsValue(replaced),
                "another member for " + replaced);
        require(missing, isAtRest(), "rest");
        require(missing, pods.size() == count && pods.stream().allMatch(PodView::isReady),
                count + " ready pods");
        require(missing, cluster.claims().size() == count, count + " volumes");
        for (Pod pod : pods) {
            require(missing, isAsAskedFor(pod), pod.getMetadata().getName() + " as it is to be");
        }
        return missing;
    }

    private static void require(List<String> missing, boolean there, String what) {
        if (!there) {
            missing.add(what);
        }
    }

    /** Ready; or all is done but the volumes that the storage class does not let grow, and that is told. */
    private boolean isAtRest() {
        boolean settled = cluster.is("Available", Truth.True) && cluster.is("Progressing", Truth.False);
        boolean growthIsRefused = mebibytes > 1_024 && cluster.why("Degraded").startsWith("ExpandingVolumes");
        return settled && (cluster.is("Ready", Truth.True) || growthIsRefused);
    }

    private boolean isAsAskedFor(Pod pod) {
        Container sidecar = PodView.container(pod, ClusterUnderTest.SIDECAR);
        Stream<String> words = Stream.of(sidecar.getCommand(), sidecar.getArgs()).flatMap(List::stream);
        return sidecar.getImage().equals(image)
                && words.anyMatch(("--election-timeout=" + electionTimeout)::equals)
                && pod.getMetadata().getLabels().getOrDefault("walk", "").equals(label)
                && pod.getMetadata().getAnnotations().getOrDefault(Annotations.RESTART, "").equals(restart)
                && (env.isEmpty() || PodView.container(pod, ClusterUnderTest.APP).getEnv().stream()
                        .anyMatch(each -> each.getName().equals("WALK") && env.equals(each.getValue())));
    }

    /** What must never happen, at no moment of a walk. */
    void requireNothingUnexpected() {
        assertThat(cluster.unexpected()).as("what the operator did that it must not do").isEmpty();
        assertThat(childrenElsewhere()).as("objects in other namespaces").isEmpty();
    }

    private List<String> childrenElsewhere() {
        String uid = cluster.resource().require().getMetadata().getUid();
        Map<String, String> ours = Map.of("synod.dev/cluster", cluster.name());
        List<HasMetadata> all = new ArrayList<>();
        all.addAll(client.apps().statefulSets().inAnyNamespace().withLabels(ours).list().getItems());
        all.addAll(client.services().inAnyNamespace().withLabels(ours).list().getItems());
        all.addAll(client.configMaps().inAnyNamespace().withLabels(ours).list().getItems());
        all.addAll(client.secrets().inAnyNamespace().withLabels(ours).list().getItems());
        all.addAll(client.persistentVolumeClaims().inAnyNamespace().withLabels(ours).list().getItems());
        return all.stream().filter(each -> !each.getMetadata().getNamespace().equals(namespace))
                .filter(each -> each.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner -> owner.getUid().equals(uid))
                        || uid.equals(each.getMetadata().getLabels().get("synod.dev/owner-uid")))
                .map(each -> each.getKind() + " " + each.getMetadata().getNamespace() + "/"
                        + each.getMetadata().getName())
                .toList();
    }
}
