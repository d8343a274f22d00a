package dev.synod.cli.dev;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.Spans;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Where the quickstart plays: a cluster, and what can be done to its members. For one thread. */
interface Stage {
    /**
     * What a member's whole state comes to.
     *
     * @param member its name
     * @param applied last entry in it
     */
    record Digest(String member, long applied, long revision, long digest) {}

    /** What the first step shows. */
    String title();

    /** Returns when the cluster serves, with how long that took; says who its members are. */
    Duration start(Figures figures, Report report) throws IOException, InterruptedException;

    /** Where applications find a sidecar each: {@code host:port}, three of them. */
    List<String> endpoints();

    /** Name of the member that leads; null while nobody does. */
    @Nullable
    String leader();

    /** How {@link #kill} kills, for people. */
    String weapon(String member);

    /** Ends a member at once, without a chance to hand over. */
    void kill(String member);

    /** Returns when a member that was killed has caught up again. */
    void bringBack(String member) throws InterruptedException;

    /** What members take now; empty where it cannot be seen. */
    List<Figures.Footprint> footprints();

    /** Whether {@link #digests} has any. */
    boolean comparesStates();

    /** Of every member, taken one after the other; empty where nobody may ask. */
    List<Digest> digests();

    /** Where to look when something does not come about. */
    String whereLogsAre();

    /** Waits for something to be so; fails when it is not in time. */
    default void await(String what, Duration patience, BooleanSupplier condition)
            throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                throw new CommandException(ExitStatus.UNAVAILABLE, "waited " + Spans.rough(patience) + " for "
                        + what + ", in vain; the members' logs are in " + whereLogsAre());
            }
            Thread.sleep(10);
        }
    }

    /** Lines for people. */
    interface Report {
        /** Says one, as {@link String#format} makes it. */
        void say(String format, Object... values);
    }
}
