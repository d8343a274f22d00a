package dev.synod.simulation.world;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Role;
import dev.synod.simulation.port.ProgramView;
import org.jspecify.annotations.Nullable;

/**
 * What a member has told others of its durable state since an image of its volume was taken: who would notice
 * if the member went back to that image. Only if all of it went to one process that still runs is there a
 * witness who remembers everything.
 */
final class VouchRecord {
    private final Ballot promised;
    private final Ballot accepted;
    private final long last;
    private @Nullable SimMachine receiver;
    private int receiverRun;
    private boolean scattered;
    private boolean counted;

    /** Begins with the state that the image holds, or less than it holds. */
    VouchRecord(ProgramView view) {
        promised = view.durablePromised();
        accepted = view.durableAccepted();
        last = view.durableLast();
    }

    /** Whether a frame that leaves in the state {@code view} can tell of more than the image holds. */
    boolean isNews(ProgramView view) {
        return promised.isBelow(view.durablePromised())
                || accepted.isBelow(view.durableAccepted())
                || last < view.durableLast();
    }

    /** A frame in which the member vouches for something has arrived. */
    void arrived(SimMachine at, boolean news) {
        if (receiver == null) {
            receiver = at;
            receiverRun = at.run();
        }
        scattered |= receiver != at || receiverRun != at.run();
        ProgramView view = at.view();
        counted |= news && view != null && view.role() == Role.LEADER;
    }

    /** The one who heard all of it and has not forgotten; null when there is none. */
    @Nullable
    SimMachine witness() {
        SimMachine only = receiver;
        return only == null || scattered || !only.isUp() || only.run() != receiverRun || only.isRemoved()
                ? null
                : only;
    }

    /**
     * Whether a leader counted on something that the image does not hold: it must refuse who comes back with
     * that image.
     */
    boolean mustBeRefused() {
        return counted;
    }
}
