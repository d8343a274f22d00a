package dev.synod.cli.sidecar;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.Spans;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which sidecar, which namespace, how long; the environment is what an application in the same pod sees. */
public final class SidecarOptions {
    private static final String ENDPOINT = "127.0.0.1:7400";

    // spotless:off
    @Option(names = "--endpoint", paramLabel = "ADDRESS",
            description = "The sidecar: host:port or unix:///path; default $SYNOD_ENDPOINT, else "
                    + ENDPOINT + ".")
    private @Nullable String endpoint;

    @Option(names = {"-n", "--namespace"}, paramLabel = "NAME",
            description = "Synod namespace of all names; default $SYNOD_NAMESPACE, else default.")
    private @Nullable String namespace;

    @Option(names = "--timeout", paramLabel = "SPAN", defaultValue = "5s", converter = Spans.class,
            description = "How long a call may take, such as 500ms or 10s; default ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ofSeconds(5);
    // spotless:on

    /** Where the sidecar is. */
    public String endpoint() {
        return endpoint != null ? endpoint : environment("SYNOD_ENDPOINT", ENDPOINT);
    }

    /** The namespace of names. */
    public String namespace() {
        return namespace != null ? namespace : environment("SYNOD_NAMESPACE", "default");
    }

    /** How long a call may take. */
    public Duration timeout() {
        if (timeout.isZero()) {
            throw new CommandException(ExitStatus.USAGE, "--timeout is 0; allowed is any longer span, "
                    + Spans.ALLOWED);
        }
        return timeout;
    }

    /** Connects when it is first used. */
    public Sidecar open() {
        return new Sidecar(endpoint(), environment("SYNOD_TOKEN_FILE", ""), timeout());
    }

    private static String environment(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
