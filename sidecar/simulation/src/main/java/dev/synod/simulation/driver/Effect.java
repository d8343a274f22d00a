package dev.synod.simulation.driver;

import java.util.EnumSet;
import java.util.List;

/** What every subject is seen to do, for the table of what a batch of runs exercised. */
public enum Effect {
    /** A piece of a snapshot was read for a peer. */
    CHUNK_READ("chunk read"),
    /** A piece of a snapshot was stored. */
    CHUNK_STORED("chunk stored"),
    /** The disk got full. */
    DISK_FULL("disk full"),
    /** The disk had room again. */
    DISK_NO_LONGER_FULL("disk no longer full"),
    /** A start found its volume damaged. */
    FAULT_AT_RECOVERY("fault at recovery"),
    /** A snapshot proved damaged as it was read. */
    FAULT_OF_A_SNAPSHOT("fault of a snapshot"),
    /** The core went FAULTY. */
    FAULT_WHILE_RUNNING("fault while running"),
    /** An empty volume became a member's. */
    FORMATTED("formatted"),
    /** Too many frames waited for a stuck disk. */
    FRAME_NOT_HELD("frame not held for the disk"),
    /** The log was sealed. */
    SEALED("sealed"),
    /** A transfer began. */
    SNAPSHOT_BEGUN("snapshot begun"),
    /** A transfer went on where it was cut. */
    SNAPSHOT_RESUMED("snapshot resumed"),
    /** A transfer was complete and sound. */
    SNAPSHOT_STAGED("snapshot staged"),
    /** A snapshot was taken. */
    SNAPSHOT_TAKEN("snapshot taken"),
    /** A snapshot found no room. */
    SNAPSHOT_WORK_ON_A_FULL_DISK("snapshot work on a full disk"),
    /** A transfer proved wrong. */
    STAGING_FAILED("staging failed"),
    /** The state machine became a snapshot's. */
    STATE_RESTORED("state restored"),
    /** A record of this kind was written. */
    WROTE_ACTIVATED("wrote ACTIVATED"),
    /** A record of this kind was written. */
    WROTE_DECIDED("wrote DECIDED"),
    /** A record of this kind was written. */
    WROTE_ENTRY("wrote ENTRY"),
    /** A record of this kind was written. */
    WROTE_EPOCH("wrote EPOCH"),
    /** A record of this kind was written. */
    WROTE_PROMISE("wrote PROMISE"),
    /** A record of this kind was written. */
    WROTE_SNAPSHOT_INSTALLED("wrote SNAPSHOT installed"),
    /** A record of this kind was written. */
    WROTE_SNAPSHOT_TAKEN("wrote SNAPSHOT taken"),
    /** A record of this kind was written. */
    WROTE_SYNC("wrote SYNC");

    /** Damage met when a snapshot is read, a disk stuck under a flood, a transfer cut between chunks. */
    private static final EnumSet<Effect> RARE =
            EnumSet.of(FAULT_OF_A_SNAPSHOT, FRAME_NOT_HELD, SNAPSHOT_RESUMED);

    private final String text;

    Effect(String text) {
        this.text = text;
    }

    /** Name in the table. */
    public String text() {
        return text;
    }

    /** Names of what must occur in any large batch: all but what takes a rare coincidence. */
    public static List<String> demanded() {
        return EnumSet.complementOf(RARE).stream().map(Effect::text).toList();
    }
}
