package dev.synod.operator.plan;

import static dev.synod.operator.plan.Scene.assertBlocked;
import static dev.synod.operator.plan.Scene.assertWaits;
import static dev.synod.operator.plan.Scene.delete;
import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.operator.plan.Observed.Attempt;
import dev.synod.operator.plan.Observed.Away;
import dev.synod.operator.plan.Observed.Claim;
import dev.synod.operator.plan.Observed.JobState;
import dev.synod.operator.plan.Observed.Member;
import dev.synod.operator.plan.Observed.Notes;
import dev.synod.operator.plan.Observed.Phase;
import dev.synod.operator.plan.Observed.Recovery;
import dev.synod.operator.plan.Observed.RecoveryJob;
import dev.synod.operator.plan.Observed.Replicas;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Row by row: what is seen, and the one step that follows. */
final class PlannerTest {
    private static final UUID NEW = new UUID(9, 9);
    private static final UUID V0 = Scene.id(Slot.voter(0));
    private static final UUID V1 = Scene.id(Slot.voter(1));
    private static final UUID V2 = Scene.id(Slot.voter(2));

    private static Action deleteClaim(Slot slot) {
        return new Action.DeleteClaim(slot, "claim of " + slot);
    }

    private static Member faulty(Slot slot) {
        return new Member(Phase.FAULTY, Scene.id(slot), Scene.CLUSTER, true, false, 5);
    }

    // ---- Nothing to do, nothing allowed

    @ParameterizedTest
    @CsvSource({"1,0", "3,0", "5,2", "7,12"})
    void aHealthyClusterIsLeftAlone(int voters, int observers) {
        assertThat(Scene.of(voters, observers).decision()).isInstanceOf(Decision.Settled.class)
                .extracting(Decision::reason).isEqualTo(Reason.AsDesired);
    }

    @Test
    void aPauseStopsEverything() {
        Scene scene =
                Scene.of(3, 0).wants(5, 3).wantsHash("new").wantsPause().says(Slot.voter(1), Scene.empty());
        assertThat(scene.decision()).isInstanceOf(Decision.Settled.class).extracting(Decision::reason)
                .isEqualTo(Reason.Paused);
    }

    @Test
    void withoutAQuorumNothingIsDoneWhateverIsAskedFor() {
        Scene scene = Scene.of(3, 1).wants(5, 3).wantsHash("new").wantsReplaced(V2).withoutQuorum()
                .silent(Slot.voter(1)).says(Slot.voter(2), faulty(Slot.voter(2)));
        assertWaits(scene, Reason.QuorumLost);
    }

    @Test
    void membersThatDoNotAnswerAreNotTakenForLost() {
        Scene scene = Scene.of(3, 0).withoutQuorum().silent(Slot.voter(0)).silent(Slot.voter(1))
                .silent(Slot.voter(2));
        assertWaits(scene, Reason.MembersUnreachable);
    }

    private static Scene lost() {
        return Scene.of(3, 0).withoutQuorum().silent(Slot.voter(0)).silent(Slot.voter(1)).wantsRecovery(V2);
    }

    private static Action remember(@Nullable UUID refused, @Nullable UUID done, @Nullable Away away) {
        return new Action.Remember(new Notes(refused, done, away));
    }

    @Test
    void aRecoveryNeedsAPersonAndAQuorumThatIsAwayForAWhile() {
        assertThat(lost().action()).isEqualTo(remember(null, null, new Away(Scene.NOON, Scene.NOON)));
        assertWaits(lost().away(5), Reason.RecoveryRequested);
        assertThat(lost().away(60).action()).isEqualTo(new Action.NoteRecovery(Slot.voter(2), V2));
    }

    @Test
    void timeThatNobodyLookedAtCountsForNothing() {
        Scene scene = lost();
        scene.latch = Objects.requireNonNull(scene.latch).with(new Notes(null, null,
                new Away(Scene.NOON.minusSeconds(600), Scene.NOON.minusSeconds(300))));
        assertThat(scene.action()).isEqualTo(remember(null, null, new Away(Scene.NOON, Scene.NOON)));
        scene.latch = scene.latch.with(new Notes(null, null,
                new Away(Scene.NOON.minusSeconds(40), Scene.NOON.minusSeconds(15))));
        assertThat(scene.action())
                .isEqualTo(remember(null, null, new Away(Scene.NOON.minusSeconds(40), Scene.NOON)));
    }

    @Test
    void aQuorumThatIsBackEndsTheSpan() {
        Scene back = Scene.of(3, 0).wantsRecovery(NEW).away(50);
        assertThat(back.action()).isEqualTo(remember(null, null, null));
    }

    @Test
    void aMajorityThatAnswersIsNoLostQuorum() {
        Scene scene = Scene.of(3, 0).withoutQuorum().silent(Slot.voter(0)).wantsRecovery(V2).away(60);
        assertThat(scene.action()).isEqualTo(remember(V2, null, null));
        assertThat(scene.decision().message()).contains("2 of 3 voters answer", "remove the annotation");
    }

    @Test
    void aWishThatWasRefusedStaysRefusedUntilItIsTakenBack() {
        Scene scene = Scene.of(3, 0).wantsRecovery(V2);
        assertThat(scene.action()).isEqualTo(remember(V2, null, null));
        scene.latch = Objects.requireNonNull(scene.latch).with(new Notes(V2, null, null));
        assertBlocked(scene, Reason.RecoveryRefused, "remove the annotation");
        assertBlocked(scene.withoutQuorum().silent(Slot.voter(0)).silent(Slot.voter(1)),
                Reason.RecoveryRefused,
                "remove the annotation");
        assertThat(scene.wantsRecovery(null).action()).isEqualTo(remember(null, null, null));
    }

    @Test
    void aWishThatWasCarriedOutMeansNobodyAnyMore() {
        Scene scene = Scene.of(3, 0).wantsRecovery(NEW);
        assertThat(scene.decision()).isInstanceOf(Decision.Settled.class);
        scene.latch = Objects.requireNonNull(scene.latch).with(new Notes(null, NEW, null));
        assertThat(scene.decision()).isInstanceOf(Decision.Settled.class);
        assertWaits(scene.withoutQuorum(), Reason.QuorumLost);
    }

    @Test
    void aWishForNobodyWhoAnswersIsToldWithThoseWhoDo() {
        Scene scene = lost().wantsRecovery(NEW);
        assertBlocked(scene, Reason.RecoveryRefused, "no member " + NEW + " answers");
        assertThat(scene.decision().message()).contains("voter 2 is " + V2);
    }

    @Test
    void theSurvivorIsTheOneWhoseLogHasTheGreatestBallotWhateverItHasApplied() {
        Scene scene = Scene.of(5, 0).withoutQuorum().silent(Slot.voter(0)).silent(Slot.voter(1))
                .silent(Slot.voter(2)).away(60);
        UUID v3 = Scene.id(Slot.voter(3));
        scene.log(Slot.voter(3), new Observed.Log(4, 7, 2, 100), 90).log(Slot.voter(4),
                new Observed.Log(4, 8, 1, 99), 0);
        assertThat(scene.wantsRecovery(v3).action()).isEqualTo(remember(v3, null, null));
        assertThat(scene.decision().message()).contains("ballot 4.8.1 and entries up to 99",
                "ballot 4.7.2 and entries up to 100");
        assertThat(scene.wantsRecovery(Scene.id(Slot.voter(4))).action())
                .isEqualTo(new Action.NoteRecovery(Slot.voter(4), Scene.id(Slot.voter(4))));
    }

    private static Scene stopped(boolean writing) {
        Scene scene = lost();
        Recovery recovery = new Recovery(Slot.voter(2), V2, new UUID(8, 8), new UUID(8, 1), writing);
        scene.latch = Objects.requireNonNull(scene.latch).noting(recovery);
        scene.voters = new Replicas(0, Scene.SIZE);
        scene.observers = new Replicas(0, Scene.SIZE);
        scene.pods.clear();
        scene.members.clear();
        return scene;
    }

    @Test
    void thatItMayBeWrittenIsNotedBeforeAnythingWrites() {
        assertThat(stopped(false).action()).isEqualTo(new Action.NoteWriting());
        assertThat(stopped(true).action()).isInstanceOf(Action.RunRecovery.class);
    }

    @Test
    void onceItMayBeWrittenNothingTakesTheWishBack() {
        assertThat(stopped(false).wantsRecovery(null).action()).isEqualTo(new Action.ForgetRecovery());
        assertThat(stopped(true).wantsRecovery(null).action()).isInstanceOf(Action.RunRecovery.class);
        Scene failed = stopped(true).wantsRecovery(null);
        failed.job = new RecoveryJob("job", new UUID(8, 8), JobState.FAILED, false);
        assertBlocked(failed, Reason.RecoveryFailed, "delete the Job");
    }

    @Test
    void aPodOfADeletedJobIsWaitedForBeforeAnotherOneWrites() {
        Scene scene = stopped(true);
        scene.attempts = List.of(new Attempt("orders-recovery-x", ""));
        assertWaits(scene, Reason.RecoveryRequested);
        assertThat(scene.decision().message()).contains("orders-recovery-x");
    }

    @Test
    void aJobThatDoesNotEndSaysWhyAndWhatHelps() {
        Scene scene = stopped(true);
        scene.job = new RecoveryJob("job", new UUID(8, 8), JobState.RUNNING, false);
        scene.attempts = List.of(new Attempt("orders-recovery-x", "recover waits: ImagePullBackOff"));
        assertThat(scene.decision().message())
                .contains("orders-recovery-x (recover waits: ImagePullBackOff)", "delete it");
    }

    @Test
    void emptyVolumesAndThoseOfAnotherClusterAreToldAsSuch() {
        Scene scene = Scene.of(3, 0).withoutQuorum();
        for (int i = 0; i < 3; i++) {
            scene.says(Slot.voter(i), Scene.empty());
        }
        assertWaits(scene, Reason.QuorumLost);
        assertThat(scene.decision().message()).contains("3 of 3 volumes are empty");
        scene.says(Slot.voter(1), new Member(Phase.RUNNING, NEW, new UUID(6, 6), true, true, 9));
        assertBlocked(scene, Reason.VolumeTaken, "voter 1 of cluster " + new UUID(6, 6));
    }

    // ---- Pods that somebody took away by hand

    @Test
    void aSetScaledByHandGetsItsPodsBackAndNoVolumeOfAVoterGoes() {
        Scene scene = Scene.of(3, 0).wants(5, 0).silent(Slot.voter(2));
        scene.pods.remove(Slot.voter(2));
        scene.voters = new Replicas(2, Scene.SIZE);
        assertThat(scene.action()).isEqualTo(new Action.Scale(PodSet.VOTERS, 3));
        assertThat(scene.wants(1, 0).action()).isEqualTo(new Action.Scale(PodSet.VOTERS, 3));
    }

    @Test
    void aSetScaledBelowItsQuorumGetsAPodForEachVolume() {
        Scene scene = Scene.of(3, 0).withoutQuorum().silent(Slot.voter(1)).silent(Slot.voter(2));
        scene.voters = new Replicas(1, Scene.SIZE);
        assertThat(scene.action()).isEqualTo(new Action.Scale(PodSet.VOTERS, 3));
    }

    @Test
    void aLookThatConfirmedNothingDoesNotBringPodsBackThatWereTakenAway() {
        Scene scene = Scene.of(3, 0).withoutQuorum();
        scene.claims.put(Slot.voter(3), new Claim("claim of voter 3", Scene.SIZE, false, false));
        assertWaits(scene, Reason.QuorumLost);
    }

    @Test
    void aDeletedSetComesBackWithThePlaceOfItsLastVoter() {
        Scene scene = Scene.of(3, 0);
        scene.configuration.removeIf(it -> !it.id().equals(V2));
        scene.voters = null;
        assertThat(scene.led(V2).action()).isEqualTo(new Action.CreateSet(PodSet.VOTERS, 3));
    }

    // ---- Full volumes

    @Test
    void aVoterWithAFullVolumeIsNotHealthy() {
        assertWaits(
                Scene.of(3, 0).wantsHash("new").full(Slot.voter(1)).pod(Slot.voter(1), "new", true, false),
                Reason.RollingPods);
        assertBlocked(Scene.of(3, 0).full(Slot.voter(1)), Reason.DiskFull, "raise spec.storage.size");
    }

    @Test
    void aFullVolumeGrowsBeforeAnythingElse() {
        Scene scene = Scene.of(3, 0).full(Slot.voter(1)).wantsReplaced(V2).wantsSize(Scene.SIZE * 2);
        assertThat(scene.action()).isEqualTo(new Action.ResizeClaim(Slot.voter(0), Scene.SIZE * 2));
    }

    @Test
    void aFullVoterThatGrowsAtAStartGetsOne() {
        Scene scene = Scene.of(3, 0).full(Slot.voter(1)).full(Slot.voter(2));
        scene.claims.put(Slot.voter(1), new Claim("claim of voter 1", Scene.SIZE, true, false));
        assertThat(scene.action()).isEqualTo(delete(Slot.voter(1)));
    }

    @Test
    void aPodIsNotTakenDownForWantOfAnAnswerBecauseItsVolumeIsToGrow() {
        Scene scene = Scene.of(3, 0).silent(Slot.voter(2));
        scene.claims.put(Slot.voter(2), new Claim("claim of voter 2", Scene.SIZE, true, false));
        assertWaits(scene, Reason.RollingPods);
    }

    @Test
    void aVoterThatIsDownIsReportedAndWaitedFor() {
        assertWaits(Scene.of(3, 0).silent(Slot.voter(2)), Reason.MemberDown);
    }

    // ---- Volumes lost and damaged

    @Test
    void aLostVolumeIsReplacedInItsPlaceUnderANewIdentity() {
        Scene formatted = Scene.of(3, 0).says(Slot.voter(1), Scene.newcomer(NEW, 0));
        assertThat(formatted.action()).isEqualTo(new Action.AddObserver(Slot.voter(1), NEW));
        Scene learning = formatted.configured(NEW, false, Slot.voter(1));
        assertWaits(learning, Reason.VolumeLost);
        Scene learnt = learning.says(Slot.voter(1), Scene.newcomer(NEW, 10_000));
        assertThat(learnt.action()).isEqualTo(new Action.Reconfigure(4, List.of(V0, NEW, V2)));
        assertWaits(learnt.notEstablished(), Reason.VolumeLost);
    }

    @Test
    void aDamagedVolumeGoesWithItsPodClaimFirst() {
        Scene scene = Scene.of(3, 0).says(Slot.voter(2), faulty(Slot.voter(2)));
        assertThat(scene.action()).isEqualTo(deleteClaim(Slot.voter(2)));
        scene.claims.put(Slot.voter(2), new Claim("claim of voter 2", Scene.SIZE, false, true));
        assertThat(scene.action()).isEqualTo(delete(Slot.voter(2)));
    }

    @Test
    void aSoundMemberIsReplacedOnlyOnRequestAndOnlyWhileAllOthersAreHealthy() {
        assertThat(Scene.of(3, 0).wantsReplaced(V1).action()).isEqualTo(deleteClaim(Slot.voter(1)));
        assertWaits(Scene.of(3, 0).wantsReplaced(V1).silent(Slot.voter(2)), Reason.ReplaceRequested);
        assertThat(Scene.of(3, 0).wantsReplaced(V0).action()).isEqualTo(new Action.TransferLeadership(V1));
        assertBlocked(Scene.of(1, 0).wantsReplaced(V0), Reason.ReplaceRequested, "spec.voters.replicas to 3");
        assertThat(Scene.of(1, 0).wantsReplaced(V0).wants(3, 0).action())
                .isEqualTo(new Action.Scale(PodSet.VOTERS, 3));
    }

    @Test
    void aPodThatOnlyDoesNotAnswerKeepsItsVolume() {
        assertWaits(Scene.of(3, 0).silent(Slot.voter(1)).wantsReplaced(V1), Reason.MemberDown);
    }

    // ---- Voters

    @Test
    void threeVotersBecomeFivePodsFirst() {
        assertThat(Scene.of(3, 0).wants(5, 0).action()).isEqualTo(new Action.Scale(PodSet.VOTERS, 5));
        assertThat(Scene.of(3, 0).wants(7, 0).action()).isEqualTo(new Action.Scale(PodSet.VOTERS, 5));
    }

    @Test
    void newPlacesAreClearedOfOldVolumesFirst() {
        Scene scene = Scene.of(3, 0).wants(5, 0);
        scene.claims.put(Slot.voter(4), new Claim("claim of voter 4", Scene.SIZE, false, false));
        assertThat(scene.action()).isEqualTo(deleteClaim(Slot.voter(4)));
    }

    @Test
    void bothNewcomersLearnBeforeOneChangeMakesThemVoters() {
        Scene scene = Scene.of(3, 0).wants(5, 0);
        scene.voters = new Replicas(5, Scene.SIZE);
        assertWaits(scene, Reason.ScalingVoters);
        scene.runs(Slot.voter(3), Scene.empty()).runs(Slot.voter(4), Scene.empty());
        assertThat(scene.action()).isEqualTo(new Action.FormatNewcomer(Slot.voter(3)));
        UUID other = new UUID(9, 10);
        scene.says(Slot.voter(3), Scene.newcomer(NEW, 0)).says(Slot.voter(4), Scene.newcomer(other, 10_000));
        assertThat(scene.action()).isEqualTo(new Action.AddObserver(Slot.voter(3), NEW));
        scene.configured(NEW, false, Slot.voter(3)).configured(other, false, Slot.voter(4));
        assertWaits(scene, Reason.ScalingVoters);
        scene.says(Slot.voter(3), Scene.newcomer(NEW, 10_000));
        assertThat(scene.action()).isEqualTo(new Action.Reconfigure(4, List.of(V0, V1, V2, NEW, other)));
        assertWaits(scene.notEstablished(), Reason.ScalingVoters);
    }

    @Test
    void votersLeaveTheConfigurationBeforeTheirPodsGo() {
        assertThat(Scene.of(5, 0).wants(3, 0).action())
                .isEqualTo(new Action.Reconfigure(4, List.of(V0, V1, V2)));
        Scene left = Scene.of(3, 0);
        left.voters = new Replicas(5, Scene.SIZE);
        assertThat(left.action()).isEqualTo(new Action.Scale(PodSet.VOTERS, 3));
        assertWaits(left.notEstablished(), Reason.ScalingVoters);
    }

    @Test
    void theLeaderHandsOverBeforeItLeaves() {
        Scene scene = Scene.of(5, 0).wants(3, 0).led(Scene.id(Slot.voter(4)));
        assertThat(scene.action()).isEqualTo(new Action.TransferLeadership(V0));
    }

    @Test
    void nobodyHealthyLeavesWhileOneThatStaysIsDown() {
        assertWaits(Scene.of(5, 0).wants(3, 0).silent(Slot.voter(1)), Reason.ScalingVoters);
        assertThat(Scene.of(5, 0).wants(3, 0).silent(Slot.voter(4)).action())
                .isInstanceOf(Action.Reconfigure.class);
    }

    @Test
    void aDownVoterNeverLowersTheNumberOfPods() {
        Scene scene = Scene.of(3, 0).silent(Slot.voter(2));
        scene.pods.remove(Slot.voter(2));
        assertWaits(scene, Reason.MemberDown);
    }

    @Test
    void aCalledOffGrowthIsUndone() {
        Scene scene = Scene.of(3, 0).runs(Slot.voter(3), Scene.newcomer(NEW, 10_000))
                .configured(NEW, false, Slot.voter(3));
        scene.voters = new Replicas(5, Scene.SIZE);
        assertThat(scene.action()).isEqualTo(new Action.RemoveObserver(NEW));
    }

    // ---- Observers

    @Test
    void observersComeAndGoOneByOneMembershipFirst() {
        assertThat(Scene.of(3, 0).wants(3, 2).action()).isEqualTo(new Action.Scale(PodSet.OBSERVERS, 2));
        // The one with ordinal 11 goes before that with 9: numbers, not text.
        assertThat(Scene.of(3, 12).wants(3, 9).action())
                .isEqualTo(new Action.RemoveObserver(Scene.id(Slot.observer(11))));
    }

    @Test
    void anObserverWithoutItsVolumeIsForgottenAndComesAnew() {
        Scene scene = Scene.of(3, 1).says(Slot.observer(0), Scene.empty());
        assertThat(scene.action()).isEqualTo(new Action.RemoveObserver(Scene.id(Slot.observer(0))));
    }

    // ---- Volumes

    @Test
    void claimsGrowOneByOneThenTheirSetIsMadeAnew() {
        Scene scene = Scene.of(3, 0).wantsSize(Scene.SIZE * 2);
        assertThat(scene.action()).isEqualTo(new Action.ResizeClaim(Slot.voter(0), Scene.SIZE * 2));
        scene.claims.replaceAll((slot, claim) -> new Claim(claim.uid(), Scene.SIZE * 2, false, false));
        assertThat(scene.action()).isEqualTo(new Action.RecreateSet(PodSet.VOTERS));
    }

    @Test
    void whoLeavesOutTheGrowthFindsWhatIsToBeDoneBesides() {
        Scene scene = Scene.of(3, 0).wantsSize(Scene.SIZE * 2).wantsHash("new");
        assertThat(Planner.next(scene.desired().withoutGrowth(), scene.observed()))
                .isInstanceOfSatisfying(Decision.Act.class,
                        act -> assertThat(act.action()).isEqualTo(delete(Slot.voter(2))));
        Scene settled = Scene.of(3, 0).wantsSize(Scene.SIZE * 2);
        assertThat(Planner.next(settled.desired().withoutGrowth(), settled.observed()))
                .isInstanceOf(Decision.Settled.class);
    }

    @Test
    void aFileSystemThatGrowsAtAStartGetsOne() {
        Scene scene = Scene.of(3, 0);
        scene.claims.put(Slot.voter(2), new Claim("claim of voter 2", Scene.SIZE, true, false));
        assertThat(scene.action()).isEqualTo(delete(Slot.voter(2)));
    }
}
