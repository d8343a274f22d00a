package dev.synod.cli.dev;

import com.google.gson.GsonBuilder;
import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.Spans;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What {@code ./quickstart} runs once everything is built. */
@Command(name = "quickstart", hidden = true,
        description = "Start a cluster of three on this machine, use it, kill its leader under load, and"
                + " check that"
                + " nothing acknowledged is lost.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:all is as it must be", "69:the cluster did not come up",
            "70:something acknowledged was lost, out of order, or nothing happened"},
        footer = {"", "Examples:",
            "  ./quickstart",
            "  ./quickstart --keep",
            "  ./quickstart --failovers 5 --json figures.json",
            "  ./quickstart --kubernetes           the same in pods, on the current context of kubectl;",
            "  ./quickstart --kubernetes --help    what it does there"})
public final class QuickstartCommand implements Callable<Integer> {
    private static final int FAIL_OVERS_MAX = 100;

    // spotless:off
    @Option(names = {"-f", "--file"}, paramLabel = "FILE", defaultValue = "deploy/examples/minimal.yaml",
            description = "The cluster; default ${DEFAULT-VALUE}.")
    private Path file = Path.of("");

    @Option(names = "--keep",
            description = "Leave the cluster running when the show is over.")
    private boolean keep;

    @Option(names = "--json", paramLabel = "FILE",
            description = "Write the figures there.")
    private @Nullable Path json;

    @Option(names = "--failovers", paramLabel = "N", defaultValue = "1",
            description = "Kill the leader so often, and tell the median; default ${DEFAULT-VALUE}.")
    private int failOvers = 1;

    @Option(names = "--logs", description = "Show the members' logs too.")
    private boolean logs;

    // For deploy/quickstart-kubernetes, which has brought a cluster up on Kubernetes and forwards ports of
    // agents.
    @Option(names = "--endpoints", hidden = true, split = ",")
    private List<String> endpoints = new ArrayList<>();

    @Option(names = "--kubectl", hidden = true)
    private String kubectl = "kubectl";

    @Option(names = "--namespace", hidden = true)
    private String namespace = "default";

    @Option(names = "--cluster", hidden = true)
    private String clusterName = "minimal";

    @Option(names = "--startup-millis", hidden = true)
    private long startupMillis;

    // spotless:on

    @Override
    public Integer call() throws Exception {
        if (failOvers < 1 || failOvers > FAIL_OVERS_MAX) {
            throw new CommandException(ExitStatus.USAGE, "--failovers is " + failOvers + "; allowed are 1 to "
                    + FAIL_OVERS_MAX);
        }
        Console console = new Console(System.out, !logs);
        try {
            return endpoints.isEmpty() ? onThisMachine(console) : onKubernetes(console);
        } catch (StatusRuntimeException e) {
            throw new CommandException(ExitStatus.UNAVAILABLE, "a member does not do what it should: "
                    + e.getStatus(), e);
        }
    }

    private int onThisMachine(Console console) throws Exception {
        ClusterFile wanted = ClusterFile.read(file);
        if (wanted.voters() < 3) {
            throw new CommandException(ExitStatus.CONFIGURATION, file + " has " + wanted.voters()
                    + " voter: whoever is to survive a kill needs at least 3");
        }
        StateFolder state = StateFolder.temporary();
        try (LocalCluster cluster = LocalCluster.of(state, wanted, console)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(cluster), "end"));
            List<String> faults = play(new LocalStage(cluster), console);
            next(console, "./quickstart --keep", "the same, and the cluster stays");
            next(console, "sidecar/cli/synodctl dev -f deploy/examples/minimal.yaml",
                    "a cluster to work with");
            next(console, "sidecar/cli/synodctl lock demo -- printenv SYNOD_FENCING_TOKEN",
                    "beside either of them");
            next(console, "docs/local-mode.md, docs/cli.md", "what else there is");
            if (keep) {
                DevCommand.runUntilInterrupted(cluster, console);
            }
            return judged(faults);
        }
    }

    private int onKubernetes(Console console) throws Exception {
        List<String> faults = play(new PodStage(kubectl, namespace, clusterName, endpoints,
                Duration.ofMillis(startupMillis)), console);
        return judged(faults);
    }

    private List<String> play(Stage stage, Console console) throws IOException, InterruptedException {
        Figures figures = new Figures();
        new Quickstart(stage, console, figures).run(failOvers);
        List<String> faults = figures.faults(Quickstart.WRITES_MIN, Quickstart.WRITES_AFTER_MIN, failOvers,
                stage.comparesStates());
        summary(console, figures, faults);
        writeJson(figures, faults);
        console.say("");
        console.say(console.strong("Next"));
        return faults;
    }

    private static int judged(List<String> faults) {
        if (!faults.isEmpty()) {
            throw new CommandException(ExitStatus.SOFTWARE, String.join("; ", faults));
        }
        return ExitStatus.OK.status();
    }

    private static void end(LocalCluster cluster) {
        try {
            cluster.close();
        } catch (IOException e) {
            System.err.println("the data cannot be removed: " + e.getMessage());
        }
    }

    private void writeJson(Figures figures, List<String> faults) throws IOException {
        if (json != null) {
            Files.writeString(json, new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create()
                    .toJson(figures.tree(faults).fields()) + "\n");
        }
    }

    private static void summary(Console console, Figures figures, List<String> faults) {
        console.say("");
        console.say(console.strong("Summary"));
        line(console, "start to serving", Spans.rough(figures.startup));
        if (!figures.started.isEmpty()) {
            line(console, "resident memory", memory(figures.started) + " idle, " + memory(figures.loaded)
                    + " under load, MiB a member");
        }
        line(console, "lock cycles", figures.cyclesEachSecond() + " a second by three applications on one"
                + " lock; " + (figures.lockCycles + figures.lockCyclesUnderLoad) + " in all");
        line(console, "fail-over", (figures.failOvers.size() > 1 ? "median " : "")
                + figures.medianGap().toMillis() + " ms without an acknowledged write"
                + (figures.failOvers.size() > 1 ? ", of " + figures.failOvers.size() + " kills" : ""));
        line(console, "writes", figures.acknowledged + " acknowledged, " + figures.lost + " lost, "
                + figures.unknown + " of unknown outcome");
        line(console, "order violations", String.valueOf(figures.orderViolations));
        if (figures.digestsCompared > 0) {
            line(console, "digests", figures.digestsEqual ? "equal on all members" : "DIFFERENT");
        }
        for (String fault : faults) {
            console.say("  " + console.bad("FAILED  " + fault));
        }
        if (faults.isEmpty()) {
            console.say("  " + console.good("all is as it must be"));
        }
    }

    private static void next(Console console, String what, String why) {
        console.say(String.format(Locale.ROOT, "  %-64s %s", what, why));
    }

    private static void line(Console console, String name, String value) {
        console.say(String.format(Locale.ROOT, "  %-18s %s", name, value));
    }

    private static String memory(List<Figures.Footprint> processes) {
        return String.join(" / ", processes.stream()
                .map(process -> String.valueOf(process.residentKib() / 1_024)).toList());
    }
}
