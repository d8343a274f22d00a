package dev.synod.node.api;

import com.google.protobuf.ByteString;
import dev.synod.paxos.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/** Secrets of sessions: made here, told to one application, and kept by nobody but as their hash. */
final class Secrets {
    private static final int BYTES = 32;

    private final SecureRandom random = new SecureRandom();

    byte[] next() {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        return secret;
    }

    /** SHA-256. */
    static Bytes hash(byte[] secret) {
        try {
            return Bytes.of(MessageDigest.getInstance("SHA-256").digest(secret));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** SHA-256. */
    static Bytes hash(ByteString secret) {
        return hash(secret.toByteArray());
    }
}
