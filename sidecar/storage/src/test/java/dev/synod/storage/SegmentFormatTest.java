package dev.synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.paxos.Defects;
import dev.synod.paxos.SeededRandom;
import dev.synod.paxos.WalRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class SegmentFormatTest {
    /** A segment with a STATE, then batches of the given records, then zeros. */
    private static byte[] segment(List<List<WalRecord>> batches) {
        BatchWriter writer = new BatchWriter(Samples.CLUSTER, Samples.MEMBER, Defects.NONE);
        byte[] bytes = new byte[64 << 10];
        writer.beginSegment(Samples.header(9));
        writer.add(Samples.STATE);
        int chain = writer.commit(1, 41);
        System.arraycopy(writer.array(), 0, bytes, 0, writer.size());
        int end = writer.size();
        for (int i = 0; i < batches.size(); i++) {
            writer.begin(9, end, chain);
            batches.get(i).forEach(writer::add);
            chain = writer.commit(2 + i, 42 + i);
            System.arraycopy(writer.array(), 0, bytes, end, writer.size());
            end += writer.size();
        }
        return Arrays.copyOf(bytes, end + 4_096);
    }

    private static SegmentImage image(byte[] bytes, Identity owner) throws DamagedException {
        MemoryDisk disk = new MemoryDisk();
        disk.put(SegmentNames.of(9), bytes);
        return SegmentImage.load(Samples.checked(disk), Defects.NONE, owner, 9);
    }

    private static List<LogRecord> records(SegmentImage image) throws DamagedException {
        List<LogRecord> records = new ArrayList<>();
        for (int i = 0; i < image.records(); i++) {
            records.add(image.record(i));
        }
        return records;
    }

    @Test
    void everyKindOfRecordIsReadAsItWasWritten() throws DamagedException {
        List<List<WalRecord>> batches = new ArrayList<>();
        for (WalRecord record : Samples.RECORDS) {
            batches.add(List.of(record));
        }
        batches.add(List.of());
        batches.add(Samples.RECORDS);
        SegmentImage image = image(segment(batches), Samples.IDENTITY);
        assertThat(image.header()).isNotNull();
        assertThat(image.next()).isTrue();
        assertThat(records(image)).containsExactly(new LogRecord.Opening(Samples.STATE));
        for (List<WalRecord> batch : batches) {
            assertThat(image.next()).isTrue();
            assertThat(records(image))
                    .isEqualTo(batch.stream().<LogRecord>map(LogRecord.Change::new).toList());
        }
        assertThat(image.next()).isFalse();
        assertThat(image.intactBeyond()).isFalse();
        assertThat(image.batch()).isEqualTo(41 + batches.size());
        assertThat(image.entriesUpTo()).isEqualTo(1_201);
    }

    @Test
    void aHeaderIsReadAsItWasWritten() throws DamagedException {
        SegmentHeader header = image(segment(List.of()), Samples.IDENTITY).header();
        assertThat(header).usingRecursiveComparison().ignoringFields("checksum").isEqualTo(Samples.header(9));
    }

    @Test
    void anyFlippedBitIsNoticedAndTellsATornTailFromDamage() throws DamagedException {
        byte[] whole = segment(List.of(
                List.of(new WalRecord.Promised(Samples.BALLOT)), List.of(new WalRecord.Decided(1_150)),
                List.of()));
        int[] ends = new int[5];
        SegmentImage walked = image(whole, Samples.IDENTITY);
        ends[0] = SegmentHeader.BYTES;
        for (int i = 1; walked.next(); i++) {
            ends[i] = walked.end();
        }
        for (int at = SegmentHeader.BYTES; at < ends[4]; at++) {
            byte[] bytes = whole.clone();
            bytes[at] ^= (byte) (1 << at % 8);
            SegmentImage image = image(bytes, Samples.IDENTITY);
            int count = 0;
            while (image.next()) {
                count++;
            }
            assertThat(at).as("flip at %d", at).isBetween(ends[count], ends[count + 1] - 1);
            assertThat(image.intactBeyond()).as("flip at %d", at).isEqualTo(count < 3);
        }
    }

    @Test
    void aBatchIsValidOnlyInItsPlace() throws DamagedException {
        byte[] bytes = segment(List.of(List.of(new WalRecord.Promised(Samples.BALLOT)), List.of()));
        SegmentImage image = image(bytes, Samples.IDENTITY);
        walkTwoBatches(image);
        byte[] moved = bytes.clone();
        System.arraycopy(bytes, image.end() - 96, moved, image.end(), 96);
        SegmentImage second = image(moved, Samples.IDENTITY);
        walkTwoBatches(second);
        assertThat(second.next()).as("the same batch once more").isFalse();
    }

    private static void walkTwoBatches(SegmentImage image) throws DamagedException {
        for (int i = 0; i < 2; i++) {
            assertThat(image.next()).isTrue();
        }
    }

    @Test
    void aSegmentOfAnotherVolumeIsRefusedAndSaysWhose() {
        byte[] bytes = segment(List.of());
        Identity other = new Identity(Samples.CLUSTER, new UUID(8, 8), true, true, 1, Samples.CONFIGURATION);
        assertThatThrownBy(() -> image(bytes, other))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining(Samples.MEMBER.toString())
                .hasMessageContaining(new UUID(8, 8).toString());
    }

    @Test
    void anyBytesAreReadWithoutAnAccident() {
        SeededRandom random = new SeededRandom(3);
        byte[] whole = segment(List.of(Samples.RECORDS, Samples.RECORDS));
        for (int i = 0; i < 4_000; i++) {
            byte[] bytes = Arrays.copyOf(whole, random.below(whole.length + 1));
            for (int n = random.below(6); n > 0 && bytes.length > 0; n--) {
                bytes[random.below(bytes.length)] = (byte) random.nextLong();
            }
            walk(bytes);
        }
    }

    /**
     * Payloads that no writer wrote, under checksums that hold: only the decoder stands between them and the
     * member.
     */
    @Test
    void anyPayloadUnderAValidChecksumIsDecodedOrRefused() {
        SeededRandom random = new SeededRandom(4);
        byte[] whole = segment(List.of(Samples.RECORDS, List.of()));
        RecordFormat format = new RecordFormat(Samples.CLUSTER, Samples.MEMBER, Defects.NONE);
        RecordReader records =
                new RecordReader(Samples.IDENTITY, Defects.NONE, "test", 9, whole);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = whole.clone();
            int at = SegmentHeader.BYTES;
            for (int skip = random.below(16); skip > 0 && records.sizeAt(at) > 0; skip--) {
                at += records.sizeAt(at);
            }
            int size = records.sizeAt(at);
            if (size == 0) {
                continue;
            }
            for (int n = 1 + random.below(4); n > 0; n--) {
                int position = at + 4 + random.below(size - 4);
                bytes[position] = (byte) (random.chance(0.3) ? random.below(3) : random.nextLong());
            }
            int checksum = format.checksum(bytes, at, size, 9, at);
            for (int b = 0; b < 4; b++) {
                bytes[at + RecordFormat.CHECKSUM_AT + b] = (byte) (checksum >>> (8 * b));
            }
            refused += decode(bytes, at) ? 0 : 1;
            walk(bytes);
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    private static boolean decode(byte[] bytes, int at) {
        RecordReader reader = new RecordReader(Samples.IDENTITY, Defects.NONE, "test", 9, bytes);
        try {
            if (reader.typeAt(at) == RecordFormat.COMMIT) {
                reader.commitAt(at);
            } else {
                reader.recordAt(at);
            }
            return true;
        } catch (DamagedException e) {
            return false;
        }
    }

    private static void walk(byte[] bytes) {
        try {
            SegmentImage image = image(bytes, Samples.IDENTITY);
            while (image.next()) {
                records(image);
            }
            image.intactBeyond();
        } catch (DamagedException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @Test
    void namesOfSegmentsAreReadStrictly() {
        assertThat(SegmentNames.sequence(SegmentNames.of(12))).isEqualTo(12);
        assertThat(SegmentNames.of(12)).isEqualTo("0000000000000012.wal");
        for (String name : List.of("12.wal", "000000000000001x.wal", "0000000000000000.wal", "identity",
                ".wal")) {
            assertThat(SegmentNames.sequence(name)).as(name).isZero();
        }
    }
}
