package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * What is encoded is decoded to the same again, in one form only, and nothing that breaks a bound gets
 * through.
 */
final class CodecTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/promise.hex");
    private static final int ROUNDS = 20_000;

    private static final Ballot BALLOT = new Ballot(2, 7, 3);
    private static final SnapshotRef SNAPSHOT = new SnapshotRef(40, 1_000, Bytes.of(new byte[32]));

    @Test
    void whatIsEncodedIsDecodedToTheSame() {
        Generators generators = new Generators(new SeededRandom(1));
        int[] hits = new int[Codec.TYPES];
        for (int round = 0; round < ROUNDS; round++) {
            Envelope envelope = generators.envelope();
            byte[] frame = Codec.encode(envelope);
            assertThat(Codec.decode(frame)).as("round %s", round).isEqualTo(envelope);
            hits[Codec.typeOf(frame)]++;
        }
        assertThat(hits).as("frames of each type").doesNotContain(0);
    }

    @Test
    void everyKindOfMessageHasATypeOfItsOwnName() {
        Generators generators = new Generators(new SeededRandom(2));
        List<String> names = new ArrayList<>();
        for (int type = 0; type < Codec.TYPES; type++) {
            Envelope envelope = generators.envelope(type);
            assertThat(Codec.typeOf(Codec.encode(envelope))).isEqualTo(type);
            assertThat(Codec.typeName(type)).isEqualTo(envelope.message().getClass().getSimpleName());
            names.add(Codec.typeName(type));
        }
        Class<?>[] kinds = Message.class.getPermittedSubclasses();
        assertThat(names).hasSize(kinds.length).doesNotHaveDuplicates();
    }

    @Test
    void roomForAFrameIsForetoldToTheByte() {
        Generators generators = new Generators(new SeededRandom(3));
        for (int round = 0; round < ROUNDS; round++) {
            Message message = generators.envelope().message();
            ByteWriter out = new ByteWriter(0);
            MessageCodec.write(out, message);
            assertThat(MessageCodec.bytesOf(message)).as("%s", message).isEqualTo(out.size());
        }
    }

    @Test
    void valuesThatVolumesKeepAreReadAsTheyWereWritten() {
        Generators generators = new Generators(new SeededRandom(4));
        ByteWriter out = new ByteWriter(0);
        for (int round = 0; round < 2_000; round++) {
            Snapshot snapshot = generators.snapshot();
            Entry entry = generators.entry(Math.max(1, generators.natural()));
            Configuration configuration = round % 2 == 0 ? Configuration.NONE : generators.configuration(0);
            out.clear();
            Codec.writeSnapshot(out, snapshot);
            Codec.writeEntry(out, entry);
            Codec.writeConfiguration(out, configuration);
            ByteReader in = new ByteReader(out.array(), 0, out.size());
            assertThat(Codec.readSnapshot(in)).isEqualTo(snapshot);
            assertThat(Codec.readEntry(in)).isEqualTo(entry);
            assertThat(Codec.readConfiguration(in)).isEqualTo(configuration);
            in.expectEnd();
        }
    }

    @Test
    void theFormatHasNotDrifted() throws Exception {
        if (Boolean.getBoolean("synod.regenerate")) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, Frames.text(Codec.encode(golden())));
        }
        byte[] frame = Frames.parse(Files.readString(GOLDEN));
        assertThat(Frames.text(Codec.encode(golden()))).isEqualTo(Frames.text(frame));
        assertThat(Codec.decode(frame)).isEqualTo(golden());
    }

    /** Every payload, and every value that has a form of its own. */
    private static Envelope golden() {
        UUID observer = new UUID(0x0102030405060708L, 0x090A0B0C0D0E0F10L);
        Member voter = new Member(3, new UUID(3, 3), "c.example:7401");
        Configuration next = new Configuration(
                3,
                List.of(new Member(1, new UUID(1, 1), "a.example:7401"), voter),
                List.of(new Member(9, observer, "µ.example:7401")),
                12,
                new Quorums(2, 1, 1));
        List<Entry> suffix = List.of(
                new Entry(41, BALLOT, new Payload.LeaderStart()),
                new Entry(42, BALLOT, new Payload.Command(Bytes.of(new byte[] {1, 2, 3}))),
                new Entry(43, BALLOT, new Payload.AddObserver(observer, "µ.example:7401")),
                new Entry(44, BALLOT, new Payload.RemoveObserver(observer)),
                new Entry(45, new Ballot(2, 8, 1), new Payload.StopSign(next)));
        return new Envelope(
                new UUID(0x1112131415161718L, 0x191A1B1C1D1E1F20L),
                new UUID(1, 1),
                new UUID(3, 3),
                5,
                -6,
                2,
                new Seal(17, new Ballot(1, 4, 2)),
                new Ballot(2, 9, 3),
                new Ballot(2, 8, 1),
                45,
                new Message.Promise(
                        new Ballot(2, 9, 3), new Ballot(2, 8, 1), 45, 40, 30, SNAPSHOT, 0, 41, suffix));
    }

    @Test
    void whatIsNoFrameHasNoType() {
        byte[] frame = Codec.encode(golden());
        assertThat(Codec.typeOf(frame)).isEqualTo(MessageCodec.PROMISE);
        assertThat(Codec.typeOf(new byte[0])).isEqualTo(-1);
        assertThat(Codec.typeOf(new byte[Codec.MESSAGE_AT])).isEqualTo(-1);
        assertThat(Codec.typeOf(Arrays.copyOf(frame, Codec.MESSAGE_AT - 1))).isEqualTo(-1);
        frame[Codec.TYPE_AT] = Codec.TYPES;
        assertThat(Codec.typeOf(frame)).isEqualTo(-1);
        frame[Codec.TYPE_AT] = -1;
        assertThat(Codec.typeOf(frame)).isEqualTo(-1);
    }

    @Test
    void equalBallotsOfAFrameAreOneObject() {
        List<Entry> entries = List.of(
                new Entry(1, BALLOT, new Payload.LeaderStart()),
                new Entry(2, new Ballot(2, 7, 3), new Payload.LeaderStart()));
        Envelope decoded = Codec.decode(Codec.encode(
                around(new Message.Accept(BALLOT, 1, 0, entries, 0), BALLOT, BALLOT)));
        assertThat(decoded).isNotNull();
        Message.Accept accept = (Message.Accept) decoded.message();
        assertThat(decoded.accepted()).isSameAs(decoded.promised());
        assertThat(accept.ballot()).isSameAs(decoded.promised());
        assertThat(accept.entries().get(0).proposedAt()).isSameAs(decoded.promised());
        assertThat(accept.entries().get(1).proposedAt()).isSameAs(decoded.promised());
    }

    @Test
    void aValueThatAReaderWouldRefuseIsNotEncoded() {
        refuses(new Message.Transfer(new Ballot(-1, 1, 1)));
        refuses(new Message.Transfer(new Ballot(0, -1, 1)));
        refuses(new Message.Transfer(new Ballot(0, 1, -1)));
        refuses(new Message.Transfer(new Ballot(0, 0, 1)));
        refuses(new Message.Transfer(new Ballot(0, 1, 0)));
        refuses(new Message.Accepted(BALLOT, 1, -1));
        refuses(new Message.Accepted(BALLOT, 1, ByteWriter.NATURAL_MAX + 1));
        refuses(new Message.ReadReply(1, -2));
        refuses(new Message.SnapshotOffer(new SnapshotRef(1, 1, Bytes.of(new byte[31]))));
        refuses(new Message.ChunkRequest(SNAPSHOT, 1_001));
        refuses(new Message.Chunk(SNAPSHOT, 999, Bytes.of(new byte[2])));
        refuses(new Message.Sealed(Configuration.NONE, true, true));
        refuses(new Message.Sealed(
                Configuration.initial(List.of(new UUID(1, 1)), List.of("a")), true, true));
    }

    @Test
    void noConfigurationWithoutVotersButNoneIsReadOrWritten() {
        Configuration nobody = new Configuration(1, List.of(), List.of(), 1, new Quorums(0, 0, 0));
        assertThatThrownBy(() -> Codec.writeConfiguration(new ByteWriter(0), nobody))
                .isInstanceOf(IllegalArgumentException.class);
        byte[] none = {0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0};
        assertThat(Codec.readConfiguration(new ByteReader(none))).isSameAs(Configuration.NONE);
        for (int at = 0; at <= 10; at++) {
            byte[] changed = none.clone();
            changed[at] ^= 1;
            assertThatThrownBy(() -> Codec.readConfiguration(new ByteReader(changed)))
                    .as("byte %s", at)
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void membersAreNumberedFromOne() {
        assertThatThrownBy(() -> Codec.writeMember(new ByteWriter(0), new Member(0, new UUID(1, 1), "a")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Codec.readMember(new ByteReader(new byte[22])))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void entriesOutOfPlaceAreNotEncoded() {
        Entry four = new Entry(4, BALLOT, new Payload.LeaderStart());
        Entry five = new Entry(5, BALLOT, new Payload.LeaderStart());
        Entry six = new Entry(6, BALLOT, new Payload.LeaderStart());
        refuses(new Message.LogChunk(List.of(new Entry(0, BALLOT, new Payload.LeaderStart())), 9));
        refuses(new Message.LogChunk(List.of(four, six), 9));
        refuses(new Message.LogChunk(List.of(five, five), 9));
        refuses(new Message.LogChunk(List.of(five, four), 9));
        refuses(new Message.Accept(BALLOT, 1, 4, List.of(six), 0));
        refuses(new Message.Accept(BALLOT, 1, 4, List.of(four, five), 0));
        refuses(new Message.Sync(BALLOT, 1, 4, null, 9, List.of(four, five), 0));
        refuses(new Message.Sync(BALLOT, 1, 4, null, 5, List.of(five, six), 0));
        refuses(new Message.Promise(BALLOT, BALLOT, 9, 0, 0, null, 0, 4, List.of(five, six)));
    }

    @Test
    void anAddressThatDoesNotFitIsNotEncoded() {
        UUID uuid = new UUID(1, 1);
        String longest = "µ".repeat(128);
        assertThat(Codec.isAddress(longest)).isTrue();
        assertThat(Codec.isAddress("")).isTrue();
        assertThat(Codec.isAddress(longest + "x")).isFalse();
        assertThat(Codec.isAddress("\uD800")).isFalse();
        takes(new Payload.AddObserver(uuid, longest));
        refuses(logChunk(new Payload.AddObserver(uuid, longest + "x")));
        refuses(logChunk(new Payload.AddObserver(uuid, "\uD800")));
    }

    private static void takes(Payload payload) {
        Envelope envelope = around(logChunk(payload), BALLOT, BALLOT);
        assertThat(Codec.decode(Codec.encode(envelope))).isEqualTo(envelope);
    }

    private static Message logChunk(Payload payload) {
        return new Message.LogChunk(List.of(new Entry(1, BALLOT, payload)), 1);
    }

    private static void refuses(Message message) {
        assertThatThrownBy(() -> Codec.encode(around(message, BALLOT, BALLOT)))
                .as("%s", message)
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Envelope around(Message message, Ballot promised, Ballot accepted) {
        return new Envelope(
                new UUID(1, 2), new UUID(3, 4), new UUID(5, 6), 1, 2, 2, Seal.NONE, promised, accepted, 9,
                message);
    }
}
