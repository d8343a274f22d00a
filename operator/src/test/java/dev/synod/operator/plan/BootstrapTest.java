package dev.synod.operator.plan;

import static dev.synod.operator.plan.Scene.assertBlocked;
import static dev.synod.operator.plan.Scene.assertWaits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.operator.plan.Observed.Claim;
import dev.synod.operator.plan.Observed.Latch;
import dev.synod.operator.plan.Observed.Member;
import dev.synod.operator.plan.Observed.Phase;
import dev.synod.operator.plan.Observed.Replicas;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How a cluster begins, or goes on from volumes that were found. */
final class BootstrapTest {
    private static final UUID NEW = new UUID(9, 9);
    private static final UUID V0 = Scene.id(Slot.voter(0));
    private static final UUID V1 = Scene.id(Slot.voter(1));
    private static final UUID V2 = Scene.id(Slot.voter(2));

    private static Scene beginning(Member... members) {
        Scene scene = Scene.nothing(3);
        scene.latch = new Latch(Scene.CLUSTER, List.of(V0, V1, V2), false);
        scene.voters = new Replicas(3, Scene.SIZE);
        for (int i = 0; i < members.length; i++) {
            scene.runs(Slot.voter(i), members[i]);
        }
        return scene;
    }

    private static Member formatted(UUID id) {
        return new Member(Phase.RUNNING, id, Scene.CLUSTER, false, false, 0);
    }

    @Test
    void theIdentityIsWrittenDownBeforeAnythingRuns() {
        assertThat(Scene.nothing(3).action()).isEqualTo(new Action.WriteLatch(3));
        Scene scene = Scene.nothing(3);
        scene.latch = new Latch(Scene.CLUSTER, List.of(V0, V1, V2), false);
        assertThat(scene.action()).isEqualTo(new Action.CreateSet(PodSet.VOTERS, 3));
    }

    @Test
    void volumesWithoutALatchAreNotBegunASecondTime() {
        Scene scene = Scene.nothing(3);
        scene.claims.put(Slot.voter(0), new Claim("c", Scene.SIZE, false, false));
        assertBlocked(scene, Reason.VolumesFound, "spec.storage.existing: Adopt");
    }

    @Test
    void observersVolumesOfAnEarlierClusterAreNotTakenForLeftOvers() {
        Scene scene = Scene.nothing(3).wantsAdoption();
        scene.claims.put(Slot.observer(0), new Claim("c", Scene.SIZE, false, false));
        assertBlocked(scene, Reason.VolumesFound, "delete the claims");
    }

    @Test
    void volumesAreAdoptedOnceAQuorumOnThemSaysWhoTheyAre() {
        Scene scene = Scene.of(3, 0).wantsAdoption();
        scene.latch = null;
        assertThat(scene.action()).isEqualTo(new Action.AdoptLatch(Scene.CLUSTER));
        assertWaits(scene.withoutQuorum(), Reason.Bootstrapping);
        scene.voters = null;
        assertThat(scene.action()).isEqualTo(new Action.CreateSet(PodSet.VOTERS, 3));
    }

    @Test
    void aRecordThatWasLostIsWrittenAgainFromWhatAQuorumConfirms() {
        Scene scene = Scene.of(3, 0);
        scene.latch = null;
        assertThat(scene.action()).isEqualTo(new Action.AdoptLatch(Scene.CLUSTER));
        assertBlocked(scene.withoutQuorum(), Reason.LatchLost, "Wait for the members");
        assertThat(scene.decision().message()).doesNotContain("delete");
    }

    @Test
    void firstVolumesAreFormattedThenLatchedThenActivated() {
        assertThat(beginning(Scene.empty(), Scene.empty(), Scene.empty()).action())
                .isEqualTo(new Action.Format(Slot.voter(0), V0));
        assertThat(beginning(formatted(V0), Scene.empty(), formatted(V2)).action())
                .isEqualTo(new Action.Format(Slot.voter(1), V1));
        assertWaits(beginning(formatted(V0), formatted(V1)), Reason.Bootstrapping);
        Scene scene = beginning(formatted(V0), formatted(V1), formatted(V2));
        assertThat(scene.action()).isEqualTo(new Action.SetLatch());
        scene.latch = new Latch(Scene.CLUSTER, List.of(V0, V1, V2), true);
        scene.observers = new Replicas(0, Scene.SIZE);
        assertThat(scene.action()).isEqualTo(new Action.Activate(Slot.voter(0)));
    }

    @Test
    void anotherOnesVolumeIsNotABeginning() {
        assertBlocked(beginning(formatted(NEW)), Reason.VolumeTaken, "delete its claim");
        Member votes = new Member(Phase.RUNNING, V0, Scene.CLUSTER, true, true, 9);
        assertBlocked(beginning(votes), Reason.LatchLost, "initialised");
    }

    @Test
    void afterTheLatchAnEmptyVolumeIsANewcomers() {
        Scene scene = Scene.of(3, 0).says(Slot.voter(1), Scene.empty());
        assertThat(scene.action()).isEqualTo(new Action.FormatNewcomer(Slot.voter(1)));
    }

    @Test
    void nothingIsAdoptedBeforeEachVolumeHasSaidWhoseItIs() {
        Scene scene = Scene.of(3, 0).wantsAdoption().silent(Slot.voter(2));
        scene.latch = null;
        assertWaits(scene, Reason.Bootstrapping);
        assertThat(scene.decision().message()).contains("voter 2");
        scene.says(Slot.voter(2), Scene.empty());
        assertThat(scene.action()).isEqualTo(new Action.AdoptLatch(Scene.CLUSTER));
    }

    @Test
    void volumesOfTwoClustersAreNotAdoptedWhoeverHasAQuorum() {
        UUID other = new UUID(8, 8);
        Scene scene = Scene.of(3, 0).wantsAdoption().says(Slot.voter(0),
                new Member(Phase.RUNNING, new UUID(8, 9), other, true, true, 5));
        scene.latch = null;
        assertBlocked(scene, Reason.VolumeTaken, other.toString());
        assertThat(scene.decision().message()).contains(Scene.CLUSTER.toString(), "voter 0", "voter 2");
    }
}
