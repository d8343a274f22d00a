package dev.synod.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When the image that a cluster falls back to follows the one that its spec names. */
final class PinnedImageTest {
    @Test
    void anImageIsWrittenDownOnceAllMembersRunIt() {
        assertThat(Scene.of(3, 1).wantsImage("sidecar:2").action()).isEqualTo(new Action.PinImage());
    }

    @Test
    void nothingIsWrittenWhileItIsTheOneWrittenDown() {
        assertThat(Scene.of(3, 1).wantsImage(Scene.PINNED).decision()).isInstanceOf(Decision.Settled.class);
    }

    @Test
    void anImageIsNotWrittenDownBeforeTheLastPodHasIt() {
        Scene scene = Scene.of(3, 0).wantsImage("sidecar:2").wantsHash("new");
        scene.pod(Slot.voter(1), "new", true, false).pod(Slot.voter(2), "new", true, false);
        assertThat(scene.action()).isInstanceOf(Action.TransferLeadership.class);
    }

    @Test
    void anImageIsNotWrittenDownWhileAMemberIsDown() {
        assertThat(Scene.of(3, 0).wantsImage("sidecar:2").silent(Slot.voter(1)).decision())
                .isInstanceOf(Decision.Await.class);
        assertThat(Scene.of(3, 1).wantsImage("sidecar:2").silent(Slot.observer(0)).decision())
                .isInstanceOf(Decision.Await.class);
    }

    @Test
    void nothingIsWrittenInAPause() {
        assertThat(Scene.of(3, 0).wantsImage("sidecar:2").wantsPause().decision())
                .isInstanceOf(Decision.Settled.class);
    }
}
