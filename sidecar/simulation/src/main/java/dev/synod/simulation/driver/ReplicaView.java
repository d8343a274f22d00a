package dev.synod.simulation.driver;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Payload;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Replica;
import dev.synod.paxos.Role;
import dev.synod.paxos.Seal;
import dev.synod.paxos.WalRecord;
import dev.synod.simulation.check.Durable;
import dev.synod.simulation.port.ProgramView;
import dev.synod.storage.Volume;
import dev.synod.storage.VolumeState;
import java.util.ArrayDeque;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A process with a replica as oracles see it. */
public abstract class ReplicaView implements ProgramView {
    /** The state machine beside the replica. */
    public interface State {
        /** Applied up to here. */
        long applied();

        /** Digest of what is applied. */
        long digest();
    }

    /** A bounded queue of a process (I18). */
    public record Queue(String name, LongSupplier size, LongSupplier sizeMax) {}

    /**
     * What will be durable when batch {@code sequence} is; the oracles' own reading of it, not the core's.
     */
    private record Mark(long sequence, List<WalRecord> records) {}

    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private @Nullable Volume volume;
    private @Nullable Recovered recovered;
    private @Nullable Replica replica;
    private @Nullable WritePipeline pipeline;
    private @Nullable State state;
    private List<Queue> queues = List.of();
    private @Nullable String fault;
    private Durable durable = new Durable(Ballot.BOTTOM, Ballot.BOTTOM, 0);

    /** A view of a process that has not started. */
    protected ReplicaView() {}

    void open(Volume opened) {
        volume = opened;
    }

    void recovered(Recovered found) {
        recovered = found;
        durable = new Durable(found.promised(), found.accepted(), found.last());
    }

    /** The core runs from now on. */
    public void running(Replica started, State beside, List<Queue> bounded) {
        replica = started;
        state = beside;
        queues = List.copyOf(bounded);
    }

    void writtenBy(WritePipeline writer) {
        pipeline = writer;
    }

    /** The member is FAULTY from now on. */
    public void faulty(String why) {
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
        return pipeline != null && pipeline.isSealed();
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
        return replica == null ? null : proposed(replica);
    }

    /** A configuration stands undecided in the log while this is not null. */
    private static @Nullable Configuration proposed(Replica member) {
        if (member.last() <= member.decided()) {
            return null;
        }
        return member.entry(member.last()).payload() instanceof Payload.StopSign stop ? stop.next() : null;
    }

    // ---- state machine and queues -------------------------------------------------------------------------

    @Override
    public long applied() {
        return state == null ? 0 : state.applied();
    }

    @Override
    public long stateDigest() {
        return state == null ? 0 : state.digest();
    }

    @Override
    public int queues() {
        return queues.size();
    }

    @Override
    public String queueName(int queue) {
        return queues.get(queue).name();
    }

    @Override
    public long queueSize(int queue) {
        return queues.get(queue).size().getAsLong();
    }

    @Override
    public long queueSizeMax(int queue) {
        return queues.get(queue).sizeMax().getAsLong();
    }
}
