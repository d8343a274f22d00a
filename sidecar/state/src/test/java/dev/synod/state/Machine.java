package dev.synod.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** A state machine with the next index, the last events and short words for commands at hand. */
final class Machine {
    static final UUID CLUSTER = new UUID(1, 2);
    static final Bytes SECRET = Bytes.of(new byte[Limits.SECRET_HASH_BYTES]);
    static final Ballot TERM = new Ballot(0, 1, 1);

    private static final int HEADER_FRAME_BYTES = Integer.BYTES + 1 + Short.BYTES + 16 + 4 * Long.BYTES + 16;
    static final int END_FRAME_BYTES = Integer.BYTES + 1 + 2 * Long.BYTES;

    final StateMachine state;
    private List<Event> events = List.of();
    private long nextRequest = 1;

    Machine() {
        this(new StateMachine(CLUSTER));
    }

    Machine(StateMachine state) {
        this.state = state;
    }

    Reply apply(Command command) {
        return apply(CommandCodec.encode(command));
    }

    Reply apply(Bytes frame) {
        Applied applied = state.apply(state.appliedIndex() + 1, frame);
        events = applied.events();
        assertThat(applied.revision()).isEqualTo(state.revision());
        return applied.reply();
    }

    /** Of the last command. */
    List<Event> events() {
        return events;
    }

    Request request(long session) {
        return new Request(session, nextRequest++, 0);
    }

    long open() {
        return open("app");
    }

    long open(String identity) {
        Reply reply = apply(new Command.OpenSession(10_000, identity, List.of(), SECRET));
        assertThat(reply).isInstanceOf(Reply.Attached.class);
        return ((Reply.Attached) reply).session();
    }

    Reply lock(long session, String name, String owner) {
        return acquire(session, name, owner, LockMode.EXCLUSIVE, 1, true);
    }

    Reply tryLock(long session, String name, String owner) {
        return acquire(session, name, owner, LockMode.EXCLUSIVE, 1, false);
    }

    Reply read(long session, String name, String owner) {
        return acquire(session, name, owner, LockMode.SHARED, 0, true);
    }

    Reply permit(long session, String name, String owner, int permits) {
        return acquire(session, name, owner, LockMode.PERMIT, permits, true);
    }

    Reply acquire(long session, String name, String owner, LockMode mode, int holdersMax, boolean queue) {
        return apply(new Command.AcquireLock(request(session), name, owner, mode, holdersMax, queue));
    }

    Reply release(long session, String name, String owner) {
        return apply(new Command.ReleaseLock(request(session), name, owner, 0));
    }

    Reply campaign(long session, String name, String candidate) {
        return apply(new Command.Campaign(request(session), name, candidate, text(candidate)));
    }

    Reply put(String key, String value) {
        return commit(new Operation.Put(key, text(value)));
    }

    Reply delete(String key) {
        return commit(new Operation.Delete(KeyRange.of(key)));
    }

    Reply commit(Operation... operations) {
        return apply(Command.Commit.of(Request.NONE, operations));
    }

    Reply expire(long session) {
        apply(new Command.LeaderEstablished(TERM));
        Session live = state.session(session);
        assertThat(live).isNotNull();
        return apply(new Command.ExpireSession(session, live.attachGeneration(), TERM));
    }

    /** Owners of a lock's grants, by session and owner. */
    List<String> holders(String name) {
        return state.lock(name).holders().stream().map(holder -> holder.claimant().owner()).toList();
    }

    List<String> queue(String name) {
        return state.lock(name).queue().stream().map(waiter -> waiter.claimant().owner()).toList();
    }

    /** Keys and values in a range at a revision, as key=value. */
    List<String> values(KeyRange range, long revision) {
        Reply reply = state.range(new Operation.Range(range, 0, false), revision);
        assertThat(reply).isInstanceOf(Reply.Ranged.class);
        return ((Reply.Ranged) reply).found().values().stream()
                .map(value -> value.key() + "=" + text(value.value()))
                .toList();
    }

    static byte[] streamOf(StateMachine state) {
        var stream = new ByteWriter(1_024);
        state.capture().writeTo(stream::writeBytes);
        return stream.toArray();
    }

    /** All that the state holds, but for what its header says: index, revision, term. */
    static Bytes contentOf(StateMachine state) {
        byte[] stream = streamOf(state);
        return Bytes.of(Arrays.copyOfRange(stream, HEADER_FRAME_BYTES, stream.length - END_FRAME_BYTES));
    }

    static StateMachine restored(byte[] stream) {
        var restore = new Restore();
        restore.accept(stream, 0, stream.length);
        return restore.finish();
    }

    static Refusal refusal(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Refused.class);
        return ((Reply.Refused) reply).reason();
    }

    static long token(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Granted.class);
        return ((Reply.Granted) reply).token();
    }

    static Bytes text(String text) {
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) text.charAt(i);
        }
        return Bytes.of(bytes);
    }

    static String text(Bytes bytes) {
        var text = new StringBuilder();
        for (int i = 0; i < bytes.length(); i++) {
            text.append((char) bytes.at(i));
        }
        return text.toString();
    }

    static <T> List<T> only(Class<T> type, List<Event> events) {
        List<T> found = new ArrayList<>();
        for (Event event : events) {
            if (type.isInstance(event)) {
                found.add(type.cast(event));
            }
        }
        return found;
    }
}
