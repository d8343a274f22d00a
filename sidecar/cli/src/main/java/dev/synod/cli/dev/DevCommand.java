package dev.synod.cli.dev;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.dev.LocalCluster.LocalMember;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs clusters and applications on this machine. */
@Command(name = "dev",
        description = {
            "Run the cluster that a CoordinationCluster file describes on this machine: every member"
                    + " a process of its own, with a real volume and real connections on 127.0.0.1. With"
                    + " a command,"
                    + " run it beside an agent, as in a pod, with SYNOD_ENDPOINT set.",
            ""},
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:the cluster ran until it was interrupted",
            "65:the folder holds a volume that is another's, or too few volumes are left",
            "69:the cluster did not come up",
            "73:the folder for its data cannot be used",
            "78:the file is wrong; the message names the line and what is allowed",
            "any:with a command: that command's own"},
        footer = {"", "Examples:",
            "  synodctl dev -f deploy/examples/minimal.yaml",
            "  synodctl dev -f cluster.yaml --keep-data ./data --quiet",
            "  synodctl dev -f cluster.yaml -- ./my-app --port 8080",
            "  synodctl dev -- ./my-app        # beside a cluster that another synodctl dev runs"})
public final class DevCommand implements Callable<Integer> {
    private static final List<Integer> USUAL_PEERS = List.of(7_401, 7_411, 7_421);
    private static final Duration AGENT_MAX = Duration.ofSeconds(30);

    // spotless:off
    @Option(names = {"-f", "--file"}, paramLabel = "FILE",
            description = "The cluster.")
    private @Nullable Path file;

    @Option(names = "--keep-data", paramLabel = "DIR",
            description = "Keep the members' volumes and logs in this folder, and go on with what is in it."
                    + " Without this they go when the cluster ends.")
    private @Nullable Path data;

    @Option(names = "--quiet",
            description = "Show no logs of the members; they are in files in any case.")
    private boolean quiet;

    @Option(names = "--members", paramLabel = "HOST:PORT", split = ",",
            description = "Without -f: peer ports of the members that the agent forwards to; by default those"
                    + " of a cluster that another synodctl dev runs on the usual ports.")
    private List<String> peers = new ArrayList<>();

    @Parameters(paramLabel = "COMMAND", arity = "0..*",
            description = "An application to run beside an agent, after --.")
    private List<String> command = new ArrayList<>();
    // spotless:on

    @Override
    public Integer call() throws Exception {
        if (file == null && command.isEmpty()) {
            throw new CommandException(ExitStatus.USAGE, "nothing to run: name a cluster with -f, an"
                    + " application after --, or both");
        }
        if (file == null && data != null) {
            throw new CommandException(ExitStatus.USAGE, "--keep-data is for a cluster: name one with -f");
        }
        Console console = new Console(System.out, quiet || !command.isEmpty() && file == null);
        Ending ending = new Ending(console).onShutdown();
        if (file == null) {
            return runApplication(console, ending, peers.isEmpty() ? usualPeers() : peers, "synod",
                    agentLog());
        }
        try (LocalCluster cluster = start(ClusterFile.read(file), console, ending)) {
            if (command.isEmpty()) {
                return runUntilInterrupted(cluster, console);
            }
            cluster.members().forEach(member -> say(member, console));
            List<String> addresses = cluster.members().stream().map(m -> m.plan().address()).toList();
            return runApplication(console, ending, addresses, cluster.plan().name(),
                    cluster.state().log("agent"));
        }
    }

    private LocalCluster start(ClusterFile cluster, Console console, Ending ending)
            throws IOException, InterruptedException {
        StateFolder state = data == null ? StateFolder.temporary() : StateFolder.kept(data);
        console.say(console.strong(cluster.name()) + ": " + cluster.voters() + " voters, "
                + cluster.observers() + " observers; data in " + state.path()
                + (state.isKept() ? "" : ", which goes when the cluster ends"));
        if (!cluster.unused().isEmpty()) {
            console.say("without Kubernetes these mean nothing: " + String.join(", ", cluster.unused()));
        }
        LocalCluster local;
        try {
            local = LocalCluster.of(state, cluster, console);
        } catch (IOException | RuntimeException e) {
            state.close();
            throw e;
        }
        ending.cluster(local);
        try {
            local.start();
        } catch (IOException | InterruptedException | RuntimeException e) {
            local.close();
            throw e;
        }
        return local;
    }

    static int runUntilInterrupted(LocalCluster cluster, Console console)
            throws InterruptedException {
        for (LocalMember member : cluster.members()) {
            say(member, console);
        }
        console.say("try: " + hint(cluster.members().getFirst().plan().endpoint()));
        console.say(console.faint("Ctrl-C ends it"));
        StatusWatch watch = new StatusWatch(cluster, console);
        try {
            while (cluster.givenUp().size() < cluster.members().size()) {
                Thread.sleep(200);
            }
        } finally {
            watch.close();
        }
        throw new CommandException(ExitStatus.UNAVAILABLE, "every member has ended for good: "
                + String.join("; ", cluster.givenUp()));
    }

    private static void say(LocalMember member, Console console) {
        Ports ports = member.plan().ports();
        console.say(String.format("%-10s %s: applications at %s, http://%s, admin at %s, http://%s/metrics",
                member.name(), member.plan().id(), member.plan().endpoint(), Ports.loopback(ports.http()),
                Ports.loopback(ports.admin()), Ports.loopback(ports.probes())));
    }

    /** A command line that works while the cluster runs. */
    static String hint(String endpoint) {
        return System.getProperty("synod.program", "synodctl") + " lock demo --endpoint " + endpoint
                + " -- sh -c 'echo token $SYNOD_FENCING_TOKEN'";
    }

    private static List<String> usualPeers() {
        return USUAL_PEERS.stream().filter(port -> !Ports.isFree(port)).map(Ports::loopback).toList();
    }

    private static Path agentLog() throws IOException {
        return Files.createTempFile("synod-agent-", ".log");
    }

    private int runApplication(Console console, Ending ending, List<String> addresses, String name,
            Path log) throws IOException, InterruptedException {
        if (addresses.isEmpty()) {
            throw new CommandException(ExitStatus.UNAVAILABLE,
                    "no cluster runs here on the usual ports: start"
                            + " one with synodctl dev -f FILE, or name its peer ports with --members");
        }
        Ports ports = Ports.any();
        try (Supervised agent = new Supervised(addresses.size(), "agent",
                JavaProgram.agent(name, addresses, ports), log, console)) {
            ending.agent(agent);
            agent.start();
            awaitAgent(agent, ports); // if that fails, the message names the log, which stays
            if (file == null) {
                log.toFile().deleteOnExit();
            }
            ProcessBuilder application = new ProcessBuilder(command).inheritIO();
            application.environment().put("SYNOD_ENDPOINT", Ports.loopback(ports.api()));
            Process running;
            try {
                running = application.start();
            } catch (IOException e) {
                throw new CommandException(ExitStatus.USAGE, "the command cannot be run: " + e.getMessage(),
                        e);
            }
            ending.application(running);
            int status = running.waitFor();
            agent.stop();
            agent.awaitEnd(AGENT_MAX);
            return status;
        }
    }

    private static void awaitAgent(Supervised agent, Ports ports) throws InterruptedException {
        long until = System.nanoTime() + AGENT_MAX.toNanos();
        while (Ports.isFree(ports.api())) {
            String why = agent.givenUp();
            if (why != null || System.nanoTime() - until > 0) {
                throw new CommandException(ExitStatus.UNAVAILABLE, "the agent did not come up"
                        + (why == null ? " in time" : ": " + why));
            }
            Thread.sleep(10);
        }
    }
}
