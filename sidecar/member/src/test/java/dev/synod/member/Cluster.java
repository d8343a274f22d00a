package dev.synod.member;

import dev.synod.member.MemberEffects.ClaimNotice;
import dev.synod.member.MemberEffects.SessionNotice;
import dev.synod.member.MemberEffects.WatchNotice;
import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Defects;
import dev.synod.paxos.Effects;
import dev.synod.paxos.Options;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Role;
import dev.synod.paxos.Seal;
import dev.synod.paxos.SeededRandom;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.SnapshotAction;
import dev.synod.paxos.SnapshotRef;
import dev.synod.state.Command;
import dev.synod.state.Label;
import dev.synod.state.Reply;
import dev.synod.state.Restore;
import dev.synod.state.StateMachine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Members over a perfect disk and a network that cuts links on request, in virtual time. */
final class Cluster {
    static final long MILLIS = 1_000_000;
    private static final long DELAY = MILLIS / 2;
    static final Bytes SECRET = Bytes.of(new byte[32]);

    /** One member with what came of it. */
    final class Node {
        final UUID uuid;
        final Map<Long, Answer> answers = new HashMap<>();
        final List<ClaimNotice> claims = new ArrayList<>();
        final List<WatchNotice> watched = new ArrayList<>();
        final List<SessionNotice> sessions = new ArrayList<>();
        private final MemberEffects effects = new MemberEffects();
        private final List<Effects.Outgoing> sent = new ArrayList<>();
        private final List<byte[]> snapshotBytes = new ArrayList<>();
        private @Nullable Snapshot snapshot;
        private byte[] staged = new byte[0];
        private long due;
        Member member;
        boolean paused;

        Node(UUID uuid, Configuration configuration) {
            this.uuid = uuid;
            Recovered recovered = new Recovered(CLUSTER, uuid, 1, uuid.getLeastSignificantBits(), true,
                    Ballot.BOTTOM, Ballot.BOTTOM, Seal.NONE, configuration, 0, null, 0, List.of(), 0, null,
                    null);
            member = new Member(recovered, null, options, random.child(uuid.toString()), Defects.NONE, now);
        }

        void step(MemberEvent... events) {
            if (paused) {
                for (MemberEvent event : events) {
                    later(MILLIS, () -> step(event));
                }
                return;
            }
            effects.clear();
            member.step(now, List.of(events), effects);
            carryOut();
            long deadline = member.nextDeadlineNanos();
            if (deadline != Long.MAX_VALUE) {
                due = Math.max(deadline, now);
                long mine = due;
                later(due - now, () -> {
                    if (due == mine) {
                        step(new MemberEvent.Tick());
                    }
                });
            }
        }

        private void carryOut() {
            for (MemberEffects.Batch batch : List.copyOf(effects.batches())) {
                later(DELAY, () -> step(new MemberEvent.Durable(batch.sequence())));
            }
            for (SnapshotAction action : List.copyOf(effects.snapshotActions())) {
                carryOut(action);
            }
            MemberEffects.WriteSnapshot write = effects.writeSnapshot();
            if (write != null) {
                later(DELAY, () -> write(write));
            }
            sent.addAll(effects.outgoing());
            for (Effects.Outgoing frame : List.copyOf(effects.outgoing())) {
                // A disk that takes as long as the network: what waits for it leaves a little later.
                send(uuid, frame.to(), frame.frame(), frame.afterSequence() == 0 ? DELAY : 3 * DELAY);
            }
            effects.answers().forEach(answered -> answers.put(answered.id(), answered.answer()));
            claims.addAll(effects.claimNotices());
            watched.addAll(effects.watchNotices());
            sessions.addAll(effects.sessionNotices());
        }

        private void write(MemberEffects.WriteSnapshot write) {
            List<Bytes> chunks = new ArrayList<>();
            write.state().writeTo(chunks::add);
            byte[] bytes = join(chunks);
            SnapshotRef ref = new SnapshotRef(write.state().index(), bytes.length, SECRET);
            snapshotBytes.add(bytes);
            snapshot = new Snapshot(ref, write.configuration(), write.seal());
            step(new MemberEvent.SnapshotWritten(snapshot, write.base()));
        }

        private void carryOut(SnapshotAction action) {
            switch (action) {
                case SnapshotAction.Begin begin -> staged = new byte[(int) begin.snapshot().lengthBytes()];
                case SnapshotAction.Store store -> System.arraycopy(store.data().array(), 0, staged,
                        (int) store.offsetBytes(), store.data().length());
                case SnapshotAction.Finish finish ->
                        later(DELAY, () -> step(new MemberEvent.SnapshotStaged(written(finish.snapshot()))));
                case SnapshotAction.ReadChunk read -> {
                    byte[] bytes = snapshotBytes.getLast();
                    int length = (int) Math.min(read.lengthBytesMax(), bytes.length - read.offsetBytes());
                    byte[] chunk = new byte[length];
                    System.arraycopy(bytes, (int) read.offsetBytes(), chunk, 0, length);
                    later(DELAY, () -> step(new MemberEvent.ChunkRead(read.peer(), read.snapshot(),
                            read.offsetBytes(), Bytes.of(chunk))));
                }
                case SnapshotAction.Restore restore -> {
                    Restore into = new Restore();
                    into.accept(staged, 0, staged.length);
                    StateMachine state = into.finish();
                    later(DELAY, () -> step(new MemberEvent.StateRestored(restore.snapshot(), state)));
                }
                case SnapshotAction.Take take -> throw new AssertionError("never among the effects");
            }
        }

        // ---- as its clients ------------------------------------------------------------------------------

        long submit(Command command) {
            step(new MemberEvent.Submit(++lastId, command, TIMEOUT));
            return lastId;
        }

        Reply reply(Command command) {
            return replyOf(submit(command));
        }

        Reply replyOf(long id) {
            awaitAnswer(id);
            return ((Answer.Replied) there(answers.get(id))).reply();
        }

        Answer.Failed failureOf(long id) {
            awaitAnswer(id);
            return (Answer.Failed) there(answers.get(id));
        }

        void awaitAnswer(long id) {
            await(() -> answers.containsKey(id));
        }

        long open(int ttlMillis) {
            step(new MemberEvent.Attach(++lastId,
                    new Command.OpenSession(ttlMillis, "app", List.<Label>of(), SECRET), TIMEOUT));
            return ((Reply.Attached) replyOf(lastId)).session();
        }

        long acquire(Command.AcquireLock command, long waitNanos) {
            step(new MemberEvent.Acquire(++lastId, command, waitNanos, TIMEOUT));
            return lastId;
        }

        long stand(Command.Campaign command) {
            step(new MemberEvent.Stand(++lastId, command, TIMEOUT));
            return lastId;
        }

        long watch(WatchTarget target) {
            step(new MemberEvent.Watch(++lastId, target));
            return lastId;
        }

        long read(Consistency consistency) {
            step(new MemberEvent.Read(++lastId, consistency, TIMEOUT));
            return lastId;
        }

        /** What it told {@code peer} of commands that were forwarded. */
        List<PeerMessage.Outcome> told(Node peer) {
            List<PeerMessage.Outcome> outcomes = new ArrayList<>();
            for (Effects.Outgoing frame : sent) {
                PeerCodec.Framed framed = PeerCodec.decode(frame.frame());
                if (frame.to().equals(peer.uuid) && framed != null
                        && framed.message() instanceof PeerMessage.Forwarded forwarded) {
                    outcomes.addAll(forwarded.outcomes());
                }
            }
            return outcomes;
        }

        List<SessionStatus> statuses(long session) {
            List<SessionStatus> statuses = new ArrayList<>();
            for (SessionNotice notice : sessions) {
                if (notice instanceof SessionNotice.Status status && status.session() == session) {
                    statuses.add(status.status());
                }
            }
            return statuses;
        }
    }

    private record Due(long at, long number, Runnable what) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    static final long TIMEOUT = 5_000 * MILLIS;
    private static final UUID CLUSTER = new UUID(7, 7);

    final TreeMap<UUID, Node> nodes = new TreeMap<>();
    private final MemberOptions options;
    private final SeededRandom random = new SeededRandom(1);
    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private final Set<UUID> cut = new TreeSet<>();
    private long queued;
    private long lastId;
    long now = 1_000 * MILLIS;

    Cluster(int size) {
        this(size, MemberOptions.of(Options.DEFAULT));
    }

    Cluster(int size, MemberOptions options) {
        this.options = options;
        List<UUID> uuids = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        for (int i = 1; i <= size; i++) {
            uuids.add(new UUID(1, i));
            addresses.add("member-" + i);
        }
        Configuration configuration = Configuration.initial(uuids, addresses);
        for (UUID uuid : uuids) {
            nodes.put(uuid, new Node(uuid, configuration));
        }
        nodes.values().forEach(node -> node.step());
    }

    Node node(int number) {
        return there(nodes.get(new UUID(1, number)));
    }

    Node leader() {
        await(() -> leading() != null);
        return there(leading());
    }

    private @Nullable Node leading() {
        for (Node node : nodes.values()) {
            if (node.member.established() && !cut.contains(node.uuid) && !node.paused) {
                return node;
            }
        }
        return null;
    }

    Node follower() {
        Node leader = leader();
        await(() -> following(leader) != null);
        return there(following(leader));
    }

    private @Nullable Node following(Node leader) {
        for (Node node : nodes.values()) {
            boolean follows =
                    node.member.ready() && node.member.state().term().equals(leader.member.state().term());
            if (node != leader && !cut.contains(node.uuid) && follows) {
                return node;
            }
        }
        return null;
    }

    private Snapshot written(SnapshotRef ref) {
        for (Node node : nodes.values()) {
            Snapshot snapshot = node.snapshot;
            if (snapshot != null && snapshot.ref().equals(ref)) {
                return snapshot;
            }
        }
        throw new AssertionError("nobody wrote " + ref);
    }

    private static <T> T there(@Nullable T value) {
        if (value == null) {
            throw new AssertionError("it is not there");
        }
        return value;
    }

    /** Nothing reaches it or comes from it any more. */
    void cut(Node node) {
        cut.add(node.uuid);
    }

    void heal(Node node) {
        cut.remove(node.uuid);
    }

    private void send(UUID from, UUID to, byte[] frame, long delay) {
        later(delay, () -> {
            Node node = nodes.get(to);
            if (node != null && !cut.contains(from) && !cut.contains(to)) {
                node.step(new MemberEvent.Received(frame));
            }
        });
    }

    void later(long nanos, Runnable what) {
        queue.add(new Due(now + nanos, ++queued, what));
    }

    /** Lets time pass until something holds; fails after a simulated minute. */
    void await(BooleanSupplier condition) {
        long end = now + 60_000 * MILLIS;
        while (!condition.getAsBoolean()) {
            if (queue.isEmpty() || queue.peek().at() > end) {
                throw new AssertionError("it did not come to pass within a minute");
            }
            next();
        }
    }

    void pass(long millis) {
        long end = now + millis * MILLIS;
        while (!queue.isEmpty() && queue.peek().at() <= end) {
            next();
        }
        now = end;
    }

    private void next() {
        Due due = queue.remove();
        now = Math.max(now, due.at());
        due.what().run();
    }

    private static byte[] join(List<Bytes> chunks) {
        byte[] all = new byte[chunks.stream().mapToInt(Bytes::length).sum()];
        int at = 0;
        for (Bytes chunk : chunks) {
            System.arraycopy(chunk.array(), 0, all, at, chunk.length());
            at += chunk.length();
        }
        return all;
    }

    boolean anyLeads() {
        return nodes.values().stream().anyMatch(node -> node.member.replica().role() == Role.LEADER);
    }
}
