package dev.synod.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code docs/cli.md} holds every command's help as it is. {@code -Dsynod.regenerate=true} writes it anew,
 * to be reviewed as a diff.
 */
final class CommandLineDocumentTest {
    private static final String BEGIN = "<!-- From here on written by CommandLineDocumentTest. -->\n";

    private static String statuses() {
        StringBuilder text = new StringBuilder("## Exit status\n\n| | |\n|---|---|\n");
        for (ExitStatus status : ExitStatus.values()) {
            text.append("| ").append(status.status()).append(" | ").append(status.meaning()).append(" |\n");
        }
        return text.append('\n').toString();
    }

    private static String commands() {
        StringBuilder text = new StringBuilder("## Commands\n");
        for (CommandLine command : Synodctl.everyCommand(Main.commandLine())) {
            if (!command.getCommandSpec().usageMessage().hidden()) {
                text.append("\n### ").append(command.getCommandSpec().qualifiedName()).append("\n\n```text\n")
                        .append(command.getUsageMessage(Ansi.OFF).stripTrailing().replaceAll("[ \\t]+\n",
                                "\n"))
                        .append("\n```\n");
            }
        }
        return text.toString();
    }

    @Test
    void theDocumentHoldsTheHelpOfEveryCommand() throws Exception {
        Path tree = Path.of(Objects.requireNonNull(System.getProperty("synod.tree")));
        Path document = tree.resolve("docs/cli.md");
        String text = Files.readString(document);
        int from = text.indexOf(BEGIN) + BEGIN.length();
        assertThat(from).isGreaterThan(BEGIN.length());
        String wanted = text.substring(0, from) + "\n" + statuses() + commands();
        if (Boolean.getBoolean("synod.regenerate")) {
            Files.writeString(document, wanted);
            return;
        }
        assertThat(text).as("run this test with -Dsynod.regenerate=true, and look at the diff")
                .isEqualTo(wanted);
    }

    @Test
    void everyCommandSaysWhatItDoesAndGivesAnExample() {
        for (CommandLine command : Synodctl.everyCommand(Main.commandLine())) {
            CommandSpec spec = command.getCommandSpec();
            assertThat(spec.usageMessage().description()).as(spec.qualifiedName()).isNotEmpty();
            assertThat(spec.usageMessage().footer()).as(spec.qualifiedName()).anyMatch(
                    line -> line.contains("synodctl ") || line.contains("./quickstart"));
        }
    }

    @Test
    void helpEndsWithStatusZeroAndGoesToStandardOutput() {
        Run run = Run.of("volume", "recover", "--help");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("Examples:");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void theVersionIsThatOfTheBuild() {
        assertThat(Run.of("--version").out()).matches("synodctl \\d+\\.\\d+\\.\\S+\n");
    }

    @Test
    void anUnknownCommandIsSaidInOneLine() {
        Run run = Run.of("lokc");
        assertThat(run.status()).isEqualTo(64);
        assertThat(run.err().strip().lines()).hasSize(1);
    }

    @Test
    void whereNobodyListensTheMessageNamesTheEndpointOption() {
        Run run = Run.of("kv", "get", "a", "--endpoint", "127.0.0.1:1", "--timeout", "30s");
        assertThat(run.status()).isEqualTo(69);
        assertThat(run.err()).contains("--endpoint");
        assertThat(run.err().strip().lines()).hasSize(1);
    }

    @Test
    void completionNamesEveryCommand() {
        Run run = Run.of("completion", "bash");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("volume").contains("elect").contains("complete -F");
    }
}
