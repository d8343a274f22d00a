package dev.synod.cli.output;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
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
        // System.out would swallow what goes wrong, and a cut backup would be told as written.
        return new Output(new FileOutputStream(FileDescriptor.out), System.out.charset(),
                console != null && console.isTerminal());
    }

    /** Where bytes are printed as they are; what goes wrong is thrown. Not to be closed. */
    public static OutputStream bytes(CommandLine command) {
        return of(command).bytes;
    }

    /** Prints bytes as they are; a line break follows only where a person reads. */
    public static void raw(CommandLine command, byte[] value) throws IOException {
        Output output = of(command);
        output.bytes.write(value);
        if (output.terminal && value.length > 0 && value[value.length - 1] != '\n') {
            output.bytes.write('\n');
        }
        output.bytes.flush();
    }

    private static Output of(CommandLine command) {
        if (!(command.getOut() instanceof Output output)) {
            throw new IllegalStateException("the command line was given an output that takes no bytes");
        }
        output.flush();
        return output;
    }
}
