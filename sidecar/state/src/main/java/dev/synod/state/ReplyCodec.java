package dev.synod.state;

import dev.synod.paxos.ByteReader;
import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.MalformedException;

/** The form of replies in bytes: a byte for the type, then the components in the order of the record. */
public final class ReplyCodec {
    private static final Refusal[] REFUSALS = Refusal.values();

    // The number of a type never changes, and is never used again.
    private static final int REFUSED = 0;
    private static final int DONE = 1;
    private static final int ATTACHED = 2;
    private static final int GRANTED = 3;
    private static final int QUEUED = 4;
    private static final int BUSY = 5;
    private static final int COMMITTED = 6;
    private static final int RANGED = 7;

    private static final int STORED = 0;
    private static final int DELETED = 1;
    private static final int FOUND = 2;

    private static final int CAPACITY_BYTES = 32;

    private ReplyCodec() {}

    /** The form of a reply. */
    public static Bytes encode(Reply reply) {
        var writer = new ByteWriter(CAPACITY_BYTES);
        write(writer, reply);
        return Bytes.of(writer.toArray());
    }

    /**
     * The reply of that form.
     *
     * @throws MalformedException when it is the form of none
     */
    public static Reply decode(Bytes frame) {
        var reader = new ByteReader(frame.array());
        Reply reply = read(reader);
        reader.expectEnd();
        return reply;
    }

    private static void write(ByteWriter w, Reply reply) {
        switch (reply) {
            case Reply.Refused r -> {
                w.writeByte(REFUSED);
                Forms.writeEnum(w, r.reason());
                w.writeText(r.text(), Limits.REFUSAL_BYTES_MAX);
                w.writeLong(r.current());
            }
            case Reply.Done r -> {
                w.writeByte(DONE);
                w.writeBoolean(r.changed());
            }
            case Reply.Attached r -> {
                w.writeByte(ATTACHED);
                w.writeLong(r.session());
                w.writeLong(r.attachGeneration());
                w.writeInt(r.ttlMillis());
            }
            case Reply.Granted r -> {
                w.writeByte(GRANTED);
                w.writeLong(r.token());
            }
            case Reply.Queued r -> {
                w.writeByte(QUEUED);
                w.writeInt(r.position());
            }
            case Reply.Busy r -> {
                w.writeByte(BUSY);
                Forms.writeList(w, r.holders(), Forms::writeHolder);
                w.writeInt(r.position());
            }
            case Reply.Committed r -> {
                w.writeByte(COMMITTED);
                w.writeLong(r.revision());
                w.writeBoolean(r.succeeded());
                Forms.writeList(w, r.outcomes(), ReplyCodec::writeOutcome);
            }
            case Reply.Ranged r -> {
                w.writeByte(RANGED);
                w.writeLong(r.revision());
                writeOutcome(w, r.found());
            }
        }
    }

    private static Reply read(ByteReader r) {
        return switch (r.readByte()) {
            case REFUSED -> new Reply.Refused(Forms.readEnum(r, REFUSALS),
                    r.readText(Limits.REFUSAL_BYTES_MAX), r.readLong());
            case DONE -> new Reply.Done(r.readBoolean());
            case ATTACHED -> new Reply.Attached(r.readLong(), r.readLong(), r.readInt());
            case GRANTED -> new Reply.Granted(r.readLong());
            case QUEUED -> new Reply.Queued(r.readInt());
            case BUSY -> new Reply.Busy(
                    Forms.readList(r, Forms.HOLDER_BYTES_MIN, Forms::readHolder), r.readInt());
            case COMMITTED -> new Reply.Committed(
                    r.readLong(), r.readBoolean(), Forms.readList(r, 1, ReplyCodec::readOutcome));
            case RANGED -> {
                long revision = r.readLong();
                if (readOutcome(r) instanceof Outcome.Found found) {
                    yield new Reply.Ranged(revision, found);
                }
                throw new MalformedException("a read that found nothing readable");
            }
            default -> throw new MalformedException("no reply is of this type");
        };
    }

    private static void writeOutcome(ByteWriter w, Outcome outcome) {
        switch (outcome) {
            case Outcome.Stored o -> w.writeByte(STORED);
            case Outcome.Deleted o -> {
                w.writeByte(DELETED);
                w.writeInt(o.count());
            }
            case Outcome.Found o -> {
                w.writeByte(FOUND);
                Forms.writeList(w, o.values(), Forms::writeKeyValue);
                w.writeInt(o.count());
                w.writeBoolean(o.more());
            }
        }
    }

    private static Outcome readOutcome(ByteReader r) {
        return switch (r.readByte()) {
            case STORED -> new Outcome.Stored();
            case DELETED -> new Outcome.Deleted(r.readInt());
            case FOUND -> new Outcome.Found(
                    Forms.readList(r, Forms.KEY_VALUE_BYTES_MIN, Forms::readKeyValue), r.readInt(),
                    r.readBoolean());
            default -> throw new MalformedException("no outcome is of this type");
        };
    }
}
