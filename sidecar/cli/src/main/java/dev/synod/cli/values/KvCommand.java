package dev.synod.cli.values;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Values. */
@Command(name = "kv",
        description = "Read, write and watch values.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {KvGet.class, KvPut.class, KvDel.class, KvTxn.class, KvWatch.class},
        footer = {"", "Examples:",
            "  synodctl kv put config/level debug",
            "  synodctl kv get config/ --prefix",
            "  synodctl kv watch config/ --prefix"})
public final class KvCommand implements Runnable {
    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
