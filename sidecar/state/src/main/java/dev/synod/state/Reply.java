package dev.synod.state;

import java.util.List;

/** What comes back for a command or a read of values. */
public sealed interface Reply {
    /**
     * Nothing was done.
     *
     * @param reason why
     * @param text what was wrong, with which value, and what is allowed
     * @param current the number that the reason speaks of; 0 where it speaks of none
     */
    record Refused(Refusal reason, String text, long current) implements Reply, Decoded, Replay {
        Refused(Refusal reason, String text) {
            this(reason, text, 0);
        }
    }

    /**
     * Done, or void.
     *
     * @param changed whether anything came of it
     */
    record Done(boolean changed) implements Reply {}

    /**
     * The session is attached.
     *
     * @param session its id
     * @param attachGeneration of this attachment
     * @param ttlMillis as granted
     */
    record Attached(long session, long attachGeneration, int ttlMillis) implements Reply {}

    /**
     * The lock is held, or the election led.
     *
     * @param token the fencing token
     */
    record Granted(long token) implements Reply {}

    /**
     * In the queue.
     *
     * @param position from 1
     */
    record Queued(int position) implements Reply {}

    /**
     * Not to be had at once, and nobody was queued.
     *
     * @param holders who has it: the first {@value Limits#HOLDERS_TOLD_MAX}
     * @param position in the queue that waiting would have given, from 1
     */
    record Busy(List<Holder> holders, int position) implements Reply {}

    /**
     * A commit was carried out.
     *
     * @param revision its own if it changed anything, otherwise the one that it saw
     * @param succeeded whether all compares held
     * @param outcomes one for each operation of the branch taken
     */
    record Committed(long revision, boolean succeeded, List<Outcome> outcomes) implements Reply {}

    /**
     * What a read found.
     *
     * @param revision at which
     * @param found what
     */
    record Ranged(long revision, Outcome.Found found) implements Reply {}
}
