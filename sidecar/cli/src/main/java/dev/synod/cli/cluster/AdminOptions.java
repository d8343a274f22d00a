package dev.synod.cli.cluster;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.admin.AdminPort;
import java.io.IOException;
import java.nio.file.Path;
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
            description = "Certificate with the role operator, PEM; without it the port is asked in the"
                    + " clear, as"
                    + " the local mode has it.")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE",
            description = "Its private key, PEM.")
    private @Nullable Path key;

    @Option(names = "--tls-ca", paramLabel = "FILE",
            description = "Certificates of the authorities that the member is checked against, PEM.")
    private @Nullable Path authorities;
    // spotless:on

    String address() {
        String set = System.getenv("SYNOD_ADMIN");
        return address != null ? address : set == null || set.isEmpty() ? ADDRESS : set;
    }

    AdminPort open() throws IOException {
        return open(address());
    }

    /** Of another member, asked in the same way. */
    AdminPort open(String other) throws IOException {
        if (certificate == null && key == null && authorities == null) {
            return new AdminPort(other);
        }
        if (certificate == null || key == null || authorities == null) {
            throw new CommandException(ExitStatus.USAGE, "--tls-cert, --tls-key and --tls-ca belong together:"
                    + " give all three, or none to ask in the clear");
        }
        return AdminPort.withTls(other, certificate, key, authorities);
    }
}
