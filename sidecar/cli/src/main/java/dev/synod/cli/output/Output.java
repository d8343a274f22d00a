package dev.synod.cli.output;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import picocli.CommandLine;

/** Standard output, for text and for bytes that must come through as they are. */
public final class Output extends PrintWriter {
    private final OutputStream bytes;
    private final boolean terminal;

    /**
     * Prints to a stream; each line at once, for a program that reads along, and for one that ends.
     *
     * @param charset of the text
     * @param terminal whether a person reads it, as far as is known
     */
    public Output(OutputStream bytes, Charset charset, boolean terminal) {
        super(bytes, true, charset);
        this.bytes = bytes;
        this.terminal = terminal;
    }

    /** Of this process. */
    @SuppressWarnings("SystemConsoleNull") // it is null where there is no terminal
    public static Output ofProcess() {
        java.io.Console console = System.console();
        return new Output(System.out, System.out.charset(), console != null && console.isTerminal());
    }

    /** Prints bytes as they are; a line break follows only where a person reads. */
    public static void raw(CommandLine command, byte[] value) {
        if (!(command.getOut() instanceof Output output)) {
            throw new IllegalStateException("the command line was given an output that takes no bytes");
        }
        output.flush();
        try {
            output.bytes.write(value);
            if (output.terminal && value.length > 0 && value[value.length - 1] != '\n') {
                output.bytes.write('\n');
            }
            output.bytes.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("standard output cannot be written: " + e.getMessage(), e);
        }
    }
}
