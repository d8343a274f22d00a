package dev.synod.operator.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate and its private key, as PEM. The key is PKCS#8, which members read. It never shows in a text:
 * logs and
 * messages take what {@link #toString} gives.
 *
 * @param certificate PEM
 * @param key PEM, PKCS#8
 */
public record KeyMaterial(String certificate, String key) {
    private static final Pattern CERTIFICATES = Pattern.compile(
            "-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----\\n?");

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
        return !now.isBefore(renewal());
    }

    /** From when on it is due. */
    Instant renewal() {
        X509Certificate parsed = parsed();
        Instant end = parsed.getNotAfter().toInstant();
        return end.minus(Duration.between(parsed.getNotBefore().toInstant(), end).dividedBy(3));
    }

    /** From when on nobody takes it. */
    Instant end() {
        return parsed().getNotAfter().toInstant();
    }

    /** Whether that authority signed it. */
    boolean isIssuedBy(X509Certificate authority) {
        try {
            parsed().verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Whether the key is that of the certificate. */
    boolean isPair() {
        byte[] text = {1, 2, 3};
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(privateKey());
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(parsed().getPublicKey());
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether it has these names and roles, and no others. */
    boolean shows(Subject subject) {
        Set<String> wanted = new HashSet<>(subject.dnsNames());
        subject.roles().forEach(role -> wanted.add(role.uri()));
        Set<String> found = new HashSet<>();
        try {
            Collection<List<?>> names = parsed().getSubjectAlternativeNames();
            if (names != null) {
                names.forEach(name -> found.add(String.valueOf(name.get(1))));
            }
        } catch (CertificateParsingException e) {
            return false; // names that cannot be read are others
        }
        return found.equals(wanted);
    }

    /** Each certificate of a text that may hold several. */
    static List<String> split(String bundle) {
        List<String> found = new ArrayList<>();
        Matcher each = CERTIFICATES.matcher(bundle);
        while (each.find()) {
            found.add(each.group());
        }
        return found;
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
