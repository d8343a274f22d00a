package dev.synod.simulation.check;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Role;
import dev.synod.simulation.port.ProgramView;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What was last seen of the process on one machine, and what its volume must not forget. */
final class MemberTrack {
    final int machine;
    /** Of the process that is tracked. */
    private @Nullable ProgramView view;
    /** Number of this run of a process, unique in the world. */
    long run;
    @Nullable UUID member;
    String who;

    Role role = Role.OBSERVER;
    Ballot promised = Ballot.BOTTOM;
    Ballot accepted = Ballot.BOTTOM;
    /** Of {@link #accepted}; null while that is a bottom ballot. */
    @Nullable BallotRecord record;
    int epoch = -1;
    long base;
    long last;
    long decided;
    long applied;
    @Nullable Configuration configuration;
    int steps;

    /** What was durable; survives the process. */
    Ballot durablePromised = Ballot.BOTTOM;
    Ballot durableAccepted = Ballot.BOTTOM;
    long durableLast;
    @Nullable UUID durableMember;
    /** How far its log reached at each accepted ballot, as long as this process lives. */
    private final TreeMap<Ballot, Long> reached = new TreeMap<>();
    /** The newest of these, apart because it is looked at in every step. */
    private Ballot reachedBallot = Ballot.BOTTOM;
    private long reachedIndex;

    MemberTrack(int machine) {
        this.machine = machine;
        who = "machine " + machine;
    }

    /**
     * Whether it is still the same process, with the same identity: an empty volume may become a member's
     * while it runs.
     */
    boolean isOf(ProgramView other) {
        return view == other && Objects.equals(member, other.member());
    }

    /** Another process, or another identity on the same machine. */
    void restart(long newRun, ProgramView newView) {
        run = newRun;
        view = newView;
        member = newView.member();
        who = "member " + shortName(member) + " on machine " + machine;
        role = Role.OBSERVER;
        promised = Ballot.BOTTOM;
        accepted = Ballot.BOTTOM;
        record = null;
        epoch = -1;
        base = 0;
        last = 0;
        decided = 0;
        applied = 0;
        configuration = null;
        reached.clear();
        reachedBallot = Ballot.BOTTOM;
        reachedIndex = 0;
    }

    /** Notes how far the log reaches at the accepted ballot. */
    void reaches(Ballot ballot, long index) {
        if (ballot != reachedBallot) {
            reached.merge(reachedBallot, reachedIndex, Math::max);
            reachedBallot = ballot;
            reachedIndex = 0;
        }
        reachedIndex = Math.max(reachedIndex, index);
    }

    /** Whether the log was seen to reach {@code index} at {@code ballot}; true if that was not looked at. */
    boolean hasReached(Ballot ballot, long index) {
        Long seen = reached.get(ballot);
        boolean before = seen != null && index <= seen;
        boolean now = ballot.equals(reachedBallot) && index <= reachedIndex;
        return before || now || seen == null && !ballot.equals(reachedBallot);
    }

    /** The volume owes nobody anything. */
    void forgetDurable() {
        durablePromised = Ballot.BOTTOM;
        durableAccepted = Ballot.BOTTOM;
        durableLast = 0;
        durableMember = null;
    }

    private static String shortName(@Nullable UUID uuid) {
        return uuid == null ? "nobody" : uuid.toString().substring(0, 8);
    }
}
