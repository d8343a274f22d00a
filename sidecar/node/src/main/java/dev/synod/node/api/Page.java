package dev.synod.node.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Where a list goes on. As a token it carries a checksum of what is listed, so that a token of another list
 * is noticed; it holds no secret and grants nothing.
 *
 * @param revision at which the list is read; 0 where pages may differ
 * @param after the last name, key or id told
 */
record Page(long revision, String after) {
    private static final char SEPARATOR = '|';

    /** The token. */
    String token(String listed) {
        String text = revision + "" + SEPARATOR + after;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(
                (checksum(listed + SEPARATOR + text) + SEPARATOR + text).getBytes(StandardCharsets.UTF_8));
    }

    /** What a token says; null when it is none of this list. */
    static @Nullable Page parse(String token, String listed) {
        String text;
        try {
            text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null; // not Base64
        }
        String[] parts = text.split("\\|", 3);
        if (parts.length < 3
                || !parts[0].equals(checksum(listed + SEPARATOR + parts[1] + SEPARATOR + parts[2]))) {
            return null;
        }
        try {
            return new Page(Long.parseLong(parts[1]), parts[2]);
        } catch (NumberFormatException e) {
            return null; // somebody made it up, checksum and all
        }
    }

    /** An id that a page goes on after; 0 when somebody made it up. */
    static long number(String after) {
        try {
            return Long.parseLong(after);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String checksum(String text) {
        var crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }
}
