package dev.synod.node.tls;

import dev.synod.node.ExitCode;
import dev.synod.node.StartException;
import io.grpc.ServerInterceptor;
import io.grpc.StatusException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.SslSocketAndEnginePeerVerifier;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS from files that may change: new connections use what the files hold by then, old ones go on. */
final class FileSecurity implements PeerSecurity {
    private static final Logger LOG = LoggerFactory.getLogger(FileSecurity.class);
    private static final String VERSION = "TLSv1.3";

    private final CertificateFiles files;
    private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
    private final AdvancedTlsX509TrustManager trust;
    private final SslContext client;
    private final SslContext server;
    /** What is wrong with key and certificate as a pair, looked at beside the rest of a start. */
    private final CompletableFuture<Optional<StartException>> pair;
    private int mark;
    private String lastRefusal = "";

    private FileSecurity(CertificateFiles files) throws StartException, GeneralSecurityException,
            IOException {
        this.files = files;
        this.trust = AdvancedTlsX509TrustManager.newBuilder()
                .setSslSocketAndEnginePeerVerifier(new OnlyMembersAreCalled()).build();
        CertificateFiles.Loaded loaded = files.load();
        this.pair = CompletableFuture.supplyAsync(() -> refusalOf(files, loaded));
        use(loaded);
        this.client = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                .keyManager(keys).trustManager(trust).protocols(VERSION).build();
        this.server = GrpcSslContexts.configure(SslContextBuilder.forServer(keys), SslProvider.JDK)
                .trustManager(trust).clientAuth(ClientAuth.REQUIRE).protocols(VERSION).build();
    }

    static FileSecurity open(CertificateFiles files) throws StartException {
        try {
            return new FileSecurity(files);
        } catch (SSLException e) {
            throw new StartException(ExitCode.CONFIGURATION, "TLS cannot be set up: " + e.getMessage(), e);
        } catch (GeneralSecurityException | IOException e) {
            throw new StartException(ExitCode.CONFIGURATION,
                    "the certificates cannot be used: " + e.getMessage(), e);
        }
    }

    private static Optional<StartException> refusalOf(CertificateFiles files,
            CertificateFiles.Loaded loaded) {
        try {
            files.checkPair(loaded);
            return Optional.empty();
        } catch (StartException e) {
            return Optional.of(e);
        }
    }

    @Override
    public void ensureSound() throws StartException {
        Optional<StartException> refusal = pair.join();
        if (refusal.isPresent()) {
            throw refusal.get();
        }
    }

    private void use(CertificateFiles.Loaded loaded) throws GeneralSecurityException, IOException {
        trust.updateTrustCredentials(loaded.authorities());
        keys.updateIdentityCredentials(loaded.chain(), loaded.key());
        mark = loaded.mark();
    }

    @Override
    public synchronized boolean refresh() {
        try {
            if (files.mark() == mark) {
                return false;
            }
            CertificateFiles.Loaded loaded = files.load();
            files.checkPair(loaded);
            use(loaded);
            lastRefusal = "";
            LOG.info("certificates read anew: valid until {}", loaded.chain()[0].getNotAfter());
            return true;
        } catch (StartException | GeneralSecurityException | IOException e) {
            String refusal = String.valueOf(e.getMessage());
            if (!refusal.equals(lastRefusal)) {
                lastRefusal = refusal;
                LOG.error("the certificates have changed but cannot be used, those before stay: {}", refusal);
            }
            return false;
        }
    }

    @Override
    public SslContext client() {
        return client;
    }

    @Override
    public SslContext server() {
        return server;
    }

    @Override
    public ServerInterceptor allow(Set<PeerRole> roles, Function<String, StatusException> refusal) {
        return new RoleCheck(roles, refusal);
    }

    /** Whoever is called at a member's address must be one: an agent's certificate is no member's. */
    private static final class OnlyMembersAreCalled implements SslSocketAndEnginePeerVerifier {
        @Override
        public void verifyPeerCertificate(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            throw new CertificateException("connections are made by engines only");
        }

        @Override
        public void verifyPeerCertificate(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            if (engine.getUseClientMode() && !PeerRole.of(chain[0]).contains(PeerRole.MEMBER)) {
                throw new CertificateException("the certificate of " + engine.getPeerHost()
                        + " does not show " + PeerRole.MEMBER.uri());
            }
        }
    }
}
