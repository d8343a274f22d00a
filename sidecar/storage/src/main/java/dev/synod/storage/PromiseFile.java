package dev.synod.storage;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.ByteReader;
import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Codec;
import dev.synod.paxos.MalformedException;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code promise}: a second copy of the highest ballot promised, in two slots of one sector each, on
 * pages of their own. A promise is acknowledged when the log's fsync <em>and then</em> this file's have
 * returned. That order makes the copy a witness, and it also attests the newest segment in which a batch was
 * made durable. With W the promise in the log as recovered and F the highest in a valid slot:
 *
 * <table>
 * <caption>What the copy tells at recovery</caption>
 * <tr><th>Slots</th><th>Promises</th><th>What happened</th><th>Then</th></tr>
 * <tr><td>both valid</td><td>F = W</td><td>nothing</td><td>go on with W</td></tr>
 * <tr><td>both valid</td><td>F &lt; W</td><td>crash between the two fsyncs: no answer left, or the log's last
 *     batch is complete by luck</td><td>go on with W</td></tr>
 * <tr><td>one valid</td><td>F &le; W</td><td>crash within the write of the other slot, or that slot rotted;
 *     the log holds the promise it was of</td><td>go on with W</td></tr>
 * <tr><td>any</td><td>F &gt; W</td><td>the log had made F durable before this file was touched, and forgot
 *     it: amnesia, even when what is missing looks like a torn tail</td><td>FAULTY</td></tr>
 * <tr><td>any</td><td>attested segment above the log's newest</td><td>the newest segment is gone or
 *     unreadable</td><td>FAULTY</td></tr>
 * <tr><td>none valid, or no file</td><td>-</td><td>a write touches one slot at a time, so this is damage; the
 *     witness against the log is gone</td><td>FAULTY</td></tr>
 * <tr><td>of another volume</td><td>-</td><td>files were mixed up</td><td>FAULTY</td></tr>
 * </table>
 *
 * A promise is lost unnoticed only if the log's newest batch and the slot that holds it are damaged both,
 * within the 10 ms before that batch is sealed.
 */
final class PromiseFile implements AutoCloseable {
    static final String NAME = "promise";

    static final int SLOT_BYTES = 4 << 10;

    private final SlotFile slots;
    private Ballot promised = Ballot.BOTTOM;
    private long segment;
    private boolean stored;

    private PromiseFile(SlotFile slots) {
        this.slots = slots;
    }

    static PromiseFile create(CheckedDisk disk, Identity identity) throws DiskFullException {
        Bytes nothing = encode(Ballot.BOTTOM, 0);
        return new PromiseFile(
                SlotFile.create(disk, NAME, SLOT_BYTES, identity.cluster(), identity.member(), nothing));
    }

    static PromiseFile open(CheckedDisk disk, Identity identity) throws DamagedException {
        PromiseFile file = new PromiseFile(SlotFile.open(disk, NAME, SLOT_BYTES));
        try {
            file.decode(identity);
            return file;
        } catch (DamagedException e) {
            file.close();
            throw e;
        }
    }

    private void decode(Identity identity) throws DamagedException {
        for (int i = 0; i < 2; i++) {
            SlotFile.@Nullable Slot slot = slots.slot(i);
            if (slot == null) {
                continue;
            }
            if (!slot.cluster().equals(identity.cluster()) || !slot.member().equals(identity.member())) {
                throw new DamagedException(NAME + " belongs to member " + slot.member() + " of cluster "
                        + slot.cluster() + ", the volume to " + identity.member() + " of "
                        + identity.cluster());
            }
            decode(slot.value());
        }
    }

    private static Bytes encode(Ballot ballot, long segment) {
        ByteWriter out = new ByteWriter(24);
        Codec.writeBallot(out, ballot);
        out.writeNatural(segment);
        return Bytes.of(out.toArray());
    }

    private void decode(Bytes value) throws DamagedException {
        try {
            ByteReader in = new ByteReader(value.array());
            promised = Ballot.max(promised, Codec.readBallot(in));
            segment = Math.max(segment, in.readNatural());
            in.expectEnd();
        } catch (MalformedException e) {
            throw new DamagedException(NAME + " cannot be decoded: " + e.getMessage(), e);
        }
    }

    /** The highest ballot in a valid slot. */
    Ballot promised() {
        return promised;
    }

    /**
     * Compares with the log as recovered.
     *
     * @throws DamagedException when the log has forgotten what is attested here
     */
    void checkAgainst(Ballot logPromised, long logSegment) throws DamagedException {
        if (logPromised.isBelow(promised)) {
            throw new DamagedException(
                    "the log knows of no promise above " + logPromised + ", but " + promised
                            + " was promised: the log has forgotten it");
        }
        if (logSegment < segment) {
            throw new DamagedException(
                    "the log's newest intact segment is " + logSegment + ", but segment " + segment
                            + " was written and acknowledged");
        }
    }

    /** Attests what the log has made durable, if that is news; durable here too when this returns. */
    void attest(Ballot logPromised, long logSegment) {
        if (stored && !promised.isBelow(logPromised) && segment >= logSegment) {
            return;
        }
        Bytes value = encode(logPromised, logSegment);
        if (stored) {
            slots.store(value);
        } else {
            slots.storeFirst(value);
        }
        stored = true;
        promised = logPromised;
        segment = logSegment;
    }

    @Override
    public void close() {
        slots.close();
    }
}
