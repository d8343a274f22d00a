package dev.synod.cli;

import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the completion script of a shell. */
@Command(name = "completion",
        description = "Print a script that completes commands and options in a shell.",
        footer = {"", "Examples:",
            "  source <(synodctl completion bash)",
            "  synodctl completion bash > ~/.local/share/bash-completion/completions/synodctl"})
final class CompletionCommand implements Runnable {
    private enum Shell {
        BASH,
        ZSH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec CommandSpec spec = CommandSpec.create();

    // spotless:off
    @Parameters(paramLabel = "SHELL",
            description = "The shell: ${COMPLETION-CANDIDATES}.")
    private Shell shell = Shell.BASH;
    // spotless:on

    @Override
    public void run() {
        String script = switch (shell) {
            // It turns on zsh's emulation of bash's completion when it finds itself there.
            case BASH, ZSH -> AutoComplete.bash("synodctl", spec.root().commandLine());
        };
        spec.commandLine().getOut().print(script);
        spec.commandLine().getOut().flush();
    }
}
