package dev.synod.simulation;

import java.io.PrintStream;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** The exhaustive walk, as the command line starts it. */
public interface ExhaustiveMode {
    /**
     * Walks, prints what it found and as the last line {@code N passed, M failed}.
     *
     * @return whether nothing failed
     */
    boolean run(int threads, PrintStream out, PrintStream err);

    /** The walk that is on the class path, or null. */
    static @Nullable ExhaustiveMode installed() {
        return ServiceLoader.load(ExhaustiveMode.class).findFirst().orElse(null);
    }
}
