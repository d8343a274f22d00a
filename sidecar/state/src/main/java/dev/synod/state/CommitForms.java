package dev.synod.state;

import dev.synod.paxos.ByteReader;
import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.MalformedException;

/** The form in bytes of a commit: its compares, its two branches, its fences. */
final class CommitForms {
    private static final Compare.Target[] TARGETS = Compare.Target.values();
    private static final Compare.Relation[] RELATIONS = Compare.Relation.values();

    private static final int OF_NUMBER = 0;
    private static final int OF_VALUE = 1;
    private static final int EXISTS = 2;
    private static final int COMPARE_BYTES_MIN = 1 + Short.BYTES + 1;

    private static final int PUT = 0;
    private static final int DELETE = 1;
    private static final int RANGE = 2;
    private static final int OPERATION_BYTES_MIN = 1 + 2 * Short.BYTES;

    private CommitForms() {}

    static void write(ByteWriter w, Command.Commit commit) {
        Forms.writeList(w, commit.compares(), CommitForms::writeCompare);
        Forms.writeList(w, commit.success(), CommitForms::writeOperation);
        Forms.writeList(w, commit.failure(), CommitForms::writeOperation);
        Forms.writeList(w, commit.fences(), Forms::writeFence);
    }

    static Command.Commit read(ByteReader r, Request request) {
        return new Command.Commit(request,
                Forms.readList(r, COMPARE_BYTES_MIN, CommitForms::readCompare),
                Forms.readList(r, OPERATION_BYTES_MIN, CommitForms::readOperation),
                Forms.readList(r, OPERATION_BYTES_MIN, CommitForms::readOperation),
                Forms.readList(r, Forms.FENCE_BYTES_MIN, Forms::readFence));
    }

    private static void writeCompare(ByteWriter w, Compare compare) {
        switch (compare) {
            case Compare.OfNumber c -> {
                w.writeByte(OF_NUMBER);
                Forms.writeName(w, c.key());
                Forms.writeEnum(w, c.target());
                Forms.writeEnum(w, c.relation());
                w.writeLong(c.number());
            }
            case Compare.OfValue c -> {
                w.writeByte(OF_VALUE);
                Forms.writeName(w, c.key());
                Forms.writeEnum(w, c.relation());
                w.writeSizedBytes(c.value());
            }
            case Compare.Exists c -> {
                w.writeByte(EXISTS);
                Forms.writeName(w, c.key());
                w.writeBoolean(c.exists());
            }
        }
    }

    private static Compare readCompare(ByteReader r) {
        int type = r.readByte();
        String key = Forms.readName(r);
        return switch (type) {
            case OF_NUMBER -> new Compare.OfNumber(key, Forms.readEnum(r, TARGETS),
                    Forms.readEnum(r, RELATIONS), r.readLong());
            case OF_VALUE -> new Compare.OfValue(key, Forms.readEnum(r, RELATIONS), Forms.readValue(r));
            case EXISTS -> new Compare.Exists(key, r.readBoolean());
            default -> throw new MalformedException("no compare is of this type");
        };
    }

    private static void writeOperation(ByteWriter w, Operation operation) {
        switch (operation) {
            case Operation.Put o -> {
                w.writeByte(PUT);
                Forms.writeName(w, o.key());
                w.writeSizedBytes(o.value());
                w.writeLong(o.session());
            }
            case Operation.Delete o -> {
                w.writeByte(DELETE);
                Forms.writeRange(w, o.range());
            }
            case Operation.Range o -> {
                w.writeByte(RANGE);
                Forms.writeRange(w, o.range());
                w.writeInt(o.limit());
                w.writeBoolean(o.keysOnly());
            }
        }
    }

    private static Operation readOperation(ByteReader r) {
        int type = r.readByte();
        return switch (type) {
            case PUT -> new Operation.Put(Forms.readName(r), Forms.readValue(r), r.readLong());
            case DELETE -> new Operation.Delete(Forms.readRange(r));
            case RANGE -> new Operation.Range(Forms.readRange(r), r.readInt(), r.readBoolean());
            default -> throw new MalformedException("no operation is of this type");
        };
    }
}
