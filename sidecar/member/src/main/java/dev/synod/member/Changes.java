package dev.synod.member;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Effects;
import dev.synod.paxos.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What operators ask for, until it is decided or durable. */
final class Changes {
    private record Change(long id, Ballot ballot) {}

    private final Member member;
    private final TreeMap<Long, List<Change>> proposed = new TreeMap<>();
    private final TreeMap<Long, List<Long>> activations = new TreeMap<>();

    Changes(Member member) {
        this.member = member;
    }

    void activate(long id) {
        if (member.fault() != null) {
            failed(id, Failure.UNAVAILABLE, false);
            return;
        }
        long sequence = member.paxos(new Event.Activate()).batchSequence();
        if (sequence != 0) {
            activations.put(sequence, new ArrayList<>(List.of(id)));
        } else if (activations.isEmpty()) {
            member.out().answer(id, new Answer.Changed()); // it was before
        } else {
            activations.lastEntry().getValue().add(id); // of the one that is not durable yet
        }
    }

    void durable(long sequence) {
        while (!activations.isEmpty() && activations.firstKey() <= sequence) {
            for (long id : activations.pollFirstEntry().getValue()) {
                member.out().answer(id, new Answer.Changed());
            }
        }
    }

    void change(long id, Event event) {
        if (member.fault() != null) {
            failed(id, Failure.UNAVAILABLE, false);
            return;
        }
        Effects effects = member.paxos(event);
        Effects.Refusal refusal = effects.refusal();
        Ballot ballot = effects.proposedAt();
        if (refusal != null) {
            refused(id, refusal, effects.refusalReason() == null ? "" : effects.refusalReason());
        } else if (ballot == null) {
            member.out().answer(id, new Answer.Changed());
        } else {
            proposed.computeIfAbsent(effects.proposedFrom(), index -> new ArrayList<>(1))
                    .add(new Change(id, ballot));
        }
    }

    private void refused(long id, Effects.Refusal refusal, String reason) {
        switch (refusal) {
            case NOT_LEADER -> failed(id, Failure.NO_LEADER, false);
            case BUSY, CHANGING -> failed(id, Failure.BUSY, false);
            case DISK_FULL -> failed(id, Failure.DISK_FULL, false);
            case WRONG_EPOCH -> member.out().answer(id, new Answer.NotAllowed(
                    "the epoch is " + member.replica().epoch()
                            + ", not the expected one; read the status again"));
            case NOT_ALLOWED -> member.out().answer(id, new Answer.NotAllowed(reason));
        }
    }

    void applied(long index, Ballot proposedAt) {
        List<Change> here = proposed.isEmpty() ? null : proposed.remove(index);
        if (here == null) {
            return;
        }
        for (Change change : here) {
            if (change.ballot().equals(proposedAt)) {
                member.out().answer(change.id(), new Answer.Changed());
            } else {
                failed(change.id(), Failure.NO_LEADER, false);
            }
        }
    }

    /**
     * Entries up to {@code index} came as a snapshot: what became of changes among them is not known here.
     */
    void skippedTo(long index) {
        while (!proposed.isEmpty() && proposed.firstKey() <= index) {
            proposed.pollFirstEntry().getValue()
                    .forEach(change -> failed(change.id(), Failure.NO_LEADER, true));
        }
    }

    void failAll() {
        skippedTo(Long.MAX_VALUE);
        activations.values()
                .forEach(ids -> ids.forEach(id -> failed(id, Failure.UNAVAILABLE, true)));
        activations.clear();
    }

    private void failed(long id, Failure reason, boolean maybeApplied) {
        member.out().answer(id, new Answer.Failed(reason, maybeApplied));
    }
}
