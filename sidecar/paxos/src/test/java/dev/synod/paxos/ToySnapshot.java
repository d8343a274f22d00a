package dev.synod.paxos;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * A snapshot of the toy state machine, whose whole state is the list of commands applied so far.
 *
 * @param index the last entry whose effect it holds
 * @param configuration after that entry
 * @param seal of that configuration's epoch
 * @param applied the commands' texts
 */
record ToySnapshot(long index, Configuration configuration, Seal seal, List<String> applied) {
    /** The snapshot as it lies on a volume. */
    byte[] file() {
        ByteWriter out = new ByteWriter(64);
        out.writeLong(index);
        Codec.writeConfiguration(out, configuration);
        Codec.writeSeal(out, seal);
        out.writeInt(applied.size());
        for (String command : applied) {
            out.writeSizedBytes(Bytes.of(command.getBytes(StandardCharsets.UTF_8)));
        }
        return out.toArray();
    }

    static ToySnapshot parse(byte[] file) {
        ByteReader in = new ByteReader(file);
        long index = in.readLong();
        Configuration configuration = Codec.readConfiguration(in);
        Seal seal = Codec.readSeal(in);
        List<String> applied = new ArrayList<>();
        for (int left = in.readCount(1); left > 0; left--) {
            applied.add(new String(in.readSizedBytes().array(), StandardCharsets.UTF_8));
        }
        return new ToySnapshot(index, configuration, seal, applied);
    }

    /** What the core knows of it. */
    Snapshot describe(byte[] file) {
        return new Snapshot(refOf(index, file), configuration, seal);
    }

    static SnapshotRef refOf(long index, byte[] file) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(file);
            return new SnapshotRef(index, file.length, Bytes.of(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
