package dev.synod.node;

/** A node that cannot start; the message says what is wrong, with which value, and what to do. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;

    /** A start that failed so. */
    public StartException(ExitCode code, String message) {
        super(message);
        this.code = code;
    }

    /** A start that failed so. */
    public StartException(ExitCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** What the process exits with. */
    public ExitCode code() {
        return code;
    }
}
