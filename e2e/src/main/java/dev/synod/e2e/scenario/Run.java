package dev.synod.e2e.scenario;

import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import dev.synod.e2e.kubernetes.Figures;
import dev.synod.e2e.kubernetes.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs scenarios: e2e/run calls it. Those of a class run one after the other, classes side by side, as far as
 * none asks to be alone: most of a scenario is waiting.
 */
public final class Run implements TestExecutionListener {
    /** More of them would see each other's load in what they measure. */
    private static final int SIDE_BY_SIDE_MAX = 4;
    private static final String PARALLEL = "junit.jupiter.execution.parallel.";

    private final boolean own;
    private final Map<String, Long> began = new ConcurrentHashMap<>();
    private int passed;
    private int failed;
    private int skipped;

    /** @param own whether it has a node of its own, where nothing is missing that a scenario needs */
    Run(boolean own) {
        this.own = own;
    }

    /**
     * Runs those whose class or name contains one of some texts, or all.
     *
     * @param arguments the texts, or none
     */
    public static void main(String[] arguments) {
        int lanes = Math.min(Runtime.getRuntime().availableProcessors(), SIDE_BY_SIDE_MAX);
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .configurationParameter(PARALLEL + "enabled", "true")
                .configurationParameter(PARALLEL + "mode.classes.default", "concurrent")
                // The other one, a fork-join pool, takes more threads than it was told to.
                .configurationParameter(PARALLEL + "config.executor-service", "WORKER_THREAD_POOL")
                .configurationParameter(PARALLEL + "config.strategy", "fixed")
                .configurationParameter(PARALLEL + "config.fixed.parallelism", Integer.toString(lanes))
                // The longest first, so that none is left to run alone in the end.
                .configurationParameter(ClassOrderer.DEFAULT_ORDER_PROPERTY_NAME,
                        ClassOrderer.OrderAnnotation.class.getName())
                .selectors(selectPackage(System.getProperty("synod.e2e.scenarios", "dev.synod.e2e.scenario")))
                .filters(includeClassNamePatterns(".*Scenario"),
                        (PostDiscoveryFilter) test -> FilterResult.includedIf(
                                !(test.getSource().orElse(null) instanceof MethodSource method)
                                        || isWanted(method, List.of(arguments))))
                .build();
        Run run = new Run(Boolean.getBoolean("synod.e2e.own"));
        LauncherFactory.create().execute(request, run);
        System.out.println();
        System.out.print(Figures.table());
        System.out.println();
        System.out.println(run.verdict());
        System.exit(run.failed > 0 || run.passed == 0 ? 1 : 0);
    }

    /** How many went how. */
    synchronized String verdict() {
        return passed + " passed, " + failed + " failed, " + skipped + " skipped";
    }

    private static boolean isWanted(MethodSource method, List<String> texts) {
        String name = method.getClassName() + "." + method.getMethodName();
        return texts.isEmpty() || texts.stream().anyMatch(
                text -> name.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT)));
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        began.put(test.getUniqueId(), System.nanoTime());
        if (test.isTest()) {
            Progress.say("== " + test.getDisplayName());
        }
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier test, String reason) {
        skipped++;
        Progress.say("   skipped " + test.getDisplayName() + ": " + reason);
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        boolean ok = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
        if (!test.isTest() && ok) {
            return;
        }
        if (!own && result.getStatus() == TestExecutionResult.Status.ABORTED) { // an assumption does not hold
            executionSkipped(test,
                    result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
            return;
        }
        passed += ok ? 1 : 0;
        failed += ok ? 0 : 1;
        Duration took = Duration
                .ofNanos(System.nanoTime() - began.getOrDefault(test.getUniqueId(), System.nanoTime()));
        Progress.say((ok ? "   passed " : "   FAILED ") + test.getDisplayName() + " after "
                + took.toSeconds() + " s");
        result.getThrowable().ifPresent(thrown -> {
            StringWriter text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text));
            Progress.say(text.toString());
        });
    }
}
