package dev.synod.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.e2e.judge.Findings;
import dev.synod.e2e.kubernetes.ClusterUnderTest;
import dev.synod.e2e.kubernetes.Scenario;
import dev.synod.e2e.kubernetes.Waiting;
import dev.synod.e2e.kubernetes.Workloads;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Applications in pods of their own, each beside an agent. */
final class AgentsScenario extends Scenario {
    @Test
    void aJobBesideAgentsCompletesThoughTheLeadersPodIsDeletedMeanwhile() {
        ClusterUnderTest cluster = cluster("served", 3);
        cluster.createAlone(3, "");
        cluster.awaitMembers(3);
        cluster.applyWorkload(Workloads.besideAgent(Workloads.job(2, 30), "served"));
        cluster.awaitOperations(50);
        measureFromHere();
        cluster.deletePod(cluster.leader(), false);
        Waiting.until("the Job to complete", Duration.ofMinutes(3), () -> succeeded() == 2,
                () -> succeeded() + " pods of the Job have succeeded");
        cluster.awaitMembers(3);
        cluster.awaitEnds(2);
        Findings findings = judge(cluster);
        assertThat(findings.cutRuns()).isZero();
    }

    private int succeeded() {
        Job job = stage().client().batch().v1().jobs().inNamespace(stage().namespace()).withName("workload")
                .get();
        Integer pods = job == null || job.getStatus() == null ? null : job.getStatus().getSucceeded();
        return pods == null ? 0 : pods;
    }
}
