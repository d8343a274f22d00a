package dev.synod.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.crd.CoordinationCluster;
import dev.synod.crd.CoordinationClusterStatus;
import dev.synod.crd.CoordinationClusterStatus.Condition;
import dev.synod.crd.CoordinationClusterStatus.Health;
import dev.synod.crd.CoordinationClusterStatus.Role;
import dev.synod.crd.CoordinationClusterStatus.Truth;
import dev.synod.operator.model.Blueprint;
import dev.synod.operator.model.OperatorSettings;
import dev.synod.operator.plan.Action;
import dev.synod.operator.plan.Decision;
import dev.synod.operator.plan.Observed;
import dev.synod.operator.plan.Observed.Configured;
import dev.synod.operator.plan.Observed.Confirmed;
import dev.synod.operator.plan.Observed.Latch;
import dev.synod.operator.plan.Observed.Member;
import dev.synod.operator.plan.Observed.Phase;
import dev.synod.operator.plan.Observed.Pod;
import dev.synod.operator.plan.Observed.Replicas;
import dev.synod.operator.plan.Observed.Sidecar;
import dev.synod.operator.plan.Reason;
import dev.synod.operator.plan.Slot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class StatusBuilderTest {
    private static final UUID CLUSTER = new UUID(7, 7);
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Outcome SETTLED =
            new Outcome.Decided(new Decision.Settled(Reason.AsDesired, "everything is as asked for"));
    private static final Outcome WAITS =
            new Outcome.Decided(new Decision.Await(Reason.QuorumLost, "nothing is changed"));

    private final SortedMap<Slot, Pod> pods = new TreeMap<>();
    private final SortedMap<Slot, Member> members = new TreeMap<>();
    private boolean quorum = true;
    private Optional<Boolean> paused = Optional.of(false);

    StatusBuilderTest() {
        for (int i = 0; i < 3; i++) {
            pods.put(Slot.voter(i), new Pod("uid", "h", "", Sidecar.RUNNING, true, false));
            members.put(Slot.voter(i), member(new UUID(1, i), false));
        }
    }

    private static Member member(UUID id, boolean full) {
        return new Member(Phase.RUNNING, id, CLUSTER, true, true, 50, new Observed.Log(1, 1, 1, 50),
                Observed.Electorate.NONE, full, "0.1.0", "");
    }

    private Observed observed() {
        List<Configured> configuration = List.of(new Configured(new UUID(1, 0), true, Slot.voter(0)),
                new Configured(new UUID(1, 1), true, Slot.voter(1)),
                new Configured(new UUID(1, 2), true, Slot.voter(2)));
        return new Observed(new Latch(CLUSTER, List.of(), true), new Replicas(3, 1), new Replicas(0, 1), pods,
                new TreeMap<>(), members,
                quorum ? new Confirmed(4, true, configuration, new UUID(1, 1), 50) : null);
    }

    private StatusBuilder builder(Optional<CoordinationClusterStatus> before, Instant now) {
        CoordinationCluster cluster = new CoordinationCluster();
        cluster.getMetadata().setName("orders");
        cluster.getMetadata().setNamespace("shop");
        cluster.getMetadata().setUid("u");
        return new StatusBuilder(Blueprint.of(cluster, Optional.empty(),
                new OperatorSettings("synod/sidecar:0.1.0", "synod-system", Map.of())), 3L, before, paused,
                now);
    }

    private CoordinationClusterStatus status(Outcome outcome) {
        return builder(Optional.empty(), NOON).build(Optional.of(observed()), outcome);
    }

    private static Condition condition(CoordinationClusterStatus status, String type) {
        return status.conditions().stream().filter(c -> c.type().equals(type)).findAny().orElseThrow();
    }

    private static void assertCondition(CoordinationClusterStatus status, String type, Truth truth,
            String reason) {
        Condition condition = condition(status, type);
        assertThat(condition.status()).as("%s", condition).isEqualTo(truth);
        assertThat(condition.reason()).isEqualTo(reason);
        assertThat(condition.message()).isNotBlank();
        assertThat(condition.observedGeneration()).isEqualTo(3L);
    }

    @Test
    void aHealthyClusterIsReadyAndSaysWhoLeads() {
        CoordinationClusterStatus status = status(SETTLED);
        assertCondition(status, "Ready", Truth.True, "AsDesired");
        assertCondition(status, "Available", Truth.True, "QuorumConfirmed");
        assertCondition(status, "Progressing", Truth.False, "AsDesired");
        assertCondition(status, "Degraded", Truth.False, "AsDesired");
        assertCondition(status, "ReconciliationPaused", Truth.False, "NotPaused");
        assertThat(status.voters()).isEqualTo("3/3");
        assertThat(status.leader()).isEqualTo("orders-1");
        assertThat(status.epoch()).isEqualTo(4);
        assertThat(status.clusterId()).isEqualTo(CLUSTER.toString());
        assertThat(status.observedGeneration()).isEqualTo(3L);
        assertThat(status.observerSelector()).isEqualTo("synod.dev/cluster=orders,synod.dev/set=observer");
        assertThat(status.members()).extracting(CoordinationClusterStatus.Member::health)
                .containsOnly(Health.Healthy);
    }

    @Test
    void oneThatIsDownDegradesAndLeavesItAvailable() {
        members.remove(Slot.voter(2));
        CoordinationClusterStatus status = status(SETTLED);
        assertCondition(status, "Available", Truth.True, "QuorumConfirmed");
        assertCondition(status, "Degraded", Truth.True, "MemberDown");
        assertCondition(status, "Ready", Truth.False, "MemberDown");
        assertThat(status.voters()).isEqualTo("2/3");
        assertThat(status.members().get(2).health()).isEqualTo(Health.Unreachable);
        assertThat(status.members().get(2).id()).isEqualTo(new UUID(1, 2).toString());
    }

    @Test
    void theStatusTellsTheTruthWhenNobodyAnswers() {
        CoordinationClusterStatus before = status(SETTLED);
        quorum = false;
        members.clear();
        CoordinationClusterStatus unreachable =
                builder(Optional.of(before), NOON.plusSeconds(60)).build(Optional.of(observed()), WAITS);
        assertCondition(unreachable, "Available", Truth.Unknown, "MembersUnreachable");
        assertCondition(unreachable, "Ready", Truth.Unknown, "MembersUnreachable");
        assertThat(unreachable.leader()).isNull();
        assertThat(unreachable.members()).extracting(CoordinationClusterStatus.Member::role)
                .containsOnly(Role.Voter);
        pods.replaceAll((slot, pod) -> new Pod("uid", "h", "", Sidecar.NOT_YET, false, false));
        assertCondition(status(WAITS), "Available", Truth.False, "NoMemberRuns");
    }

    @Test
    void aLostQuorumIsNotAvailable() {
        quorum = false;
        members.remove(Slot.voter(0));
        members.remove(Slot.voter(1));
        CoordinationClusterStatus status = status(WAITS);
        assertCondition(status, "Available", Truth.False, "QuorumLost");
        assertCondition(status, "Degraded", Truth.True, "QuorumLost");
        assertCondition(status, "Progressing", Truth.False, "QuorumLost");
    }

    @Test
    void aFailureIsSaidEvenWhenNothingCouldBeSeen() {
        CoordinationClusterStatus before = status(SETTLED);
        CoordinationClusterStatus failed = builder(Optional.of(before), NOON).build(Optional.empty(),
                new Outcome.Failed("KubernetesClientException", "the claims cannot be listed"));
        assertCondition(failed, "Ready", Truth.False, "KubernetesClientException");
        assertCondition(failed, "Available", Truth.Unknown, "NotObserved");
        assertThat(failed.members()).isEqualTo(before.members());
        assertThat(failed.clusterId()).isEqualTo(before.clusterId());
    }

    @Test
    void allConditionsAreThereFromTheFirstVisit() {
        CoordinationClusterStatus first = builder(Optional.empty(), NOON).build(Optional.empty(),
                new Outcome.Failed("Interrupted", "the operator ends"));
        assertThat(first.conditions()).extracting(Condition::type).containsExactly("Ready", "Available",
                "Progressing",
                "Degraded", "ReconciliationPaused");
    }

    @Test
    void whoeverIsBlockedSaysWhatToDo() {
        CoordinationClusterStatus status =
                status(new Outcome.Decided(new Decision.Blocked(Reason.VolumesFound,
                        "delete the claims")));
        assertCondition(status, "Degraded", Truth.True, "VolumesFound");
        assertCondition(status, "Progressing", Truth.False, "VolumesFound");
        assertThat(condition(status, "Ready").message()).isEqualTo("delete the claims");
    }

    @Test
    void aPauseIsShown() {
        paused = Optional.of(true);
        CoordinationClusterStatus status = status(new Outcome.Paused(new Decision.Settled(Reason.AsDesired,
                "everything is as asked for")));
        assertCondition(status, "ReconciliationPaused", Truth.True, "Paused");
        assertCondition(status, "Progressing", Truth.False, "Paused");
        assertCondition(status, "Ready", Truth.True, "AsDesired");
    }

    @Test
    void aPauseIsShownWhateverCameOfThePass() {
        paused = Optional.of(true);
        assertCondition(status(new Outcome.Failed("Forbidden", "no")), "ReconciliationPaused", Truth.True,
                "Paused");
        paused = Optional.empty();
        assertCondition(status(new Outcome.Failed("InvalidRequest", "it is 'maybe'")),
                "ReconciliationPaused", Truth.Unknown, "InvalidRequest");
    }

    @Test
    void whatAPauseHoldsUpIsNotReady() {
        paused = Optional.of(true);
        CoordinationClusterStatus status =
                status(new Outcome.Paused(new Decision.Await(Reason.RollingPods, "voter 2 is outdated")));
        assertCondition(status, "Ready", Truth.False, "Paused");
        assertThat(condition(status, "Ready").message()).contains("voter 2 is outdated");
    }

    @Test
    void aChangeThatIsNotCarriedOutYetIsNotReady() {
        assertCondition(status(new Outcome.Decided(new Decision.Act(new Action.DeletePod(Slot.voter(2), "u"),
                Reason.RollingPods, "voter 2 is outdated"))), "Ready", Truth.False, "RollingPods");
        CoordinationClusterStatus waits = status(new Outcome.Decided(
                new Decision.Await(Reason.ScalingObservers, "newcomers start")));
        assertCondition(waits, "Ready", Truth.False, "ScalingObservers");
        assertThat(condition(waits, "Ready").message()).isEqualTo("newcomers start");
        assertCondition(waits, "Degraded", Truth.False, "AsDesired");
    }

    @Test
    void twoPassesThatSeeTheSameWriteTheSame() {
        CoordinationClusterStatus before = status(SETTLED);
        assertThat(
                builder(Optional.of(before), NOON.plusSeconds(3_600)).build(Optional.of(observed()), SETTLED))
                .isEqualTo(before);
    }

    @Test
    void theTimeOfAConditionMovesOnlyWithItsStatus() {
        CoordinationClusterStatus before = status(SETTLED);
        members.remove(Slot.voter(2));
        CoordinationClusterStatus after =
                builder(Optional.of(before), NOON.plusSeconds(60)).build(Optional.of(observed()), SETTLED);
        assertThat(condition(after, "Degraded").lastTransitionTime()).isEqualTo("2026-11-23T12:01:00Z");
        assertThat(condition(after, "Available").lastTransitionTime()).isEqualTo("2026-11-23T12:00:00Z");
    }

    @Test
    void aNewcomerInItsPlaceDoesNotHideAVoterThatIsLost() {
        members.put(Slot.voter(2), member(new UUID(9, 9), false));
        CoordinationClusterStatus status = status(SETTLED);
        assertCondition(status, "Degraded", Truth.True, "MemberDown");
        assertThat(condition(status, "Degraded").message()).contains("voter 2 is unreachable");
        // By name they are a map: the API server refuses two of one name.
        assertThat(status.members()).extracting(CoordinationClusterStatus.Member::name)
                .doesNotHaveDuplicates();
        CoordinationClusterStatus.Member there = status.members().get(2);
        assertThat(there.id()).isEqualTo(new UUID(9, 9).toString());
        assertThat(there.message()).isEqualTo(
                "voter " + new UUID(1, 2) + " of this place: it is not in its place any more");
    }

    @Test
    void aFullVolumeIsToldWithWhatToDo() {
        members.put(Slot.voter(2), member(new UUID(1, 2), true));
        CoordinationClusterStatus status = status(WAITS);
        assertCondition(status, "Degraded", Truth.True, "DiskFull");
        assertThat(condition(status, "Degraded").message()).contains("voter 2", "raise spec.storage.size");
    }
}
