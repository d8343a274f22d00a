package dev.synod.simulation.walk;

import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import java.util.List;

/** The walks that a build runs. */
public final class WalkSuite {
    private WalkSuite() {}

    /** One epoch: three members, two ballots, two commands, one crash each, loss and duplication. */
    public static WalkOptions oneEpoch() {
        return WalkOptions.of("one epoch").with(2, 2, 3).withAtomicWrites();
    }

    /** The same with one command, every write under way for any time. */
    public static WalkOptions writesUnderWay() {
        return WalkOptions.of("writes under way").with(2, 1, 1);
    }

    /** Processes with incarnations of their own, and what peers refuse because of them. */
    public static WalkOptions incarnations() {
        return WalkOptions.of("incarnations").with(2, 0, 1).withNewIncarnations();
    }

    /** One StopSign: a voter leaves, be it the leader or not. */
    public static WalkOptions stopSign() {
        return WalkOptions.of("one StopSign").with(2, 0, 3).withChange(List.of(List.of(1, 2)))
                .withAtomicWrites();
    }

    /** One linearizable read, asked of a leader at any time. */
    public static WalkOptions reads() {
        return WalkOptions.of("one read").with(2, 0, 0).withReads(1);
    }

    /** All walks of the core as it ships; each must close and find nothing. */
    public static List<WalkOptions> clean() {
        return List.of(oneEpoch(), writesUnderWay(), incarnations(), stopSign(), reads());
    }

    /** The planted bugs that a walk alone must find, by what the group decides. */
    public static List<Defect> planted() {
        return List.of(
                Defect.M01_PROMISE_NOT_PERSISTED,
                Defect.M02_ACCEPTED_BEFORE_SYNC,
                Defect.M05_QUORUM_OF_HALF,
                Defect.M06_ACCEPT_BELOW_PROMISE,
                Defect.M07_OWN_LOG_INSTEAD_OF_BEST,
                Defect.M08_LATEST_LOG_INSTEAD_OF_BEST);
    }

    /** The walk that must find {@code defect}; needs {@code -Dsynod.plant-defects=true}. */
    public static WalkOptions planted(Defect defect) {
        return WalkOptions.of(defect.name()).with(2, 0, 1).withDefect(Defects.planted(defect), true);
    }
}
