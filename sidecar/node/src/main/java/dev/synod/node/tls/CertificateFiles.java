package dev.synod.node.tls;

import dev.synod.node.ExitCode;
import dev.synod.node.StartException;
import io.grpc.util.CertificateUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The three files of TLS, PEM.
 *
 * @param certificate this process's certificate, and what is between it and the authority
 * @param key its private key, PKCS#8
 * @param authorities whose certificates are trusted
 */
public record CertificateFiles(Path certificate, Path key, Path authorities) {
    /** What the files hold, and a mark by which a change shows. Whether they are a pair is not known yet. */
    record Loaded(X509Certificate[] chain, PrivateKey key, X509Certificate[] authorities, int mark) {}

    /**
     * Reads them, and checks each by itself.
     *
     * @throws StartException naming the file, what is wrong with it, and what to do
     */
    Loaded load() throws StartException {
        byte[] chainBytes = read(certificate);
        byte[] keyBytes = read(key);
        byte[] authorityBytes = read(authorities);
        X509Certificate[] chain = certificates(certificate, chainBytes);
        X509Certificate[] trusted = certificates(authorities, authorityBytes);
        PrivateKey secret = key(keyBytes);
        try {
            chain[0].checkValidity();
        } catch (CertificateException e) {
            throw refused(certificate, "is not valid now: " + e.getMessage(), "have it renewed", e);
        }
        if (PeerRole.of(chain[0]).isEmpty()) {
            throw refused(certificate, "shows no role",
                    "issue it with a URI such as " + PeerRole.MEMBER.uri() + " or " + PeerRole.AGENT.uri()
                            + " among its subject alternative names",
                    null);
        }
        return new Loaded(chain, secret, trusted, mark(chainBytes, keyBytes, authorityBytes));
    }

    /** A number that changes with the files; reads them all. */
    int mark() throws StartException {
        return mark(read(certificate), read(key), read(authorities));
    }

    private static int mark(byte[]... contents) {
        return Arrays.deepHashCode(contents);
    }

    private static byte[] read(Path file) throws StartException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw refused(file, "cannot be read: " + e, "name a file that this process may read", e);
        }
    }

    private static X509Certificate[] certificates(Path file, byte[] bytes) throws StartException {
        try {
            X509Certificate[] found = CertificateUtils.getX509Certificates(new ByteArrayInputStream(bytes));
            if (found.length > 0) {
                return found;
            }
        } catch (CertificateException e) {
            throw refused(file, "holds no certificates: " + e.getMessage(), "name a file of PEM", e);
        }
        throw refused(file, "holds no certificates", "name a file of PEM", null);
    }

    private PrivateKey key(byte[] bytes) throws StartException {
        try {
            return CertificateUtils.getPrivateKey(new ByteArrayInputStream(bytes));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw refused(key, "holds no private key that can be read: " + e.getMessage(),
                    "name a file of PEM in PKCS#8 (-----BEGIN PRIVATE KEY-----), RSA or EC, not encrypted",
                    e);
        }
    }

    /**
     * Checks that key and certificate are a pair: one file is written after the other, and between the two
     * they are not. Costs a signature, which a JVM that has just started takes long for.
     *
     * @throws StartException naming the files, and what to do
     */
    void checkPair(Loaded loaded) throws StartException {
        PublicKey known = loaded.chain()[0].getPublicKey();
        PrivateKey secret = loaded.key();
        try {
            Signature signature = Signature.getInstance(
                    secret.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
            byte[] text = {1, 2, 3};
            signature.initSign(secret);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(known);
            signature.update(text);
            if (signature.verify(signed)) {
                return;
            }
        } catch (InvalidKeyException e) {
            throw refused(key, "does not fit " + certificate + ": " + e.getMessage(),
                    "name the key that the certificate was issued for", e);
        } catch (GeneralSecurityException e) {
            throw refused(key, "cannot be used: " + e.getMessage(), "use a key of RSA or EC", e);
        }
        throw refused(key, "does not fit " + certificate,
                "name the key that the certificate was issued for", null);
    }

    private static StartException refused(Path file, String wrong, String advice,
            @Nullable Exception cause) {
        String text = file + " " + wrong + "; " + advice;
        return cause == null
                ? new StartException(ExitCode.CONFIGURATION, text)
                : new StartException(ExitCode.CONFIGURATION, text, cause);
    }
}
