package dev.synod.cli.election;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.output.OutputOption;
import dev.synod.cli.output.Tree;
import dev.synod.cli.sidecar.Claims;
import dev.synod.cli.sidecar.Sidecar;
import dev.synod.cli.sidecar.SidecarOptions;
import dev.synod.coordination.v1.Candidate;
import dev.synod.coordination.v1.Election;
import dev.synod.coordination.v1.ElectionEvent;
import dev.synod.coordination.v1.ElectionServiceGrpc;
import dev.synod.coordination.v1.Leader;
import dev.synod.coordination.v1.ObserveElectionRequest;
import dev.synod.coordination.v1.ObserveElectionResponse;
import io.grpc.CallOptions;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Follows one election. */
@Command(name = "observe",
        description = "Tell who leads an election, now and at every change, until interrupted. With -o"
                + " json every"
                + " event is one line.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:as many events as --count asks for were told",
            "69:the sidecar or the cluster went away, or told nothing for 15 s"},
        footer = {"", "Examples:",
            "  synodctl elect observe scheduler",
            "  synodctl elect observe scheduler --count 1 -o json"})
final class ElectObserve implements Callable<Integer> {
    private static final Duration SILENCE_MAX = Duration.ofSeconds(15);

    @Mixin private SidecarOptions options = new SidecarOptions();

    @Mixin private OutputOption output = new OutputOption();

    // spotless:off
    @Parameters(paramLabel = "NAME", description = "The election.")
    private String name = "";

    @Option(names = "--count", paramLabel = "N", defaultValue = "0",
            description = "End after so many lines; 0 for never.")
    private int count;
    // spotless:on

    private int told;

    @Override
    public Integer call() throws InterruptedException {
        try (Sidecar sidecar = options.open()) {
            BlockingClientCall<ObserveElectionRequest, ObserveElectionResponse> stream =
                    ClientCalls.blockingV2ServerStreamingCall(sidecar.channel(),
                            ElectionServiceGrpc.getObserveElectionMethod(), CallOptions.DEFAULT,
                            ObserveElectionRequest.newBuilder().setNamespace(options.namespace())
                                    .setName(name).build());
            ObserveElectionResponse response = next(stream);
            while (response != null && !isEnough()) {
                tell(response);
                response = isEnough() ? null : next(stream);
            }
        }
        return (isEnough() ? ExitStatus.OK : ExitStatus.UNAVAILABLE).status();
    }

    /** A sidecar tells at least each second that all is told; one that stands still tells nothing. */
    private @Nullable ObserveElectionResponse next(
            BlockingClientCall<ObserveElectionRequest, ObserveElectionResponse> stream)
            throws InterruptedException {
        try {
            return stream.read(SILENCE_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new CommandException(ExitStatus.UNAVAILABLE, "the sidecar at " + options.endpoint()
                    + " has told nothing for " + SILENCE_MAX.toSeconds() + " s; run the command again", e);
        } catch (StatusException e) {
            throw e.getStatus().asRuntimeException(e.getTrailers());
        }
    }

    private boolean isEnough() {
        return count > 0 && told >= count;
    }

    private void tell(ObserveElectionResponse response) {
        long revision = response.getRevision();
        if (response.hasState()) {
            Election election = response.getState();
            String leads = election.hasLeader() ? words(election.getLeader()) : "nobody leads";
            print(ElectionViews.tree(election.toBuilder().setName(name).build()).with("event", "state"),
                    revision, leads + ", " + election.getCandidatesCount() + " wait");
        }
        for (ElectionEvent event : response.getEventsList()) {
            tell(event, revision);
        }
    }

    private void tell(ElectionEvent event, long revision) {
        switch (event.getEventCase()) {
            case QUEUED -> {
                Candidate candidate = event.getQueued();
                print(new Tree().with("event", "queued")
                        .with("claimant", Claims.tree(candidate.getClaimant())), revision,
                        Claims.text(candidate.getClaimant()) + " waits");
            }
            case ELECTED -> print(new Tree().with("event", "elected")
                    .with("leader", ElectionViews.tree(event.getElected())), revision,
                    words(event.getElected()));
            case PROCLAIMED -> print(new Tree().with("event", "proclaimed")
                    .with("leader", ElectionViews.tree(event.getProclaimed())), revision,
                    words(event.getProclaimed()) + ", and proclaims something else");
            case LEFT -> {
                ElectionEvent.Left left = event.getLeft();
                String cause = Claims.word(left.getCause(), "CAUSE_");
                print(new Tree().with("event", "left")
                        .with("claimant", Claims.tree(left.getClaimant()))
                        .with("fencingToken", left.getFencingToken())
                        .with("cause", cause), revision,
                        Claims.text(left.getClaimant()) + (left.getFencingToken() == 0
                                ? " waits no longer"
                                : " leads no longer") + ": " + cause);
            }
            case EVENT_NOT_SET -> {
                // of a newer sidecar
            }
        }
    }

    private static String words(Leader leader) {
        return Claims.text(leader.getClaimant()) + " leads as " + leader.getClaimant().getOwnerId()
                + ", token "
                + leader.getFencingToken();
    }

    private void print(Tree tree, long revision, String words) {
        if (isEnough()) {
            return;
        }
        told++;
        output.printOne(tree.with("revision", revision), () -> revision + "  " + words + "\n");
    }
}
