package dev.synod.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;

final class SidecarsTest {
    private final Sidecars sidecars = new Sidecars();

    @Test
    void theMemberBeginsFirstAndEndsLast() {
        sidecars.seen(pod(running("synod", 0, 1), running("app", 0, 1), false));
        sidecars.seen(pod(running("synod", 0, 1), ended("app", 7), true));
        sidecars.seen(pod(ended("synod", 9), ended("app", 7), true));
        assertThat(sidecars.found()).isEmpty();
        assertThat(sidecars.seen()).isEqualTo(new Sidecars.Seen(1, 1));
    }

    @Test
    void anApplicationThatBeginsBeforeTheMemberIsFound() {
        sidecars.seen(pod(running("synod", 0, 2), running("app", 0, 1), false));
        assertThat(sidecars.found()).singleElement().asString().contains("day-0", "began");
    }

    @Test
    void anApplicationThatDoesNotWaitUntilTheMemberServesIsFound() {
        ContainerStatus starting = running("synod", 0, 1);
        starting.setStarted(false);
        sidecars.seen(pod(starting, running("app", 0, 1), false));
        assertThat(sidecars.found()).singleElement().asString().contains("day-0", "before the member served");
    }

    @Test
    void aMemberThatEndsBeforeTheApplicationIsFoundOnce() {
        Pod pod = pod(ended("synod", 7), ended("app", 8), true);
        sidecars.seen(pod);
        assertThat(sidecars.found()).singleElement().asString().contains("day-0", "ended");
        sidecars.seen(pod);
        assertThat(sidecars.found()).isEmpty();
    }

    @Test
    void aMemberThatWasStartedAgainBeganBefore() {
        sidecars.seen(pod(running("synod", 1, 5), running("app", 0, 2), false));
        assertThat(sidecars.found()).isEmpty();
        assertThat(sidecars.seen()).isEqualTo(new Sidecars.Seen(0, 0));
    }

    @Test
    void aMemberThatDiesWhileThePodStaysIsNoEnd() {
        sidecars.seen(pod(ended("synod", 3), running("app", 0, 2), false));
        assertThat(sidecars.seen()).isEqualTo(new Sidecars.Seen(0, 0));
    }

    private static Pod pod(ContainerStatus sidecar, ContainerStatus app, boolean deleted) {
        return new PodBuilder().withNewMetadata().withName("day-0").withUid("1")
                .withDeletionTimestamp(deleted ? time(6) : null).endMetadata()
                .withNewStatus().withInitContainerStatuses(sidecar).withContainerStatuses(app).endStatus()
                .build();
    }

    private static ContainerStatus running(String name, int restarts, int second) {
        return new ContainerStatusBuilder().withName(name).withRestartCount(restarts).withStarted(true)
                .withNewState().withNewRunning(time(second)).endState().build();
    }

    private static ContainerStatus ended(String name, int second) {
        return new ContainerStatusBuilder().withName(name).withRestartCount(0).withNewState()
                .withNewTerminated().withFinishedAt(time(second)).endTerminated().endState().build();
    }

    private static String time(int second) {
        return "2026-11-23T12:00:0" + second + "Z";
    }
}
