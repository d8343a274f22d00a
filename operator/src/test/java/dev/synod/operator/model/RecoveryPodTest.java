package dev.synod.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.operator.observe.ObjectReader;
import dev.synod.operator.plan.Observed;
import dev.synod.operator.plan.Observed.Away;
import dev.synod.operator.plan.Observed.JobState;
import dev.synod.operator.plan.Observed.Latch;
import dev.synod.operator.plan.Observed.Notes;
import dev.synod.operator.plan.Observed.Recovery;
import dev.synod.operator.plan.PodSet;
import dev.synod.operator.plan.Slot;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class RecoveryPodTest {
    private static final Recovery RECOVERY =
            new Recovery(Slot.voter(2), new UUID(1, 1), new UUID(2, 2), new UUID(2, 3));

    private static Job job(String spec) {
        return RecoveryPod.of(Clusters.blueprint(spec), RECOVERY);
    }

    @Test
    void theJobIsAsReviewed() throws IOException {
        Golden.holds("recovery", job(Clusters.COMPACT));
    }

    @Test
    void nobodyTakesItsPodForAMember() {
        Map<String, String> labels = job("voters: {}").getSpec().getTemplate().getMetadata().getLabels();
        Blueprint blueprint = Clusters.blueprint("voters: {}");
        for (PodSet set : PodSet.values()) {
            assertThat(labels).doesNotContainKeys(blueprint.selector(set).keySet().toArray(String[]::new));
        }
        assertThat(blueprint.names().slotOfPod(blueprint.names().recovery() + "-x7x7x")).isNull();
    }

    @Test
    void itsPodReadsWhatMembersWrote() {
        var member = MemberPod.of(Clusters.blueprint(Clusters.COMPACT), PodSet.VOTERS).getSpec();
        var pod = job(Clusters.COMPACT).getSpec().getTemplate().getSpec();
        assertThat(pod.getSecurityContext().getFsGroup()).isEqualTo(member.getSecurityContext().getFsGroup());
        assertThat(pod.getContainers().getFirst().getSecurityContext().getRunAsUser())
                .isEqualTo(SidecarContainer.USER);
    }

    @Test
    void howFarItIsIsReadFromItsConditions() {
        Job made = new JobBuilder(job("voters: {}")).editMetadata().withUid("u").endMetadata().build();
        assertThat(ObjectReader.recoveryJob(made)).isEqualTo(
                new Observed.RecoveryJob("u", RECOVERY.cluster(), JobState.RUNNING, false));
        Job failed = new JobBuilder(made).withNewStatus().addNewCondition().withType("Failed")
                .withStatus("True").endCondition().endStatus().build();
        assertThat(ObjectReader.recoveryJob(failed).state()).isEqualTo(JobState.FAILED);
        Job done = new JobBuilder(made).withNewStatus().addNewCondition().withType("Complete")
                .withStatus("True").endCondition().endStatus().build();
        assertThat(ObjectReader.recoveryJob(done).state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void aRecoveryStaysInTheLatchAsItWasDecided() {
        Latch latch = new Latch(new UUID(7, 7), List.of(), true).noting(RECOVERY).writing();
        BootstrapRecord record = new BootstrapRecord(latch, "synod/sidecar:1");
        assertThat(BootstrapRecord.of(record.toConfigMap(Clusters.blueprint("voters: {}"))))
                .isEqualTo(record);
    }

    @Test
    void whatIsRememberedOfAWishStaysToo() {
        Instant noon = Instant.parse("2026-11-23T12:00:00Z");
        Latch latch =
                new Latch(new UUID(7, 7), List.of(), true).with(new Notes(new UUID(1, 1), new UUID(1, 2),
                        new Away(noon, noon.plusSeconds(20))));
        BootstrapRecord record = new BootstrapRecord(latch, "synod/sidecar:1");
        assertThat(BootstrapRecord.of(record.toConfigMap(Clusters.blueprint("voters: {}"))))
                .isEqualTo(record);
    }

    @Test
    void itsPodsAreFoundWithoutTheJobAndSayWhyTheyDoNotRun() {
        assertThat(job("voters: {}").getSpec().getTemplate().getMetadata().getLabels())
                .containsEntry(RecoveryPod.LABEL, "orders");
        Pod waits = Serialization.unmarshal("""
                metadata: {name: orders-recovery-a}
                status:
                  phase: Pending
                  containerStatuses: [{name: recover, state: {waiting: {reason: ImagePullBackOff}}}]
                """, Pod.class);
        Pod ended = Serialization.unmarshal("metadata: {name: b}\nstatus: {phase: Failed}", Pod.class);
        assertThat(ObjectReader.attempts(List.of(waits, ended))).extracting(Observed.Attempt::toString)
                .containsExactly("orders-recovery-a (recover waits: ImagePullBackOff)");
    }
}
