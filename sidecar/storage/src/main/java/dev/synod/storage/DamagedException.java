package dev.synod.storage;

/**
 * Bytes on the volume are not those once written and acknowledged, or belong to another volume. The message
 * says which.
 */
public final class DamagedException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedException(String what) {
        super(what);
    }

    DamagedException(String what, Throwable cause) {
        super(what, cause);
    }
}
