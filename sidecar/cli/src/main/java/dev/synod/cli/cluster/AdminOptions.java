package dev.synod.cli.cluster;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.admin.AdminPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which member's admin port, and who asks. */
final class AdminOptions {
    private static final String ADDRESS = "127.0.0.1:7402";

    // spotless:off
    @Option(names = "--admin", paramLabel = "HOST:PORT",
            description = "A member's admin port; default $SYNOD_ADMIN, else " + ADDRESS
                    + ".")
    private @Nullable String address;

    @Option(names = "--tls-cert", paramLabel = "FILE",
            description = "Certificate with the role operator, PEM, or to look only the role member; default"
                    + " $SYNOD_TLS_CERT. Without one the port is asked in the clear, as the local"
                    + " mode has it.")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE",
            description = "Its private key, PEM; default $SYNOD_TLS_KEY.")
    private @Nullable Path key;

    @Option(names = "--tls-ca", paramLabel = "FILE",
            description = "Certificates of the authorities that the member is checked against, PEM; default"
                    + " $SYNOD_TLS_CA.")
    private @Nullable Path authorities;

    @Option(names = "--tls-server-name", paramLabel = "NAME",
            description = "Name that the member's certificate must show; default $SYNOD_TLS_SERVER_NAME, else"
                    + " the host that is asked.")
    private @Nullable String serverName;
    // spotless:on

    String address() {
        return address != null ? address : Objects.requireNonNullElse(set("SYNOD_ADMIN"), ADDRESS);
    }

    AdminPort open() throws IOException {
        return open(address());
    }

    /** Of another member, asked in the same way. */
    AdminPort open(String other) throws IOException {
        Path shown = or(certificate, "SYNOD_TLS_CERT");
        Path secret = or(key, "SYNOD_TLS_KEY");
        Path trusted = or(authorities, "SYNOD_TLS_CA");
        if (shown == null && secret == null && trusted == null) {
            return new AdminPort(other);
        }
        if (shown == null || secret == null || trusted == null) {
            throw new CommandException(ExitStatus.USAGE, "--tls-cert, --tls-key and --tls-ca belong together:"
                    + " give all three, or none to ask in the clear");
        }
        return AdminPort.withTls(other, shown, secret, trusted,
                serverName != null ? serverName : set("SYNOD_TLS_SERVER_NAME"));
    }

    private static @Nullable Path or(@Nullable Path given, String variable) {
        String set = set(variable);
        return given != null || set == null ? given : Path.of(set);
    }

    /** What is empty is not set. */
    private static @Nullable String set(String variable) {
        String value = System.getenv(variable);
        return value == null || value.isEmpty() ? null : value;
    }
}
