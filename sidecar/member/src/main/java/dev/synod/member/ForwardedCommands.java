package dev.synod.member;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.state.Reply;
import dev.synod.state.ReplyCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Commands that other members forward to this leader. A sender's numbers are taken in ascending order and
 * each once, however often its frame comes: a command without a session would take effect as often as it is
 * proposed, and an attempt that a repeat has overtaken would undo what came after it.
 */
final class ForwardedCommands {
    /** A process: two may hold copies of one volume. */
    private record Sender(UUID member, long nonce) implements Comparable<Sender> {
        @Override
        public int compareTo(Sender other) {
            int byMember = member.compareTo(other.member);
            return byMember != 0 ? byMember : Long.compare(nonce, other.nonce);
        }
    }

    /** A frame is sent once it holds so many bytes of replies; one reply may be longer. */
    private static final int FRAME_BYTES = 1 << 20;

    private final Member member;
    /** The highest number taken of each sender, at {@link #takenAt}. */
    private final TreeMap<Sender, Long> taken = new TreeMap<>();
    private Ballot takenAt = Ballot.BOTTOM;
    private final TreeMap<Sender, List<PeerMessage.Outcome>> outcomes = new TreeMap<>();

    ForwardedCommands(Member member) {
        this.member = member;
    }

    /**
     * Takes commands in. Only what this process is sure never to have proposed is answered by a definite no;
     * to a number that it took, or that a later one overtook, it says nothing, and the sender asks again or
     * gives up.
     */
    void onForward(UUID from, PeerMessage.Forward message) {
        Sender sender = new Sender(from, message.nonce());
        boolean leads = message.term().equals(member.replica().leadershipBallot());
        if (leads && !message.term().equals(takenAt)) {
            taken.clear(); // what was forwarded to an earlier ballot is not meant any more
            takenAt = message.term();
        }
        boolean known = message.term().equals(takenAt);
        boolean ofEarlierRun = !known && member.isNumbered(message.term().member());
        long id = message.firstId();
        for (Bytes command : message.commands()) {
            if (!known) {
                failed(sender, id, Failure.NO_LEADER, ofEarlierRun);
            } else if (taken.getOrDefault(sender, Long.MIN_VALUE) < id) {
                taken.put(sender, id);
                take(sender, id, command, leads);
            }
            id++;
        }
    }

    private void take(Sender sender, long id, Bytes command, boolean leads) {
        if (!leads) {
            failed(sender, id, Failure.NO_LEADER, false);
        } else if (member.diverged()) {
            failed(sender, id, Failure.DIVERGED, false);
        } else {
            propose(sender, id, command);
        }
    }

    private void propose(Sender from, long id, Bytes command) {
        member.proposals().submit(command, Proposals.Kind.FORWARDED, Long.MAX_VALUE, new Proposals.Outcome() {
            @Override
            public void replied(long index, long revision, Reply reply) {
                add(from,
                        new PeerMessage.Outcome(id, index, revision, ReplyCodec.encode(reply), null, false));
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
        outcomes.computeIfAbsent(to, sender -> new ArrayList<>()).add(outcome);
    }

    /** Sends what became known in this step. */
    void flush() {
        outcomes.forEach(this::send);
        outcomes.clear();
    }

    private void send(Sender to, List<PeerMessage.Outcome> known) {
        List<PeerMessage.Outcome> piece = new ArrayList<>();
        int bytes = 0;
        for (PeerMessage.Outcome outcome : known) {
            if (!piece.isEmpty() && bytes + outcome.reply().length() > FRAME_BYTES) {
                member.send(to.member(), new PeerMessage.Forwarded(to.nonce(), piece));
                piece = new ArrayList<>();
                bytes = 0;
            }
            piece.add(outcome);
            bytes += outcome.reply().length();
        }
        if (!piece.isEmpty()) {
            member.send(to.member(), new PeerMessage.Forwarded(to.nonce(), piece));
        }
    }
}
