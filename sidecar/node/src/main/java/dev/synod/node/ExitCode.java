package dev.synod.node;

/** What the process tells whoever started it, after the manner of {@code sysexits.h}. */
public enum ExitCode {
    /** It ended because it was asked to. */
    OK(0),
    /** A setting is wrong: the message names it, its value, what is allowed and what to do. */
    USAGE(64),
    /** The volume cannot be read: the member has to be replaced. */
    DAMAGED(65),
    /** A port cannot be had: another process listens there. */
    UNAVAILABLE(69),
    /** A bug: an uncaught exception, or an invariant that was found broken. */
    SOFTWARE(70),
    /** The folder of the volume cannot be had: another process holds it, or it holds other things. */
    FOLDER_REFUSED(73),
    /** The disk failed, or was full where the process cannot go on without room. Starting again may help. */
    DISK(74),
    /** Files that a setting names (certificates, keys, the configuration) cannot be used. */
    CONFIGURATION(78);

    private final int status;

    ExitCode(int status) {
        this.status = status;
    }

    /** The process's exit status. */
    public int status() {
        return status;
    }
}
