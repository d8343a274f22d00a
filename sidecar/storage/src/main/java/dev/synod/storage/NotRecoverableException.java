package dev.synod.storage;

/**
 * A volume or a backup cannot be the beginning of a new cluster, or a folder cannot take one. Nothing was
 * changed. The message says why, and what to do.
 */
public final class NotRecoverableException extends Exception {
    private static final long serialVersionUID = 1L;

    NotRecoverableException(String what) {
        super(what);
    }

    NotRecoverableException(String what, Throwable cause) {
        super(what, cause);
    }
}
