package dev.synod.member;

import dev.synod.state.Command;
import dev.synod.state.CommandCodec;
import dev.synod.state.Limits;
import dev.synod.state.Reply;
import dev.synod.state.StateMachine;
import java.util.ArrayDeque;

/**
 * A leader's care that the history of values does not grow for ever: what is older than its time, or than the
 * number of revisions that are kept, is compacted by an entry, and sooner when the state nears its quota.
 */
final class HistoryKeeper {
    /** Between two entries that do nothing but have digests compared. */
    private static final long COMPARE_NANOS = 1_000_000_000;

    private record Sample(long atNanos, long revision) {}

    /** Samples of the revision within the time that history is kept. */
    private static final int SAMPLES = 32;

    private final Member member;
    private final ArrayDeque<Sample> samples = new ArrayDeque<>();
    private boolean underWay;
    private long compareAtNanos = Long.MIN_VALUE;

    HistoryKeeper(Member member) {
        this.member = member;
    }

    /** Called in steps of a member whose sessions' clocks run, that is, of an established leader. */
    void tick() {
        StateMachine state = member.state();
        MemberOptions options = member.options();
        long step = Math.max(1, options.historyNanos() / SAMPLES);
        if (samples.isEmpty() || member.nowNanos() - samples.getLast().atNanos() >= step) {
            samples.addLast(new Sample(member.nowNanos(), state.revision()));
        }
        long old = 0;
        while (!samples.isEmpty()
                && member.nowNanos() - samples.getFirst().atNanos() >= options.historyNanos()) {
            old = samples.removeFirst().revision();
        }
        long revision = state.revision();
        long target = Math.max(old, revision - options.historyRevisions());
        if (state.bytes() > Limits.STATE_BYTES_MAX / 2) {
            target = Math.max(target, revision - (revision - state.compactedRevision()) / 2);
        }
        // Not one entry for each revision: in pieces of a tenth, unless time or room asks for it.
        boolean urgent = target > revision - options.historyRevisions();
        long least = urgent ? 1 : Math.max(1, options.historyRevisions() / 10);
        if (!underWay && target >= state.compactedRevision() + least) {
            compact(target);
        } else if (!underWay && member.diverged() && member.nowNanos() >= compareAtNanos) {
            compareAtNanos = member.nowNanos() + COMPARE_NANOS;
            compact(state.compactedRevision()); // changes nothing; the digests are compared after it
        }
    }

    /** This member does not lead: the samples are of no use. */
    void rest() {
        samples.clear();
    }

    private void compact(long revision) {
        underWay = true;
        member.proposals().submit(CommandCodec.encode(new Command.Compact(revision)),
                Proposals.Kind.OF_THIS_LEADER, Long.MAX_VALUE, new Proposals.Outcome() {
                    @Override
                    public void replied(long index, long at, Reply reply) {
                        underWay = false;
                    }

                    @Override
                    public void failed(Failure reason, boolean maybeApplied) {
                        underWay = false;
                    }
                });
    }
}
