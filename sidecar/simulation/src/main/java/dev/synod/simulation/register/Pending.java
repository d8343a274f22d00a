package dev.synod.simulation.register;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Effects;
import dev.synod.simulation.port.Admin;
import dev.synod.simulation.port.AdminOutcome;
import dev.synod.simulation.port.Machine;
import dev.synod.simulation.register.RegisterCodec.Reply;
import dev.synod.simulation.register.RegisterCodec.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who waits for what: proposals by index, reads by id, activations by batch. */
final class Pending {
    /** A proposal of this process; {@code client} is 0 for the operator's. */
    private record Proposal(Ballot ballot, long client, long request) {}

    /**
     * A read whose fate is known.
     *
     * @param index where it may be served; -1: refused
     * @param status set when the operator asked, under number {@code request}
     */
    record GrantedRead(long client, long request, byte[] body, long index, Admin.@Nullable Status status) {}

    private record WaitingRead(long client, long request, byte[] body, Admin.@Nullable Status status) {}

    private final Machine machine;
    private final TreeMap<Long, List<Proposal>> proposals = new TreeMap<>();
    private final TreeMap<Long, WaitingRead> reads = new TreeMap<>();
    private final List<GrantedRead> granted = new ArrayList<>();
    private final TreeMap<Long, Long> activations = new TreeMap<>();
    private long lastReadId;

    Pending(Machine machine) {
        this.machine = machine;
    }

    // ---- proposals ----------------------------------------------------------------------------------------

    void proposed(long index, Ballot ballot, long client, long request) {
        proposals.computeIfAbsent(index, at -> new ArrayList<>(1)).add(new Proposal(ballot, client, request));
    }

    void administered(long index, Ballot ballot, long id) {
        proposed(index, ballot, 0, id);
    }

    /** The entry at {@code index} is decided; {@code reply} is null when it is no command. */
    void applied(long index, Ballot proposedAt, @Nullable Reply reply) {
        if (proposals.isEmpty() || proposals.firstKey() > index) {
            return;
        }
        List<Proposal> here = proposals.remove(index);
        if (here == null) {
            return;
        }
        for (Proposal proposal : here) {
            settle(proposal, proposal.ballot().equals(proposedAt), reply);
        }
    }

    private void settle(Proposal proposal, boolean decided, @Nullable Reply reply) {
        if (proposal.client() == 0) {
            machine.answer(
                    proposal.request(),
                    decided ? new AdminOutcome.Done() : new AdminOutcome.TryLater("superseded"));
        } else {
            Reply answer = decided && reply != null ? reply : Reply.of(Status.UNKNOWN);
            machine.reply(proposal.client(), proposal.request(), RegisterCodec.encode(answer));
        }
    }

    /**
     * Entries up to {@code index} came as a snapshot: nobody here can tell what became of proposals among
     * them.
     */
    void skippedTo(long index) {
        while (!proposals.isEmpty() && proposals.firstKey() <= index) {
            Map.Entry<Long, List<Proposal>> first = proposals.pollFirstEntry();
            for (Proposal proposal : first.getValue()) {
                if (proposal.client() == 0) {
                    machine.answer(proposal.request(), new AdminOutcome.Unknown());
                } else {
                    machine.reply(
                            proposal.client(), proposal.request(),
                            RegisterCodec.encode(Reply.of(Status.UNKNOWN)));
                }
            }
        }
    }

    // ---- reads --------------------------------------------------------------------------------------------

    long read(long client, long request, byte[] body) {
        return await(new WaitingRead(client, request, body, null));
    }

    long status(long id, Admin.Status status) {
        return await(new WaitingRead(0, id, new byte[0], status));
    }

    private long await(WaitingRead read) {
        reads.put(++lastReadId, read);
        return lastReadId;
    }

    void readOutcome(Effects.ReadOutcome outcome) {
        WaitingRead read = reads.remove(outcome.id());
        if (read == null) {
            return;
        }
        if (outcome.index() < 0 && read.status() != null) {
            machine.answer(read.request(), new AdminOutcome.TryLater("no read index"));
            return;
        }
        granted.add(
                new GrantedRead(read.client(), read.request(), read.body(), outcome.index(), read.status()));
    }

    /** Takes the reads that can be answered with the state at {@code applied}. */
    List<GrantedRead> servable(long applied) {
        if (granted.isEmpty()) {
            return List.of();
        }
        List<GrantedRead> servable = new ArrayList<>();
        for (GrantedRead read : granted) {
            if (read.index() <= applied) {
                servable.add(read);
            }
        }
        granted.removeAll(servable);
        return servable;
    }

    int readsWaiting() {
        return reads.size() + granted.size();
    }

    // ---- activation ---------------------------------------------------------------------------------------

    /** {@code sequence} is 0 when the member is active already. */
    void activation(long sequence, long id) {
        if (sequence == 0) {
            machine.answer(id, new AdminOutcome.Done());
        } else {
            activations.put(sequence, id);
        }
    }

    void durable(long sequence) {
        while (!activations.isEmpty() && activations.firstKey() <= sequence) {
            machine.answer(activations.pollFirstEntry().getValue(), new AdminOutcome.Done());
        }
    }
}
