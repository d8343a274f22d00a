package dev.synod.cli.election;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.Spans;
import dev.synod.cli.child.GuardedChild;
import dev.synod.cli.sidecar.ClientOptions;
import dev.synod.cli.sidecar.HostName;
import dev.synod.cli.sidecar.SidecarOptions;
import dev.synod.client.Candidacy;
import dev.synod.client.Coordination;
import dev.synod.client.CoordinationException;
import dev.synod.client.Leadership;
import dev.synod.client.LeadershipListener;
import dev.synod.client.LockLostException;
import dev.synod.client.Loss;
import dev.synod.client.SessionExpiredException;
import dev.synod.client.SessionState;
import dev.synod.client.Value;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a command while a candidate leads, and holds the commands that look at elections. */
@Command(name = "elect",
        customSynopsis = {"synodctl elect [OPTION]... NAME -- COMMAND [ARGUMENT]...",
            "       synodctl elect leader|observe|transfer|resign [OPTION]..."},
        description = {"Stand in an election, and run a command only while leading.",
            "",
            "The command finds the election's name in SYNOD_ELECTION_NAME, the candidate's in"
                    + " SYNOD_CANDIDATE_ID and the fencing token in SYNOD_FENCING_TOKEN. When leadership is"
                    + " lost or can no longer be guaranteed, the command and all that it started are asked"
                    + " to end (TERM), and killed (KILL) before the guarantee is over. When the command ends,"
                    + " the candidate resigns.",
            ""},
        subcommands = {ElectLeader.class, ElectObserve.class, ElectTransfer.class, ElectResign.class},
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "any:that of the command",
            "69:no sidecar answers, or the cluster has no quorum",
            "75:the candidate did not come to lead within --wait",
            "76:leadership was lost while the command ran, which was stopped, or the candidate was taken"
                    + " out before it led; not with --again"},
        footer = {"", "Examples:",
            "  synodctl elect scheduler -- ./run-scheduler",
            "  synodctl elect scheduler --id pod-1 --again -- ./run-scheduler",
            "  synodctl elect leader scheduler",
            "  synodctl elect observe scheduler"})
public final class ElectCommand implements Callable<Integer> {
    private static final long RENEW_PAUSE_MILLIS = 250;

    @Mixin private SidecarOptions options = new SidecarOptions();

    @Mixin private ClientOptions client = new ClientOptions();

    // spotless:off
    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME",
            description = "The election.")
    private String name = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "COMMAND",
            description = "What to run, after --.")
    private List<String> command = new ArrayList<>();

    @Option(names = "--id", paramLabel = "ID",
            description = "The candidate's name; default $POD_NAME, else the host's name.")
    private @Nullable String id;

    @Option(names = "--proclaim", paramLabel = "TEXT", defaultValue = "",
            description = "What observers are told while it leads, such as an address.")
    private String proclaimed = "";

    @Option(names = "--wait", paramLabel = "SPAN", converter = Spans.class,
            description = "Give up when it does not lead by then; otherwise wait for ever.")
    private @Nullable Duration patience;

    @Option(names = "--again",
            description = "When leadership is lost, for whatever reason, wait for it again and run the"
                    + " command anew.")
    private boolean again;
    // spotless:on

    /** Leaderships that are over. */
    private final Set<Leadership> lost = ConcurrentHashMap.newKeySet();

    @Override
    public Integer call() throws InterruptedException {
        if (name.isEmpty() || command.isEmpty()) {
            throw new CommandException(ExitStatus.USAGE, (name.isEmpty()
                    ? "no election is named"
                    : "there is"
                            + " no command to run: write it after --, as in synodctl elect " + name
                            + " -- ./job.sh")
                    + "; synodctl elect --help shows more");
        }
        try (Coordination coordination = client.connect(options)) {
            while (true) {
                try (Candidacy candidacy = ClientOptions.checked(() -> coordination.election(name)
                        .candidate(candidate()).proclaiming(Value.of(proclaimed)).start(new Listener()))) {
                    return stand(candidacy, coordination);
                } catch (SessionExpiredException | LockLostException over) {
                    if (!again) {
                        throw new CommandException(ExitStatus.LOST, "the candidate was taken out of " + name
                                + " before it came to lead: " + (over instanceof LockLostException left
                                        ? left.loss().text()
                                        : "its session ended"),
                                over);
                    }
                }
                renewed(coordination);
            }
        }
    }

    /**
     * Runs the command until it ends by itself.
     *
     * @throws SessionExpiredException when the candidacy is over with its session
     * @throws LockLostException when the candidacy is over for another reason
     */
    private int stand(Candidacy candidacy, Coordination coordination) throws InterruptedException {
        while (true) {
            Leadership leadership = candidacy.await(atMost()).orElseThrow(this::notElected);
            OptionalInt status = run(leadership, coordination.session().ttl());
            if (status.isPresent()) {
                return status.getAsInt();
            }
            if (!again) {
                throw new CommandException(ExitStatus.LOST, "the leadership of " + name + " was lost while"
                        + " the command ran, which was stopped: "
                        + GuardedChild.whyEnded(leadership::ensureHeld));
            }
            awaitOver(leadership);
        }
    }

    private Duration atMost() {
        return patience == null ? Duration.ofDays(100_000) : patience;
    }

    private CommandException notElected() {
        return new CommandException(ExitStatus.BUSY, candidate() + " did not come to lead " + name
                + " within " + Spans.rough(atMost()) + "; synodctl elect leader " + name + " tells who does");
    }

    /** With another session, where the one of before has ended; a sidecar that is away is waited for. */
    private void renewed(Coordination coordination) throws InterruptedException {
        long began = System.nanoTime();
        while (coordination.session().state() == SessionState.EXPIRED) {
            try {
                coordination.renew();
            } catch (CoordinationException e) {
                boolean passes = e.status() == Status.Code.UNAVAILABLE
                        || e.status() == Status.Code.DEADLINE_EXCEEDED;
                if (!passes || System.nanoTime() - began > atMost().toNanos()) {
                    throw e;
                }
                Thread.sleep(RENEW_PAUSE_MILLIS);
            }
        }
    }

    private String candidate() {
        if (id != null) {
            return id;
        }
        String host = HostName.current();
        if (host == null) {
            throw new CommandException(ExitStatus.USAGE, "the candidate has no name: give --id");
        }
        return host;
    }

    private OptionalInt run(Leadership leadership, Duration ttl) throws InterruptedException {
        GuardedChild child = new GuardedChild(command, Map.of(
                "SYNOD_ELECTION_NAME", name,
                "SYNOD_CANDIDATE_ID", candidate(),
                "SYNOD_FENCING_TOKEN", leadership.fencingToken().toString()), ttl);
        return child.run(new GuardedChild.Guarantee() {
            @Override
            public Duration guaranteedFor() {
                return leadership.guaranteedFor();
            }

            @Override
            public boolean isOver() {
                return lost.contains(leadership);
            }
        });
    }

    /**
     * The child was stopped for a guarantee that ran out; whether leadership is over is told a little later.
     */
    private void awaitOver(Leadership leadership) throws InterruptedException {
        while (!lost.contains(leadership) && !leadership.isHeld()) {
            Thread.sleep(50);
        }
    }

    private final class Listener implements LeadershipListener {
        @Override
        public void onElected(Leadership leadership) {
            // await() tells
        }

        @Override
        public void onDeposed(Leadership leadership, Loss why) {
            lost.add(leadership);
        }
    }
}
