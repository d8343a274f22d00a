package dev.synod.cli.output;

import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code -o}, for every command that tells something. */
public final class OutputOption {
    @Spec(Spec.Target.MIXEE) CommandSpec command = CommandSpec.create();

    // spotless:off
    @Option(names = {"-o", "--output"}, paramLabel = "FORMAT", defaultValue = "table",
            description = "How the result is printed: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    Format format = Format.TABLE;
    // spotless:on

    /** What was asked for. */
    public Format format() {
        return format;
    }

    /** Whether the command line says how to print. */
    public boolean isAskedFor() {
        return command.commandLine().getParseResult().hasMatchedOption("-o");
    }

    /** Prints the one result of a command. */
    public void print(Tree tree, Supplier<String> table) {
        write(format.of(tree.fields(), table));
    }

    /** Prints one of many results. */
    public void printOne(Tree tree, Supplier<String> table) {
        write(format.ofMany(tree.fields(), table));
    }

    private void write(String text) {
        command.commandLine().getOut().print(text);
        command.commandLine().getOut().flush();
    }
}
