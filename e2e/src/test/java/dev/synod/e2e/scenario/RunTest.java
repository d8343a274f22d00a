package dev.synod.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

final class RunTest {
    /** Not run by the build, which leaves classes in classes out. */
    static final class Three {
        @Test
        void passes() {
            assertThat(1).isOne();
        }

        @Test
        void findsSomethingMissing() {
            assumeThat("a zone").as("what it needs").isEmpty();
        }

        @Test
        @EnabledIfSystemProperty(named = "synod.e2e.never", matches = "true")
        void belongsToAnotherForm() {
            assertThat("a run").as("what is disabled").isEmpty();
        }
    }

    private static String verdict(boolean own) {
        Run run = new Run(own);
        LauncherFactory.create().execute(
                LauncherDiscoveryRequestBuilder.request().selectors(selectClass(Three.class)).build(), run);
        return run.verdict();
    }

    @Test
    void whatIsMissingElsewhereIsSkipped() {
        assertThat(verdict(false)).isEqualTo("1 passed, 0 failed, 2 skipped");
    }

    @Test
    void whatIsMissingOnANodeOfItsOwnHasFailedAndAnotherFormIsSkipped() {
        assertThat(verdict(true)).isEqualTo("1 passed, 1 failed, 1 skipped");
    }
}
