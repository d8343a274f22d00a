package dev.synod.crd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is checked in is what the types say. */
final class CrdFileTest {
    static Path tree() {
        return Path.of(Objects.requireNonNull(System.getProperty("synod.tree")));
    }

    private static void assertGenerated(String file, String wanted) throws IOException {
        Path path = tree().resolve(file);
        if (Boolean.getBoolean("synod.regenerate")) {
            Files.writeString(path, wanted);
            return;
        }
        assertThat(Files.exists(path) ? Files.readString(path) : "")
                .as("%s is not what the types say: run  %s  and look at the diff", file,
                        GeneratedCrd.REGENERATE)
                .isEqualTo(wanted);
    }

    @Test
    void theCrdIsWhatTheTypesSay() throws Exception {
        assertGenerated(GeneratedCrd.FILE, GeneratedCrd.yaml());
    }

    /** A chart has all its files inside itself; this one is a copy, and written together with the other. */
    @Test
    void theChartsCopyIsWhatTheTypesSay() throws Exception {
        assertGenerated("charts/synod/files/coordinationclusters.synod.dev-v1.yml", GeneratedCrd.yaml());
    }

    @Test
    void theReferenceIsWhatTheTypesSay() throws Exception {
        assertGenerated(ReferencePage.FILE, ReferencePage.text());
    }
}
