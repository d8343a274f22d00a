package dev.synod.simulation.world;

/** What faults led to, and what the network and the disks did by chance. */
enum Consequence {
    A_BIT_FLIPPED("a bit flipped", true),
    A_SPOILED_WRITE_CAME_TO_LIGHT("a spoiled write came to light", true),
    DISK_WORK_LONG_DELAYED("disk work long delayed", true),
    FRAME_CUT_OFF_BY_PARTITION("frame cut off by partition", true),
    FRAME_CUT_OFF_FOR_ITS_IDENTITY("frame cut off for its identity", true),
    FRAME_DAMAGED("frame damaged", true),
    FRAME_DUPLICATED("frame duplicated", true),
    FRAME_LONG_DELAYED("frame long delayed", true),
    FRAME_LOST("frame lost", true),
    FRAME_LOST_WITH_ITS_CONNECTION("frame lost with its connection", true),
    FRAME_REORDERED("frame reordered", true),
    FRAME_TO_NOBODY("frame to nobody", true),
    IDENTITY_FORKED_ALIVE("identity forked alive", true),
    IDENTITY_FORKED_STOPPED("identity forked stopped", true),
    KILLED_BETWEEN_EFFECTS("killed between effects", true),
    NOTHING_THERE_TO_ROT("nothing there to rot", false),
    POWER_LOST_AT_A_DISK_OPERATION("power lost at a disk operation", true),
    PROCESS_HALTED("process halted", true),
    ROLLBACK_CALLED_OFF("rollback called off", true),
    ROLLED_BACK("rolled back", true),
    ROLLED_BACK_MEMBER_BELIEVED("rolled back member believed", false),
    ROLLED_BACK_MEMBER_CONDEMNED("rolled back member condemned", false),
    ROLLED_BACK_MEMBER_REFUSED("rolled back member refused", true),
    THE_WRITE_OF_A_PROMISE_WAS_SPOILED("the write of a promise was spoiled", true);

    private final String text;
    private final boolean demanded;

    Consequence(String text, boolean demanded) {
        this.text = text;
        this.demanded = demanded;
    }

    /** How tables name it. */
    String text() {
        return text;
    }

    /** Whether a large batch in which it never happened tested too little; not so of rare coincidences. */
    boolean isDemanded() {
        return demanded;
    }
}
