package dev.synod.cli;

import dev.synod.cli.output.Output;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Starts {@code synodctl}. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its {@link ExitStatus}. */
    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT);
        if (!isDebugging()) {
            // What the libraries log is of no use in a shell.
            System.setProperty("slf4j.internal.verbosity", "ERROR");
            LogManager.getLogManager().reset();
        }
        CommandLine line = commandLine();
        int status = line.execute(withoutScript(arguments));
        line.getOut().flush();
        System.exit(status);
    }

    /**
     * In the image a first line starts the JVM, and the kernel puts the script's name before the arguments.
     */
    private static String[] withoutScript(String[] arguments) {
        return Boolean.getBoolean("synod.script")
                ? Arrays.copyOfRange(arguments, 1, arguments.length)
                : arguments;
    }

    /** The whole command line, for running, for help and for tests. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Synodctl());
        line.setOut(Output.ofProcess());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(100);
        line.setParameterExceptionHandler(Main::misused);
        line.setExecutionStrategy(Main::run);
        line.setExecutionExceptionHandler(Main::failed);
        line.setExitCodeExceptionMapper(failure -> ExitStatus.SOFTWARE.status());
        for (CommandLine each : Synodctl.everyCommand(line)) {
            if (each.getCommandSpec().findOption("--help") == null) {
                each.getCommandSpec().addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true).type(boolean.class).description("Show this text.").build());
            }
            each.getCommandSpec().exitCodeOnInvalidInput(ExitStatus.USAGE.status());
            each.getCommandSpec().exitCodeOnExecutionException(ExitStatus.SOFTWARE.status());
        }
        return line;
    }

    private static int run(ParseResult parsed) {
        refuseSwallowedCommand(parsed);
        return new CommandLine.RunLast().execute(parsed);
    }

    /**
     * A lock or an election may be called like a command below its own. Whoever wants to run something under
     * such a one must not get that command instead, with a status that says that all went well.
     */
    private static void refuseSwallowedCommand(ParseResult parsed) {
        List<CommandLine> chain = parsed.asCommandLineList();
        int above = chain.size() - 2;
        if (above < 0 || !parsed.originalArgs().contains("--") || chain.get(above).getCommandSpec()
                .positionalParameters().stream().noneMatch(each -> each.paramLabel().equals("COMMAND"))) {
            return;
        }
        CommandLine meant = chain.get(above);
        String runs = meant.getCommandSpec().qualifiedName();
        String name = chain.getLast().getCommandName();
        throw new ParameterException(meant, runs + " " + name + " is a command of its own and takes nothing"
                + " behind --; to run a command with what is called " + name + ", put -- before the name: "
                + runs + " -- " + name + " ./job.sh");
    }

    private static int misused(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        say(command.getErr(), failure.getMessage() + "; " + name + " --help shows what it takes");
        return ExitStatus.USAGE.status();
    }

    private static int failed(Exception failure, CommandLine command, ParseResult parsed) {
        if (isDebugging()) {
            failure.printStackTrace(command.getErr());
        }
        Failure said = Failure.of(failure);
        say(command.getErr(), said.message());
        return said.status().status();
    }

    private static boolean isDebugging() {
        return System.getenv("SYNOD_DEBUG") != null;
    }

    private static void say(PrintWriter err, String message) {
        // What a user or another process wrote does not steer the terminal.
        String line = message.replaceAll("\\s*\\R\\s*", " ").replaceAll("\\p{Cntrl}", "?");
        err.println(Ansi.AUTO.new Text("@|bold synodctl:|@ ", CommandLine.Help.defaultColorScheme(Ansi.AUTO))
                + line);
        err.flush();
    }
}
