package dev.synod.storage;

import dev.synod.paxos.ByteReader;
import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Codec;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.MalformedException;
import java.util.UUID;

/**
 * Whose volume this is.
 *
 * @param cluster identity of the cluster
 * @param member identity of this volume
 * @param formatted everything else that a volume holds from the start was durable when this was written
 * @param activated the member may vote; the log may have learnt it since
 * @param incarnation how often the member was started
 * @param initial the configuration it was formatted with
 */
record Identity(
        UUID cluster, UUID member, boolean formatted, boolean activated, long incarnation,
        Configuration initial) {

    /** Of the next run of the member. */
    Identity started(boolean nowActivated) {
        return new Identity(cluster, member, formatted, nowActivated, incarnation + 1, initial);
    }

    Bytes encode() {
        ByteWriter out = new ByteWriter(Codec.bytesOf(initial) + 16);
        out.writeBoolean(formatted);
        out.writeBoolean(activated);
        out.writeNatural(incarnation);
        Codec.writeConfiguration(out, initial);
        return Bytes.of(out.toArray());
    }

    static Identity decode(SlotFile.Slot slot) throws DamagedException {
        try {
            ByteReader in = new ByteReader(slot.value().array());
            Identity identity = new Identity(
                    slot.cluster(),
                    slot.member(),
                    in.readBoolean(),
                    in.readBoolean(),
                    in.readNatural(),
                    Codec.readConfiguration(in));
            in.expectEnd();
            return identity;
        } catch (MalformedException e) {
            throw new DamagedException("the identity cannot be decoded: " + e.getMessage(), e);
        }
    }
}
