package dev.synod.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WritesTest {
    @TempDir private Path folder = Path.of("");

    private List<Writes.Write> noted(String... lines) throws IOException {
        return Writes.in(Files.write(folder.resolve("journal"), List.of(lines)));
    }

    private static String step(int epoch, String... voters) {
        StringBuilder text = new StringBuilder("7 1000 member Reconfigure ");
        if (epoch > 0) {
            text.append("expected_epoch: ").append(epoch);
        }
        for (String voter : voters) {
            text.append(" voters: \"").append(voter).append('"');
        }
        return text.toString();
    }

    @Test
    void withoutAJournalThereAreNoWrites() {
        assertThat(Writes.in(folder.resolve("none"))).isEmpty();
    }

    @Test
    void aLineThatADeathCutIsNoWrite() throws IOException {
        assertThat(noted("7 1000 api POST /api/v1/namespaces/n/secrets", "7 10")).hasSize(1);
    }

    @Test
    void statusEventsAndTheLeaseAreNoActs() throws IOException {
        assertThat(noted("7 1 api PATCH /apis/synod.dev/v1alpha1/namespaces/n/coordinationclusters/c/status",
                "7 2 api POST /apis/events.k8s.io/v1/namespaces/n/events",
                "7 3 api PATCH /apis/coordination.k8s.io/v1/namespaces/n/leases/synod-operator"))
                .noneMatch(Writes.Write::acts);
        assertThat(noted("7 4 api DELETE /api/v1/namespaces/n/pods/c-0", "7 5 member Format "))
                .allMatch(Writes.Write::acts);
    }

    @Test
    void oneChangeAfterEachEpochIsRightHoweverOftenItIsAskedFor() throws IOException {
        assertThat(Writes.wrongSteps(noted(step(0, "a", "b", "c", "d", "e"), step(0, "e", "d", "c", "b", "a"),
                step(1, "a", "b", "c"), step(2, "a", "b", "d")))).isEmpty();
    }

    @Test
    void twoChangesAfterOneEpochAreFound() throws IOException {
        assertThat(Writes.wrongSteps(noted(step(1, "a", "b", "c"), step(1, "a", "b", "d")))).hasSize(1);
    }

    @Test
    void aChangeOfThreeVotersAtOnceIsFound() throws IOException {
        assertThat(Writes.wrongSteps(noted(step(1, "a", "b", "c"), step(2, "d", "e", "f")))).hasSize(1);
    }

    @Test
    void twoSeatsExchangedAtOnceAreFound() throws IOException {
        assertThat(Writes.wrongSteps(noted(step(1, "a", "b", "c"), step(2, "a", "d", "e")))).hasSize(1);
    }

    @Test
    void stepsAreComparedWhoeverNotedThemFirst() throws IOException {
        assertThat(Writes.wrongSteps(noted(step(2, "d", "e", "f"), step(1, "a", "b", "c")))).hasSize(1);
    }

    @Test
    void aWriteThatNobodyDiedByIsFound() throws IOException {
        assertThat(Writes.outlived(noted("7 1 api POST /a", "7 2 api DELETE /b", "8 3 api POST /a")))
                .isEmpty();
        assertThat(Writes.outlived(noted("7 1 api POST /a", "7 2 api DELETE /b", "8 3 api DELETE /c")))
                .containsExactly("api POST /a");
    }
}
