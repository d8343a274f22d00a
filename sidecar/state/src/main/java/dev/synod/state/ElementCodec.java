package dev.synod.state;

import dev.synod.paxos.ByteReader;
import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.MalformedException;

/** The form of elements in bytes: a byte for the type, then what the element holds. */
final class ElementCodec {
    /** Rises when the form changes. */
    private static final int FORMAT = 1;

    // Also the order of types within a snapshot: what an element refers to stands before it.
    static final int HEADER = 0;
    static final int SESSION = 1;
    static final int REPLY = 2;
    static final int HOLDER = 3;
    static final int WAITER = 4;
    static final int LEADER = 5;
    static final int CANDIDATE = 6;
    static final int VERSION = 7;

    private ElementCodec() {}

    static void write(ByteWriter w, Element element) {
        w.writeByte(element.place().type());
        switch (element) {
            case Element.Header e -> writeHeader(w, e);
            case Element.OfSession e -> writeSession(w, e.session());
            case Element.OfReply e -> {
                w.writeLong(e.session());
                w.writeLong(e.request());
                w.writeSizedBytes(e.reply());
            }
            case Element.OfHolder e -> {
                Forms.writeName(w, e.name());
                Forms.writeHolder(w, e.holder());
            }
            case Element.OfWaiter e -> {
                Forms.writeName(w, e.name());
                Forms.writeClaim(w, e.waiter().claim());
                w.writeLong(e.waiter().ticket());
            }
            case Element.OfLeader e -> {
                Forms.writeName(w, e.name());
                Forms.writeClaimant(w, e.leader().claimant());
                w.writeLong(e.leader().token());
                w.writeSizedBytes(e.leader().value());
            }
            case Element.OfCandidate e -> {
                Forms.writeName(w, e.name());
                Forms.writeClaimant(w, e.candidate().claimant());
                w.writeLong(e.candidate().ticket());
                w.writeSizedBytes(e.candidate().value());
            }
            case Element.OfVersion e -> writeVersion(w, e.key(), e.version());
        }
    }

    /**
     * The element of that form, behind its type.
     *
     * @throws MalformedException when it is the form of none
     */
    static Element read(ByteReader r, int type) {
        return switch (type) {
            case HEADER -> readHeader(r);
            case SESSION -> new Element.OfSession(readSession(r));
            case REPLY -> new Element.OfReply(r.readLong(), r.readLong(), r.readSizedBytes());
            case HOLDER -> new Element.OfHolder(Forms.readName(r), Forms.readHolder(r));
            case WAITER ->
                    new Element.OfWaiter(Forms.readName(r), new Waiter(Forms.readClaim(r), r.readLong()));
            case LEADER -> new Element.OfLeader(Forms.readName(r),
                    new Leader(Forms.readClaimant(r), r.readLong(), Forms.readValue(r)));
            case CANDIDATE -> new Element.OfCandidate(Forms.readName(r),
                    new Candidate(Forms.readClaimant(r), r.readLong(), Forms.readValue(r)));
            case VERSION -> new Element.OfVersion(Forms.readName(r), readVersion(r));
            default -> throw new MalformedException("no element is of this type");
        };
    }

    private static void writeHeader(ByteWriter w, Element.Header header) {
        w.writeShort(FORMAT);
        w.writeUuid(header.clusterId());
        w.writeLong(header.index());
        w.writeLong(header.revision());
        w.writeLong(header.compacted());
        w.writeLong(header.nextSession());
        Forms.writeTerm(w, header.term());
    }

    private static Element.Header readHeader(ByteReader r) {
        int format = r.readShort();
        if (format != FORMAT) {
            throw new MalformedException("format " + format + " of the state; " + FORMAT + " is known");
        }
        return new Element.Header(
                r.readUuid(), r.readLong(), r.readLong(), r.readLong(), r.readLong(), Forms.readTerm(r));
    }

    private static void writeSession(ByteWriter w, Session session) {
        w.writeLong(session.id());
        w.writeInt(session.ttlMillis());
        Forms.writeText(w, session.identity());
        Forms.writeList(w, session.labels(), Forms::writeLabel);
        w.writeSizedBytes(session.secretHash());
        w.writeLong(session.attachGeneration());
        w.writeLong(session.ackedBelow());
    }

    private static Session readSession(ByteReader r) {
        return new Session(r.readLong(), r.readInt(), Forms.readText(r),
                Forms.readList(r, Forms.LABEL_BYTES_MIN, Forms::readLabel), r.readSizedBytes(),
                r.readLong(), r.readLong());
    }

    private static void writeVersion(ByteWriter w, String key, Version version) {
        Forms.writeName(w, key);
        w.writeLong(version.modRevision());
        w.writeBoolean(version.isDeletion());
        if (version.value() != null) {
            w.writeLong(version.createRevision());
            w.writeLong(version.number());
            w.writeSizedBytes(version.value());
            w.writeLong(version.session());
        }
    }

    private static Version readVersion(ByteReader r) {
        long modRevision = r.readLong();
        return r.readBoolean()
                ? Version.deletion(modRevision)
                : new Version(modRevision, r.readLong(), r.readLong(), Forms.readValue(r), r.readLong());
    }
}
