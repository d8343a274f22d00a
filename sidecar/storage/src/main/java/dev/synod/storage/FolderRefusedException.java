package dev.synod.storage;

import java.io.IOException;

/**
 * A folder cannot be a volume of this process: another process holds it, it cannot be written, or it is no
 * folder of its own. Nothing in it was changed. The message names the folder and says what to do.
 */
public final class FolderRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    FolderRefusedException(String what) {
        super(what);
    }

    FolderRefusedException(String what, Throwable cause) {
        super(what, cause);
    }
}
