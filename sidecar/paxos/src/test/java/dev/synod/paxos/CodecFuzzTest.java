package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Frames that were tampered with, by seed ({@code -Dsynod.seed}) and as many as asked for
 * ({@code -Dsynod.fuzz.frames}). Whatever comes in, decode never throws, costs at most ten times the bytes
 * handed in, and takes no second form of what it takes.
 */
final class CodecFuzzTest {
    private static final long SEED = Long.getLong("synod.seed", 1);
    private static final int FRAMES = Integer.getInteger("synod.fuzz.frames", 100_000);

    /**
     * What a refusal itself may cost, however short the frame: the exception of a bad configuration and its
     * stack.
     */
    private static final long REFUSAL_BYTES = 8_192;
    private static final int MEASUREMENTS = 5;

    private static final long[] TELLING_NUMBERS = {
        0,
        1,
        -1,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0xFFFFFFFFL,
        ByteWriter.NATURAL_INT_MAX,
        ByteWriter.NATURAL_INT_MAX + 1L,
        ByteWriter.NATURAL_MAX,
        ByteWriter.NATURAL_MAX + 1,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final SeededRandom random = new SeededRandom(SEED);
    private final Generators generators = new Generators(random.child("values"));

    @Test
    void tamperedFramesWithAFittingChecksumAreRefusedOrAreTheFrameOfWhatTheySay() {
        int[] taken = new int[Codec.TYPES];
        int[] refused = new int[Codec.TYPES];
        for (int round = 0; round < FRAMES; round++) {
            byte[] frame = Frames.withChecksum(tamper(Codec.encode(generators.envelope())));
            int type = Codec.typeOf(frame);
            if (judge(frame, round) != null) {
                taken[type]++;
            } else if (type >= 0) {
                refused[type]++;
            }
        }
        assertThat(taken).as("frames taken of each type").doesNotContain(0);
        assertThat(refused).as("frames refused of each type").doesNotContain(0);
    }

    @Test
    void aFrameWithAnyThreeBitsFlippedIsRefused() {
        for (int round = 0; round < FRAMES / 4; round++) {
            byte[] frame = Codec.encode(generators.envelope());
            byte[] tampered = frame.clone();
            for (int flips = 1 + random.below(3); flips > 0; flips--) {
                flipBit(tampered);
            }
            assertThat(judge(tampered, round) == null || Arrays.equals(frame, tampered)).isTrue();
        }
    }

    @Test
    void aFrameWhoseChecksumDoesNotFitIsRefused() {
        int misfits = 0;
        for (int round = 0; round < FRAMES / 4; round++) {
            byte[] tampered = tamper(Codec.encode(generators.envelope()));
            Envelope envelope = judge(tampered, round);
            byte[] fitting = Frames.withChecksum(tampered.clone());
            if (!Arrays.equals(fitting, tampered)) {
                assertThat(envelope).as("seed %s, round %s", SEED, round).isNull();
                misfits++;
            }
        }
        assertThat(misfits).isGreaterThan(FRAMES / 8);
    }

    @Test
    void noiseIsRefused() {
        for (int round = 0; round < FRAMES / 4; round++) {
            byte[] noise = generators.bytes(400).array().clone();
            assertThat(judge(noise, round)).isNull();
            if (noise.length >= Codec.ENVELOPE_AT) {
                LittleEndian.putShort(noise, 0, Codec.FORMAT);
                noise[Codec.TYPE_AT] = (byte) random.below(Codec.TYPES);
                noise[Codec.FLAGS_AT] = 0;
                judge(Frames.withChecksum(noise), round);
            }
        }
    }

    @Test
    void everyFrameCutShortAnywhereIsRefused() {
        for (int type = 0; type < Codec.TYPES; type++) {
            byte[] frame = Codec.encode(generators.envelope(type));
            for (int length = 0; length < frame.length; length++) {
                byte[] cut = Frames.withChecksum(Arrays.copyOf(frame, length));
                assertThat(judge(cut, length)).as("%s cut to %s", Codec.typeName(type), length).isNull();
            }
        }
    }

    @Test
    void aFrameOfTheSmallestThingsCostsAtMostTenTimesItsBytes() {
        List<Entry> starts = new ArrayList<>();
        List<Entry> observers = new ArrayList<>();
        List<Entry> stops = new ArrayList<>();
        for (int i = 1; i <= 2_000; i++) {
            Ballot ballot = new Ballot(1, i, 1);
            starts.add(new Entry(i, ballot, new Payload.LeaderStart()));
            observers.add(new Entry(i, ballot, new Payload.AddObserver(generators.uuid(), "a")));
            if (i <= 50) {
                stops.add(new Entry(i, ballot, new Payload.StopSign(crowd())));
            }
        }
        for (List<Entry> entries : List.of(starts, observers, stops)) {
            Envelope envelope = new Envelope(
                    generators.uuid(),
                    generators.uuid(),
                    generators.uuid(),
                    1,
                    1,
                    1,
                    Seal.NONE,
                    Ballot.BOTTOM,
                    Ballot.BOTTOM,
                    0,
                    new Message.LogChunk(entries, 0));
            assertThat(judge(Codec.encode(envelope), 0)).isEqualTo(envelope);
        }
    }

    private Configuration crowd() {
        List<Member> observers = new ArrayList<>();
        for (int i = 0; i < Configuration.OBSERVERS_MAX; i++) {
            observers.add(new Member(i + 2, generators.uuid(), "a"));
        }
        return new Configuration(
                1, List.of(new Member(1, generators.uuid(), "a")), observers, 100, Quorums.majority(1));
    }

    @Test
    void aFrameThatClaimsTwoThousandMillionEntriesIsRefusedAtOnce() {
        for (int type : new int[] {MessageCodec.LOG_CHUNK, MessageCodec.ACCEPT}) {
            byte[] frame = Frames.of(type, out -> {
                if (type == MessageCodec.ACCEPT) {
                    Frames.ballot(out, 0, 9, 1);
                    out.writeLong(1);
                    out.writeLong(0);
                }
                out.writeInt(Integer.MAX_VALUE);
                for (int i = 0; i < 100; i++) {
                    out.writeLong(0);
                }
            });
            assertThat(judge(frame, 0)).isNull();
        }
    }

    @Test
    void aFrameThatClaimsTwoThousandMillionBytesIsRefusedAtOnce() {
        byte[] frame = Frames.of(MessageCodec.CHUNK, out -> {
            out.writeLong(1);
            out.writeLong(ByteWriter.NATURAL_MAX);
            out.writeBytes(Bytes.of(new byte[32]));
            out.writeLong(0);
            out.writeInt(Integer.MAX_VALUE);
            out.writeLong(0);
        });
        assertThat(judge(frame, 0)).isNull();
    }

    /** Decodes, and holds what comes of it against every promise of {@link Codec#decode}. */
    private static @Nullable Envelope judge(byte[] frame, int round) {
        byte[] before = frame.clone();
        Envelope envelope = Codec.decode(frame);
        long allocatedMax = 10L * frame.length + REFUSAL_BYTES;
        if (costsMoreThan(allocatedMax, frame)) {
            throw broken("cost more than " + allocatedMax + " bytes", frame, round);
        }
        if (!Arrays.equals(before, frame)) {
            throw broken("changed the frame", before, round);
        }
        if (envelope != null && !Arrays.equals(Codec.encode(envelope), frame)) {
            throw broken("took a second form of " + envelope, frame, round);
        }
        return envelope;
    }

    /**
     * What decoding costs every time: never that of a frame's first decoding, and of several the least, since
     * the JVM adds allocations of its own when it loads or recompiles code.
     */
    private static boolean costsMoreThan(long bytesMax, byte[] frame) {
        for (int attempt = 0; attempt < MEASUREMENTS; attempt++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            Codec.decode(frame);
            if (THREADS.getCurrentThreadAllocatedBytes() - before <= bytesMax) {
                return false;
            }
        }
        return true;
    }

    private static AssertionError broken(String what, byte[] frame, int round) {
        return new AssertionError(
                "decode " + what + ", seed " + SEED + ", round " + round + ":\n" + Frames.text(frame));
    }

    private byte[] tamper(byte[] frame) {
        byte[] tampered = tamperOnce(frame);
        return random.chance(0.2) ? tamperOnce(tampered) : tampered;
    }

    private byte[] tamperOnce(byte[] frame) {
        if (frame.length == 0) {
            return generators.bytes(16).array();
        }
        return switch (random.below(8)) {
            case 0, 1 -> flipBit(frame);
            case 2 -> withByte(frame);
            case 3, 4 -> withTellingNumber(frame);
            case 5 -> Arrays.copyOf(frame, random.below(frame.length));
            case 6 -> extended(frame);
            default -> spliced(frame, Codec.encode(generators.envelope()));
        };
    }

    private byte[] flipBit(byte[] frame) {
        frame[random.below(frame.length)] ^= (byte) (1 << random.below(8));
        return frame;
    }

    private byte[] withByte(byte[] frame) {
        frame[random.below(frame.length)] = (byte) random.nextLong();
        return frame;
    }

    private byte[] withTellingNumber(byte[] frame) {
        long number = TELLING_NUMBERS[random.below(TELLING_NUMBERS.length)];
        int bytes = random.chance(0.5) ? Integer.BYTES : Long.BYTES;
        if (frame.length >= bytes) {
            int at = random.below(frame.length - bytes + 1);
            for (int i = 0; i < bytes; i++) {
                frame[at + i] = (byte) (number >>> (8 * i));
            }
        }
        return frame;
    }

    private byte[] extended(byte[] frame) {
        byte[] more = generators.bytes(16).array();
        int at = random.chance(0.5) ? frame.length : random.below(frame.length + 1);
        byte[] extended = Arrays.copyOf(frame, frame.length + more.length);
        System.arraycopy(frame, at, extended, at + more.length, frame.length - at);
        System.arraycopy(more, 0, extended, at, more.length);
        return extended;
    }

    /** The beginning of one frame and the end of another, mostly cut at the same place. */
    private byte[] spliced(byte[] frame, byte[] other) {
        int keep = random.below(frame.length + 1);
        int from = random.chance(0.7) ? Math.min(keep, other.length) : random.below(other.length + 1);
        byte[] spliced = Arrays.copyOf(frame, keep + other.length - from);
        System.arraycopy(other, from, spliced, keep, other.length - from);
        return spliced;
    }
}
