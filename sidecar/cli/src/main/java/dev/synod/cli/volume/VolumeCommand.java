package dev.synod.cli.volume;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What can be done with a volume while no member runs on it, and looking while one does. */
@Command(name = "volume",
        description = "Look at a member's volume, or begin a new cluster from one that survived, or from a"
                + " backup.",
        subcommands = {InspectCommand.class, VerifyCommand.class, RecoverCommand.class, RestoreCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Examples:",
            "  synodctl volume inspect /var/lib/synod",
            "  synodctl volume verify /var/lib/synod -o json"})
public final class VolumeCommand implements Runnable {
    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
