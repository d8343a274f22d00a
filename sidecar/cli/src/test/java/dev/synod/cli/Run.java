package dev.synod.cli;

import dev.synod.cli.output.Output;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/**
 * One run of {@code synodctl} within the test's process.
 *
 * @param status that the process would exit with
 * @param out standard output
 * @param err standard error
 */
public record Run(int status, String out, String err) {
    /** Runs a command line. */
    public static Run of(Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Run run = to(new Output(out, StandardCharsets.UTF_8, false), arguments);
        return new Run(run.status(), out.toString(StandardCharsets.UTF_8), run.err());
    }

    /** Runs a command line, with its standard output elsewhere. */
    public static Run to(Output out, Object... arguments) {
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(out);
        line.setErr(new PrintWriter(err, true));
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        int status = line.execute(texts);
        out.flush();
        return new Run(status, "", err.toString());
    }
}
