package dev.synod.cli.election;

import dev.synod.cli.ExitStatus;
import dev.synod.cli.output.OutputOption;
import dev.synod.cli.output.Tree;
import dev.synod.cli.sidecar.Sidecar;
import dev.synod.cli.sidecar.SidecarOptions;
import dev.synod.coordination.v1.TransferLeadershipRequest;
import dev.synod.coordination.v1.TransferLeadershipResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Hands leadership over. */
@Command(name = "transfer",
        description = "Hand the leadership of an election to a candidate that waits; who leads is told,"
                + " and waits"
                + " last from then on.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:the candidate leads", "1:nobody of that name waits, or the token is stale"},
        footer = {"", "Examples:",
            "  synodctl elect transfer scheduler --to pod-2",
            "  synodctl elect transfer scheduler --to pod-2 --token 1207"})
final class ElectTransfer implements Callable<Integer> {
    @Mixin private SidecarOptions options = new SidecarOptions();

    @Mixin private OutputOption output = new OutputOption();

    // spotless:off
    @Parameters(paramLabel = "NAME", description = "The election.")
    private String name = "";

    @Option(names = "--to", paramLabel = "ID", required = true,
            description = "The candidate that is to lead.")
    private String target = "";

    @Option(names = "--token", paramLabel = "TOKEN", defaultValue = "0",
            description = "Only if the leader has this fencing token; otherwise whoever leads.")
    private long token;
    // spotless:on

    @Override
    public Integer call() {
        try (Sidecar sidecar = options.open()) {
            TransferLeadershipResponse response =
                    sidecar.elections().transferLeadership(TransferLeadershipRequest.newBuilder()
                            .setNamespace(options.namespace()).setName(name).setFencingToken(token)
                            .setTargetCandidateId(target).build());
            output.print(new Tree().with("leader", target).with("fencingToken", response.getFencingToken())
                    .with("revision", response.getRevision()),
                    () -> target + " leads " + name + ", token " + response.getFencingToken() + "\n");
            return ExitStatus.OK.status();
        }
    }
}
