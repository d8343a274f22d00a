package dev.synod.cli.session;

import com.google.protobuf.Duration;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.Spans;
import dev.synod.cli.output.OutputOption;
import dev.synod.cli.output.Table;
import dev.synod.cli.output.Tree;
import dev.synod.cli.sidecar.Sidecar;
import dev.synod.cli.sidecar.SidecarOptions;
import dev.synod.coordination.v1.CloseSessionRequest;
import dev.synod.coordination.v1.ListSessionsRequest;
import dev.synod.coordination.v1.ListSessionsResponse;
import dev.synod.coordination.v1.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sessions. */
@Command(name = "session",
        description = "List sessions, or end one.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {SessionCommand.Ls.class, SessionCommand.Close.class},
        footer = {"", "Examples:",
            "  synodctl session ls",
            "  synodctl session close 17"})
public final class SessionCommand implements Runnable {
    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Lists them. */
    @Command(name = "ls",
            description = "List the sessions that live, with who they are and what they outlive.",
            footer = {"", "Examples:",
                "  synodctl session ls",
                "  synodctl session ls -o json"})
    static final class Ls implements Callable<Integer> {
        @Mixin private SidecarOptions options = new SidecarOptions();

        @Mixin private OutputOption output = new OutputOption();

        @Override
        public Integer call() {
            List<Session> sessions = new ArrayList<>();
            long revision = 0;
            try (Sidecar sidecar = options.open()) {
                String page = "";
                do {
                    ListSessionsResponse response = sidecar.sessions().listSessions(ListSessionsRequest
                            .newBuilder().setPageSize(1_000).setPageToken(page).build());
                    sessions.addAll(response.getSessionsList());
                    revision = response.getRevision();
                    page = response.getNextPageToken();
                } while (!page.isEmpty());
            }
            List<Object> trees = new ArrayList<>();
            Table table = new Table("session", "identity", "ttl", "attached", "labels");
            for (Session session : sessions) {
                trees.add(new Tree()
                        .with("sessionId", session.getSessionId())
                        .with("identity", session.getIdentity())
                        .with("ttlMillis", millis(session.getTtl()))
                        .with("attachGeneration", session.getAttachGeneration())
                        .with("labels", session.getLabelsMap())
                        .fields());
                table.row(session.getSessionId(), session.getIdentity(),
                        Spans.text(java.time.Duration.ofMillis(millis(session.getTtl()))),
                        session.getAttachGeneration()
                                + (session.getAttachGeneration() == 1 ? " time" : " times"),
                        String.join(",", labels(session)));
            }
            output.print(new Tree().with("sessions", trees).with("revision", revision), table::toString);
            return ExitStatus.OK.status();
        }

        private static List<String> labels(Session session) {
            return session.getLabelsMap().entrySet().stream()
                    .map(label -> label.getKey() + "=" + label.getValue()).sorted().toList();
        }

        private static long millis(Duration span) {
            return span.getSeconds() * 1_000 + span.getNanos() / 1_000_000;
        }
    }

    /** Ends one. */
    @Command(name = "close",
            description = "End a session and all it owns: its locks go to the next in their queues, its"
                    + " keys are"
                    + " deleted. Its application is told, and must not go on as if it held anything.",
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {"0:it is ended", "1:there was no such session"},
            footer = {"", "Examples:",
                "  synodctl session close 17"})
    static final class Close implements Callable<Integer> {
        @Mixin private SidecarOptions options = new SidecarOptions();

        @Mixin private OutputOption output = new OutputOption();

        // spotless:off
        @Parameters(paramLabel = "ID", description = "The session, as session ls shows it.")
        private long id;
        // spotless:on

        @Override
        public Integer call() {
            try (Sidecar sidecar = options.open()) {
                var response = sidecar.sessions().closeSession(
                        CloseSessionRequest.newBuilder().setSessionId(id).build());
                output.print(new Tree().with("closed", response.getClosed())
                        .with("revision", response.getRevision()),
                        () -> (response.getClosed()
                                ? "session " + id + " is ended"
                                : "session " + id
                                        + " had ended already")
                                + "\n");
                return (response.getClosed() ? ExitStatus.OK : ExitStatus.NO).status();
            }
        }
    }
}
