package dev.synod.image;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A certificate for processes on loopback, made anew by the JDK's keytool for every run. It trusts itself,
 * and shows all roles: members run as they do in production, so that what TLS needs is trained and measured
 * too.
 *
 * @param certificate PEM
 * @param key PEM, PKCS#8
 */
record Credentials(Path certificate, Path key) {
    private static final String ALIAS = "loopback";

    static Credentials make(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        byte[] secret = new byte[16];
        RandomGenerator.of("SecureRandom").nextBytes(secret);
        String password = HexFormat.of().formatHex(secret);
        Path store = folder.resolve("loopback.p12");
        ProcessBuilder keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
                "-alias", ALIAS, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=loopback",
                "-ext", "san=ip:127.0.0.1,dns:localhost,uri:urn:synod:role:member,uri:urn:synod:role:agent,"
                        + "uri:urn:synod:role:operator",
                "-validity", "2", "-keystore", store.toString(), "-storetype", "PKCS12",
                "-storepass:env", "STORE_PASSWORD");
        keytool.environment().put("STORE_PASSWORD", password);
        Process made = keytool.redirectErrorStream(true).start();
        String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (made.waitFor() != 0) {
            throw new IOException("keytool made no certificate: " + said);
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream bytes = Files.newInputStream(store)) {
            keys.load(bytes, password.toCharArray());
        }
        Credentials credentials = new Credentials(folder.resolve("tls.crt"), folder.resolve("tls.key"));
        write(credentials.certificate, "CERTIFICATE", keys.getCertificate(ALIAS).getEncoded());
        write(credentials.key, "PRIVATE KEY", keys.getKey(ALIAS, password.toCharArray()).getEncoded());
        return credentials;
    }

    private static void write(Path file, String type, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(file, "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
    }

    /** For a member or an agent. */
    List<String> flags() {
        return List.of("--tls-cert", certificate.toString(), "--tls-key", key.toString(),
                "--tls-ca", certificate.toString());
    }

    /** For whoever calls one. */
    ChannelCredentials channel() throws IOException {
        return TlsChannelCredentials.newBuilder()
                .keyManager(certificate.toFile(), key.toFile())
                .trustManager(certificate.toFile())
                .build();
    }
}
