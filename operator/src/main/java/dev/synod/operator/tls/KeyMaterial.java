package dev.synod.operator.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * A certificate and its private key, as PEM. The key is PKCS#8, which members read. It never shows in a text:
 * logs and
 * messages take what {@link #toString} gives.
 *
 * @param certificate PEM
 * @param key PEM, PKCS#8
 */
public record KeyMaterial(String certificate, String key) {
    /** The certificate itself. */
    public X509Certificate parsed() {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(
                    new ByteArrayInputStream(certificate.getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new IllegalArgumentException("the certificate is no PEM of X.509: put back the Secret as"
                    + " it was, or"
                    + " delete it to have it issued anew", e);
        }
    }

    PrivateKey privateKey() {
        String base64 = key.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        try {
            return KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException("the private key is no PEM of an EC key in PKCS#8: put back"
                    + " the Secret"
                    + " as it was", e);
        }
    }

    /** Whether a third of its life or less is left: early enough for many failed attempts. */
    public boolean isDueForRenewal(Instant now) {
        X509Certificate parsed = parsed();
        Instant end = parsed.getNotAfter().toInstant();
        Duration life = Duration.between(parsed.getNotBefore().toInstant(), end);
        return now.isAfter(end.minus(life.dividedBy(3)));
    }

    static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
                + "\n-----END " + what + "-----\n";
    }

    @Override
    public String toString() {
        return "KeyMaterial[" + parsed().getSubjectX500Principal() + "]";
    }
}
