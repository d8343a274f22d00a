package dev.synod.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
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
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        int status = line.execute(texts);
        return new Run(status, out.toString(), err.toString());
    }
}
