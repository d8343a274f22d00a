package dev.synod.simulation.world;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/** What faults led to, and what the network and the disks did by chance. */
enum Consequence {
    A_BIT_FLIPPED,
    A_SPOILED_WRITE_CAME_TO_LIGHT,
    DISK_WORK_LONG_DELAYED,
    FRAME_CUT_OFF_BY_PARTITION,
    FRAME_CUT_OFF_FOR_ITS_IDENTITY,
    FRAME_DAMAGED,
    FRAME_DUPLICATED,
    FRAME_LONG_DELAYED,
    FRAME_LOST,
    FRAME_LOST_WITH_ITS_CONNECTION,
    FRAME_REORDERED,
    FRAME_TO_NOBODY,
    IDENTITY_FORKED_ALIVE,
    IDENTITY_FORKED_STOPPED,
    KILLED_BETWEEN_EFFECTS,
    NOTHING_THERE_TO_ROT,
    POWER_LOST_AT_A_DISK_OPERATION,
    PROCESS_HALTED,
    ROLLBACK_CALLED_OFF,
    ROLLED_BACK,
    ROLLED_BACK_MEMBER_BELIEVED,
    ROLLED_BACK_MEMBER_CONDEMNED,
    ROLLED_BACK_MEMBER_REFUSED,
    THE_WRITE_OF_A_PROMISE_WAS_SPOILED;

    /** What takes a coincidence that comes up once in hundreds of runs. */
    private static final EnumSet<Consequence> RARE =
            EnumSet.of(NOTHING_THERE_TO_ROT, ROLLED_BACK_MEMBER_BELIEVED, ROLLED_BACK_MEMBER_CONDEMNED);

    private final String text = name().toLowerCase(Locale.ROOT).replace('_', ' ');

    /** How tables name it. */
    String text() {
        return text;
    }

    /** Names of what must occur in any large batch: all but what is rare. */
    static List<String> demanded() {
        return EnumSet.complementOf(RARE).stream().map(Consequence::text).toList();
    }
}
