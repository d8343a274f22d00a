package dev.synod.cli.lock;

import dev.synod.cli.ExitStatus;
import dev.synod.cli.output.OutputOption;
import dev.synod.cli.output.Tree;
import dev.synod.cli.sidecar.Sidecar;
import dev.synod.cli.sidecar.SidecarOptions;
import dev.synod.coordination.v1.BreakLockRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Breaks a lock. */
@Command(name = "break",
        description = "Take a lock from who holds it, without asking; they are told why. What they do"
                + " until they"
                + " hear it is for fencing tokens to refuse.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:it is broken", "1:nobody held it, or not with that token"},
        footer = {"", "Examples:",
            "  synodctl lock break orders/42 --reason 'pod-3 is stuck'",
            "  synodctl lock break orders/42 --token 1207 --reason 'only that holder'"})
final class LockBreak implements Callable<Integer> {
    @Mixin private SidecarOptions options = new SidecarOptions();

    @Mixin private OutputOption output = new OutputOption();

    // spotless:off
    @Parameters(paramLabel = "NAME", description = "The lock.")
    private String name = "";

    @Option(names = "--reason", paramLabel = "TEXT", required = true,
            description = "Told to the holders; at most 256 bytes.")
    private String reason = "";

    @Option(names = "--token", paramLabel = "TOKEN", defaultValue = "0",
            description = "Only the grant with this fencing token; otherwise all that stand.")
    private long token;
    // spotless:on

    @Override
    public Integer call() {
        try (Sidecar sidecar = options.open()) {
            long revision = sidecar.locks().breakLock(BreakLockRequest.newBuilder()
                    .setNamespace(options.namespace()).setName(name).setFencingToken(token)
                    .setReason(reason).build()).getRevision();
            output.print(new Tree().with("broken", name).with("revision", revision),
                    () -> name + " is broken, at revision " + revision + "\n");
            return ExitStatus.OK.status();
        }
    }
}
