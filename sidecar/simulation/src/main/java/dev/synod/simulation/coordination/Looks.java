package dev.synod.simulation.coordination;

import dev.synod.member.Answer;
import dev.synod.simulation.check.ClaimModel.Hold;
import dev.synod.state.Candidate;
import dev.synod.state.ElectionView;
import dev.synod.state.Holder;
import dev.synod.state.KeyRange;
import dev.synod.state.Leader;
import dev.synod.state.LockView;
import dev.synod.state.Operation;
import dev.synod.state.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What an application is told of a state that it looks at, and of what failed. */
final class Looks {
    private Looks() {}

    /** The answer to a read of {@code state}. */
    static Told at(Ask ask, StateMachine state, UUID self) {
        long index = state.appliedIndex();
        return switch (ask.kind()) {
            case LOOK_AT_LOCK -> {
                LockView view = state.lock(ask.name());
                List<Hold> holds = new ArrayList<>();
                for (Holder holder : view.holders()) {
                    holds.add(new Hold(holder.claimant().session(), holder.claimant().owner(),
                            holder.token()));
                }
                yield Told.view(self, index, holds, view.toString());
            }
            case LOOK_AT_ELECTION -> {
                ElectionView view = state.election(ask.name());
                Leader leader = view.leader();
                List<Hold> holds = leader == null
                        ? List.of()
                        : List.of(new Hold(leader.claimant().session(), leader.claimant().owner(),
                                leader.token()));
                StringBuilder text = new StringBuilder(AppCommands.text(leader));
                for (Candidate candidate : view.candidates()) {
                    text.append(' ').append(candidate.claimant());
                }
                yield Told.view(self, index, holds, text.toString());
            }
            default -> Told.ok(self, index,
                    state.range(new Operation.Range(KeyRange.of(ask.name()), 0, false), 0), null, List.of());
        };
    }

    /** What a failure means to an application. */
    static Told failed(Answer.Failed failed, UUID self, long applied) {
        return switch (failed.reason()) {
            case WAIT_TIMED_OUT, CLAIM_LOST -> failed.maybeApplied()
                    ? Told.of(Told.Status.UNKNOWN, null)
                    : Told.ok(self, applied, null, failed.reason(), List.of());
            case TOO_LARGE -> Told.of(Told.Status.FAILED, null);
            case SESSION_OVER -> Told.of(Told.Status.UNKNOWN, null);
            case SESSION_NOT_ATTACHED, UNAVAILABLE -> failed.maybeApplied()
                    ? Told.of(Told.Status.UNKNOWN, null)
                    : Told.of(Told.Status.ELSEWHERE, null);
            case NO_LEADER, BUSY, DISK_FULL, DIVERGED, COMPACTED -> Told.of(
                    failed.maybeApplied() ? Told.Status.UNKNOWN : Told.Status.LATER, null);
        };
    }
}
