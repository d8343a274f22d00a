package dev.synod.simulation.register;

import dev.synod.paxos.ByteReader;
import dev.synod.paxos.ByteWriter;
import dev.synod.simulation.check.RegisterModel.Input;
import dev.synod.simulation.check.RegisterModel.Kind;
import dev.synod.simulation.check.RegisterModel.Output;
import dev.synod.simulation.check.RegisterModel.State;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Bytes between clients and members: requests, which also are the commands in the log, and replies. Numbers
 * are little-endian.
 *
 * <pre>
 * request: kind u8 | client i64 | request i64 | key i64 | argument i64 | expected i64
 * reply:   status u8 | OK: done u8 | value i64 | length i64 | digest i64 | index i64
 *                    | NOT_LEADER: present u8 | uuid 16 bytes, if present
 * </pre>
 */
public final class RegisterCodec {
    private static final int REQUEST_BYTES = 1 + 5 * Long.BYTES;
    private static final int REPLY_BYTES = 2 + 4 * Long.BYTES;
    private static final Kind[] KINDS = Kind.values();
    private static final Status[] STATUSES = Status.values();

    private RegisterCodec() {}

    /** How a request fared. */
    public enum Status {
        /** Carried out; the answer is there. */
        OK,
        /** Not carried out: ask the leader. */
        NOT_LEADER,
        /** Not carried out: ask later. */
        BUSY,
        /** Not carried out, and pointless to ask again. */
        FAILED,
        /** May have been carried out, or may still be. */
        UNKNOWN
    }

    /**
     * A request.
     *
     * @param client who asks
     * @param request its number; a member carries out the first command of (client, request) in the log and
     *     answers repetitions with the first answer
     * @param input what is asked
     */
    public record Request(long client, long request, Input input) {}

    /**
     * A reply.
     *
     * @param output the answer; null unless {@link Status#OK}
     * @param index the log index at which the command took effect; for a read, the last one whose effect the
     *     answer shows. 0 unless OK
     * @param leader who leads, for {@link Status#NOT_LEADER}, if known
     */
    public record Reply(Status status, @Nullable Output output, long index, @Nullable UUID leader) {
        /** Carried out. */
        public static Reply ok(Output output, long index) {
            return new Reply(Status.OK, output, index, null);
        }

        /** Ask the leader. */
        public static Reply notLeader(@Nullable UUID leader) {
            return new Reply(Status.NOT_LEADER, null, 0, leader);
        }

        /** Not carried out, or nobody knows: any status without a content of its own. */
        public static Reply of(Status status) {
            return new Reply(status, null, 0, null);
        }
    }

    /** Bytes of a request. */
    public static byte[] encode(Request request) {
        ByteWriter writer = new ByteWriter(REQUEST_BYTES);
        writer.writeByte(request.input().kind().ordinal());
        writer.writeLong(request.client());
        writer.writeLong(request.request());
        writer.writeLong(request.input().key());
        writer.writeLong(request.input().argument());
        writer.writeLong(request.input().expected());
        return writer.toArray();
    }

    /** The request in these bytes, which come from the simulator's own clients and are whole. */
    public static Request decodeRequest(byte[] bytes) {
        ByteReader reader = new ByteReader(bytes);
        Kind kind = KINDS[reader.readByte()];
        long client = reader.readLong();
        long request = reader.readLong();
        return new Request(client, request,
                new Input(kind, reader.readLong(), reader.readLong(), reader.readLong()));
    }

    /** What kind of request these bytes hold, without reading the rest. */
    public static Kind kindOf(byte[] request) {
        return KINDS[request[0]];
    }

    /** Bytes of a reply. */
    public static byte[] encode(Reply reply) {
        ByteWriter writer = new ByteWriter(REPLY_BYTES);
        writer.writeByte(reply.status().ordinal());
        Output output = reply.output();
        if (output != null) {
            writer.writeBoolean(output.done());
            writer.writeLong(output.state().value());
            writer.writeLong(output.state().length());
            writer.writeLong(output.state().digest());
            writer.writeLong(reply.index());
        } else if (reply.status() == Status.NOT_LEADER) {
            UUID leader = reply.leader();
            writer.writeBoolean(leader != null);
            if (leader != null) {
                writer.writeUuid(leader);
            }
        }
        return writer.toArray();
    }

    /** The reply in these bytes, which come from a member over a connection that damages nothing. */
    public static Reply decodeReply(byte[] bytes) {
        ByteReader reader = new ByteReader(bytes);
        Status status = STATUSES[reader.readByte()];
        return switch (status) {
            case OK -> {
                boolean done = reader.readBoolean();
                State state = new State(reader.readLong(), reader.readLong(), reader.readLong());
                yield Reply.ok(new Output(done, state), reader.readLong());
            }
            case NOT_LEADER -> Reply.notLeader(reader.readBoolean() ? reader.readUuid() : null);
            case BUSY, FAILED, UNKNOWN -> Reply.of(status);
        };
    }

    /** The status of a reply, without reading the rest. */
    public static Status statusOf(byte[] reply) {
        return STATUSES[reply[0]];
    }
}
