package dev.synod.cli.sidecar;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.Spans;
import dev.synod.client.Coordination;
import dev.synod.client.CoordinationException;
import io.grpc.Status;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The session of a command that holds something while it runs. */
public final class ClientOptions {
    // spotless:off
    @Option(names = "--ttl", paramLabel = "SPAN", defaultValue = "10s", converter = Spans.class,
            description = "How long the hold outlives this process when it cannot say that it ends: 1s to 1h;"
                    + " default ${DEFAULT-VALUE}.")
    private Duration ttl = Duration.ofSeconds(10);

    @Option(names = "--identity", paramLabel = "TEXT",
            description = "Who this is, shown to others; default $POD_NAME, else the host's name.")
    private @Nullable String identity;
    // spotless:on

    /** As asked for. */
    public Duration ttl() {
        return ttl;
    }

    /** Opens a session. */
    public Coordination connect(SidecarOptions sidecar) {
        sidecar.open().close(); // refuses an endpoint, or a file with a token, that cannot be used
        Coordination.Builder builder = Coordination.builder()
                .endpoint(sidecar.endpoint())
                .namespace(sidecar.namespace())
                .connectTimeout(sidecar.timeout())
                .callTimeout(sidecar.timeout())
                .ttl(ttl);
        if (identity != null) {
            builder.identity(identity);
        }
        try {
            return checked(builder::connect);
        } catch (CoordinationException e) {
            if (e.status() != Status.Code.DEADLINE_EXCEEDED && e.status() != Status.Code.UNAVAILABLE) {
                throw e;
            }
            throw new CommandException(ExitStatus.UNAVAILABLE, CallFailure.isAnswered(e)
                    ? "no session was opened at " + sidecar.endpoint() + " within "
                            + Spans.text(sidecar.timeout()) + ": " + e.getMessage()
                            + "; --timeout waits longer"
                    : Unanswered.ofSidecar(sidecar.endpoint())
                            .silent("tried for " + Spans.text(sidecar.timeout())),
                    e);
        }
    }

    /**
     * What {@code named} makes of names from the command line; the client refuses what is no name.
     *
     * @throws CommandException saying what is allowed
     */
    public static <T> T checked(Supplier<T> named) {
        try {
            return named.get();
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitStatus.USAGE, String.valueOf(e.getMessage()), e);
        }
    }
}
