package dev.synod.e2e.kubernetes;

import dev.synod.e2e.judge.Findings;
import dev.synod.e2e.judge.Moment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;

/**
 * Something that happens to a cluster while applications use it. Whatever it was, in the end the whole
 * history is judged, and what should never happen meanwhile is looked for.
 */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Scenario.OnStage.class)
public abstract class Scenario {
    private @Nullable Stage stage;
    private @Nullable String current;
    private Moment began = Moment.now();
    private final List<ClusterUnderTest> clusters = new ArrayList<>();

    /** What all share. */
    protected Stage stage() {
        if (stage == null) {
            throw new IllegalStateException("the stage is set before the first scenario");
        }
        return stage;
    }

    /** A cluster of this class, deleted after its last scenario. */
    protected ClusterUnderTest cluster(String name, int voters) {
        ClusterUnderTest cluster = new ClusterUnderTest(stage(), name, voters);
        clusters.add(cluster);
        return cluster;
    }

    @BeforeAll
    void prepare() {
        Stage shared = stage();
        shared.operator().start();
    }

    @BeforeEach
    void begin(TestInfo info) {
        current = sentence(info.getTestMethod().orElseThrow().getName());
        began = Moment.now();
    }

    /** Its name, as a sentence. */
    static String sentence(String method) {
        return method.replaceAll("([A-Z0-9]+)", " $1").toLowerCase(java.util.Locale.ROOT).strip();
    }

    /** A figure of this scenario. */
    protected void figure(String what, java.time.Duration time) {
        Figures.add(String.valueOf(current), what, time);
    }

    /** A figure of this scenario. */
    protected void figure(String what, String figure) {
        Figures.add(String.valueOf(current), what, figure);
    }

    /** All is as it should be: from now on the longest gap counts. */
    protected void measureFromHere() {
        began = Moment.now();
    }

    /** Judges the history of a cluster so far; figures are of this scenario. */
    protected Findings judge(ClusterUnderTest cluster) {
        Findings findings = cluster.judge(began);
        findings.figures().forEach(this::figure);
        return findings;
    }

    /** Whatever a scenario was about: what operators must not do, and must not say. */
    @AfterEach
    void lookAtOperators() {
        stage().requireOperators();
        List<String> found = new ArrayList<>(stage().operatorFaults());
        clusters.forEach(cluster -> found.addAll(cluster.unexpected()));
        if (!found.isEmpty()) {
            throw new AssertionError(
                    "operators did or told of what they must not: " + String.join("\n", found));
        }
    }

    @AfterAll
    void end() {
        clusters.forEach(ClusterUnderTest::close);
    }

    private void leaveTraces(String method) {
        Path folder = stage().traces().resolve(getClass().getSimpleName() + "." + method);
        for (ClusterUnderTest cluster : clusters) {
            try {
                Traces.leave(cluster, stage().client(), stage().namespace(), folder.resolve(cluster.name()));
            } catch (Exception e) {
                Progress.say("    no traces of " + cluster.name() + ": " + e);
            }
        }
        Progress.say("    traces in " + folder);
        Progress.say("    the operator's log ends with\n" + stage().operator().tail(15));
    }

    /** Sets the stage, and leaves traces of what failed. */
    static final class OnStage
            implements
                BeforeAllCallback,
                AfterTestExecutionCallback,
                LifecycleMethodExecutionExceptionHandler {
        @Override
        public void beforeAll(ExtensionContext context) {
            Progress.of(context.getRequiredTestClass().getSimpleName().replaceFirst("Scenario$", ""));
            ((Scenario) context.getRequiredTestInstance()).stage = Stage.of(context);
        }

        @Override
        public void afterTestExecution(ExtensionContext context) {
            if (context.getExecutionException().isPresent()) {
                ((Scenario) context.getRequiredTestInstance())
                        .leaveTraces(context.getRequiredTestMethod().getName());
            }
        }

        @Override
        public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
                throws Throwable {
            leaveTraces(context, "before-all", failure);
        }

        @Override
        public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure)
                throws Throwable {
            leaveTraces(context, context.getRequiredTestMethod().getName() + ".before", failure);
        }

        @Override
        public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure)
                throws Throwable {
            leaveTraces(context, context.getRequiredTestMethod().getName() + ".after", failure);
        }

        private static void leaveTraces(ExtensionContext context, String of, Throwable failure)
                throws Throwable {
            ((Scenario) context.getRequiredTestInstance()).leaveTraces(of);
            throw failure;
        }
    }
}
