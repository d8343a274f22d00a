package dev.synod.testkit;

import dev.synod.client.Coordination;
import dev.synod.node.Node;
import dev.synod.node.Setting;
import dev.synod.node.Settings;
import dev.synod.node.Standstill;
import dev.synod.node.StartException;
import dev.synod.node.loop.NodeStatus;
import dev.synod.paxos.Role;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One member of a {@link TestCluster}: what is done to it, and where applications find it. Its ports and its
 * volume stay the same when it is started again.
 *
 * <p>Any thread may call it. What is asked of a member that is so already does nothing.
 */
public final class TestMember {
    /** What becomes of its process, so to say. */
    public enum State {
        /** It runs; it may be cut off. */
        RUNNING,
        /** It stands still, as by SIGSTOP. */
        PAUSED,
        /** It has ended. */
        DOWN
    }

    private final TestCluster cluster;
    private final int index;
    private final UUID uuid = UUID.randomUUID();
    private final ReentrantLock lock = new ReentrantLock();
    private Settings settings;
    private Node node;
    private @Nullable Standstill standstill;
    private volatile State state = State.DOWN;
    private volatile boolean cutOff;

    TestMember(TestCluster cluster, int index, Settings wanted) throws StartException {
        this.cluster = cluster;
        this.index = index;
        settings = wanted;
        node = startNode();
        settings = wanted
                .with(Setting.LISTEN_NATIVE, loopback(node.ports().ofNative()))
                .with(Setting.LISTEN_HTTP, loopback(node.ports().ofHttp()))
                .with(Setting.LISTEN_PEERS, loopback(node.ports().ofPeers()));
        state = State.RUNNING;
    }

    private Node startNode() throws StartException {
        return Node.start(settings, (code, message, cause) -> cluster.halted(this, message, cause),
                cluster.links().from(name()));
    }

    static String loopback(int port) {
        return "127.0.0.1:" + port;
    }

    // ---- what it is ---------------------------------------------------------------------------------------

    /** Its place in the cluster, from 0. */
    public int index() {
        return index;
    }

    /** As it is shown to others: {@code member-0}. */
    public String name() {
        return settings.memberName();
    }

    UUID uuid() {
        return uuid;
    }

    /** What was done to it last. */
    public State state() {
        return state;
    }

    /** Whether it was cut off from the others and not healed since. */
    public boolean isPartitioned() {
        return cutOff;
    }

    /** Whether it leads, as far as it knows: one that is cut off may think so for a second. */
    public boolean leads() {
        NodeStatus status = status();
        return status != null && status.role() == Role.LEADER;
    }

    /** How it stands; null unless it runs. */
    @Nullable
    NodeStatus status() {
        if (state != State.RUNNING) {
            return null; // without waiting for one that is being stopped
        }
        lock.lock();
        try {
            return state == State.RUNNING ? node.status() : null;
        } finally {
            lock.unlock();
        }
    }

    Node node() {
        return node;
    }

    // ---- for applications ---------------------------------------------------------------------------------

    /** Where its native API listens, {@code host:port}: what an application has in {@code SYNOD_ENDPOINT}. */
    public String endpoint() {
        return settings.text(Setting.LISTEN_NATIVE);
    }

    /** Where its HTTP door listens, {@code host:port}. */
    public String httpEndpoint() {
        return settings.text(Setting.LISTEN_HTTP);
    }

    /** A client that will connect to it, still to be given what else it needs. */
    public Coordination.Builder client() {
        return Coordination.builder().endpoint(endpoint()).identity("client of " + name());
    }

    /** A client that is connected to it, and has a session; the caller closes it. */
    public Coordination connect() {
        return client().connect();
    }

    // ---- what is done to it -------------------------------------------------------------------------------

    /**
     * Holds it still, as SIGSTOP holds a process, until {@link #resume}: it neither reads nor writes, none of
     * its timers runs, its connections stay open, and time goes on. Returns when it stands.
     *
     * @throws IllegalStateException when it is down
     */
    public void pause() {
        lock.lock();
        try {
            requireUp("pause");
            if (state == State.RUNNING) {
                standstill = node.standStill();
                state = State.PAUSED;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before " + name() + " stood still", e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets it go on, as SIGCONT does.
     *
     * @throws IllegalStateException when it is down
     */
    public void resume() {
        lock.lock();
        try {
            requireUp("resume");
            Standstill over = standstill;
            if (over != null) {
                standstill = null;
                over.end();
                state = State.RUNNING;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Cuts all its links with the other members, in both directions, until {@link TestCluster#heal}: nothing
     * passes and nothing is closed, as in a network that loses packets. Its applications still reach it.
     *
     * @throws IllegalStateException when there are no others
     */
    public void partition() {
        cluster.requireOthers(this);
        cutOff = true;
        cluster.links().cut(name());
    }

    void healed() {
        cutOff = false;
    }

    /**
     * Ends it as SIGKILL ends a process: nothing more is written or sent, its connections break. What it
     * acknowledged is on its volume.
     */
    public void kill() {
        end(Node::abandon);
    }

    /**
     * Ends it as SIGTERM does: it hands leadership over, tells its applications, gives them a second to end
     * their calls, and closes its ports.
     *
     * @throws IllegalStateException when it is paused, as a process that is would not hear the signal
     */
    public void stop() {
        if (state == State.PAUSED) {
            throw new IllegalStateException(name() + " is paused and hears no signal: resume() it first");
        }
        end(Node::drain);
    }

    private void end(Consumer<Node> way) {
        lock.lock();
        try {
            if (state != State.DOWN) {
                state = State.DOWN;
                standstill = null;
                way.accept(node);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Starts it again after {@link #kill} or {@link #stop}, with its volume and its ports. Returns when it
     * has read its volume; {@link TestCluster#awaitReady} waits until it serves.
     *
     * @throws IllegalStateException when it is not down, or cannot start
     */
    public void restart() {
        lock.lock();
        try {
            cluster.requireOpen();
            if (state != State.DOWN) {
                throw new IllegalStateException(name() + " is " + state + ": kill() or stop() it first");
            }
            node = startNode();
            state = State.RUNNING;
        } catch (StartException e) {
            throw new IllegalStateException(name() + " cannot start again: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private void requireUp(String what) {
        cluster.requireOpen();
        if (state == State.DOWN) {
            throw new IllegalStateException(
                    "there is nothing to " + what + ": " + name() + " is down; restart() it first");
        }
    }

    @Override
    public String toString() {
        NodeStatus status = status();
        return name() + " " + state + (cutOff ? ", cut off" : "")
                + (status == null
                        ? ""
                        : ", " + status.phase() + " as " + status.role()
                                + (status.ready() ? ", ready" : ", not ready"))
                + (status == null || status.fault() == null ? "" : ", FAULTY: " + status.fault());
    }
}
