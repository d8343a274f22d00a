package dev.synod.storage;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Seal;
import dev.synod.paxos.Snapshot;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What {@link VolumeInspection} found on a volume.
 *
 * @param verdict whether a member can start on it
 * @param holder who holds the volume, as "process 4711"; null when nobody does, or that is not known
 * @param state how far the volume has come
 * @param cluster identity of the cluster; null when it cannot be read, or there is none
 * @param member identity of the member; null likewise
 * @param incarnation how often the member was started; 0 when that cannot be read
 * @param witness the highest promise in the promise file, which the log must not fall behind; null when it
 *     cannot be read
 * @param log what the log amounts to; null when it is damaged, or there is none
 * @param files every file, by name
 * @param findings what a reader should know, the worst first; empty for a sound volume that nobody holds
 */
public record VolumeReport(
        Verdict verdict,
        @Nullable String holder,
        VolumeState state,
        @Nullable UUID cluster,
        @Nullable UUID member,
        long incarnation,
        @Nullable Ballot witness,
        @Nullable Log log,
        List<FileReport> files,
        List<Finding> findings) {

    /** Copies the lists. */
    public VolumeReport {
        files = List.copyOf(files);
        findings = List.copyOf(findings);
    }

    /** Whether a member can start on the volume; the exit statuses are those of {@code sysexits.h}. */
    public enum Verdict {
        /** Nobody's yet: it can be formatted. */
        EMPTY(0),
        /** A member can start: nothing acknowledged is missing. */
        SOUND(0),
        /** A member that starts on it stays silent: what was acknowledged is gone, or may be. */
        DAMAGED(65),
        /** The folder cannot be read; nothing is known of what it holds. */
        UNREADABLE(74);

        private final int exitStatus;

        Verdict(int exitStatus) {
            this.exitStatus = exitStatus;
        }

        /** What a command that verifies the volume exits with. */
        public int exitStatus() {
            return exitStatus;
        }
    }

    /**
     * What the log amounts to, its last batch included.
     *
     * @param activated whether the member may vote
     * @param promised highest ballot promised
     * @param accepted ballot of the whole log
     * @param configuration of the member's epoch, with the epoch's number
     * @param configurationIndex the entry after which it holds
     * @param seal where the epoch before ended
     * @param snapshot the one that the log refers to, or null
     * @param base entries above this are in the log
     * @param last index of the last entry, or the base
     * @param decided known decided
     * @param head sequence of the segment that the log ends in
     * @param batches number of the last batch
     */
    public record Log(
            boolean activated,
            Ballot promised,
            Ballot accepted,
            Configuration configuration,
            long configurationIndex,
            Seal seal,
            @Nullable Snapshot snapshot,
            long base,
            long last,
            long decided,
            long head,
            long batches) {}

    /** How it stands with a file. */
    public enum Condition {
        /** Whole, and all that was checked of it is right. */
        INTACT,
        /** Ends in, or holds one copy of, a write that a crash cut off and nobody was told of. */
        TORN,
        /** Nothing is in it that a start needs: it is removed then, or filled anew. */
        UNUSED,
        /** Not what was written. */
        DAMAGED,
        /** Could not be told, or was not asked for; the words say which. */
        UNCHECKED,
        /** No file of a volume's; it is left alone. */
        FOREIGN
    }

    /**
     * One file.
     *
     * @param name in the folder
     * @param sizeBytes -1 when it cannot be read
     * @param condition how it stands with it
     * @param what what it holds, in plain words
     */
    public record FileReport(String name, long sizeBytes, Condition condition, String what) {}

    /** How much a finding matters; the worst first. */
    public enum Level {
        /** A member cannot start. */
        DAMAGE,
        /** A member can start, but something is not as it was written. */
        WARNING,
        /** Good to know. */
        NOTE
    }

    /**
     * Something that a reader should know.
     *
     * @param level how much it matters
     * @param what was found, in plain words
     * @param advice what to do
     */
    public record Finding(Level level, String what, String advice) {}
}
