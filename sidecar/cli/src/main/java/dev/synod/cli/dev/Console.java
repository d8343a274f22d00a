package dev.synod.cli.dev;

import java.io.PrintStream;

/**
 * What people see: the members' logs as one, and below them, on a terminal, a line that tells how the cluster
 * stands. Safe for threads.
 */
final class Console {
    private static final String RESET = "\033[0m";
    private static final int[] COLOURS = {36, 33, 35, 32, 34, 31, 96, 93, 95, 92, 94, 91};
    private static final int WIDTH_MAX = 200;

    private final PrintStream out;
    private final boolean terminal;
    private final boolean coloured;
    private final boolean quiet;
    private String status = "";
    private boolean statusShown;

    Console(PrintStream out, boolean quiet) {
        this(out, quiet, isTerminal());
    }

    Console(PrintStream out, boolean quiet, boolean terminal) {
        this.out = out;
        this.quiet = quiet;
        this.terminal = terminal;
        this.coloured = terminal && System.getenv("NO_COLOR") == null;
    }

    @SuppressWarnings("SystemConsoleNull") // it is null again since JDK 25, where there is no terminal
    private static boolean isTerminal() {
        java.io.Console console = System.console();
        return console != null && console.isTerminal();
    }

    boolean onTerminal() {
        return terminal;
    }

    /** A line of a process's log. */
    synchronized void log(int place, String name, String text) {
        if (!quiet) {
            write(paint(COLOURS[place % COLOURS.length], String.format("%-10s │ ", name)) + text);
        }
    }

    /** Something that the program itself has to say. */
    synchronized void say(String text) {
        write(text);
    }

    /** Something bad that it has to say. */
    synchronized void warn(String text) {
        write(paint(31, "! ") + text);
    }

    /** How the cluster stands; replaces what was said before. Nothing where there is no terminal. */
    synchronized void status(String text) {
        if (!terminal || text.equals(status) && statusShown) {
            return;
        }
        hideStatus();
        status = text;
        showStatus();
    }

    private void write(String line) {
        hideStatus();
        out.println(line);
        showStatus();
    }

    private void hideStatus() {
        if (statusShown) {
            out.print("\r\033[K");
            statusShown = false;
        }
    }

    private void showStatus() {
        if (terminal && !status.isEmpty()) {
            // A line that wraps could not be taken back: what is too long is cut.
            String cut = status.length() > WIDTH_MAX ? status.substring(0, WIDTH_MAX) : status;
            out.print("\033[?7l" + cut + "\033[?7h");
            statusShown = true;
        }
        out.flush();
    }

    String good(String text) {
        return paint(32, text);
    }

    String bad(String text) {
        return paint(31, text);
    }

    String strong(String text) {
        return coloured ? "\033[1m" + text + RESET : text;
    }

    String faint(String text) {
        return coloured ? "\033[2m" + text + RESET : text;
    }

    private String paint(int colour, String text) {
        return coloured ? "\033[" + colour + "m" + text + RESET : text;
    }
}
