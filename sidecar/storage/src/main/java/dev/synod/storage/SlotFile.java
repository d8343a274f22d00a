package dev.synod.storage;

import dev.synod.paxos.ByteReader;
import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.MalformedException;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A small value that is overwritten in place, in two slots by turns, so that a torn write leaves the value
 * before it. The file never grows after its creation: a full disk does not stop it. Layout of a slot, all
 * numbers little-endian:
 *
 * <pre>
 * offset bytes
 *      0     4  magic
 *      4     4  format
 *      8     4  length of the value
 *     12     4  CRC-32C of the slot's number and all of the slot but these four bytes
 *     16     8  sequence: of two valid slots, the higher is the newer
 *     24    32  cluster, member
 *     56        the value
 * </pre>
 *
 * Magic, format, length and checksum stay where they are in every later format.
 */
final class SlotFile implements AutoCloseable {
    private static final int MAGIC = 0x544C_5359; // "YSLT"
    private static final int FORMAT = 1;
    private static final int CHECKSUM_AT = 12;
    private static final int HEADER_BYTES = 56;
    private static final int SLOTS = 2;

    /** One slot that is valid. */
    record Slot(long sequence, UUID cluster, UUID member, Bytes value) {}

    private final CheckedFile file;
    private final int slotBytes;
    private final UUID cluster;
    private final UUID member;
    private final @Nullable Slot[] slots;

    private SlotFile(CheckedFile file, int slotBytes, UUID cluster, UUID member, @Nullable Slot[] slots) {
        this.file = file;
        this.slotBytes = slotBytes;
        this.cluster = cluster;
        this.member = member;
        this.slots = slots;
    }

    /** Creates the file with {@code value} in both slots, synced; its name is durable with the folder. */
    static SlotFile create(CheckedDisk disk, String name, int slotBytes, UUID cluster, UUID member,
            Bytes value)
            throws DiskFullException {
        CheckedFile file = disk.create(name);
        file.fill(SLOTS * slotBytes);
        SlotFile created = new SlotFile(file, slotBytes, cluster, member, new Slot[SLOTS]);
        created.write(0, 1, value);
        created.write(1, 2, value);
        file.sync();
        return created;
    }

    /**
     * Opens the file.
     *
     * @throws DamagedException when it cannot be read, no slot is valid, or a slot has a format unknown here
     */
    static SlotFile open(CheckedDisk disk, String name, int slotBytes) throws DamagedException {
        CheckedFile file = disk.open(name);
        try {
            byte[] bytes = new byte[SLOTS * slotBytes];
            @Nullable
            Slot[] slots = parse(bytes, file.read(0, bytes, bytes.length), slotBytes, name);
            Slot newest = newest(slots);
            if (newest == null) {
                throw new DamagedException("both slots of " + name + " are damaged");
            }
            return new SlotFile(file, slotBytes, newest.cluster, newest.member, slots);
        } catch (DamagedException e) {
            file.close();
            throw e;
        }
    }

    private static @Nullable Slot[] parse(byte[] bytes, int count, int slotBytes, String name)
            throws DamagedException {
        @Nullable
        Slot[] slots = new Slot[SLOTS];
        for (int i = 0; i < SLOTS; i++) {
            int end = Math.min(count, (i + 1) * slotBytes);
            slots[i] = i * slotBytes < end ? parse(bytes, i, i * slotBytes, end, name) : null;
        }
        return slots;
    }

    private static @Nullable Slot parse(byte[] bytes, int number, int from, int end, String name)
            throws DamagedException {
        try {
            ByteReader in = new ByteReader(bytes, from, end);
            if (in.readInt() != MAGIC) {
                return null;
            }
            int format = in.readInt();
            int length = in.readNaturalInt();
            int checksum = in.readInt();
            if (length > end - from - HEADER_BYTES || checksum != checksum(bytes, number, from, length)) {
                return null;
            }
            if (format != FORMAT) {
                throw new DamagedException(
                        name + " has format " + format + "; this program knows only format " + FORMAT);
            }
            return new Slot(in.readNatural(), in.readUuid(), in.readUuid(), in.readBytes(length));
        } catch (MalformedException e) {
            return null;
        }
    }

    private static int checksum(byte[] bytes, int number, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(number);
        crc.update(bytes, from, CHECKSUM_AT);
        crc.update(bytes, from + CHECKSUM_AT + Integer.BYTES,
                HEADER_BYTES - CHECKSUM_AT - Integer.BYTES + length);
        return (int) crc.getValue();
    }

    private static @Nullable Slot newest(@Nullable Slot[] slots) {
        Slot a = slots[0];
        Slot b = slots[1];
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.sequence >= b.sequence ? a : b;
    }

    /** The newest valid value. */
    Slot newest() {
        Slot newest = newest(slots);
        if (newest == null) {
            throw new IllegalStateException("no slot is valid");
        }
        return newest;
    }

    /** The valid slots, in the file's order; null where one is not. */
    @Nullable
    Slot slot(int number) {
        return slots[number];
    }

    /** Stores a value over the older slot, or the invalid one; durable when this returns. */
    void store(Bytes value) {
        Slot a = slots[0];
        Slot b = slots[1];
        boolean first = a == null || (b != null && a.sequence < b.sequence);
        write(first ? 0 : 1, newest().sequence + 1, value);
        file.sync();
    }

    /**
     * The first {@link #store} after a start. When both slots are valid the newer one may have been read from
     * memory although it never reached the disk, so it is the one that is written again while the older,
     * which surely did, stays to fall back on. A slot that is not valid was being written when the process
     * died: the other one is sure.
     */
    void storeFirst(Bytes value) {
        Slot a = slots[0];
        Slot b = slots[1];
        boolean first = a == null || (b != null && a.sequence >= b.sequence);
        write(first ? 0 : 1, newest().sequence + 1, value);
        file.sync();
    }

    private void write(int number, long sequence, Bytes value) {
        ByteWriter out = new ByteWriter(HEADER_BYTES + value.length());
        out.writeInt(MAGIC);
        out.writeInt(FORMAT);
        out.writeNaturalInt(value.length());
        out.writeInt(0);
        out.writeNatural(sequence);
        out.writeUuid(cluster);
        out.writeUuid(member);
        out.writeBytes(value);
        if (out.size() > slotBytes) {
            throw new IllegalArgumentException(out.size() + " bytes do not fit a slot of " + slotBytes);
        }
        out.setInt(CHECKSUM_AT, checksum(out.array(), number, 0, value.length()));
        slots[number] = null;
        file.overwrite((long) number * slotBytes, out.array(), 0, out.size());
        slots[number] = new Slot(sequence, cluster, member, value);
    }

    @Override
    public void close() {
        file.close();
    }
}
