package dev.synod.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.synod.crd.CoordinationCluster;
import dev.synod.operator.act.ScriptedApi;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events, and answers to them that are seldom. */
final class ClusterEventsTest {
    private ScriptedApi api;
    private ClusterEvents events;
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");

    @BeforeEach
    void start() throws IOException {
        api = new ScriptedApi();
        events = new ClusterEvents(api.client, () -> now, "operator-1");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void whatStaysIsSentOnceAndLaterCounted() {
        tell("in the way");
        now = now.plus(Duration.ofMinutes(9));
        tell("in the way");
        assertThat(api.requests).hasSize(1);
        now = now.plus(Duration.ofMinutes(2));
        tell("in the way");
        assertThat(only().at("/series/count").asInt()).isEqualTo(2);
        now = now.plus(Duration.ofMinutes(11));
        tell("in the way");
        assertThat(only().at("/series/count").asInt()).isEqualTo(3);
        assertThat(only().at("/series/lastObservedTime").asText()).startsWith("2030-01-01T00:22:00");
    }

    @Test
    void anotherOperatorCountsOnWhatThisOneSent() {
        tell("in the way");
        events = new ClusterEvents(api.client, () -> now, "operator-2");
        tell("in the way");
        assertThat(only().at("/series/count").asInt()).isEqualTo(2);
    }

    @Test
    void aRefusalBreaksNothingAndIsNotAskedForAgainAtOnce() {
        api.answers("POST", 403);
        tell("in the way");
        tell("in the way");
        assertThat(api.requests).hasSize(1);
        assertThat(api.stored()).isEmpty();
    }

    @Test
    void aLongNoteIsCutAtACharacter() {
        tell("x" + "€".repeat(500));
        String note = only().path("note").asText();
        assertThat(note).matches("x€+…");
        assertThat(note.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(990, 1_024);
    }

    @Test
    void itIsAboutTheClusterItself() {
        tell("in the way");
        assertThat(only().at("/regarding/uid").asText()).isEqualTo("cluster-1");
        assertThat(only().at("/regarding/kind").asText()).isEqualTo("CoordinationCluster");
        assertThat(only().path("type").asText()).isEqualTo("Warning");
    }

    private JsonNode only() {
        assertThat(api.stored()).hasSize(1);
        return api.stored().values().iterator().next();
    }

    private void tell(String note) {
        CoordinationCluster cluster = new CoordinationCluster();
        cluster.setMetadata(new ObjectMetaBuilder().withName("orders").withNamespace("shop")
                .withUid("cluster-1").build());
        events.warning(cluster, "NameTaken", "Reconcile", note);
    }
}
