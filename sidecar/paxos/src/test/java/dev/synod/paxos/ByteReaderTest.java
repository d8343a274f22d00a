package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a writer wrote a reader reads, and neither goes beyond its bounds. */
final class ByteReaderTest {
    @Test
    void everyValueIsReadAsItWasWritten() {
        ByteWriter out = new ByteWriter(0);
        UUID uuid = new UUID(-3, 5);
        out.writeByte(0xFE);
        out.writeBoolean(true);
        out.writeShort(0xFFFE);
        out.writeInt(-2);
        out.writeLong(Long.MIN_VALUE);
        out.writeNaturalInt(ByteWriter.NATURAL_INT_MAX);
        out.writeNatural(ByteWriter.NATURAL_MAX);
        out.writeUuid(uuid);
        out.writeSizedBytes(Bytes.of(new byte[] {1, 2}));
        out.writeText("aµ€𝄞", 10);
        ByteReader in = new ByteReader(out.toArray());
        assertThat(in.readByte()).isEqualTo(0xFE);
        assertThat(in.readBoolean()).isTrue();
        assertThat(in.readShort()).isEqualTo(0xFFFE);
        assertThat(in.readInt()).isEqualTo(-2);
        assertThat(in.readLong()).isEqualTo(Long.MIN_VALUE);
        assertThat(in.readNaturalInt()).isEqualTo(ByteWriter.NATURAL_INT_MAX);
        assertThat(in.readNatural()).isEqualTo(ByteWriter.NATURAL_MAX);
        assertThat(in.readUuid()).isEqualTo(uuid);
        assertThat(in.readSizedBytes()).isEqualTo(Bytes.of(new byte[] {1, 2}));
        assertThat(in.readText(10)).isEqualTo("aµ€𝄞");
        assertThat(in.remaining()).isZero();
        in.expectEnd();
    }

    @Test
    void numbersGoLowestByteFirst() {
        ByteWriter out = new ByteWriter(0);
        out.writeShort(0x0102);
        out.writeInt(0x03040506);
        out.writeLong(0x0708090A0B0C0D0EL);
        assertThat(out.toArray())
                .containsExactly(2, 1, 6, 5, 4, 3, 0x0E, 0x0D, 0x0C, 0x0B, 0x0A, 9, 8, 7);
    }

    @Test
    void nothingIsReadBeyondTheEnd() {
        byte[] array = new byte[20];
        Consumer<Consumer<ByteReader>> refuses = read -> {
            ByteReader in = new ByteReader(array, 5, 6);
            assertThatThrownBy(() -> {
                read.accept(in);
                in.readByte();
                in.readByte();
            })
                    .isInstanceOf(MalformedException.class);
        };
        refuses.accept(in -> {});
        refuses.accept(ByteReader::readShort);
        refuses.accept(ByteReader::readInt);
        refuses.accept(ByteReader::readLong);
        refuses.accept(ByteReader::readUuid);
        refuses.accept(in -> in.readBytes(2));
        refuses.accept(in -> in.readBytes(Integer.MAX_VALUE));
        refuses.accept(ByteReader::readSizedBytes);
        refuses.accept(in -> in.readText(9));
        refuses.accept(ByteReader::expectEnd);
    }

    @Test
    void aReaderOfNoPartOfItsArrayIsRefused() {
        byte[] array = new byte[4];
        assertThatThrownBy(() -> new ByteReader(array, -1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> new ByteReader(array, 3, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> new ByteReader(array, 0, 5)).isInstanceOf(IndexOutOfBoundsException.class);
        new ByteReader(array, 4, 4).expectEnd();
    }

    @Test
    void moreThingsThanBytesAreLeftForAreRefusedBeforeRoomIsMade() {
        byte[] array = new byte[4 + 50];
        LittleEndian.putInt(array, 0, 2);
        assertThat(new ByteReader(array).readCount(25)).isEqualTo(2);
        for (int count : new int[] {3, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
            LittleEndian.putInt(array, 0, count);
            assertThatThrownBy(() -> new ByteReader(array).readCount(25))
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void aMalformedReadFillsNoStack() {
        assertThatThrownBy(() -> new ByteReader(new byte[0]).readByte())
                .satisfies(thrown -> assertThat(thrown.getStackTrace()).isEmpty());
    }

    @Test
    void aFullWriterGivesItsOwnArrayAwayAndAnyOtherACopy() {
        ByteWriter out = new ByteWriter(2);
        out.writeByte(1);
        assertThat(out.toArray()).containsExactly(1).isNotSameAs(out.array());
        out.writeByte(2);
        assertThat(out.toArray()).containsExactly(1, 2).isSameAs(out.array());
    }

    @Test
    void aClearedWriterBeginsAgainInTheSameArray() {
        ByteWriter out = new ByteWriter(8);
        byte[] array = out.array();
        out.writeLong(-1);
        out.clear();
        out.writeInt(7);
        assertThat(out.array()).isSameAs(array);
        assertThat(out.toArray()).containsExactly(7, 0, 0, 0);
    }

    @Test
    void onlyWhatWasWrittenCanBeOverwritten() {
        ByteWriter out = new ByteWriter(16);
        out.writeInt(1);
        out.setInt(0, 2);
        out.setByte(3, 9);
        assertThat(out.toArray()).containsExactly(2, 0, 0, 9);
        assertThatThrownBy(() -> out.setInt(1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> out.setInt(-1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> out.setByte(4, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aNumberBeyondItsBoundIsNotWritten() {
        ByteWriter out = new ByteWriter(16);
        for (long value : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, ByteWriter.NATURAL_MAX + 1}) {
            assertThatThrownBy(() -> out.writeNatural(value)).isInstanceOf(IllegalArgumentException.class);
        }
        for (int value : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE,
            ByteWriter.NATURAL_INT_MAX + 1}) {
            assertThatThrownBy(() -> out.writeNaturalInt(value)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(out.size()).isZero();
    }
}
