package dev.synod.paxos;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** One frame for each reason to refuse one, right in all else and with a fitting checksum. */
final class MalformedFrames {
    private static final int LEADER_START = 1;
    private static final int COMMAND = 2;
    private static final int STOP_SIGN = 3;
    private static final int ADD_OBSERVER = 4;

    private final Map<String, byte[]> frames = new LinkedHashMap<>();

    private MalformedFrames() {}

    /** The frames by what is wrong with each. */
    static Map<String, byte[]> all() {
        MalformedFrames malformed = new MalformedFrames();
        malformed.frame();
        malformed.numbers();
        malformed.ballots();
        malformed.entries();
        malformed.payloads();
        malformed.addresses();
        malformed.configurations();
        malformed.snapshots();
        return malformed.frames;
    }

    private void add(String name, int type, Consumer<ByteWriter> body) {
        frames.put(name, Frames.of(type, body));
    }

    private void frame() {
        byte[] good = Frames.of(MessageCodec.FETCH, out -> {
            out.writeLong(3);
            out.writeByte(1);
        });
        frames.put("no-bytes", new byte[0]);
        frames.put("half-a-head", Frames.withChecksum(Arrays.copyOf(good, 70)));
        frames.put("head-without-message", Frames.withChecksum(Arrays.copyOf(good, Codec.MESSAGE_AT)));
        frames.put("cut-short", Frames.withChecksum(Arrays.copyOf(good, good.length - 1)));
        frames.put("left-over-byte", Frames.withChecksum(Arrays.copyOf(good, good.length + 1)));
        frames.put("other-magic", changed(good, 0, 'T'));
        frames.put("other-version", changed(good, 1, 2));
        frames.put("other-type", changed(good, Codec.TYPE_AT, MessageCodec.PROBE));
        frames.put("unknown-type", changed(good, Codec.TYPE_AT, Codec.TYPES));
        frames.put("negative-type", changed(good, Codec.TYPE_AT, 0xFF));
        frames.put("flag-set", changed(good, Codec.FLAGS_AT, 1));
        byte[] wrong = good.clone();
        wrong[Codec.CHECKSUM_AT] ^= 1;
        frames.put("wrong-checksum", wrong);
        frames.put("negative-incarnation", changed(good, 63, 0x80));
        frames.put("negative-epoch", changed(good, 75, 0x80));
        frames.put("negative-last", changed(good, Codec.MESSAGE_AT - 1, 0x80));
    }

    private static byte[] changed(byte[] frame, int at, int value) {
        byte[] changed = frame.clone();
        changed[at] = (byte) value;
        return Frames.withChecksum(changed);
    }

    private void numbers() {
        add("negative-index", MessageCodec.FETCH, out -> {
            out.writeLong(-1);
            out.writeByte(0);
        });
        add("index-beyond-bound", MessageCodec.FETCH, out -> {
            out.writeLong(ByteWriter.NATURAL_MAX + 1);
            out.writeByte(0);
        });
        add("neither-true-nor-false", MessageCodec.FETCH, out -> {
            out.writeLong(1);
            out.writeByte(2);
        });
        add("read-index-below-minus-one", MessageCodec.READ_REPLY, out -> {
            out.writeLong(1);
            out.writeLong(-2);
        });
    }

    private void ballots() {
        add("ballot-of-negative-epoch", MessageCodec.TRANSFER, out -> Frames.ballot(out, -1, 1, 1));
        add("ballot-of-negative-round", MessageCodec.TRANSFER, out -> Frames.ballot(out, 0, -1, 1));
        add("ballot-of-negative-member", MessageCodec.TRANSFER, out -> Frames.ballot(out, 0, 1, -1));
        add("ballot-without-round", MessageCodec.TRANSFER, out -> Frames.ballot(out, 0, 0, 1));
        add("ballot-without-member", MessageCodec.TRANSFER, out -> Frames.ballot(out, 0, 1, 0));
    }

    private void entries() {
        add("two-thousand-million-entries", MessageCodec.LOG_CHUNK, out -> {
            out.writeInt(Integer.MAX_VALUE);
            out.writeLong(0);
        });
        add("fewer-than-no-entries", MessageCodec.LOG_CHUNK, out -> {
            out.writeInt(-1);
            out.writeLong(0);
        });
        add("entry-at-zero", MessageCodec.LOG_CHUNK, out -> starts(out, 0));
        add("hole-between-entries", MessageCodec.LOG_CHUNK, out -> starts(out, 4, 6));
        add("entry-repeated", MessageCodec.LOG_CHUNK, out -> starts(out, 4, 4));
        add("entries-backwards", MessageCodec.LOG_CHUNK, out -> starts(out, 5, 4));
        add("accept-not-after-previous", MessageCodec.ACCEPT, out -> {
            Frames.ballot(out, 0, 9, 1);
            out.writeLong(1);
            out.writeLong(4);
            starts(out, 6);
        });
        add("sync-below-from", MessageCodec.SYNC, out -> sync(out, 4, 9, 4, 5));
        add("sync-beyond-through", MessageCodec.SYNC, out -> sync(out, 4, 5, 5, 6));
        add("suffix-elsewhere", MessageCodec.PROMISE, out -> {
            Frames.ballot(out, 0, 9, 1);
            Frames.ballot(out, 0, 9, 1);
            out.writeLong(9);
            out.writeLong(0);
            out.writeLong(0);
            out.writeByte(0);
            out.writeLong(0);
            out.writeLong(4);
            entriesOnly(out, 5);
        });
    }

    private static void sync(ByteWriter out, long from, long through, long... indexes) {
        Frames.ballot(out, 0, 9, 1);
        out.writeLong(1);
        out.writeLong(from);
        out.writeByte(0);
        out.writeLong(through);
        starts(out, indexes);
    }

    /** Entries and a decided index. */
    private static void starts(ByteWriter out, long... indexes) {
        entriesOnly(out, indexes);
        out.writeLong(0);
    }

    private static void entriesOnly(ByteWriter out, long... indexes) {
        out.writeInt(indexes.length);
        for (long index : indexes) {
            entry(out, index, LEADER_START);
        }
    }

    private static void entry(ByteWriter out, long index, int payload) {
        out.writeLong(index);
        Frames.ballot(out, 0, 9, 1);
        out.writeByte(payload);
    }

    private void addPayload(String name, int payload, Consumer<ByteWriter> body) {
        add(name, MessageCodec.LOG_CHUNK, out -> {
            out.writeInt(1);
            entry(out, 1, payload);
            body.accept(out);
            out.writeLong(0);
        });
    }

    private void payloads() {
        addPayload("payload-of-no-kind", 0, out -> {});
        addPayload("payload-of-unknown-kind", 6, out -> {});
        addPayload("command-of-negative-length", COMMAND, out -> out.writeInt(-1));
        addPayload("command-longer-than-frame", COMMAND, out -> out.writeInt(9));
        addPayload("stop-sign-of-first-epoch", STOP_SIGN,
                out -> configuration(out, 0, 3, quorums(1, 1, 1), 1));
    }

    private void addAddress(String name, int length, int... bytes) {
        addPayload(name, ADD_OBSERVER, out -> {
            out.writeUuid(new UUID(1, 1));
            out.writeShort(length);
            for (int b : bytes) {
                out.writeByte(b);
            }
        });
    }

    private void addresses() {
        int[] tooMany = new int[Configuration.ADDRESS_BYTES_MAX + 1];
        Arrays.fill(tooMany, 'a');
        addAddress("address-too-long", tooMany.length, tooMany);
        addAddress("address-longer-than-frame", 200, 'a');
        addAddress("address-of-a-lone-continuation", 1, 0x80);
        addAddress("address-of-a-cut-code-point", 1, 0xC3);
        add("address-that-ends-within-a-code-point", MessageCodec.LOG_CHUNK, out -> {
            out.writeInt(1);
            entry(out, 1, ADD_OBSERVER);
            out.writeUuid(new UUID(1, 1));
            out.writeShort(1);
            out.writeByte(0xC3);
            out.writeLong(0xA9);
        });
        addAddress("address-of-a-broken-code-point", 2, 0xC3, 'a');
        addAddress("address-of-two-bytes-for-one", 2, 0xC1, 0xBF);
        addAddress("address-of-three-bytes-for-two", 3, 0xE0, 0x9F, 0xBF);
        addAddress("address-of-four-bytes-for-three", 4, 0xF0, 0x8F, 0xBF, 0xBF);
        addAddress("address-of-half-a-surrogate-pair", 3, 0xED, 0xA0, 0x80);
        addAddress("address-beyond-the-last-code-point", 4, 0xF4, 0x90, 0x80, 0x80);
        addAddress("address-of-five-bytes-for-one", 5, 0xF8, 0x88, 0x80, 0x80, 0x80);
    }

    private void addConfiguration(String name, Consumer<ByteWriter> next) {
        add(name, MessageCodec.SEALED, out -> {
            next.accept(out);
            out.writeByte(0);
            out.writeByte(0);
        });
    }

    private static int[] quorums(int prepare, int accept, int read) {
        return new int[] {prepare, accept, read};
    }

    private static void configuration(ByteWriter out, int epoch, int nextNumber, int[] quorums,
            int... numbers) {
        out.writeInt(epoch);
        out.writeInt(nextNumber);
        for (int quorum : quorums) {
            out.writeByte(quorum);
        }
        out.writeByte(numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            member(out, numbers[i], i);
        }
        out.writeByte(0);
    }

    private static void member(ByteWriter out, int number, long uuid) {
        out.writeInt(number);
        out.writeUuid(new UUID(uuid, uuid));
        out.writeShort(0);
    }

    private void configurations() {
        int[] one = quorums(1, 1, 1);
        int[] two = quorums(2, 2, 2);
        addConfiguration("configuration-of-negative-epoch", out -> configuration(out, -1, 2, one, 1));
        addConfiguration("configuration-of-first-epoch", out -> configuration(out, 0, 2, one, 1));
        addConfiguration("configuration-without-voters", out -> configuration(out, 1, 1, quorums(0, 0, 0)));
        addConfiguration("configuration-of-nobody", out -> configuration(out, 0, 1, quorums(0, 0, 0)));
        addConfiguration("quorums-that-do-not-meet", out -> configuration(out, 1, 3, quorums(1, 1, 2), 1, 2));
        addConfiguration("reads-that-do-not-meet", out -> configuration(out, 1, 3, quorums(1, 2, 1), 1, 2));
        addConfiguration("quorum-of-nobody", out -> configuration(out, 1, 3, quorums(2, 0, 1), 1, 2));
        addConfiguration("quorum-of-too-many", out -> configuration(out, 1, 3, quorums(3, 1, 1), 1, 2));
        addConfiguration("member-of-number-zero", out -> configuration(out, 1, 3, two, 0, 2));
        addConfiguration("members-out-of-order", out -> configuration(out, 1, 3, two, 2, 1));
        addConfiguration("member-above-next-number", out -> configuration(out, 1, 2, two, 1, 2));
        addConfiguration(
                "too-many-voters", out -> configuration(out, 1, 9, quorums(5, 5, 5), 1, 2, 3, 4, 5, 6, 7, 8));
        for (String who : List.of("voter", "observer")) {
            addConfiguration("uuid-of-two-members-" + who, out -> {
                out.writeInt(1);
                out.writeInt(4);
                out.writeBytes(Bytes.of(new byte[] {1, 1, 1, 1}));
                member(out, 1, 7);
                out.writeByte(who.equals("voter") ? 1 : 2);
                member(out, 2, who.equals("voter") ? 7 : 8);
                if (who.equals("observer")) {
                    member(out, 3, 8);
                }
            });
        }
        addConfiguration("too-many-observers", out -> {
            out.writeInt(1);
            out.writeInt(100);
            out.writeBytes(Bytes.of(new byte[] {1, 1, 1, 1}));
            member(out, 1, 0);
            out.writeByte(Configuration.OBSERVERS_MAX + 1);
            for (int i = 1; i <= Configuration.OBSERVERS_MAX + 1; i++) {
                member(out, i + 1, i);
            }
        });
    }

    private void snapshots() {
        add("chunk-of-negative-length", MessageCodec.CHUNK, out -> chunk(out, 10, 0, -1));
        add("chunk-longer-than-frame", MessageCodec.CHUNK, out -> chunk(out, 10, 0, 9));
        add("chunk-beyond-snapshot", MessageCodec.CHUNK, out -> {
            chunk(out, 10, 9, 2);
            out.writeShort(0);
        });
        add("chunk-asked-beyond-snapshot", MessageCodec.CHUNK_REQUEST, out -> {
            snapshot(out, 10);
            out.writeLong(11);
        });
        add("digest-cut-short", MessageCodec.SNAPSHOT_OFFER, out -> {
            out.writeLong(1);
            out.writeLong(10);
            out.writeBytes(Bytes.of(new byte[31]));
        });
    }

    private static void snapshot(ByteWriter out, long lengthBytes) {
        out.writeLong(1);
        out.writeLong(lengthBytes);
        out.writeBytes(Bytes.of(new byte[32]));
    }

    private static void chunk(ByteWriter out, long lengthBytes, long offsetBytes, int length) {
        snapshot(out, lengthBytes);
        out.writeLong(offsetBytes);
        out.writeInt(length);
    }
}
