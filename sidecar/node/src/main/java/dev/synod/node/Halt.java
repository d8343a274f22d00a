package dev.synod.node;

import org.jspecify.annotations.Nullable;

/**
 * Ends the process at once, for reasons after which nothing more may be said or written. The process's own
 * one does not return; in tests it does, and its node says and writes nothing more.
 */
public interface Halt {
    /**
     * Called on any thread, possibly by several at a time.
     *
     * @param code what the process exits with
     * @param message what happened, for whoever reads the log
     * @param cause null when the message says it all
     */
    void halt(ExitCode code, String message, @Nullable Throwable cause);
}
