package dev.synod.cli.election;

import dev.synod.cli.ExitStatus;
import dev.synod.cli.output.OutputOption;
import dev.synod.cli.sidecar.Sidecar;
import dev.synod.cli.sidecar.SidecarOptions;
import dev.synod.coordination.v1.Election;
import dev.synod.coordination.v1.ListCandidatesRequest;
import dev.synod.coordination.v1.ListCandidatesResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows one election. */
@Command(name = "leader",
        description = "Show who leads an election and who waits to, in order.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:somebody leads", "1:nobody does"},
        footer = {"", "Examples:",
            "  synodctl elect leader scheduler",
            "  synodctl elect leader scheduler -o json"})
final class ElectLeader implements Callable<Integer> {
    @Mixin private SidecarOptions options = new SidecarOptions();

    @Mixin private OutputOption output = new OutputOption();

    // spotless:off
    @Parameters(paramLabel = "NAME", description = "The election.")
    private String name = "";
    // spotless:on

    @Override
    public Integer call() {
        ListCandidatesResponse response;
        try (Sidecar sidecar = options.open()) {
            response = sidecar.elections().listCandidates(ListCandidatesRequest.newBuilder()
                    .setNamespace(options.namespace()).setName(name).build());
        }
        Election election = response.getElection().toBuilder().setName(name).build();
        output.print(ElectionViews.tree(election).with("revision", response.getRevision()),
                () -> ElectionViews.text(election));
        return (election.hasLeader() ? ExitStatus.OK : ExitStatus.NO).status();
    }
}
