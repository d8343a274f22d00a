package dev.synod.cli.sidecar;

import dev.synod.cli.Spans;
import dev.synod.client.Coordination;
import java.time.Duration;
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
            description = "Who this is, shown to others; default the pod's or host's name.")
    private @Nullable String identity;
    // spotless:on

    /** As asked for. */
    public Duration ttl() {
        return ttl;
    }

    /** Opens a session. */
    public Coordination connect(SidecarOptions sidecar) {
        Coordination.Builder builder = Coordination.builder()
                .endpoint(sidecar.endpoint())
                .namespace(sidecar.namespace())
                .connectTimeout(sidecar.timeout())
                .callTimeout(sidecar.timeout())
                .ttl(ttl);
        if (identity != null) {
            builder.identity(identity);
        }
        return builder.connect();
    }
}
