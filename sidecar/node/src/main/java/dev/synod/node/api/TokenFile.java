package dev.synod.node.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The token in a file that is replaced now and then. It is some hundred bytes in memory or page cache, and
 * read at most every 100 ms, so that the event loop may do it.
 */
final class TokenFile {
    private static final int BYTES_MAX = 16 << 10;
    private static final long FRESH_NANOS = 1_000_000_000;
    private static final long READ_AGAIN_NANOS = 100_000_000;

    private final Path path;
    private final LongSupplier nanos;
    private byte[] token;
    private long readNanos;

    /**
     * The token in {@code path}.
     *
     * @throws IllegalArgumentException when there is none
     */
    TokenFile(Path path, LongSupplier nanos) {
        this.path = path;
        this.nanos = nanos;
        this.readNanos = nanos.getAsLong();
        byte[] first = read();
        if (first == null) {
            throw new IllegalArgumentException("token file " + path
                    + " cannot be read, is empty, or is longer"
                    + " than " + BYTES_MAX + " bytes; put one line of text into it, or name no token file");
        }
        this.token = first;
    }

    /** Whether {@code shown} is the token. Takes as long for a wrong one as for the right one. */
    boolean holds(String shown) {
        long age = nanos.getAsLong() - readNanos;
        if (age > FRESH_NANOS) {
            refresh();
        }
        byte[] bytes = shown.getBytes(StandardCharsets.UTF_8);
        if (MessageDigest.isEqual(token, bytes)) {
            return true;
        }
        if (age <= READ_AGAIN_NANOS) {
            return false;
        }
        refresh();
        return MessageDigest.isEqual(token, bytes);
    }

    /** A file that cannot be read for the moment, being replaced, leaves the token as it is. */
    private void refresh() {
        readNanos = nanos.getAsLong();
        byte[] found = read();
        if (found != null) {
            token = found;
        }
    }

    private byte @Nullable [] read() {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            String text = new String(bytes, StandardCharsets.UTF_8).strip();
            return text.isEmpty() || bytes.length > BYTES_MAX ? null : text.getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            return null;
        }
    }
}
