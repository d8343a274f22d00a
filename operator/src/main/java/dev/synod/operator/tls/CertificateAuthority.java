package dev.synod.operator.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The authority of one cluster: whoever shows a certificate of it belongs to that cluster, and to no other.
 * Keys are EC
 * P-256. Calls may come from any thread.
 */
public final class CertificateAuthority {
    /** Long, for all members have to trust a new one before anybody shows a certificate of it. */
    public static final Duration AUTHORITY_LIFE = Duration.ofDays(3_650);
    /** Renewed when a third is left; members read new files without a restart. */
    public static final Duration CERTIFICATE_LIFE = Duration.ofDays(90);

    /** Clocks of nodes differ. */
    private static final Duration BACKDATED = Duration.ofMinutes(5);
    private static final int SERIAL_BITS = 159;

    private final KeyMaterial own;
    private final SecureRandom random;

    /** From what was stored. */
    public CertificateAuthority(KeyMaterial own, SecureRandom random) {
        this.own = own;
        this.random = random;
    }

    /** A new one. */
    public static CertificateAuthority create(String cluster, Instant now, SecureRandom random) {
        KeyPair keys = newKeys(random);
        X500Name name = name("Synod authority of " + cluster);
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(name, serial(random),
                    Date.from(now.minus(BACKDATED)), Date.from(now.plus(AUTHORITY_LIFE)), name,
                    keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(Extension.subjectKeyIdentifier, false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
            return new CertificateAuthority(signed(builder, keys.getPrivate(), keys.getPrivate()), random);
        } catch (GeneralSecurityException | CertIOException e) {
            throw new IllegalStateException("an authority cannot be made", e);
        }
    }

    /** To be stored, and what others are to trust. */
    public KeyMaterial material() {
        return own;
    }

    /**
     * Issues a certificate with a key of its own. It ends with the authority at the latest.
     *
     * @param subject for people
     * @param roles what its owner may do, at least one
     * @param dnsNames by which its owner is reached; none for one who only calls
     */
    public KeyMaterial issue(String subject, Set<CertificateRole> roles, List<String> dnsNames, Instant now) {
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("a certificate for " + subject + " without a role opens no"
                    + " door: name"
                    + " at least one of member, agent and operator");
        }
        KeyPair keys = newKeys(random);
        List<GeneralName> names = new ArrayList<>();
        dnsNames.forEach(dns -> names.add(new GeneralName(GeneralName.dNSName, dns)));
        new TreeSet<>(roles).forEach(
                role -> names.add(new GeneralName(GeneralName.uniformResourceIdentifier, role.uri())));
        try {
            PublicKey authority = own.parsed().getPublicKey();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    X500Name.getInstance(own.parsed().getSubjectX500Principal().getEncoded()), serial(random),
                    Date.from(now.minus(BACKDATED)), end(now), name(subject),
                    keys.getPublic());
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            // A member calls and is called with one certificate.
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(
                    new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
            builder.addExtension(Extension.subjectAlternativeName, false,
                    new GeneralNames(names.toArray(GeneralName[]::new)));
            builder.addExtension(Extension.authorityKeyIdentifier, false,
                    identifiers.createAuthorityKeyIdentifier(authority));
            return signed(builder, own.privateKey(), keys.getPrivate());
        } catch (GeneralSecurityException | CertIOException e) {
            throw new IllegalStateException("no certificate can be issued for " + subject, e);
        }
    }

    private Date end(Instant now) {
        Instant wanted = now.plus(CERTIFICATE_LIFE);
        return Date.from(own.end().isBefore(wanted) ? own.end() : wanted);
    }

    private static KeyMaterial signed(JcaX509v3CertificateBuilder builder, PrivateKey signer,
            PrivateKey key) {
        try {
            X509CertificateHolder holder =
                    builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer));
            return new KeyMaterial(KeyMaterial.pem("CERTIFICATE", holder.getEncoded()),
                    KeyMaterial.pem("PRIVATE KEY", key.getEncoded()));
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("a certificate cannot be signed", e);
        }
    }

    private static KeyPair newKeys(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM makes no EC keys", e);
        }
    }

    /** As a builder takes it: whatever is in the text stays one name. */
    private static X500Name name(String common) {
        return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, common).build();
    }

    private static BigInteger serial(SecureRandom random) {
        return new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE);
    }
}
