package dev.synod.member;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Role;
import dev.synod.state.Reply;
import dev.synod.state.ReplyCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Commands that other members forward to this leader. Each number of a sender is taken once, however often
 * its frame comes, because a command without a session would take effect as often as it is proposed.
 */
final class ForwardedCommands {
    /**
     * Numbers taken: all up to {@code highest - 63} count as such, of the others those with their bit set.
     */
    private static final class Taken {
        long highest;
        long recent;

        boolean take(long id) {
            long ahead = id - highest;
            if (ahead > 0) {
                recent = ahead >= Long.SIZE ? 0 : recent << ahead;
                recent |= 1;
                highest = id;
                return true;
            }
            if (ahead <= -Long.SIZE) {
                return false;
            }
            long bit = 1L << -ahead;
            boolean fresh = (recent & bit) == 0;
            recent |= bit;
            return fresh;
        }
    }

    /** A process: two may hold copies of one volume. */
    private record Sender(UUID member, long nonce) implements Comparable<Sender> {
        @Override
        public int compareTo(Sender other) {
            int byMember = member.compareTo(other.member);
            return byMember != 0 ? byMember : Long.compare(nonce, other.nonce);
        }
    }

    private final Member member;
    private final TreeMap<Sender, Taken> taken = new TreeMap<>();
    private Ballot takenAt = Ballot.BOTTOM;
    private final TreeMap<Sender, List<PeerMessage.Outcome>> outcomes = new TreeMap<>();

    ForwardedCommands(Member member) {
        this.member = member;
    }

    void onForward(UUID from, PeerMessage.Forward message) {
        boolean meant = member.replica().role() == Role.LEADER
                && member.replica().leadershipBallot().equals(message.term());
        if (meant && !message.term().equals(takenAt)) {
            taken.clear(); // what was forwarded to an earlier ballot is not meant any more
            takenAt = message.term();
        }
        Sender sender = new Sender(from, message.nonce());
        long id = message.firstId();
        for (Bytes command : message.commands()) {
            if (!meant) {
                failed(sender, id, Failure.NO_LEADER, false);
            } else if (member.diverged()) {
                failed(sender, id, Failure.DIVERGED, false);
            } else if (taken.computeIfAbsent(sender, peer -> new Taken()).take(id)) {
                propose(sender, id, command);
            }
            id++;
        }
    }

    private void propose(Sender from, long id, Bytes command) {
        if (member.proposals().isCrowded(command.length())) {
            failed(from, id, Failure.BUSY, false);
            return;
        }
        member.proposals().submit(command, Proposals.Kind.OF_THIS_LEADER, Long.MAX_VALUE,
                new Proposals.Outcome() {
                    @Override
                    public void replied(long index, long revision, Reply reply) {
                        add(from, new PeerMessage.Outcome(id, index, revision, ReplyCodec.encode(reply), null,
                                false));
                    }

                    @Override
                    public void failed(Failure reason, boolean maybeApplied) {
                        ForwardedCommands.this.failed(from, id, reason, maybeApplied);
                    }
                });
    }

    private void failed(Sender from, long id, Failure reason, boolean maybeApplied) {
        add(from, new PeerMessage.Outcome(id, 0, 0, Bytes.EMPTY, reason, maybeApplied));
    }

    private void add(Sender to, PeerMessage.Outcome outcome) {
        outcomes.computeIfAbsent(to, peer -> new ArrayList<>()).add(outcome);
    }

    /** Sends what became known in this step. */
    void flush() {
        if (outcomes.isEmpty()) {
            return;
        }
        outcomes.forEach((to, known) -> member.send(to.member(),
                new PeerMessage.Forwarded(to.nonce(), List.copyOf(known))));
        outcomes.clear();
    }
}
