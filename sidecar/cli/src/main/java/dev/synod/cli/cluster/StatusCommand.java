package dev.synod.cli.cluster;

import dev.synod.admin.v1.MemberStatus;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.admin.AdminPort;
import dev.synod.cli.output.OutputOption;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tells how a member stands. */
@Command(name = "status",
        description = "Tell how a member stands: its role, its log, its state. With --confirm a quorum"
                + " vouches for"
                + " it.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:it is ready to serve", "1:it is not", "69:it does not answer, or has no quorum"},
        footer = {"", "Examples:",
            "  synodctl status",
            "  synodctl status --admin 127.0.0.1:7412 --confirm -o json"})
public final class StatusCommand implements Callable<Integer> {
    @Mixin private AdminOptions options = new AdminOptions();

    @Mixin private OutputOption output = new OutputOption();

    // spotless:off
    @Option(names = "--confirm",
            description = "As of a linearizable read: fails without a quorum.")
    private boolean confirm;
    // spotless:on

    @Override
    public Integer call() throws IOException {
        try (AdminPort port = options.open()) {
            MemberStatus status = confirm ? port.confirmedStatus() : port.status();
            output.print(StatusViews.tree(status), () -> StatusViews.text(status));
            return (status.getReady() ? ExitStatus.OK : ExitStatus.NO).status();
        }
    }
}
