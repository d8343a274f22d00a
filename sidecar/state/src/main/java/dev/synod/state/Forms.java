package dev.synod.state;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.ByteReader;
import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.MalformedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The forms in bytes of what commands, replies and snapshots have in common. Each thing has one form: what is
 * read and written again gives the same bytes.
 */
final class Forms {
    private static final LockMode[] LOCK_MODES = LockMode.values();
    private static final Domain[] DOMAINS = Domain.values();

    private Forms() {}

    static void writeEnum(ByteWriter writer, Enum<?> constant) {
        writer.writeByte(constant.ordinal());
    }

    static <E> E readEnum(ByteReader reader, E[] constants) {
        int ordinal = reader.readByte();
        if (ordinal >= constants.length) {
            throw new MalformedException("no constant has that number");
        }
        return constants[ordinal];
    }

    static <T> void writeList(ByteWriter writer, List<T> list, BiConsumer<ByteWriter, T> form) {
        writer.writeNaturalInt(list.size());
        for (T item : list) {
            form.accept(writer, item);
        }
    }

    /** A list of things of which each has at least {@code bytesMin} bytes. */
    static <T> List<T> readList(ByteReader reader, int bytesMin, Function<ByteReader, T> form) {
        int count = reader.readCount(bytesMin);
        List<T> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(form.apply(reader));
        }
        return Collections.unmodifiableList(list);
    }

    static void writeName(ByteWriter writer, String name) {
        writer.writeText(name, Limits.NAME_BYTES_MAX);
    }

    static String readName(ByteReader reader) {
        return reader.readText(Limits.NAME_BYTES_MAX);
    }

    static void writeText(ByteWriter writer, String text) {
        writer.writeText(text, Limits.TEXT_BYTES_MAX);
    }

    static String readText(ByteReader reader) {
        return reader.readText(Limits.TEXT_BYTES_MAX);
    }

    static void writeRequest(ByteWriter writer, Request request) {
        writer.writeLong(request.session());
        writer.writeLong(request.id());
        writer.writeLong(request.ackedBelow());
    }

    static Request readRequest(ByteReader reader) {
        return new Request(reader.readLong(), reader.readLong(), reader.readLong());
    }

    static void writeTerm(ByteWriter writer, Ballot term) {
        writer.writeInt(term.epoch());
        writer.writeLong(term.round());
        writer.writeInt(term.member());
    }

    static Ballot readTerm(ByteReader reader) {
        return new Ballot(reader.readInt(), reader.readLong(), reader.readInt());
    }

    static final int LABEL_BYTES_MIN = 2 * Short.BYTES;

    static void writeLabel(ByteWriter writer, Label label) {
        writeText(writer, label.key());
        writeText(writer, label.value());
    }

    static Label readLabel(ByteReader reader) {
        return new Label(readText(reader), readText(reader));
    }

    static void writeMode(ByteWriter writer, LockMode mode) {
        writeEnum(writer, mode);
    }

    static LockMode readMode(ByteReader reader) {
        return readEnum(reader, LOCK_MODES);
    }

    static void writeClaimant(ByteWriter writer, Claimant claimant) {
        writer.writeLong(claimant.session());
        writeName(writer, claimant.owner());
    }

    static Claimant readClaimant(ByteReader reader) {
        return new Claimant(reader.readLong(), readName(reader));
    }

    static void writeClaim(ByteWriter writer, Claim claim) {
        writeClaimant(writer, claim.claimant());
        writeMode(writer, claim.mode());
        writer.writeInt(claim.holdersMax());
    }

    static Claim readClaim(ByteReader reader) {
        return new Claim(readClaimant(reader), readMode(reader), reader.readInt());
    }

    static final int HOLDER_BYTES_MIN = 2 * Long.BYTES + Short.BYTES + 1 + Integer.BYTES;

    static void writeHolder(ByteWriter writer, Holder holder) {
        writeClaim(writer, holder.claim());
        writer.writeLong(holder.token());
    }

    static Holder readHolder(ByteReader reader) {
        return new Holder(readClaim(reader), reader.readLong());
    }

    static void writeRange(ByteWriter writer, KeyRange range) {
        writer.writeText(range.from(), Limits.BOUND_BYTES_MAX);
        writer.writeText(range.end(), Limits.BOUND_BYTES_MAX);
    }

    static KeyRange readRange(ByteReader reader) {
        return new KeyRange(reader.readText(Limits.BOUND_BYTES_MAX),
                reader.readText(Limits.BOUND_BYTES_MAX));
    }

    static final int KEY_VALUE_BYTES_MIN = Short.BYTES + Integer.BYTES + 4 * Long.BYTES;

    static void writeKeyValue(ByteWriter writer, KeyValue value) {
        writeName(writer, value.key());
        writer.writeSizedBytes(value.value());
        writer.writeLong(value.createRevision());
        writer.writeLong(value.modRevision());
        writer.writeLong(value.version());
        writer.writeLong(value.session());
    }

    static KeyValue readKeyValue(ByteReader reader) {
        return new KeyValue(readName(reader), readValue(reader), reader.readLong(), reader.readLong(),
                reader.readLong(), reader.readLong());
    }

    static Bytes readValue(ByteReader reader) {
        return reader.readSizedBytes();
    }

    static final int FENCE_BYTES_MIN = 1 + Short.BYTES + Long.BYTES;

    static void writeFence(ByteWriter writer, Fence fence) {
        writeEnum(writer, fence.domain());
        writeName(writer, fence.name());
        writer.writeLong(fence.token());
    }

    static Fence readFence(ByteReader reader) {
        return new Fence(readEnum(reader, DOMAINS), readName(reader), reader.readLong());
    }
}
