package dev.synod.simulation.check;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Payload;
import dev.synod.paxos.Role;
import dev.synod.paxos.Seal;
import dev.synod.simulation.port.ProgramView;
import dev.synod.storage.VolumeState;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A member's state, set by hand. */
final class FakeMember implements ProgramView {
    final UUID cluster;
    final UUID uuid;
    Configuration configuration;
    VolumeState volume = VolumeState.ACTIVATED;
    Role role = Role.FOLLOWER;
    @Nullable String fault;
    Seal seal = Seal.NONE;
    Ballot promised = Ballot.BOTTOM;
    Ballot accepted = Ballot.BOTTOM;
    long base;
    List<Entry> log = new ArrayList<>();
    long decided;
    long applied;
    long digest;
    Ballot durablePromised = Ballot.BOTTOM;
    Ballot durableAccepted = Ballot.BOTTOM;
    long durableLast;
    long queued;
    @Nullable Configuration proposed;

    FakeMember(UUID cluster, UUID uuid, Configuration configuration) {
        this.cluster = cluster;
        this.uuid = uuid;
        this.configuration = configuration;
    }

    /** Another process on the same volume, which holds what was durable. */
    FakeMember restarted() {
        FakeMember next = new FakeMember(cluster, uuid, configuration);
        next.seal = seal;
        next.promised = durablePromised;
        next.accepted = durableAccepted;
        next.base = base;
        next.log = new ArrayList<>(log.subList(0, (int) (durableLast - base)));
        next.decided = Math.min(decided, durableLast);
        next.durablePromised = durablePromised;
        next.durableAccepted = durableAccepted;
        next.durableLast = durableLast;
        return next;
    }

    FakeMember promise(Ballot ballot) {
        promised = ballot;
        return this;
    }

    /** Takes another member's log, cut after {@code last}, at a ballot. */
    FakeMember adopt(Ballot ballot, FakeMember from, long last) {
        promised = Ballot.max(promised, ballot);
        accepted = ballot;
        log = new ArrayList<>(from.log.subList(0, (int) (last - from.base)));
        base = from.base;
        return this;
    }

    FakeMember append(Ballot proposedAt, Payload payload) {
        log.add(new Entry(last() + 1, proposedAt, payload));
        return this;
    }

    FakeMember append(Ballot proposedAt, int command) {
        return append(proposedAt, new Payload.Command(Bytes.of(new byte[] {(byte) command})));
    }

    FakeMember append(Entry entry) {
        log.add(entry);
        return this;
    }

    FakeMember sync() {
        durablePromised = promised;
        durableAccepted = accepted;
        durableLast = last();
        return this;
    }

    FakeMember decide(long index) {
        decided = index;
        return this;
    }

    @Override
    public VolumeState volume() {
        return volume;
    }

    @Override
    public @Nullable UUID cluster() {
        return cluster;
    }

    @Override
    public @Nullable UUID member() {
        return uuid;
    }

    @Override
    public long incarnation() {
        return 1;
    }

    @Override
    public long nonce() {
        return 1;
    }

    @Override
    public Role role() {
        return role;
    }

    @Override
    public @Nullable String fault() {
        return fault;
    }

    @Override
    public int epoch() {
        return configuration.epoch();
    }

    @Override
    public Ballot promised() {
        return promised;
    }

    @Override
    public Ballot accepted() {
        return accepted;
    }

    @Override
    public long base() {
        return base;
    }

    @Override
    public long last() {
        return base + log.size();
    }

    @Override
    public long decided() {
        return decided;
    }

    @Override
    public long applied() {
        return applied;
    }

    @Override
    public Entry entry(long index) {
        return log.get((int) (index - base - 1));
    }

    @Override
    public @Nullable UUID leader() {
        return null;
    }

    @Override
    public Configuration configuration() {
        return configuration;
    }

    @Override
    public Seal seal() {
        return seal;
    }

    @Override
    public boolean established() {
        return true;
    }

    @Override
    public @Nullable Configuration proposedConfiguration() {
        return proposed;
    }

    @Override
    public long stateDigest() {
        return digest;
    }

    @Override
    public Ballot durablePromised() {
        return durablePromised;
    }

    @Override
    public Ballot durableAccepted() {
        return durableAccepted;
    }

    @Override
    public long durableLast() {
        return durableLast;
    }

    @Override
    public int queues() {
        return 1;
    }

    @Override
    public String queueName(int queue) {
        return "proposals";
    }

    @Override
    public long queueSize(int queue) {
        return queued;
    }

    @Override
    public long queueSizeMax(int queue) {
        return 10;
    }
}
