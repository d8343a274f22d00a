package dev.synod.simulation.world;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Role;
import dev.synod.paxos.Seal;
import dev.synod.simulation.port.ProgramView;
import dev.synod.storage.VolumeState;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** State of an {@link EchoProgram}: it has hardly any. Who gets a client's last request calls itself the
 * leader; not before, because those who lead are not rolled back. */
final class EchoView implements ProgramView {
    VolumeState volume = VolumeState.EMPTY;
    @Nullable UUID cluster;
    @Nullable UUID member;
    boolean leads;
    Configuration configuration = Configuration.NONE;

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
        return member;
    }

    @Override
    public long incarnation() {
        return 0;
    }

    @Override
    public long nonce() {
        return 0;
    }

    @Override
    public Role role() {
        return volume == VolumeState.ACTIVATED && leads ? Role.LEADER : Role.FOLLOWER;
    }

    @Override
    public @Nullable String fault() {
        return null;
    }

    @Override
    public int epoch() {
        return 0;
    }

    @Override
    public Ballot promised() {
        return Ballot.BOTTOM;
    }

    @Override
    public Ballot accepted() {
        return Ballot.BOTTOM;
    }

    @Override
    public long base() {
        return 0;
    }

    @Override
    public long last() {
        return 0;
    }

    @Override
    public long decided() {
        return 0;
    }

    @Override
    public long applied() {
        return 0;
    }

    @Override
    public Entry entry(long index) {
        throw new IllegalArgumentException("no entry " + index);
    }

    @Override
    public @Nullable UUID leader() {
        return member;
    }

    @Override
    public Configuration configuration() {
        return configuration;
    }

    @Override
    public Seal seal() {
        return Seal.NONE;
    }

    @Override
    public boolean established() {
        return volume == VolumeState.ACTIVATED;
    }

    @Override
    public @Nullable Configuration proposedConfiguration() {
        return null;
    }

    @Override
    public long stateDigest() {
        return 0;
    }

    @Override
    public Ballot durablePromised() {
        return Ballot.BOTTOM;
    }

    @Override
    public Ballot durableAccepted() {
        return Ballot.BOTTOM;
    }

    @Override
    public long durableLast() {
        return 0;
    }

    @Override
    public boolean sealed() {
        return true;
    }

    @Override
    public int queues() {
        return 0;
    }

    @Override
    public String queueName(int queue) {
        throw new IllegalArgumentException("no queue " + queue);
    }

    @Override
    public long queueSize(int queue) {
        return 0;
    }

    @Override
    public long queueSizeMax(int queue) {
        return 0;
    }
}
