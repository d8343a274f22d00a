package dev.synod.node;

import dev.synod.node.tls.CertificateFiles;
import dev.synod.node.tls.PeerRole;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An authority made for one test, and what it issues; nothing of it outlives the test. */
public final class Certificates {
    private static final String PASSWORD = "of-this-test-alone";

    private final Path folder;
    private final Path store;
    private int issued;

    /** A new authority. */
    public Certificates(Path folder) throws Exception {
        this.folder = folder;
        this.store = folder.resolve("store.p12");
        keytool("-genkeypair", "-alias", "ca", "-dname", "CN=Authority", "-ext", "bc:c", "-ext",
                "ku=keyCertSign");
        Files.writeString(folder.resolve("ca.pem"),
                pem("CERTIFICATE", load().getCertificate("ca").getEncoded()));
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD,
                "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("keytool: " + said);
        }
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    /** Files of a certificate for localhost that shows {@code roles}. */
    public CertificateFiles issue(PeerRole... roles) throws Exception {
        String alias = "issued-" + issued++;
        CertificateFiles files = new CertificateFiles(
                folder.resolve(alias + ".pem"), folder.resolve(alias + ".key"), folder.resolve("ca.pem"));
        issue(files, roles);
        return files;
    }

    /** The same into files that may be there already. */
    public void issue(CertificateFiles files, PeerRole... roles) throws Exception {
        String alias = "key-" + issued++;
        StringBuilder names = new StringBuilder("san=dns:localhost,ip:127.0.0.1");
        for (PeerRole role : roles) {
            names.append(",uri:").append(role.uri());
        }
        keytool("-genkeypair", "-alias", alias, "-dname", "CN=" + alias, "-signer", "ca", "-ext",
                names.toString());
        KeyStore keys = load();
        StringBuilder chain = new StringBuilder();
        for (Certificate certificate : keys.getCertificateChain(alias)) {
            chain.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        Files.writeString(files.key(),
                pem("PRIVATE KEY", keys.getKey(alias, PASSWORD.toCharArray()).getEncoded()));
        Files.writeString(files.certificate(), chain);
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
                + "\n-----END " + what + "-----\n";
    }
}
