package dev.synod.testkit;

import dev.synod.client.Coordination;
import dev.synod.client.Session;
import dev.synod.node.Setting;
import dev.synod.node.Settings;
import dev.synod.node.StartException;
import dev.synod.node.loop.MemberHost.Formatted;
import dev.synod.node.loop.NodeStatus;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Role;
import dev.synod.testkit.TestMember.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Real members of one cluster in this JVM, over loopback, each with a folder and ports of its own. Without
 * JUnit: {@code try (TestCluster cluster = TestCluster.start(3))}; with it, see {@link SynodExtension}.
 *
 * <p>Any thread may call it. Whatever waits does so for 30 s, and then says how the members stand.
 */
public final class TestCluster implements AutoCloseable {
    static final int SIZE_MAX = 3;
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(5).toNanos();

    private final Path folder;
    private final Links links = new Links();
    private final List<TestMember> members = new ArrayList<>();
    private final List<MemberHalted> halts = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    private TestCluster(Path folder) {
        this.folder = folder;
    }

    // ---- start --------------------------------------------------------------------------------------------

    /**
     * Starts a cluster on empty folders, and returns when it serves.
     *
     * @param size members, 1 to 3: one does for most tests, three survive the loss of one
     * @throws IllegalArgumentException when {@code size} is another
     * @throws IllegalStateException when a member cannot start, saying why; nothing is left behind
     */
    public static TestCluster start(int size) {
        checkSize(size);
        TestCluster made;
        try {
            made = new TestCluster(Files.createTempDirectory("synod-test-"));
        } catch (IOException e) {
            throw new UncheckedIOException("the folder for the members' volumes cannot be made", e);
        }
        try {
            made.begin(size);
            return made;
        } catch (StartException | IOException e) {
            made.closeQuietly(e);
            throw new IllegalStateException("the cluster cannot start: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            made.closeQuietly(e);
            throw e;
        }
    }

    static void checkSize(int size) {
        if (size < 1 || size > SIZE_MAX) {
            throw new IllegalArgumentException(
                    "a cluster of " + size + " members: allowed is 1 to " + SIZE_MAX
                            + "; take 1 for most tests, or 3 to see it survive the loss of a member");
        }
    }

    private void begin(int size) throws StartException, IOException {
        List<UUID> uuids = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            TestMember member = new TestMember(this, i, settings("member-" + i));
            members.add(member);
            uuids.add(member.uuid());
            names.add(member.name());
        }
        for (TestMember member : members) {
            links.open(member.name(), member.node().ports().ofPeers(), names);
        }
        Configuration initial =
                Configuration.initial(uuids, names.stream().map(Links::address).toList());
        UUID cluster = UUID.randomUUID();
        for (TestMember member : members) {
            Formatted outcome = awaitReturn("the volume of " + member.name() + " to be formatted",
                    () -> member.node().format(cluster, member.uuid(), initial));
            if (!(outcome instanceof Formatted.Done)) {
                throw new IllegalStateException("the volume of " + member.name() + " in " + folder
                        + " cannot be formatted: " + outcome);
            }
        }
        for (TestMember member : members) {
            awaitReturn(member.name() + " to be activated", () -> {
                member.node().activate(PATIENCE);
                return member;
            });
        }
        awaitReady();
    }

    private Settings settings(String name) throws StartException {
        return Settings.defaults()
                .with(Setting.VOLUME, folder.resolve(name).toString())
                .with(Setting.CLUSTER_NAME, "test")
                .with(Setting.MEMBER_NAME, name)
                .with(Setting.INSECURE_PEERS, "true")
                .with(Setting.SEGMENT_BYTES, "1MiB") // volumes of tests are small, and made anew each time
                .with(Setting.DRAIN_TIMEOUT, "1s") // a test has its applications under its own control
                .with(Setting.LISTEN_NATIVE, TestMember.loopback(0))
                .with(Setting.LISTEN_HTTP, TestMember.loopback(0))
                .with(Setting.LISTEN_PEERS, TestMember.loopback(0))
                .with(Setting.LISTEN_ADMIN, TestMember.loopback(0))
                .with(Setting.LISTEN_PROBES, TestMember.loopback(0));
    }

    // ---- members ------------------------------------------------------------------------------------------

    /** How many members it has. */
    public int size() {
        return members.size();
    }

    /** All of them, whatever was done to them. */
    public List<TestMember> members() {
        return List.copyOf(members);
    }

    /**
     * One of them.
     *
     * @param index from 0
     * @throws IndexOutOfBoundsException when there is no such member
     */
    public TestMember member(int index) {
        if (index < 0 || index >= members.size()) {
            throw new IndexOutOfBoundsException("there is no member " + index + ": this cluster has "
                    + members.size() + ", counted from 0");
        }
        return members.get(index);
    }

    /** {@link TestMember#connect} of the member with that index. */
    public Coordination connect(int index) {
        return member(index).connect();
    }

    /**
     * The member that leads, as soon as there is one that a majority follows: never one that is paused, cut
     * off or down.
     *
     * @throws IllegalStateException at once when no majority is left, or when there is no leader in time
     */
    public TestMember leader() {
        return await("a leader", () -> {
            requireMajority();
            return leaderNow();
        });
    }

    /** A member that does not lead, and is neither paused nor cut off nor down. */
    public TestMember follower() {
        return await("a member that follows", () -> {
            TestMember leader = leader();
            return connected().stream().filter(one -> one != leader).findFirst().orElse(null);
        });
    }

    /**
     * Waits until every member serves that is not paused, cut off or down.
     *
     * @throws IllegalStateException as of {@link #leader}
     */
    public void awaitReady() {
        await("every member to be ready", () -> {
            requireMajority();
            TestMember leader = leaderNow();
            return leader != null && connected().stream().allMatch(TestCluster::isReady) ? leader : null;
        });
    }

    private static boolean isReady(TestMember member) {
        NodeStatus status = member.status();
        return status != null && status.ready();
    }

    private @Nullable TestMember leaderNow() {
        for (TestMember member : connected()) {
            NodeStatus status = member.status();
            if (status != null && status.role() == Role.LEADER && status.ready()
                    && followersOf(member) >= majority()) {
                return member;
            }
        }
        return null;
    }

    private long followersOf(TestMember leader) {
        return connected().stream().map(TestMember::status)
                .filter(status -> status != null && leader.uuid().equals(status.leader())).count();
    }

    private List<TestMember> connected() {
        return members.stream()
                .filter(member -> member.state() == State.RUNNING && !member.isPartitioned()).toList();
    }

    private int majority() {
        return members.size() / 2 + 1;
    }

    private void requireMajority() {
        if (connected().size() < majority()) {
            throw new IllegalStateException("there can be no leader: it takes " + majority() + " members of "
                    + members.size() + " that run and reach each other, and now these are " + connected()
                    + " of " + members + "; resume(), heal() or restart() some");
        }
    }

    void requireOthers(TestMember member) {
        requireOpen();
        if (members.size() == 1) {
            throw new IllegalStateException(member.name() + " is alone, and has no links that could be cut:"
                    + " start a cluster of 3");
        }
    }

    /** Where the volumes are. */
    Path folder() {
        return folder;
    }

    Links links() {
        return links;
    }

    // ---- what is done to all ------------------------------------------------------------------------------

    /** Heals all links: what {@link TestMember#partition} cut passes again, and what waited goes on. */
    public void heal() {
        requireOpen();
        links.heal();
        members.forEach(TestMember::healed);
    }

    /**
     * Undoes whatever was done to members: heals links, lets go on who is paused, starts who is down; and
     * waits until all serve. What applications wrote stays.
     */
    public void mend() {
        requireOpen();
        heal();
        for (TestMember member : members) {
            switch (member.state()) {
                case PAUSED -> member.resume();
                case DOWN -> member.restart();
                case RUNNING -> {}
            }
        }
        awaitReady();
    }

    /**
     * Ends a session in the cluster as a leader does that did not hear of it for its TTL: what it owns goes
     * to the next, and its application learns that it is EXPIRED. Returns when that is decided.
     *
     * @param id {@link Session#id}
     * @throws IllegalArgumentException when no such session lives
     */
    public void expireSession(long id) {
        Expiry expiry = new Expiry(id);
        await("session " + id + " to be expired", () -> expiry.attempt(leader().node()) ? id : null);
    }

    /** The same. */
    public void expireSession(Session session) {
        expireSession(session.id());
    }

    // ---- what went wrong ----------------------------------------------------------------------------------

    /** On any thread of a node: its process would end now. */
    void halted(TestMember member, String message, @Nullable Throwable cause) {
        halts.add(new MemberHalted(member.name() + " has halted: " + message, cause));
        Thread.ofVirtual().start(member::kill); // not on the node's own thread, which kill() waits for
    }

    /**
     * Throws if a member could not go on. {@link SynodExtension} calls it after each test; call it yourself
     * without JUnit.
     *
     * @throws MemberHalted the first; others are suppressed in it
     */
    public void check() {
        if (!halts.isEmpty()) {
            MemberHalted first = halts.getFirst();
            for (MemberHalted other : halts) {
                if (other != first && !List.of(first.getSuppressed()).contains(other)) {
                    first.addSuppressed(other);
                }
            }
            throw first;
        }
    }

    /** What {@code call} returns; it may wait for ever when the member halts, which is told here. */
    private <T> T awaitReturn(String what, Supplier<T> call) {
        CompletableFuture<T> returned = CompletableFuture.supplyAsync(call, Thread::startVirtualThread);
        return await(what, () -> returned.getNow(null));
    }

    private <T> T await(String what, Supplier<@Nullable T> look) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            requireOpen();
            check();
            T found = look.get();
            if (found != null) {
                return found;
            }
            if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("waited for " + what + ", in vain within "
                        + PATIENCE.toSeconds() + " s or until interrupted: " + members);
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this cluster is closed");
        }
    }

    // ---- end ----------------------------------------------------------------------------------------------

    /** Ends all members and removes their volumes. Close the clients before. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        members.forEach(TestMember::kill);
        try {
            links.close();
            Volumes.remove(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("what " + folder + " holds cannot be removed", e);
        }
    }

    private void closeQuietly(Throwable because) {
        try {
            close();
        } catch (RuntimeException e) {
            because.addSuppressed(e);
        }
    }

    @Override
    public String toString() {
        return "cluster of " + members;
    }
}
