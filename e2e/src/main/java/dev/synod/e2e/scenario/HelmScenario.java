package dev.synod.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.synod.crd.Annotations;
import dev.synod.crd.CoordinationClusterStatus.Truth;
import dev.synod.e2e.kubernetes.ClusterUnderTest;
import dev.synod.e2e.kubernetes.Definition;
import dev.synod.e2e.kubernetes.HelmRelease;
import dev.synod.e2e.kubernetes.PodView;
import dev.synod.e2e.kubernetes.Ran;
import dev.synod.e2e.kubernetes.Scenario;
import dev.synod.e2e.kubernetes.Stage;
import dev.synod.e2e.kubernetes.Waiting;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The operator as the chart installs it, two pods of it, in place of the one that the other scenarios share.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(6)
final class HelmScenario extends Scenario {
    /** Elsewhere the definition would be a stranger's release's in the end. */
    private static final boolean OWN = Boolean.getBoolean("synod.e2e.own");

    private Definition definition;
    private HelmRelease release;
    private Ran installed;
    private ClusterUnderTest cluster;
    private Duration toReady;

    @BeforeAll
    void install() {
        stage().operator().kill();
        definition = new Definition(stage().client());
        if (OWN) {
            definition.disown(); // a run before may have left it to its release
        }
        release = new HelmRelease(stage());
        installed = release.apply("install", HelmRelease.chart());
        cluster = cluster("helm", 3);
        cluster.create(3, "");
        toReady = cluster.awaitReady(3);
    }

    @AfterAll
    void takeAway() {
        try {
            release.close();
        } finally {
            stage().operator().start();
        }
    }

    @Test
    @Order(1)
    void theReleaseIsAdmittedWithoutAWarningAndAClusterBegins() {
        assertThat(installed.warnings()).isEmpty();
        assertThat(release.pods()).hasSize(2);
        figure("to ready", toReady);
        judgeAll();
    }

    @Test
    @Order(2)
    void whoAppliedTheDefinitionByHandIsToldAndMayLetTheReleaseHaveIt() {
        assumeThat(definition.release()).as("the release that the definition is a part of").isEmpty();
        Ran refused = release.tryInstall(List.of(), "crds.create=true");
        assertThat(refused.status()).isNotZero();
        assertThat(refused.err()).contains(Definition.NAME, "invalid ownership metadata");
        Ran taken = release.tryInstall(List.of("--take-ownership"), "crds.create=true");
        assertThat(taken.status()).as(taken.err()).isZero();
        assertThat(taken.out()).contains("helm.sh/resource-policy: keep");
    }

    @Test
    @Order(3)
    void anUpgradeOfTheOperatorMovesNoPodOfAMemberAndNoImage() {
        Map<String, String> before = lives();
        String pinned = cluster.status().image();
        String worked = release.holder();
        Ran upgraded = release.apply("upgrade", release.chartOfVersion("99.0.0"),
                "sidecar.image.tag=" + HelmRelease.tag(Stage.sidecarImageAgain()));
        assertThat(upgraded.warnings()).isEmpty();
        figure("to another operator, by a roll", release.awaitHolderOtherThan(worked));
        figure("to its first word", awaitTheOperatorsWord());
        cluster.awaitReady(3);
        assertThat(lives()).isEqualTo(before);
        assertThat(cluster.status().image()).isEqualTo(pinned).isEqualTo(Stage.sidecarImage());
        judgeAll();
    }

    @Test
    @Order(4)
    void theOperatorThatWorksIsLostAmidARollAndTheOtherGoesOnWithoutDoingAnythingTwice() {
        int before = cluster.takenDown().size();
        Integer epoch = cluster.status().epoch();
        String worked = release.holder();
        cluster.annotate(Annotations.RESTART, "amid");
        Waiting.until("the first pod to go", Duration.ofMinutes(3),
                () -> cluster.takenDown().size() > before, cluster::described);
        release.deletePod(worked, true);
        figure("to another operator, after a loss", release.awaitHolderOtherThan(worked));
        Waiting.until("three restarts", Duration.ofMinutes(5),
                () -> cluster.takenDown().size() >= before + 3, cluster::described);
        figure("to ready from there", cluster.awaitReady(3));
        assertThat(cluster.takenDown().subList(before, cluster.takenDown().size())).hasSize(3)
                .doesNotHaveDuplicates();
        assertThat(cluster.status().epoch()).isEqualTo(epoch);

        String works = release.holder();
        release.deletePod(works, false);
        figure("to another operator, after a good-bye", release.awaitHolderOtherThan(works));
        figure("to its first word", awaitTheOperatorsWord());
        judgeAll();
    }

    @Test
    @Order(5)
    void withoutTheReleaseAllGoesOnAndTheNextOneAdoptsItWithoutARestart() {
        Map<String, String> before = lives();
        String made = definition.uid();
        String id = cluster.status().clusterId();
        if (OWN) {
            release.apply("upgrade", release.chartOfVersion("99.0.1"), List.of("--take-ownership"),
                    "crds.create=true");
            assertThat(definition.release()).isNotEmpty();
        }
        release.uninstall();
        cluster.awaitOperations(200);
        assertThat(lives()).isEqualTo(before);
        assertThat(definition.uid()).isEqualTo(made);

        release.apply("install", HelmRelease.chart());
        figure("to its first word", awaitTheOperatorsWord());
        cluster.awaitReady(3);
        assertThat(lives()).isEqualTo(before);
        assertThat(cluster.status().clusterId()).isEqualTo(id);
        judgeAll();
    }

    /** Only an operator that works writes a condition; pausing moves nothing else. */
    private Duration awaitTheOperatorsWord() {
        cluster.annotate(Annotations.PAUSED, "true");
        Duration took = Waiting.until("the pause to be told", Duration.ofMinutes(3),
                () -> cluster.is("ReconciliationPaused", Truth.True), cluster::described);
        cluster.annotate(Annotations.PAUSED, null);
        Waiting.until("its end to be told", Duration.ofMinutes(3),
                () -> cluster.is("ReconciliationPaused", Truth.False), cluster::described);
        return took;
    }

    /** Which pods there are, and how often each of their containers began. */
    private Map<String, String> lives() {
        Map<String, String> lives = new TreeMap<>();
        for (Pod pod : cluster.pods()) {
            var containers = PodView.statuses(pod)
                    .map(status -> status.getName() + " " + status.getRestartCount()).toList();
            lives.put(pod.getMetadata().getName(), pod.getMetadata().getUid() + " " + containers);
        }
        return lives;
    }

    private void judgeAll() {
        judge(cluster);
        assertThat(release.faults()).as("faults in the logs of the operator's pods").isEmpty();
    }
}
