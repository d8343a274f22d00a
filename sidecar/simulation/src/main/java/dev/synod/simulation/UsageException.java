package dev.synod.simulation;

/** The command line asks for something that does not exist or does not fit together. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
