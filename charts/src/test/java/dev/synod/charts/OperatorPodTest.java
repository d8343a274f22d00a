package dev.synod.charts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The operator's pods. */
@WithHelm
final class OperatorPodTest {
    private static final List<String> ODD_VALUES = List.of("replicas=1", "watch.namespaces={a,b}",
            "image.registry=registry.example.com", "serviceAccount.create=false",
            "networkPolicy.enabled=false");

    private static String version() {
        return Chart.text("pom.xml").replaceFirst("(?s).*?<version>([^<]*)</version>.*", "$1");
    }

    @Test
    void theyFitTheRestrictedLevelWhateverTheValues() {
        for (String values : ODD_VALUES) {
            var pod = Chart.rendered("--set", values).pod();
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(pod.getHostNetwork()).isNull();
            assertThat(pod.getHostPID()).isNull();
            assertThat(pod.getHostIPC()).isNull();
            assertThat(pod.getVolumes()).allSatisfy(volume -> assertThat(volume.getHostPath()).isNull());
            assertThat(pod.getContainers()).isNotEmpty().allSatisfy(container -> {
                var context = container.getSecurityContext();
                assertThat(context.getAllowPrivilegeEscalation()).isFalse();
                assertThat(context.getReadOnlyRootFilesystem()).isTrue();
                assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
                assertThat(context.getCapabilities().getAdd()).isEmpty();
                assertThat(context.getPrivileged()).isNull();
            });
        }
    }

    @Test
    void theyAreProbedAndSayWhatTheyNeed() {
        Container container = Chart.rendered().pod().getContainers().getFirst();
        assertThat(container.getStartupProbe().getHttpGet().getPath()).isEqualTo("/healthz/live");
        assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/healthz/live");
        assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/healthz/ready");
        assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
        assertThat(container.getResources().getLimits()).containsOnlyKeys("memory");
    }

    @Test
    void theyAreTwoAndOneOfThemIsKeptWhileNodesAreDrained() {
        Rendered rendered = Chart.rendered();
        assertThat(rendered.the(Deployment.class).getSpec().getReplicas()).isEqualTo(2);
        assertThat(rendered.the(PodDisruptionBudget.class).getSpec().getMaxUnavailable().getIntVal())
                .isEqualTo(1);
    }

    @Test
    void aSinglePodHasNoBudget() {
        assertThat(Chart.rendered("--set", "replicas=1").all(PodDisruptionBudget.class)).isEmpty();
        assertThat(Chart.rendered("--set", "podDisruptionBudget.enabled=false")
                .all(PodDisruptionBudget.class)).isEmpty();
    }

    /**
     * Members' pods have app.kubernetes.io/name synod too, and may be of a cluster called as the release is.
     */
    @Test
    void nothingThatIsOfTheOperatorSelectsMembersPods() {
        Rendered rendered = Chart.rendered();
        Map<String, String> member = Map.of("app.kubernetes.io/name", "synod",
                "app.kubernetes.io/instance", "synod", "app.kubernetes.io/component", "coordination",
                "app.kubernetes.io/part-of", "synod", "app.kubernetes.io/managed-by", "synod-operator",
                "synod.dev/cluster", "synod");
        List<Map<String, String>> selectors = List.of(
                rendered.the(Deployment.class).getSpec().getSelector().getMatchLabels(),
                rendered.the(Service.class).getSpec().getSelector(),
                rendered.the(PodDisruptionBudget.class).getSpec().getSelector().getMatchLabels(),
                rendered.the(NetworkPolicy.class).getSpec().getPodSelector().getMatchLabels());
        Map<String, String> operator =
                rendered.the(Deployment.class).getSpec().getTemplate().getMetadata().getLabels();
        assertThat(selectors).allSatisfy(selector -> {
            assertThat(operator).containsAllEntriesOf(selector);
            assertThat(member.entrySet()).doesNotContainSequence(selector.entrySet());
            assertThat(member.entrySet().containsAll(selector.entrySet())).isFalse();
        });
    }

    @Test
    void theOperatorIsToldTheLabelsByWhichItsPodsAreFound() {
        Rendered rendered = Chart.rendered();
        Map<String, String> told = new TreeMap<>();
        for (String pair : rendered.setting("SYNOD_OPERATOR_POD_LABELS").split(",", -1)) {
            told.put(pair.split("=", -1)[0], pair.split("=", -1)[1]);
        }
        assertThat(told).isEqualTo(rendered.the(Deployment.class).getSpec().getSelector().getMatchLabels());
    }

    @Test
    void theOperatorIsToldWhereItLooks() {
        assertThat(Chart.rendered().setting("SYNOD_OPERATOR_WATCH_NAMESPACES")).isEmpty();
        assertThat(Chart.rendered("--set", "watch.namespaces={shop,stock}")
                .setting("SYNOD_OPERATOR_WATCH_NAMESPACES")).isEqualTo("shop,stock");
    }

    /**
     * The operator refuses settings that it does not know, and the Service's variables would look like some.
     */
    @Test
    void variablesOfServicesAreNoSettings() {
        Rendered rendered = Chart.rendered();
        assertThat(rendered.the(Service.class).getMetadata().getName().toUpperCase(Locale.ROOT).replace('-',
                '_'))
                .startsWith("SYNOD_OPERATOR_");
        assertThat(rendered.pod().getEnableServiceLinks()).isFalse();
    }

    @Test
    void imagesAreThoseOfThisVersion() {
        Rendered rendered = Chart.rendered();
        assertThat(rendered.pod().getContainers().getFirst().getImage())
                .isEqualTo("synod/operator:" + version());
        assertThat(rendered.setting("SYNOD_OPERATOR_SIDECAR_IMAGE")).isEqualTo("synod/sidecar:" + version());
    }

    @Test
    void aDigestGoesBeforeATagAndARegistryBeforeBoth() {
        String digest = "sha256:" + "0a".repeat(32);
        Rendered rendered = Chart.rendered("--set", "image.registry=registry.example.com:5000/team",
                "--set", "image.tag=1.0.0", "--set", "image.digest=" + digest,
                "--set", "sidecar.image.registry=registry.example.com", "--set", "sidecar.image.tag=2.0.0");
        assertThat(rendered.pod().getContainers().getFirst().getImage())
                .isEqualTo("registry.example.com:5000/team/synod/operator@" + digest);
        assertThat(rendered.setting("SYNOD_OPERATOR_SIDECAR_IMAGE"))
                .isEqualTo("registry.example.com/synod/sidecar:2.0.0");
    }

    @Test
    void onlyThePortForProbesAndMetricsIsReached() {
        Rendered rendered = Chart.rendered();
        var policy = rendered.the(NetworkPolicy.class).getSpec();
        assertThat(policy.getPolicyTypes()).containsExactly("Ingress");
        assertThat(policy.getIngress()).singleElement().satisfies(rule -> assertThat(rule.getPorts())
                .singleElement()
                .satisfies(port -> assertThat(port.getPort().getStrVal()).isEqualTo("probes")));
        assertThat(rendered.pod().getContainers().getFirst().getPorts()).singleElement()
                .satisfies(port -> assertThat(port.getContainerPort()).isEqualTo(8080));
        assertThat(rendered.setting("SYNOD_OPERATOR_LISTEN")).endsWith(":8080");
    }

    @Test
    void whereItMayRunIsUpToTheValues() {
        var pod = Chart.rendered("--set", "nodeSelector.disk=ssd", "--set", "priorityClassName=high",
                "--set-json", "tolerations=[{\"key\":\"infra\",\"operator\":\"Exists\"}]",
                "--set-json", "affinity={\"nodeAffinity\":{}}",
                "--set-json", "topologySpreadConstraints=[{\"maxSkew\":2,\"topologyKey\":\"rack\","
                        + "\"whenUnsatisfiable\":\"DoNotSchedule\"}]",
                "--set", "imagePullSecrets={pull}").pod();
        assertThat(pod.getNodeSelector()).containsEntry("disk", "ssd");
        assertThat(pod.getPriorityClassName()).isEqualTo("high");
        assertThat(pod.getTolerations()).singleElement()
                .satisfies(toleration -> assertThat(toleration.getKey()).isEqualTo("infra"));
        assertThat(pod.getAffinity().getPodAntiAffinity()).isNull();
        assertThat(pod.getTopologySpreadConstraints()).singleElement()
                .satisfies(spread -> assertThat(spread.getTopologyKey()).isEqualTo("rack"));
        assertThat(pod.getImagePullSecrets()).singleElement()
                .satisfies(secret -> assertThat(secret.getName()).isEqualTo("pull"));
    }
}
