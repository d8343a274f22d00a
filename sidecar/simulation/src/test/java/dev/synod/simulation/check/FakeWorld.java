package dev.synod.simulation.check;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Codec;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Envelope;
import dev.synod.paxos.Message;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.ProgramView;
import dev.synod.simulation.port.WorldFacts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Members whose states are set by hand, under the oracles. Machine i runs member i + 1. */
final class FakeWorld implements WorldFacts {
    static final UUID CLUSTER = new UUID(9, 9);

    final ConsensusOracle consensus = new ConsensusOracle();
    final FrameOracle frames = new FrameOracle(consensus);
    final List<FakeMember> members = new ArrayList<>();
    final Configuration configuration;
    final Set<Integer> damaged = new HashSet<>();
    final Set<Integer> superseded = new HashSet<>();
    long nowNanos;

    /** {@code voters} fresh voters and {@code observers} newcomers that know no configuration yet. */
    FakeWorld(int voters, int observers) {
        List<UUID> uuids = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < voters; i++) {
            uuids.add(uuid(i));
            addresses.add("m" + i);
        }
        configuration = Configuration.initial(uuids, addresses);
        consensus.begin(this);
        frames.begin(this);
        for (int i = 0; i < voters + observers; i++) {
            members.add(new FakeMember(CLUSTER, uuid(i), i < voters ? configuration : Configuration.NONE));
            consensus.onStart(i, members.get(i));
        }
    }

    static UUID uuid(int machine) {
        return new UUID(0, machine + 1);
    }

    FakeMember member(int machine) {
        return members.get(machine);
    }

    /** The member on each of these machines stepped. */
    void step(int... machines) {
        for (int machine : machines) {
            nowNanos++;
            consensus.afterStep(machine, members.get(machine));
        }
    }

    /** These members promise {@code ballot}, on their disks, and say so. */
    void promise(Ballot ballot, int... machines) {
        for (int machine : machines) {
            FakeMember member = members.get(machine);
            member.promised = Ballot.max(member.promised, ballot);
            member.durablePromised = member.promised;
            send(machine, ballot.member() - 1,
                    new Message.Promise(ballot, Ballot.BOTTOM, 0, 0, 0, null, 0, 0, List.of()));
        }
    }

    void restart(int machine, FakeMember next) {
        consensus.onCrash(machine, members.get(machine), true);
        members.set(machine, next);
        consensus.onStart(machine, next);
    }

    void send(int from, int to, Message message) {
        FakeMember sender = members.get(from);
        Envelope envelope = new Envelope(
                CLUSTER,
                sender.uuid,
                uuid(to),
                1,
                1,
                sender.epoch(),
                sender.seal,
                sender.promised,
                sender.accepted,
                sender.last(),
                message);
        frames.onFrameSent(from, sender.uuid, uuid(to), Codec.encode(envelope));
    }

    @Override
    public long seed() {
        return 0;
    }

    @Override
    public Knobs knobs() {
        return Knobs.draw(0);
    }

    @Override
    public long nowNanos() {
        return nowNanos;
    }

    @Override
    public long step() {
        return nowNanos;
    }

    @Override
    public UUID cluster() {
        return CLUSTER;
    }

    @Override
    public int machines() {
        return members.size();
    }

    @Override
    public @Nullable ProgramView running(int machine) {
        return members.get(machine);
    }

    @Override
    public @Nullable UUID identity(int machine) {
        return uuid(machine);
    }

    @Override
    public long localNanos(int machine) {
        return nowNanos();
    }

    @Override
    public void count(String effect) {}

    @Override
    public boolean damaged(int machine) {
        return damaged.contains(machine);
    }

    @Override
    public boolean superseded(int machine) {
        return superseded.contains(machine);
    }
}
