package dev.synod.simulation.coordination;

import dev.synod.paxos.ByteReader;
import dev.synod.paxos.ByteWriter;
import dev.synod.state.Request;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an application asks of the sidecar on a machine. Fields that a kind does not need are 0 or empty.
 *
 * @param app who asks: a client's name
 * @param session its session; 0 for none
 * @param secret by which it attaches to that session
 * @param home the member that it was attached to last
 * @param request numbers what the session remembers
 * @param name of a lock, an election or a key
 * @param permits of a lock: 0 shared, 1 exclusive, more for a semaphore
 * @param token of the grant that is meant; 0 for whichever
 * @param value to be put or proclaimed; the same is never used twice in a run. Of {@link Kind#TRANSFER} the
 *     candidate
 * @param number a TTL in milliseconds, a wait in nanoseconds, or a revision
 * @param watch of {@link Kind#POLL}: the watch that it goes on with; 0 for a new one
 * @param heard of {@link Kind#POLL}: how many of that watch's notices it has
 */
record Ask(
        Kind kind, long app, long session, long secret, @Nullable UUID home, Request request, String name,
        int permits, long token, String value, long number, long watch, long heard) {
    private static final int CAPACITY_BYTES = 160;
    private static final int TEXT_BYTES_MAX = 1_024;
    private static final Kind[] KINDS = Kind.values();

    /** Owner and candidate within a session. */
    static final String OWNER = "app";

    /** Kinds of questions. */
    enum Kind {
        /** Opens a session. */
        OPEN,
        /** Closes it. */
        CLOSE,
        /** Says that the application is alive. */
        BEAT,
        /** Takes a lock if it is free. */
        TRY,
        /** Takes a lock, waiting for it. */
        WAIT,
        /** Gives a lock back. */
        RELEASE,
        /** Takes a lock from its holders. */
        BREAK,
        /** Stands in an election. */
        CAMPAIGN,
        /** Stands no longer. */
        RESIGN,
        /** Proclaims something as leader. */
        PROCLAIM,
        /** Hands leadership to another candidate. */
        TRANSFER,
        /** Sets a value. */
        PUT,
        /** Sets a value that was last changed at a given revision. */
        SWAP,
        /** Sets a value as long as a token is good. */
        GUARDED_PUT,
        /** Sets a value that dies with the session. */
        BOUND_PUT,
        /** Sets two values at once. */
        PAIR,
        /** Deletes a value. */
        DELETE,
        /** Reads a value, linearizable. */
        READ,
        /** Reads a value as of a revision, or later. */
        READ_AT_LEAST,
        /** Reads a value as it may be. */
        READ_STALE,
        /** Looks who holds a lock, linearizable. */
        LOOK_AT_LOCK,
        /** Looks who leads an election, linearizable. */
        LOOK_AT_ELECTION,
        /** What a watch of all values has heard. */
        POLL;

        /** Whether it leaves the state as it is. */
        boolean isRead() {
            return switch (this) {
                case BEAT, READ, READ_AT_LEAST, READ_STALE, LOOK_AT_LOCK, LOOK_AT_ELECTION, POLL -> true;
                default -> false;
            };
        }

        /** Whether it means nothing without an attached session. */
        boolean needsAttachment() {
            return switch (this) {
                case BEAT, CLOSE, TRY, WAIT, RELEASE, CAMPAIGN, RESIGN -> true;
                default -> false;
            };
        }
    }

    byte[] encode() {
        ByteWriter writer = new ByteWriter(CAPACITY_BYTES);
        writer.writeByte(kind.ordinal());
        writer.writeLong(app);
        writer.writeLong(session);
        writer.writeLong(secret);
        writer.writeBoolean(home != null);
        if (home != null) {
            writer.writeUuid(home);
        }
        writer.writeLong(request.id());
        writer.writeLong(request.ackedBelow());
        writer.writeText(name, TEXT_BYTES_MAX);
        writer.writeInt(permits);
        writer.writeLong(token);
        writer.writeText(value, TEXT_BYTES_MAX);
        writer.writeLong(number);
        writer.writeLong(watch);
        writer.writeLong(heard);
        return writer.toArray();
    }

    static Ask decode(byte[] bytes) {
        ByteReader reader = new ByteReader(bytes);
        Kind kind = KINDS[reader.readByte()];
        long app = reader.readLong();
        long session = reader.readLong();
        long secret = reader.readLong();
        UUID home = reader.readBoolean() ? reader.readUuid() : null;
        Request request = new Request(session, reader.readLong(), reader.readLong());
        String name = reader.readText(TEXT_BYTES_MAX);
        int permits = reader.readInt();
        long token = reader.readLong();
        String value = reader.readText(TEXT_BYTES_MAX);
        return new Ask(kind, app, session, secret, home, request, name, permits, token, value,
                reader.readLong(), reader.readLong(), reader.readLong());
    }

    /** Numbers the request otherwise: what a bad client does when it asks again (M23). */
    Ask renumbered(long id) {
        return new Ask(kind, app, session, secret, home, new Request(session, id, request.ackedBelow()), name,
                permits, token, value, number, watch, heard);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(kind);
        if (session != 0) {
            text.append(" session ").append(session).append('#').append(request.id());
        }
        text.append(name.isEmpty() ? "" : " " + name);
        text.append(token == 0 ? "" : " token " + token);
        text.append(value.isEmpty() ? "" : " '" + value + "'");
        return text.append(number == 0 ? "" : " " + number).toString();
    }
}
