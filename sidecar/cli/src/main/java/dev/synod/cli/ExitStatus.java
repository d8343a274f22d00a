package dev.synod.cli;

/**
 * What {@code synodctl} exits with, after {@code sysexits.h}. A command that runs a child exits with the
 * child's status, which may be any of these too.
 */
public enum ExitStatus {
    /** Done. */
    OK(0, "done"),
    /**
     * A condition that was asked about does not hold: no leader, no such key, a transaction not carried out.
     */
    NO(1, "what was asked for is not there, or its condition does not hold"),
    /** The command line is wrong. */
    USAGE(64, "the command line is wrong; the message says how"),
    /** A volume, backup or file is damaged or not what it should be. */
    DATA(65, "a volume, backup or file is damaged, or not what it should be"),
    /** No sidecar answers, or the cluster has no quorum. */
    UNAVAILABLE(69, "no sidecar answers, or the cluster has no quorum"),
    /** A bug. */
    SOFTWARE(70, "a defect of synodctl: please report it"),
    /** The target of something new cannot be used. */
    CANNOT_CREATE(73, "the file or folder to be written cannot be used"),
    /** Reading or writing failed. */
    IO(74, "reading or writing failed"),
    /** The lock is held by somebody else, or the time to wait ran out. */
    BUSY(75, "the lock is held by others, or the time to wait ran out"),
    /** The lock or leadership was lost while the child ran. */
    LOST(76, "the lock or leadership was lost while the command ran"),
    /** Not allowed. */
    DENIED(77, "not allowed"),
    /** A file of settings is wrong. */
    CONFIGURATION(78, "a file of settings is wrong; the message says where");

    private final int status;
    private final String meaning;

    ExitStatus(int status, String meaning) {
        this.status = status;
        this.meaning = meaning;
    }

    /** The number. */
    public int status() {
        return status;
    }

    /** What it means, in one line. */
    public String meaning() {
        return meaning;
    }
}
