package dev.synod.state;

import dev.synod.paxos.ByteReader;
import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.MalformedException;

/**
 * The form of commands in bytes: a byte for the type, then the components in the order of the record. Every
 * command has one form, and every run of bytes is the form of at most one command.
 */
public final class CommandCodec {
    // The number of a type never changes, and is never used again.
    private static final int OPEN_SESSION = 0;
    private static final int ATTACH_SESSION = 1;
    private static final int CLOSE_SESSION = 2;
    private static final int EXPIRE_SESSION = 3;
    private static final int LEADER_ESTABLISHED = 4;
    private static final int ACQUIRE_LOCK = 5;
    private static final int CANCEL_LOCK = 6;
    private static final int RELEASE_LOCK = 7;
    private static final int BREAK_LOCK = 8;
    private static final int CAMPAIGN = 9;
    private static final int PROCLAIM = 10;
    private static final int RESIGN = 11;
    private static final int TRANSFER_LEADERSHIP = 12;
    private static final int COMMIT = 13;
    private static final int COMPACT = 14;
    private static final int NEW_ERA = 15;
    private static final int WITHDRAW_LOCK = 16;

    private static final int CAPACITY_BYTES = 128;

    private CommandCodec() {}

    /**
     * The form of a command.
     *
     * @throws IllegalArgumentException when it is not well-formed: {@link Validity} says so beforehand
     */
    public static Bytes encode(Command command) {
        var writer = new ByteWriter(CAPACITY_BYTES);
        write(writer, command);
        return Bytes.of(writer.toArray());
    }

    /**
     * The command of that form, or why there is none. Never throws, and allocates no more than a small
     * multiple of the bytes handed in.
     */
    public static Decoded decode(Bytes frame) {
        if (frame.length() > Limits.REQUEST_BYTES_MAX) {
            return new Reply.Refused(Refusal.REQUEST_TOO_LARGE, "the command has " + frame.length()
                    + " bytes; " + Limits.REQUEST_BYTES_MAX + " are allowed");
        }
        try {
            var reader = new ByteReader(frame.array());
            Command command = read(reader);
            reader.expectEnd();
            Reply.Refused refused = Validity.refusalOf(command);
            return refused == null ? command : refused;
        } catch (MalformedException e) {
            return new Reply.Refused(Refusal.MALFORMED, "not a command: " + e.getMessage());
        }
    }

    private static void write(ByteWriter w, Command command) {
        switch (command) {
            case Command.OpenSession c -> {
                w.writeByte(OPEN_SESSION);
                w.writeInt(c.ttlMillis());
                Forms.writeText(w, c.identity());
                Forms.writeList(w, c.labels(), Forms::writeLabel);
                w.writeSizedBytes(c.secretHash());
            }
            case Command.AttachSession c -> {
                w.writeByte(ATTACH_SESSION);
                w.writeLong(c.session());
                w.writeSizedBytes(c.secretHash());
            }
            case Command.CloseSession c -> {
                w.writeByte(CLOSE_SESSION);
                w.writeLong(c.session());
            }
            case Command.ExpireSession c -> {
                w.writeByte(EXPIRE_SESSION);
                w.writeLong(c.session());
                w.writeLong(c.attachGeneration());
                Forms.writeTerm(w, c.term());
            }
            case Command.LeaderEstablished c -> {
                w.writeByte(LEADER_ESTABLISHED);
                Forms.writeTerm(w, c.term());
            }
            case Command.Compact c -> {
                w.writeByte(COMPACT);
                w.writeLong(c.revision());
            }
            case Command.NewEra c -> {
                w.writeByte(NEW_ERA);
                w.writeUuid(c.clusterId());
            }
            case Command.WithdrawLock c -> {
                w.writeByte(WITHDRAW_LOCK);
                w.writeLong(c.session());
                w.writeLong(c.attachGeneration());
                writeNames(w, c.name(), c.owner());
                w.writeLong(c.token());
            }
            case Command.OfClient c -> writeOfClient(w, c);
        }
    }

    private static void writeOfClient(ByteWriter w, Command.OfClient command) {
        w.writeByte(typeOf(command));
        Forms.writeRequest(w, command.request());
        switch (command) {
            case Command.AcquireLock c -> {
                writeNames(w, c.name(), c.owner());
                Forms.writeMode(w, c.mode());
                w.writeInt(c.holdersMax());
                w.writeBoolean(c.queue());
            }
            case Command.CancelLock c -> writeNames(w, c.name(), c.owner());
            case Command.ReleaseLock c -> {
                writeNames(w, c.name(), c.owner());
                w.writeLong(c.token());
            }
            case Command.BreakLock c -> {
                Forms.writeName(w, c.name());
                w.writeLong(c.token());
                Forms.writeText(w, c.reason());
            }
            case Command.Campaign c -> {
                writeNames(w, c.name(), c.candidate());
                w.writeSizedBytes(c.value());
            }
            case Command.Proclaim c -> {
                writeNames(w, c.name(), c.candidate());
                w.writeLong(c.token());
                w.writeSizedBytes(c.value());
            }
            case Command.Resign c -> writeNames(w, c.name(), c.candidate());
            case Command.TransferLeadership c -> {
                writeNames(w, c.name(), c.candidate());
                w.writeLong(c.token());
            }
            case Command.Commit c -> CommitForms.write(w, c);
        }
    }

    private static int typeOf(Command.OfClient command) {
        return switch (command) {
            case Command.AcquireLock c -> ACQUIRE_LOCK;
            case Command.CancelLock c -> CANCEL_LOCK;
            case Command.ReleaseLock c -> RELEASE_LOCK;
            case Command.BreakLock c -> BREAK_LOCK;
            case Command.Campaign c -> CAMPAIGN;
            case Command.Proclaim c -> PROCLAIM;
            case Command.Resign c -> RESIGN;
            case Command.TransferLeadership c -> TRANSFER_LEADERSHIP;
            case Command.Commit c -> COMMIT;
        };
    }

    private static void writeNames(ByteWriter w, String name, String claimant) {
        Forms.writeName(w, name);
        Forms.writeName(w, claimant);
    }

    private static Command read(ByteReader r) {
        int type = r.readByte();
        return switch (type) {
            case OPEN_SESSION -> new Command.OpenSession(r.readInt(), Forms.readText(r),
                    Forms.readList(r, Forms.LABEL_BYTES_MIN, Forms::readLabel), r.readSizedBytes());
            case ATTACH_SESSION -> new Command.AttachSession(r.readLong(), r.readSizedBytes());
            case CLOSE_SESSION -> new Command.CloseSession(r.readLong());
            case EXPIRE_SESSION ->
                    new Command.ExpireSession(r.readLong(), r.readLong(), Forms.readTerm(r));
            case LEADER_ESTABLISHED -> new Command.LeaderEstablished(Forms.readTerm(r));
            case COMPACT -> new Command.Compact(r.readLong());
            case NEW_ERA -> new Command.NewEra(r.readUuid());
            case WITHDRAW_LOCK -> new Command.WithdrawLock(r.readLong(), r.readLong(), Forms.readName(r),
                    Forms.readName(r), r.readLong());
            default -> readOfClient(r, type);
        };
    }

    private static Command readOfClient(ByteReader r, int type) {
        if (type < ACQUIRE_LOCK || type > COMMIT) {
            throw new MalformedException("no command is of this type");
        }
        Request request = Forms.readRequest(r);
        String name = type == COMMIT ? "" : Forms.readName(r);
        return switch (type) {
            case ACQUIRE_LOCK -> new Command.AcquireLock(request, name, Forms.readName(r), Forms.readMode(r),
                    r.readInt(), r.readBoolean());
            case CANCEL_LOCK -> new Command.CancelLock(request, name, Forms.readName(r));
            case RELEASE_LOCK -> new Command.ReleaseLock(request, name, Forms.readName(r), r.readLong());
            case BREAK_LOCK -> new Command.BreakLock(request, name, r.readLong(), Forms.readText(r));
            case CAMPAIGN -> new Command.Campaign(request, name, Forms.readName(r), Forms.readValue(r));
            case PROCLAIM ->
                    new Command.Proclaim(request, name, Forms.readName(r), r.readLong(), Forms.readValue(r));
            case RESIGN -> new Command.Resign(request, name, Forms.readName(r));
            case TRANSFER_LEADERSHIP -> {
                String candidate = Forms.readName(r);
                yield new Command.TransferLeadership(request, name, r.readLong(), candidate);
            }
            default -> CommitForms.read(r, request);
        };
    }
}
