package dev.synod.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever reads a reason in a condition finds it in the book. */
final class TroubleshootingPageTest {
    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReasonIsExplained(Reason reason) throws IOException {
        String page = Files.readString(Path.of(Objects.requireNonNull(System.getProperty("synod.tree")))
                .resolve("docs/troubleshooting.md"));
        assertThat(page.lines()).as("docs/troubleshooting.md has a heading ### %s or a row of a table that"
                + " begins with `%s`", reason, reason).anyMatch(
                        line -> line.equals("### " + reason)
                                || line.startsWith("| `")
                                        && line.split("\\|", -1)[1].contains("`" + reason + "`"));
    }
}
