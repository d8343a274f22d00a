package dev.synod.simulation.register;

import java.util.EnumSet;
import java.util.List;

/** What a member is seen to do, for the table of what a batch of runs exercised. */
enum Effect {
    APPLIED("applied"),
    CHUNK_READ("chunk read"),
    CHUNK_STORED("chunk stored"),
    DISK_FULL("disk full"),
    DISK_NO_LONGER_FULL("disk no longer full"),
    FAULT_AT_RECOVERY("fault at recovery"),
    FAULT_OF_A_SNAPSHOT("fault of a snapshot"),
    FAULT_WHILE_RUNNING("fault while running"),
    FORMATTED("formatted"),
    FRAME_NOT_HELD("frame not held for the disk"),
    READ_GRANTED("read granted"),
    READ_REFUSED("read refused"),
    REFUSED("refused"),
    SEALED("sealed"),
    SNAPSHOT_BEGUN("snapshot begun"),
    SNAPSHOT_RESUMED("snapshot resumed"),
    SNAPSHOT_STAGED("snapshot staged"),
    SNAPSHOT_TAKEN("snapshot taken"),
    SNAPSHOT_WORK_ON_A_FULL_DISK("snapshot work on a full disk"),
    STAGING_FAILED("staging failed"),
    STATE_RESTORED("state restored"),
    WROTE_ACTIVATED("wrote ACTIVATED"),
    WROTE_DECIDED("wrote DECIDED"),
    WROTE_ENTRY("wrote ENTRY"),
    WROTE_EPOCH("wrote EPOCH"),
    WROTE_PROMISE("wrote PROMISE"),
    WROTE_SNAPSHOT_INSTALLED("wrote SNAPSHOT installed"),
    WROTE_SNAPSHOT_TAKEN("wrote SNAPSHOT taken"),
    WROTE_SYNC("wrote SYNC");

    /** Damage met when a snapshot is read, a disk stuck under a flood, a transfer cut between chunks. */
    private static final EnumSet<Effect> RARE =
            EnumSet.of(FAULT_OF_A_SNAPSHOT, FRAME_NOT_HELD, SNAPSHOT_RESUMED);

    private final String text;

    Effect(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** Names of what must occur in any large batch: all but what takes a rare coincidence. */
    static List<String> demanded() {
        return EnumSet.complementOf(RARE).stream().map(Effect::text).toList();
    }
}
