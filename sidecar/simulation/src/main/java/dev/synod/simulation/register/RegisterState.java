package dev.synod.simulation.register;

import dev.synod.paxos.ByteReader;
import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.check.RegisterModel;
import dev.synod.simulation.check.RegisterModel.Input;
import dev.synod.simulation.check.RegisterModel.Output;
import dev.synod.simulation.check.RegisterModel.State;
import dev.synod.simulation.register.RegisterCodec.Reply;
import dev.synod.simulation.register.RegisterCodec.Request;
import java.util.Map;
import java.util.TreeMap;

/**
 * The replicated state machine: registers and lists by key, and for each client the answer to its last
 * command, so that a repeated one takes effect once. A client has one command under way at a time and never
 * goes back to an earlier one.
 */
final class RegisterState {
    /** The last command of a client that was carried out. */
    private record Answered(long request, Output output, long index) {}

    private final Defects defects;
    /** Differs between processes; only a planted defect looks at it (M34). */
    private final long salt;
    private final TreeMap<Long, State> states = new TreeMap<>();
    private final TreeMap<Long, Answered> answers = new TreeMap<>();
    private long applied;
    private long digest;

    RegisterState(Defects defects, long salt) {
        this.defects = defects;
        this.salt = salt;
    }

    long applied() {
        return applied;
    }

    /**
     * Rolls over every index and answer: equal histories have equal digests, different ones practically
     * never.
     */
    long digest() {
        return digest;
    }

    /**
     * Carries out the command at {@code index}, or finds that it was carried out before; returns the answer.
     */
    Reply apply(long index, byte[] command) {
        Request request = RegisterCodec.decodeRequest(command);
        applied = index;
        Answered before = answers.get(request.client());
        if (before != null && before.request() == request.request()) {
            roll(index, before.index());
            return Reply.ok(before.output(), before.index());
        }
        if (before != null && before.request() > request.request()) {
            roll(index, -1);
            return Reply.of(RegisterCodec.Status.FAILED); // a late copy of what the client gave up long ago
        }
        Input input = salted(request.input());
        Output output = RegisterModel.INSTANCE.answer(state(input.key()), input);
        states.put(input.key(), output.state());
        answers.put(request.client(), new Answered(request.request(), output, index));
        roll(index, output.state().digest() ^ output.state().value());
        return Reply.ok(output, index);
    }

    private Input salted(Input input) {
        boolean differs = defects.has(Defect.M34_HASH_ORDER_IN_APPLY) && (salt & 7) == 0;
        return differs ? new Input(input.kind(), input.key(), input.argument() + 1, input.expected()) : input;
    }

    /** An entry that is no command. */
    void skip(long index) {
        applied = index;
        roll(index, 0);
    }

    private void roll(long index, long what) {
        digest = SeededRandom.mix(digest * 31 + SeededRandom.mix(index) + what);
    }

    /** The key as it stands at {@link #applied()}. */
    State state(long key) {
        State state = states.get(key);
        return state == null ? RegisterModel.INSTANCE.initial() : state;
    }

    /** Everything, for a snapshot at {@link #applied()}. */
    byte[] encode() {
        ByteWriter writer = new ByteWriter(64 + 40 * states.size() + 56 * answers.size());
        writer.writeLong(applied);
        writer.writeLong(digest);
        writer.writeInt(states.size());
        for (Map.Entry<Long, State> entry : states.entrySet()) {
            writer.writeLong(entry.getKey());
            write(writer, entry.getValue());
        }
        writer.writeInt(answers.size());
        for (Map.Entry<Long, Answered> entry : answers.entrySet()) {
            Answered answered = entry.getValue();
            writer.writeLong(entry.getKey());
            writer.writeLong(answered.request());
            writer.writeBoolean(answered.output().done());
            write(writer, answered.output().state());
            writer.writeLong(answered.index());
        }
        return writer.toArray();
    }

    private static void write(ByteWriter writer, State state) {
        writer.writeLong(state.value());
        writer.writeLong(state.length());
        writer.writeLong(state.digest());
    }

    /** A snapshot that claims to stand at {@code index}, whatever it holds: what M14 does. */
    static byte[] withApplied(byte[] encoded, long index) {
        ByteWriter writer = new ByteWriter(encoded.length);
        writer.writeLong(index);
        writer.writeBytes(encoded, Long.BYTES, encoded.length - Long.BYTES);
        return writer.toArray();
    }

    /** Becomes what a snapshot holds. */
    void restore(byte[] bytes) {
        ByteReader reader = new ByteReader(bytes);
        states.clear();
        answers.clear();
        applied = reader.readLong();
        digest = reader.readLong();
        int keys = reader.readInt();
        for (int i = 0; i < keys; i++) {
            long key = reader.readLong();
            states.put(key, readState(reader));
        }
        int clients = reader.readInt();
        for (int i = 0; i < clients; i++) {
            long client = reader.readLong();
            long request = reader.readLong();
            Output output = new Output(reader.readBoolean(), readState(reader));
            answers.put(client, new Answered(request, output, reader.readLong()));
        }
    }

    private static State readState(ByteReader reader) {
        return new State(reader.readLong(), reader.readLong(), reader.readLong());
    }
}
