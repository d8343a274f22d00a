package dev.synod.operator.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.operator.model.ClusterSecrets;
import dev.synod.operator.model.Names;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CertificateAuthorityTest {
    private static final Names NAMES = new Names("orders", "shop");

    private final SecureRandom random = new SecureRandom();
    private final Instant now = Instant.now();
    private final CertificateAuthority authority = CertificateAuthority.create("orders", now, random);

    private static SSLContext context(KeyMaterial own, KeyMaterial trusted) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("own", own.privateKey(), new char[0], new Certificate[] {own.parsed()});
        keys.setCertificateEntry("ca", trusted.parsed());
        KeyManagerFactory keyFactory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyFactory.init(keys, new char[0]);
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keyFactory.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    /** Mutual TLS between two ends in memory; the caller checks the name it dialled. */
    private static void shakeHands(SSLContext caller, SSLContext called, String host) throws Exception {
        SSLEngine client = caller.createSSLEngine(host, 7401);
        SSLParameters parameters = client.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        client.setSSLParameters(parameters);
        client.setUseClientMode(true);
        SSLEngine server = called.createSSLEngine();
        server.setUseClientMode(false);
        server.setNeedClientAuth(true);
        ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
        ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
        for (int i = 0; i < 100; i++) {
            step(client, toClient, toServer);
            step(server, toServer, toClient);
            if (isDone(client) && isDone(server)) {
                return;
            }
        }
        throw new AssertionError("no end: " + client.getHandshakeStatus() + ","
                + " " + server.getHandshakeStatus());
    }

    private static boolean isDone(SSLEngine engine) {
        return engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING
                && !engine.getSession().getProtocol().equals("NONE");
    }

    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        in.flip();
        if (in.hasRemaining()) {
            engine.unwrap(in, ByteBuffer.allocate(1 << 16));
        }
        in.compact();
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
        if (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP
                || engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING) {
            engine.wrap(ByteBuffer.allocate(0), out);
        }
    }

    private KeyMaterial members() {
        return ClusterSecrets.issueMembers(NAMES, authority, now);
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders-0.orders-peers", "orders-observers-11.orders-peers",
        "orders-6.orders-peers.shop.svc", "orders-0.orders-peers.shop.svc.cluster.local",
        "orders-peers.shop.svc"})
    void membersTrustEachOtherByEveryNameThatIsDialled(String host) throws Exception {
        SSLContext member = context(members(), authority.material());
        shakeHands(member, member, host);
    }

    @Test
    void aMemberOfAnotherClusterHasAnotherName() throws Exception {
        SSLContext member = context(members(), authority.material());
        assertThatThrownBy(() -> shakeHands(member, member, "stock-0.stock-peers.shop.svc"))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void anotherAuthorityIsNotTrusted() throws Exception {
        CertificateAuthority other = CertificateAuthority.create("orders", now, random);
        SSLContext stranger = context(ClusterSecrets.issueMembers(NAMES, other, now), authority.material());
        SSLContext member = context(members(), authority.material());
        assertThatThrownBy(() -> shakeHands(stranger, member, "orders-0.orders-peers"))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void rolesAreUrisAsMembersReadThem() throws Exception {
        X509Certificate issued =
                authority.issue("all", Set.of(CertificateRole.values()), List.of(), now).parsed();
        assertThat(issued.getSubjectAlternativeNames()).extracting(name -> name.get(1))
                .map(Object::toString).containsExactlyInAnyOrder("urn:synod:role:member",
                        "urn:synod:role:agent",
                        "urn:synod:role:operator");
        assertThat(ClusterSecrets.issueClient(NAMES, authority, now).parsed().getSubjectAlternativeNames())
                .extracting(name -> name.get(1)).map(Object::toString)
                .containsExactly("urn:synod:role:agent");
    }

    @Test
    void aCertificateIsRenewedWhenAThirdOfItsLifeIsLeft() {
        KeyMaterial issued = members();
        assertThat(issued.isDueForRenewal(now.plus(Duration.ofDays(59)))).isFalse();
        assertThat(issued.isDueForRenewal(now.plus(Duration.ofDays(61)))).isTrue();
    }

    @Test
    void anAuthorityThatWasStoredGoesOn() throws Exception {
        CertificateAuthority again = new CertificateAuthority(
                new KeyMaterial(authority.material().certificate(), authority.material().key()), random);
        KeyMaterial issued = ClusterSecrets.issueMembers(NAMES, again, now);
        issued.parsed().verify(authority.material().parsed().getPublicKey());
    }

    @Test
    void keysStayOutOfTexts() {
        assertThat(members().toString()).doesNotContain("PRIVATE").contains("members of orders");
    }

    @Test
    void whatIsNoKeyIsSaidToBeNone() {
        KeyMaterial broken = new KeyMaterial("nothing", "nothing");
        assertThatThrownBy(broken::parsed).hasMessageContaining("no PEM").hasMessageContaining("put back");
        assertThatThrownBy(broken::privateKey).hasMessageContaining("PKCS#8");
    }
}
