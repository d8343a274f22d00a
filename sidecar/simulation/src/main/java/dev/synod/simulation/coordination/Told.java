package dev.synod.simulation.coordination;

import dev.synod.member.Failure;
import dev.synod.paxos.ByteReader;
import dev.synod.paxos.ByteWriter;
import dev.synod.simulation.check.ClaimModel.Hold;
import dev.synod.simulation.check.WatchStream.Change;
import dev.synod.state.Reply;
import dev.synod.state.ReplyCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a sidecar tells an application.
 *
 * @param status how the question fared
 * @param home the member to ask instead, for {@link Status#ELSEWHERE}; for a session's, where it is attached
 * @param index applied by the member when it answered
 * @param reply of the state machine, if it came to that
 * @param failure why it did not
 * @param holds who holds a lock or leads an election that was looked at
 * @param text a view that was looked at, in words
 * @param lost claims that the session no longer has, though nobody asked for that
 * @param watch which watch the notices are of; 0 when there is none
 * @param from of that watch: the first revision that it was asked for, 0 for from its beginning on
 * @param notices what the watch heard
 */
record Told(
        Status status, @Nullable UUID home, long index, @Nullable Reply reply, @Nullable Failure failure,
        List<Hold> holds, String text, List<String> lost, long watch, long from, List<Notice> notices) {
    private static final int CAPACITY_BYTES = 256;
    private static final int TEXT_BYTES_MAX = 1 << 20;
    private static final Status[] STATUSES = Status.values();
    private static final Failure[] FAILURES = Failure.values();
    private static final Notice.Kind[] KINDS = Notice.Kind.values();

    /** How a question fared. */
    enum Status {
        /** Answered. */
        OK,
        /** Not carried out: ask there. */
        ELSEWHERE,
        /** Not carried out: ask later. */
        LATER,
        /** Not carried out, and pointless to ask again. */
        FAILED,
        /** May have been carried out, or may still be. */
        UNKNOWN
    }

    /**
     * What a watch hears.
     *
     * @param number counted for each watch from 1
     * @param revision as its kind has it
     * @param changes of {@link Kind#CHANGES}
     */
    record Notice(long number, Kind kind, long revision, List<Change> changes) {
        /** As in {@link dev.synod.member.MemberEffects.WatchNotice}. */
        enum Kind {
            STARTED,
            CHANGES,
            BOOKMARK,
            RESET,
            COMPACTED,
            ENDED
        }
    }

    static Told of(Status status, @Nullable UUID home) {
        return new Told(status, home, 0, null, null, List.of(), "", List.of(), 0, 0, List.of());
    }

    static Told ok(UUID home, long index, @Nullable Reply reply, @Nullable Failure failure,
            List<String> lost) {
        return new Told(Status.OK, home, index, reply, failure, List.of(), "", lost, 0, 0, List.of());
    }

    static Told view(UUID home, long index, List<Hold> holds, String text) {
        return new Told(Status.OK, home, index, null, null, holds, text, List.of(), 0, 0, List.of());
    }

    static Told heard(UUID home, long index, long watch, long from, List<Notice> notices) {
        return new Told(Status.OK, home, index, null, null, List.of(), "", List.of(), watch, from, notices);
    }

    byte[] encode() {
        ByteWriter writer = new ByteWriter(CAPACITY_BYTES);
        writer.writeByte(status.ordinal());
        writer.writeBoolean(home != null);
        if (home != null) {
            writer.writeUuid(home);
        }
        writer.writeLong(index);
        writer.writeBoolean(reply != null);
        if (reply != null) {
            writer.writeSizedBytes(ReplyCodec.encode(reply));
        }
        writer.writeByte(failure == null ? 0 : failure.ordinal() + 1);
        writer.writeInt(holds.size());
        for (Hold hold : holds) {
            writer.writeLong(hold.session());
            writer.writeText(hold.owner(), TEXT_BYTES_MAX);
            writer.writeLong(hold.token());
        }
        writer.writeText(text, TEXT_BYTES_MAX);
        writer.writeInt(lost.size());
        for (String name : lost) {
            writer.writeText(name, TEXT_BYTES_MAX);
        }
        writer.writeLong(watch);
        writer.writeLong(from);
        writer.writeInt(notices.size());
        for (Notice notice : notices) {
            write(writer, notice);
        }
        return writer.toArray();
    }

    private static void write(ByteWriter writer, Notice notice) {
        writer.writeLong(notice.number());
        writer.writeByte(notice.kind().ordinal());
        writer.writeLong(notice.revision());
        writer.writeInt(notice.changes().size());
        for (Change change : notice.changes()) {
            writer.writeLong(change.revision());
            writer.writeText(change.key(), TEXT_BYTES_MAX);
            writer.writeText(change.text(), TEXT_BYTES_MAX);
        }
    }

    static Told decode(byte[] bytes) {
        ByteReader reader = new ByteReader(bytes);
        Status status = STATUSES[reader.readByte()];
        UUID home = reader.readBoolean() ? reader.readUuid() : null;
        long index = reader.readLong();
        Reply reply = reader.readBoolean() ? ReplyCodec.decode(reader.readSizedBytes()) : null;
        int failed = reader.readByte();
        List<Hold> holds = new ArrayList<>();
        for (int left = reader.readInt(); left > 0; left--) {
            holds.add(new Hold(reader.readLong(), reader.readText(TEXT_BYTES_MAX), reader.readLong()));
        }
        String text = reader.readText(TEXT_BYTES_MAX);
        List<String> lost = new ArrayList<>();
        for (int left = reader.readInt(); left > 0; left--) {
            lost.add(reader.readText(TEXT_BYTES_MAX));
        }
        long watch = reader.readLong();
        long from = reader.readLong();
        List<Notice> notices = new ArrayList<>();
        for (int left = reader.readInt(); left > 0; left--) {
            notices.add(readNotice(reader));
        }
        return new Told(status, home, index, reply, failed == 0 ? null : FAILURES[failed - 1], holds, text,
                lost, watch, from, notices);
    }

    private static Notice readNotice(ByteReader reader) {
        long number = reader.readLong();
        Notice.Kind kind = KINDS[reader.readByte()];
        long revision = reader.readLong();
        List<Change> changes = new ArrayList<>();
        for (int left = reader.readInt(); left > 0; left--) {
            changes.add(new Change(reader.readLong(), reader.readText(TEXT_BYTES_MAX),
                    reader.readText(TEXT_BYTES_MAX)));
        }
        return new Notice(number, kind, revision, changes);
    }
}
