package dev.synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.state.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LimitsDocumentTest {
    private static final Map<String, Long> ROWS = Map.of(
            "name of a lock", (long) Limits.NAME_BYTES_MAX,
            "a value", (long) Limits.VALUE_BYTES_MAX,
            "a request", (long) Limits.REQUEST_BYTES_MAX,
            "identity", (long) Limits.TEXT_BYTES_MAX,
            "labels of a session", (long) Limits.LABELS_MAX,
            "TTL of a session", Limits.TTL_MILLIS_MAX / 1_000L,
            "holders of a semaphore", (long) Limits.HOLDERS_MAX,
            "compares of a transaction", (long) Limits.OPERATIONS_MAX,
            "answer of one read", (long) Limits.RANGE_BYTES_MAX,
            "the whole state", Limits.STATE_BYTES_MAX);

    @Test
    void thePageSaysWhatTheStateMachineHoldsTo() throws Exception {
        Path page = Path.of(System.getProperty("synod.tree"), "docs", "limits.md");
        List<String> lines = Files.readAllLines(page);
        ROWS.forEach((what, bound) -> assertThat(lines)
                .filteredOn(line -> line.startsWith("| " + what)).singleElement().asString()
                .contains(String.format(Locale.ROOT, "%,d", bound)));
    }
}
