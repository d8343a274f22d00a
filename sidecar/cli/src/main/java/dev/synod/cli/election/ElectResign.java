package dev.synod.cli.election;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.output.OutputOption;
import dev.synod.cli.output.Tree;
import dev.synod.cli.sidecar.Sidecar;
import dev.synod.cli.sidecar.SidecarOptions;
import dev.synod.coordination.v1.Candidate;
import dev.synod.coordination.v1.Claimant;
import dev.synod.coordination.v1.Election;
import dev.synod.coordination.v1.ListCandidatesRequest;
import dev.synod.coordination.v1.ResignRequest;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a candidate out of an election. */
@Command(name = "resign",
        description = "Take a candidate out of an election on its behalf: the leader, unless another is"
                + " named."
                + " It is told, and the next one leads.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:it is out", "1:nobody of that name stands"},
        footer = {"", "Examples:",
            "  synodctl elect resign scheduler",
            "  synodctl elect resign scheduler --id pod-2"})
final class ElectResign implements Callable<Integer> {
    @Mixin private SidecarOptions options = new SidecarOptions();

    @Mixin private OutputOption output = new OutputOption();

    // spotless:off
    @Parameters(paramLabel = "NAME", description = "The election.")
    private String name = "";

    @Option(names = "--id", paramLabel = "ID",
            description = "The candidate; otherwise whoever leads.")
    private @Nullable String id;
    // spotless:on

    @Override
    public Integer call() {
        try (Sidecar sidecar = options.open()) {
            Election election = sidecar.elections().listCandidates(ListCandidatesRequest.newBuilder()
                    .setNamespace(options.namespace()).setName(name).build()).getElection();
            Claimant who = claimant(election);
            if (who == null) {
                throw new CommandException(ExitStatus.NO, id == null
                        ? "nobody leads " + name
                        : "nobody stands in " + name + " as " + id + "; elect leader " + name
                                + " shows who does");
            }
            boolean resigned = sidecar.elections().resign(ResignRequest.newBuilder()
                    .setNamespace(options.namespace()).setName(name).setSessionId(who.getSessionId())
                    .setCandidateId(who.getOwnerId()).build()).getResigned();
            output.print(new Tree().with("resigned", resigned).with("candidate", who.getOwnerId()),
                    () -> who.getOwnerId() + (resigned ? " is out of " : " was out already of ") + name
                            + "\n");
            return (resigned ? ExitStatus.OK : ExitStatus.NO).status();
        }
    }

    private @Nullable Claimant claimant(Election election) {
        if (election.hasLeader()) {
            Claimant leader = election.getLeader().getClaimant();
            if (id == null || leader.getOwnerId().equals(id)) {
                return leader;
            }
        }
        for (Candidate candidate : election.getCandidatesList()) {
            if (candidate.getClaimant().getOwnerId().equals(id)) {
                return candidate.getClaimant();
            }
        }
        return null;
    }
}
