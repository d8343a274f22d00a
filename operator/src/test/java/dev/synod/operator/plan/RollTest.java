package dev.synod.operator.plan;

import static dev.synod.operator.plan.Scene.assertWaits;
import static dev.synod.operator.plan.Scene.delete;
import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.operator.plan.Observed.Member;
import dev.synod.operator.plan.Observed.Phase;
import dev.synod.operator.plan.Observed.Sidecar;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How pods become what they are to be. */
final class RollTest {
    private static final UUID V1 = Scene.id(Slot.voter(1));
    private static final UUID V2 = Scene.id(Slot.voter(2));

    @Test
    void observersThenFollowersThenTheLeaderAfterAHandOver() {
        Scene scene = Scene.of(3, 1).wantsHash("new");
        assertThat(scene.action()).isEqualTo(delete(Slot.observer(0)));
        scene.pod(Slot.observer(0), "new", true, false);
        assertThat(scene.action()).isEqualTo(delete(Slot.voter(2)));
        scene.pod(Slot.voter(2), "new", true, false);
        assertThat(scene.action()).isEqualTo(delete(Slot.voter(1)));
        scene.pod(Slot.voter(1), "new", true, false);
        assertThat(scene.action()).isEqualTo(new Action.TransferLeadership(V1));
        assertThat(scene.led(V1).action()).isEqualTo(delete(Slot.voter(0)));
    }

    @Test
    void theNextOneWaitsUntilTheLastOneHasCaughtUp() {
        Scene away = Scene.of(3, 0).wantsHash("new").pod(Slot.voter(2), "h", true, true);
        assertWaits(away, Reason.RollingPods);
        Scene starting = Scene.of(3, 0).wantsHash("new").pod(Slot.voter(2), "new", false, false);
        assertWaits(starting, Reason.RollingPods);
        Scene behind = Scene.of(3, 0).wantsHash("new").pod(Slot.voter(2), "new", true, false)
                .says(Slot.voter(2), new Member(Phase.RUNNING, V2, Scene.CLUSTER, true, true, 1_000));
        assertWaits(behind, Reason.RollingPods);
    }

    @Test
    void anOutdatedPodThatIsNotHealthyGoesFirst() {
        Scene scene = Scene.of(5, 0).wantsHash("new").silent(Slot.voter(1));
        assertThat(scene.action()).isEqualTo(delete(Slot.voter(1)));
    }

    @Test
    void anOutdatedVoterOnWhichTheQuorumMayHangIsNotTouched() {
        Scene scene = Scene.of(3, 0).wantsHash("new").silent(Slot.voter(1)).silent(Slot.voter(2));
        assertWaits(scene, Reason.RollingPods);
    }

    @Test
    void aStuckPodOfAnOldTemplateIsMadeAnewEvenWithoutAQuorum() {
        Scene scene = Scene.of(3, 0).wantsHash("new").withoutQuorum().pod(Slot.voter(1), "bad", false, false);
        assertThat(scene.action()).isEqualTo(delete(Slot.voter(1)));
    }

    @Test
    void aStuckPodOfTheCurrentTemplateIsNotMadeAnewForEver() {
        assertWaits(Scene.of(3, 0).pod(Slot.voter(1), "h", false, false), Reason.MemberDown);
    }

    @Test
    void anObserverThatCannotStartStopsTheRoll() {
        Scene scene = Scene.of(3, 2).wantsHash("new").pod(Slot.observer(1), "new", false, false);
        assertWaits(scene, Reason.RollingPods);
    }

    @Test
    void theOnlyVoterIsRestartedWithoutAHandOver() {
        assertThat(Scene.of(1, 0).wantsHash("new").action()).isEqualTo(delete(Slot.voter(0)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aChangeOfTheApplicationsImagesLeavesTheMembersRunning(int voters) {
        Scene scene = Scene.of(voters, 0).wantsImages("b");
        assertThat(scene.action()).isEqualTo(new Action.PatchAppImages(Slot.voter(0)));
    }

    @Test
    void theNextApplicationWaitsUntilTheLastOneRuns() {
        Scene scene = Scene.of(3, 0).wantsImages("b");
        Observed.Pod old = Objects.requireNonNull(scene.pods.get(Slot.voter(0)));
        scene.pods.put(Slot.voter(0), new Observed.Pod(old.uid(), "h", "b", Sidecar.RUNNING, false, false));
        assertWaits(scene, Reason.ChangingAppImages);
    }

    @ParameterizedTest
    @EnumSource(value = Sidecar.class, names = {"ENDED", "FAILING"})
    void whoMayBeBackOnTheOldTemplateIsLeftAloneWhileTheNewOneDoesNotRun(Sidecar sidecar) {
        Scene scene = Scene.of(3, 0).wantsHash("bad").withoutQuorum()
                .pod(Slot.voter(2), "bad", false, false).pod(Slot.voter(1), "h", sidecar, false);
        assertWaits(scene, Reason.QuorumLost);
    }

    @Test
    void anObserverThatHangsOnTheNewTemplateIsThePriceToo() {
        Scene withoutQuorum = Scene.of(3, 1).wantsHash("bad").withoutQuorum()
                .pod(Slot.observer(0), "bad", false, false)
                .pod(Slot.voter(1), "h", Sidecar.FAILING, false);
        assertWaits(withoutQuorum, Reason.QuorumLost);
        Scene silent = Scene.of(5, 1).wantsHash("bad").pod(Slot.observer(0), "bad", false, false)
                .silent(Slot.voter(1));
        assertWaits(silent, Reason.RollingPods);
    }

    @Test
    void whoDoesNotAnswerIsLeftAloneWhileAVoterHangsOnTheNewTemplate() {
        Scene scene = Scene.of(5, 0).wantsHash("bad").pod(Slot.voter(4), "bad", false, false)
                .silent(Slot.voter(1));
        assertWaits(scene, Reason.RollingPods);
    }

    @Test
    void whoEndedIsStartedInItsPlaceAndWhoFailsForGoodIsMadeAnew() {
        Scene ended = Scene.of(3, 0).wantsHash("new").withoutQuorum()
                .pod(Slot.voter(1), "bad", Sidecar.ENDED, false);
        assertWaits(ended, Reason.QuorumLost);
        Scene failing = Scene.of(3, 0).wantsHash("new").withoutQuorum()
                .pod(Slot.voter(1), "bad", Sidecar.FAILING, false);
        assertThat(failing.action()).isEqualTo(delete(Slot.voter(1)));
    }
}
