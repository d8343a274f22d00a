package dev.synod.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.synod.crd.CoordinationCluster;
import dev.synod.e2e.kubernetes.Examples;
import dev.synod.e2e.kubernetes.Scenario;
import dev.synod.e2e.kubernetes.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** All files of deploy/examples, as a reader uses them, on nodes that may know Synod's images alone. */
@Order(5)
final class ExamplesScenario extends Scenario {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String MINIMAL = "minimal.yaml";
    private static final String LOCKS = "app-with-locks.yaml";
    private static final String ELECTION = "app-with-leader-election.yaml";
    private static final String ZONES = "five-voters-three-zones-with-observers.yaml";
    private static final Set<String> BESIDE_MINIMAL = Set.of("agent-job.yaml", "agent-deployment.yaml",
            "agent-cronjob.yaml", "backup-cronjob.yaml", "restore-job.yaml");

    private @Nullable Examples made;

    private Examples examples() {
        if (made == null) {
            made = new Examples(stage());
        }
        return made;
    }

    @Test
    void noExampleIsLeftOut() {
        Set<String> tried = new TreeSet<>(BESIDE_MINIMAL);
        tried.addAll(Set.of(MINIMAL, LOCKS, ELECTION, ZONES));
        assertThat(Examples.all()).isEqualTo(tried);
    }

    @Test
    void instancesCountUnderALockAndTokensOfBeforeAreRefused() {
        examples().apply(LOCKS);
        examples().awaitReady("stock");
        for (int ordinal = 0; ordinal < 3; ordinal++) {
            String pod = "stock-" + ordinal;
            Waiting.until("a token to be refused in " + pod, PATIENCE,
                    () -> examples().logOfApp(pod).contains(": refused"), () -> examples().logOfApp(pod));
            assertThat(examples().logOfApp(pod)).doesNotContain("FAULT");
        }
        examples().delete(LOCKS);
    }

    @Test
    void ofThreeInstancesOneLeadsAndItsLogAloneGoesOn() {
        examples().apply(ELECTION);
        examples().awaitReady("scheduler");
        Waiting.until("somebody to lead and hear of a job", PATIENCE, () -> {
            examples().synodctl("scheduler-0", "kv", "put", "jobs/1", "nightly-report");
            return told("jobs/1").size() == 1;
        }, () -> told("jobs/1") + " have heard of it");
        List<String> leads = told("jobs/1");
        examples().synodctl("scheduler-0", "kv", "put", "jobs/2", "weekly-report");
        Waiting.until("the same to hear of another job", PATIENCE, () -> told("jobs/2").equals(leads),
                () -> told("jobs/2") + " have heard of it, and of the first " + leads);
        assertThat(told("jobs/1")).as("who heard of the first job").isEqualTo(leads);
        examples().delete(ELECTION);
    }

    /** Pods whose application has heard of a job. */
    private List<String> told(String job) {
        return Stream.of("scheduler-0", "scheduler-1", "scheduler-2")
                .filter(pod -> examples().logOfApp(pod).contains(job)).toList();
    }

    @Test
    void agentsWorkBesideTheMinimalClusterAndItsBackupIsTheWayBack() {
        examples().apply(MINIMAL);
        examples().awaitReady("minimal");

        examples().apply("agent-job.yaml");
        examples().awaitComplete("migrate");
        examples().apply("agent-deployment.yaml");
        examples().awaitAvailable("worker");
        examples().apply("agent-cronjob.yaml");
        examples().runNow("nightly", "nightly-now");
        examples().awaitComplete("nightly-now");
        assertThat(examples().synodctl("minimal-0", "kv", "get", "nightly/done")).isEqualTo("yes");

        examples().apply("backup-cronjob.yaml");
        examples().runNow("minimal-backup", "backup-now");
        examples().awaitComplete("backup-now");
        assertThat(examples().logOfJob("backup-now")).contains("/backups/", "revision");
        examples().synodctl("minimal-0", "kv", "put", "schema/version", "8");
        examples().delete(MINIMAL);

        examples().apply("restore-job.yaml");
        examples().awaitComplete("minimal-restore");
        stage().client().resource("""
                apiVersion: synod.dev/v1alpha1
                kind: CoordinationCluster
                metadata: {name: minimal}
                spec: {storage: {existing: Adopt}}
                """).inNamespace(stage().namespace()).serverSideApply();
        figure("a restored cluster to ready", examples().awaitReady("minimal"));
        examples().deleteJob("minimal-restore");
        assertThat(examples().synodctl("minimal-2", "kv", "get", "schema/version")).isEqualTo("7");
        figure("until agents lead in it", Waiting.until("an agent of before to lead in the new cluster",
                PATIENCE, () -> examples().synodctl("minimal-0", "elect", "leader", "work").contains("leads"),
                () -> examples().synodctl("minimal-0", "session", "ls")));
        examples().delete(MINIMAL);
        BESIDE_MINIMAL.forEach(examples()::delete);
    }

    @Test
    @EnabledIfSystemProperty(named = "synod.e2e.full", matches = "true", disabledReason = "seven pods")
    void fiveVotersAndTwoObserversSpreadOverZones() {
        assumeThat(stage().client().nodes().withLabel("topology.kubernetes.io/zone").list().getItems())
                .as("nodes that say which zone they are in").isNotEmpty();
        examples().apply(ZONES);
        examples().awaitReady("orders");
        assertThat(stage().client().resources(CoordinationCluster.class).inNamespace(stage().namespace())
                .withName("orders").get().getStatus()).extracting("observerReplicas").isEqualTo(2);
        examples().delete(ZONES);
    }
}
