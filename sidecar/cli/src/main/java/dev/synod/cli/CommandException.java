package dev.synod.cli;

/** A command failed for a reason that the user can do something about: one line says it, and what to do. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitStatus status;

    /** With what the process exits, and the line. */
    public CommandException(ExitStatus status, String message) {
        super(message);
        this.status = status;
    }

    /** The same, for the debug output also why. */
    public CommandException(ExitStatus status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** With what the process exits. */
    public ExitStatus status() {
        return status;
    }
}
