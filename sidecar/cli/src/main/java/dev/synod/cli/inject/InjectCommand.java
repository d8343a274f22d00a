package dev.synod.cli.inject;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Adds an agent to manifests. */
@Command(name = "inject",
        description = {
            "Add an agent of a cluster to the workloads in a manifest, as a native sidecar: it starts"
                    + " before the application and ends after it, so a Job can finish. Containers get"
                    + " SYNOD_ENDPOINT. What is no workload passes unchanged; what has an agent already"
                    + " is left as it"
                    + " is.",
            "",
            "The result goes to standard output, for kubectl apply -f -.",
            ""},
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:done", "64:no workload was found", "78:the manifest is no YAML"},
        footer = {"", "Examples:",
            "  synodctl inject -f deployment.yaml --cluster orders | kubectl apply -f -",
            "  helm template . | synodctl inject -f - --cluster orders --voters 5"})
public final class InjectCommand implements Callable<Integer> {
    private static final int VOTERS_MAX = 7;
    private static final int PORT_MAX = 65_535;

    @Spec CommandSpec spec = CommandSpec.create();

    // spotless:off
    @Option(names = {"-f", "--file"}, paramLabel = "FILE", required = true,
            description = "The manifest; - for standard input.")
    private String file = "-";

    @Option(names = "--cluster", paramLabel = "NAME", required = true,
            description = "The CoordinationCluster, in the same namespace.")
    private String cluster = "";

    @Option(names = "--voters", paramLabel = "N", defaultValue = "3",
            description = "How many voters it has; default ${DEFAULT-VALUE}.")
    private int voters = 3;

    @Option(names = "--peers-port", paramLabel = "PORT", defaultValue = "7401",
            description = "Its spec.sidecar.ports.peers; default ${DEFAULT-VALUE}.")
    private int peersPort = 7401;

    @Option(names = "--image", paramLabel = "IMAGE",
            description = "The sidecar's image; default synod/sidecar of this program's version.")
    private String image = "synod/sidecar:" + Version.current();

    @Option(names = "--tls-secret", paramLabel = "NAME", defaultValue = "",
            description = "Secret with tls.crt, tls.key and ca.crt of a client; default NAME of the"
                    + " cluster with"
                    + " -client behind it.")
    private String secret = "";
    // spotless:on

    @Override
    public Integer call() throws IOException {
        if (voters < 1 || voters > VOTERS_MAX || voters % 2 == 0) {
            throw new CommandException(ExitStatus.USAGE, "--voters is " + voters
                    + "; allowed are 1, 3, 5 and 7");
        }
        if (peersPort < 1 || peersPort > PORT_MAX) {
            throw new CommandException(ExitStatus.USAGE, "--peers-port is " + peersPort
                    + "; allowed is 1 to " + PORT_MAX);
        }
        String text = file.equals("-")
                ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                : Files.readString(Path.of(file));
        Agent agent = new Agent(cluster, voters, peersPort, image,
                secret.isEmpty() ? cluster + "-client" : secret);
        Injection injection = new Injection(file.equals("-") ? "standard input" : file, agent);
        String result = injection.of(text);
        if (injection.workloads() == 0) {
            throw new CommandException(ExitStatus.USAGE, "no workload was found: inject takes Deployment,"
                    + " StatefulSet, DaemonSet, ReplicaSet, Job, CronJob and Pod");
        }
        spec.commandLine().getOut().print(result);
        spec.commandLine().getOut().flush();
        return ExitStatus.OK.status();
    }
}
