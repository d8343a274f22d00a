package dev.synod.e2e.mortal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Counts the writes of this process that took effect, notes each, and ends the process with one.
 * Thread-safe.
 */
public final class Mortality {
    /**
     * System property: the file that writes are noted in, a line each. Without it nothing is noted or
     * ended.
     */
    public static final String JOURNAL = "synod.e2e.journal";
    /** System property: the process ends with the answer to its write of that number; 0 for never. */
    public static final String WRITES_MAX = "synod.e2e.writesMax";
    private static final int KILLED = 137;

    private static final String FILE = System.getProperty(JOURNAL, "");
    private static final int MAX = Integer.getInteger(WRITES_MAX, 0);
    private static int writes;

    private Mortality() {}

    static boolean isOn() {
        return !FILE.isEmpty();
    }

    /** The answer to a write is here that was sent then, and nothing of this process has seen it. */
    static synchronized void wrote(long sentMillis, String what) {
        try {
            Files.writeString(Path.of(FILE),
                    ProcessHandle.current().pid() + " " + sentMillis + " " + what + "\n",
                    StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        writes++;
        if (writes == MAX) {
            Runtime.getRuntime().halt(KILLED);
        }
    }
}
