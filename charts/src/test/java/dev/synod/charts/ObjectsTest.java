package dev.synod.charts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the chart makes, and what only on request. */
@WithHelm
final class ObjectsTest {
    private static final int NAME_MAX = 63;

    @Test
    void theDefinitionIsTheOneInCrdsAndStaysWhenTheChartGoes() {
        var made = Chart.rendered().the(CustomResourceDefinition.class);
        assertThat(made.getMetadata().getAnnotations()).containsEntry("helm.sh/resource-policy", "keep");
        var wanted = (CustomResourceDefinition) Rendered
                .of(Chart.text("crds/coordinationclusters.synod.dev-v1.yml")).objects().getFirst();
        assertThat(made.getSpec()).isEqualTo(wanted.getSpec());
        assertThat(made.getMetadata().getName()).isEqualTo(wanted.getMetadata().getName());
    }

    @Test
    void theDefinitionIsLeftOutOnRequest() {
        assertThat(Chart.rendered("--set", "crds.create=false").all(CustomResourceDefinition.class))
                .isEmpty();
    }

    @Test
    void everythingHasTheSixLabelsAndIsInTheReleasesNamespaceOrNone() {
        assertThat(Chart.rendered().objects()).isNotEmpty().allSatisfy(object -> {
            assertThat(object.getMetadata().getLabels()).containsKeys("app.kubernetes.io/name",
                    "app.kubernetes.io/instance", "app.kubernetes.io/version", "app.kubernetes.io/component",
                    "app.kubernetes.io/part-of", "app.kubernetes.io/managed-by");
            assertThat(object.getMetadata().getNamespace()).isIn(null, "synod-system");
        });
    }

    @Test
    void namesFitHoweverLongTheReleasesIs() {
        assertThat(Chart.renderedAs("r" + "-long".repeat(10)).objects())
                .filteredOn(object -> !(object instanceof CustomResourceDefinition))
                .extracting(object -> object.getMetadata().getName())
                .allSatisfy(name -> assertThat(name).hasSizeLessThanOrEqualTo(NAME_MAX)
                        .matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?"));
    }

    @Test
    void nothingIsMadeTwice() {
        for (Rendered rendered : List.of(Chart.rendered(),
                Chart.rendered("--set", "watch.namespaces={a,synod-system}"))) {
            assertThat(rendered.objects())
                    .extracting(object -> object.getKind() + " " + object.getMetadata().getNamespace() + "/"
                            + object.getMetadata().getName())
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void monitorsAreThereOnRequestAlone() {
        assertThat(Chart.rendered().ofKind("PodMonitor")).isEmpty();
        assertThat(Chart.rendered("--set", "podMonitor.operator.enabled=true").ofKind("PodMonitor"))
                .hasSize(1);
    }

    @Test
    void membersAreScrapedAtTheirProbesPortWhereTheyAreLookedAfter() {
        List<HasMetadata> some = Chart.rendered("--set", "podMonitor.members.enabled=true",
                "--set", "watch.namespaces={shop}").ofKind("PodMonitor");
        assertThat(some).singleElement().asString()
                .contains("matchNames=[shop]", "synod.dev/cluster", "port=synod-probes", "path=/metrics");
        assertThat(Chart.rendered("--set", "podMonitor.members.enabled=true").ofKind("PodMonitor"))
                .singleElement().asString().contains("any=true");
    }

    @Test
    void lintHasNothingToSay() {
        Program lint = Chart.helm("lint", "--strict", Chart.folder().toString());
        assertThat(lint.out()).as(lint.err()).contains("1 chart(s) linted, 0 chart(s) failed")
                .doesNotContain("[WARNING]", "[ERROR]");
        assertThat(lint.status()).isZero();
    }

    /**
     * For those without helm. The definition is not among it: whoever deletes by the file must not delete
     * every cluster there is.
     */
    @Test
    void thePlainManifestsAreWhatTheChartRenders() {
        String rendered = Chart.rendered("--set", "crds.create=false").text();
        String plain = rendered.replaceAll("(?m)^ *helm\\.sh/chart: .*\\n", "")
                .replace("app.kubernetes.io/managed-by: Helm", "app.kubernetes.io/managed-by: kubectl")
                .replaceAll("(?m)^# Source: .*\\n", "");
        Chart.assertGenerated("deploy/synod.yaml", """
                # The operator, for all namespaces, as charts/synod renders it with its defaults.
                # Written by  charts/check --regenerate  and held equal by charts/check.
                #
                #   kubectl apply --server-side -f crds/ -f deploy/synod.yaml
                apiVersion: v1
                kind: Namespace
                metadata:
                  name: synod-system
                  labels:
                    pod-security.kubernetes.io/enforce: restricted
                """ + plain);
        assertThat(Rendered.of(plain).objects()).hasSameSizeAs(Rendered.of(rendered).objects());
    }
}
