package dev.synod.simulation.register;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Replica;
import dev.synod.paxos.Role;
import dev.synod.paxos.Seal;
import dev.synod.paxos.WalRecord;
import dev.synod.simulation.check.Durable;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.ProgramView;
import dev.synod.storage.Volume;
import dev.synod.storage.VolumeState;
import java.util.ArrayDeque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A {@link RegisterMember} as oracles see it. */
final class RegisterView implements ProgramView {
    private static final int PROPOSALS = 0;
    private static final int READS = 1;
    private static final int WRITES = 2;
    private static final String[] QUEUES = {"proposals", "reads", "writes", "frames that wait for the disk"};
    /** Promises, epochs, snapshots and hints that may wait for a stuck disk beside entries. */
    private static final int BATCHES_BESIDE_ENTRIES_MAX = 256;

    /**
     * What will be durable when batch {@code sequence} is; the oracles' own reading of it, not the core's.
     */
    private record Mark(long sequence, List<WalRecord> records) {}

    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private @Nullable Volume volume;
    private @Nullable Recovered recovered;
    private @Nullable Replica replica;
    private @Nullable RegisterMember owner;
    private @Nullable String fault;
    private Durable durable = new Durable(Ballot.BOTTOM, Ballot.BOTTOM, 0);

    void open(Volume opened) {
        volume = opened;
    }

    void recovered(Recovered found) {
        recovered = found;
        durable = new Durable(found.promised(), found.accepted(), found.last());
    }

    void running(Replica started, RegisterMember member) {
        replica = started;
        owner = member;
    }

    void faulty(String why) {
        fault = why;
    }

    void wrote(long sequence, List<WalRecord> records) {
        marks.add(new Mark(sequence, records));
    }

    void durable(long sequence) {
        while (!marks.isEmpty() && marks.getFirst().sequence() <= sequence) {
            durable.apply(marks.removeFirst().records());
        }
    }

    // ---- volume -------------------------------------------------------------------------------------------

    @Override
    public VolumeState volume() {
        Volume opened = volume;
        VolumeState state = opened == null ? VolumeState.EMPTY : opened.state();
        boolean active = replica != null && replica.activated();
        return active && state == VolumeState.FORMATTED ? VolumeState.ACTIVATED : state;
    }

    @Override
    public @Nullable UUID cluster() {
        return recovered == null ? null : recovered.cluster();
    }

    @Override
    public @Nullable UUID member() {
        return recovered == null ? null : recovered.member();
    }

    @Override
    public long incarnation() {
        return recovered == null ? 0 : recovered.incarnation();
    }

    @Override
    public long nonce() {
        return recovered == null ? 0 : recovered.nonce();
    }

    @Override
    public Ballot durablePromised() {
        return durable.promised();
    }

    @Override
    public Ballot durableAccepted() {
        return durable.accepted();
    }

    @Override
    public long durableLast() {
        return durable.last();
    }

    @Override
    public boolean sealed() {
        return owner != null && owner.pipeline().isSealed();
    }

    // ---- member -------------------------------------------------------------------------------------------

    @Override
    public Role role() {
        if (fault != null) {
            return Role.FAULTY;
        }
        return replica == null ? Role.OBSERVER : replica.role();
    }

    @Override
    public @Nullable String fault() {
        return fault;
    }

    @Override
    public int epoch() {
        return replica == null ? 0 : replica.epoch();
    }

    @Override
    public Ballot promised() {
        return replica == null ? Ballot.BOTTOM : replica.promised();
    }

    @Override
    public Ballot accepted() {
        return replica == null ? Ballot.BOTTOM : replica.accepted();
    }

    @Override
    public long base() {
        return replica == null ? 0 : replica.base();
    }

    @Override
    public long last() {
        return replica == null ? 0 : replica.last();
    }

    @Override
    public long decided() {
        return replica == null ? 0 : replica.decided();
    }

    @Override
    public Entry entry(long index) {
        if (replica == null) {
            throw new IllegalStateException("no member runs here");
        }
        return replica.entry(index);
    }

    @Override
    public @Nullable UUID leader() {
        return replica == null ? null : replica.leader();
    }

    @Override
    public Configuration configuration() {
        return replica == null ? Configuration.NONE : replica.configuration();
    }

    @Override
    public Seal seal() {
        return replica == null ? Seal.NONE : replica.seal();
    }

    @Override
    public boolean established() {
        return replica != null && replica.established();
    }

    @Override
    public @Nullable Configuration proposedConfiguration() {
        return replica == null ? null : RegisterMember.proposed(replica);
    }

    // ---- state machine and queues -------------------------------------------------------------------------

    @Override
    public long applied() {
        return owner == null ? 0 : owner.state().applied();
    }

    @Override
    public long stateDigest() {
        return owner == null ? 0 : owner.state().digest();
    }

    @Override
    public int queues() {
        return owner == null ? 0 : QUEUES.length;
    }

    @Override
    public String queueName(int queue) {
        return QUEUES[queue];
    }

    @Override
    public long queueSize(int queue) {
        RegisterMember member = owner;
        Replica core = replica;
        if (member == null || core == null) {
            return 0;
        }
        return switch (queue) {
            case PROPOSALS -> core.proposalsUndecided();
            case READS -> core.readsQueued();
            case WRITES -> member.pipeline().waiting();
            default -> member.pipeline().held();
        };
    }

    @Override
    public long queueSizeMax(int queue) {
        RegisterMember member = owner;
        if (member == null) {
            return 0;
        }
        long window = member.knobs().count(Knob.WINDOW_ENTRIES);
        return switch (queue) {
            case PROPOSALS -> window;
            case READS -> 2L * member.knobs().count(Knob.READS);
            case WRITES -> 2 * window + BATCHES_BESIDE_ENTRIES_MAX;
            default -> WritePipeline.HELD_MAX;
        };
    }
}
