package dev.synod.node;

/** What the process tells whoever started it, after the manner of {@code sysexits.h}. */
public enum ExitCode {
    // spotless:off
    /** Asked to. */
    OK(0, "it ended because it was asked to"),
    /** Settings. */
    USAGE(64, "a setting is wrong; the message names it, its value, what is allowed and what to do"),
    /** The volume's content. */
    DAMAGED(65, "the volume cannot be read: the member has to be replaced"),
    /** Ports. */
    UNAVAILABLE(69, "a port or socket cannot be had: another process listens there"),
    /** A bug. */
    SOFTWARE(70, "a bug: an uncaught exception, or an invariant that was found broken"),
    /** The volume's folder. */
    FOLDER_REFUSED(73, "the volume's folder cannot be had: another process holds it, or it holds other things"),
    /** The disk. */
    DISK(74, "the disk failed, or was full where the process cannot go on without room; starting again may help"),
    /** Files that settings name. */
    CONFIGURATION(78, "a file that a setting names (certificates, keys, tokens, further settings) cannot be used");
    // spotless:on

    private final int status;
    private final String meaning;

    ExitCode(int status, String meaning) {
        this.status = status;
        this.meaning = meaning;
    }

    /** The process's exit status. */
    public int status() {
        return status;
    }

    /** What it means, one line. */
    public String meaning() {
        return meaning;
    }
}
