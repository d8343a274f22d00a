package dev.synod.cli;

import dev.synod.cli.cluster.BackupCommand;
import dev.synod.cli.cluster.MembersCommand;
import dev.synod.cli.cluster.StatusCommand;
import dev.synod.cli.cluster.WaitCommand;
import dev.synod.cli.demo.DemoCommand;
import dev.synod.cli.dev.DevCommand;
import dev.synod.cli.dev.QuickstartCommand;
import dev.synod.cli.election.ElectCommand;
import dev.synod.cli.inject.InjectCommand;
import dev.synod.cli.lock.LockCommand;
import dev.synod.cli.session.SessionCommand;
import dev.synod.cli.values.KvCommand;
import dev.synod.cli.volume.VolumeCommand;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command above all others. */
@Command(name = "synodctl",
        description = "Locks, elections and values of a Synod cluster; its members and volumes; clusters on"
                + " this machine.",
        subcommands = {LockCommand.class, ElectCommand.class, KvCommand.class, SessionCommand.class,
            StatusCommand.class, MembersCommand.class, WaitCommand.class, BackupCommand.class,
            VolumeCommand.class, DevCommand.class, InjectCommand.class, DemoCommand.class,
            QuickstartCommand.class, CompletionCommand.class},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Examples:",
            "  synodctl dev -f deploy/examples/minimal.yaml",
            "  synodctl lock orders/42 -- ./migrate.sh",
            "  synodctl kv put config/level debug"})
final class Synodctl implements Runnable {
    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** The command line and every command below it, but for hidden ones. */
    static List<CommandLine> everyCommand(CommandLine line) {
        List<CommandLine> all = new ArrayList<>();
        all.add(line);
        for (CommandLine below : line.getSubcommands().values()) {
            if (!all.contains(below)) {
                all.addAll(everyCommand(below));
            }
        }
        return all;
    }
}
