package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The same as the JDK's own UTF-8, wherever that refuses what is not well-formed. */
final class Utf8Test {
    @Test
    void everyCodePointHasTheJdksForm() {
        for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
            String text = Character.toString(point);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                assertThat(Utf8.length(text)).isEqualTo(-1);
                continue;
            }
            byte[] expected = text.getBytes(StandardCharsets.UTF_8);
            byte[] encoded = new byte[Utf8.length(text)];
            Utf8.encode(text, encoded, 0);
            if (!Arrays.equals(encoded, expected) || !text.equals(decode(encoded))) {
                throw new AssertionError("code point " + Integer.toHexString(point));
            }
        }
    }

    @Test
    void halfASurrogatePairHasNoForm() {
        assertThat(Utf8.length("a\uD834")).isEqualTo(-1);
        assertThat(Utf8.length("\uDD1Ea")).isEqualTo(-1);
        assertThat(Utf8.length("\uDD1E\uD834")).isEqualTo(-1);
        assertThat(Utf8.length("\uD834\uDD1E")).isEqualTo(4);
    }

    @Test
    void anyThreeBytesAreReadOrRefusedAsTheJdkDoes() {
        byte[] bytes = new byte[3];
        for (int number = 0; number < 1 << 24; number += 1 + number % 23) {
            bytes[0] = (byte) (number >>> 16);
            bytes[1] = (byte) (number >>> 8);
            bytes[2] = (byte) number;
            compare(bytes);
        }
    }

    @Test
    void bytesThatAreNearlyTextAreReadOrRefusedAsTheJdkDoes() {
        SeededRandom random = new SeededRandom(6);
        int[] follow = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF};
        int[] lead = {0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xF7, 0xF8, 0xFC, 0xFF};
        for (int round = 0; round < 300_000; round++) {
            byte[] bytes = new byte[1 + random.below(7)];
            for (int i = 0; i < bytes.length; i++) {
                int[] from = random.chance(0.7) ? follow : lead;
                bytes[i] = (byte) from[random.below(from.length)];
            }
            compare(bytes);
        }
    }

    private static void compare(byte[] bytes) {
        String ours = decode(bytes);
        String theirs = decodeWithJdk(bytes);
        if (!Objects.equals(ours, theirs)) {
            throw new AssertionError(
                    Frames.text(bytes) + " is " + ours + " here and " + theirs + " to the JDK");
        }
    }

    private static @Nullable String decode(byte[] bytes) {
        try {
            return Utf8.decode(bytes, 0, bytes.length);
        } catch (MalformedException e) {
            return null;
        }
    }

    private static @Nullable String decodeWithJdk(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean nothingReplaced = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes);
        return nothingReplaced ? text : null;
    }
}
