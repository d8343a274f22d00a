package dev.synod.operator.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.operator.model.ClusterSecrets;
import dev.synod.operator.model.Names;
import dev.synod.operator.tls.Authorities.Stage;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class CertificatesTest {
    private static final Instant BEGIN = Instant.parse("2027-01-01T00:00:00Z");

    private final Certificates certificates = new Certificates("orders",
            ClusterSecrets.subjects(new Names("orders", "shop")), new SecureRandom());
    private Instant now = BEGIN;
    private Held held = Held.nothing();
    private String message = "";
    private String request = "";
    private List<String> unproven = List.of();

    /**
     * Looks again and again, at the times that are named, until there is nothing to be done before {@code
     * until}.
     */
    private void go(Instant until) {
        while (!now.isAfter(until)) {
            Certificates.Step step = certificates.next(held, now, request, (shown, trusted) -> unproven);
            held = step.wanted();
            message = step.message();
            now = step.message().contains("waiting for") ? later(until) : step.nextLook();
        }
        now = until;
    }

    /** It would be asked every minute, and these are years. */
    private Instant later(Instant until) {
        Instant later = now.plus(Duration.ofDays(5));
        return now.isBefore(until) && later.isAfter(until) ? until : later;
    }

    private void go(Duration time) {
        go(now.plus(time));
    }

    private Authorities authorities() {
        return Objects.requireNonNull(held.authorities());
    }

    private KeyMaterial of(Holder holder) {
        return Objects.requireNonNull(held.credentials().get(holder)).own();
    }

    @Test
    void everybodyIsGivenSomethingAtOnce() {
        go(Duration.ofSeconds(1));
        assertThat(authorities().stage()).isEqualTo(Stage.STEADY);
        assertThat(held.credentials()).containsOnlyKeys(Holder.values());
        assertThat(held.credentials().values()).allSatisfy(credentials -> {
            assertThat(credentials.trusted()).isEqualTo(authorities().issuing().certificate());
            assertThat(credentials.own().isIssuedBy(authorities().issuing().parsed())).isTrue();
        });
    }

    @Test
    void aSecondLookWritesNothing() {
        go(Duration.ofSeconds(1));
        Held before = held;
        assertThat(certificates.next(held, now, "", (shown, trusted) -> List.of()).wanted())
                .isEqualTo(before);
    }

    @Test
    void certificatesAreRenewedByTheSameAuthority() {
        go(Duration.ofSeconds(1));
        KeyMaterial authority = authorities().issuing();
        KeyMaterial first = of(Holder.MEMBERS);
        go(Duration.ofDays(61));
        assertThat(of(Holder.MEMBERS)).isNotEqualTo(first);
        assertThat(authorities().issuing()).isEqualTo(authority);
    }

    @Test
    void aWishIsGrantedOnce() {
        go(Duration.ofSeconds(1));
        KeyMaterial authority = authorities().issuing();
        request = "2027-02";
        go(Duration.ofHours(1));
        KeyMaterial next = authorities().issuing();
        assertThat(next).isNotEqualTo(authority);
        assertThat(authorities().request()).isEqualTo("2027-02");
        assertThat(authorities().stage()).isEqualTo(Stage.STEADY);
        go(Duration.ofDays(400));
        assertThat(authorities().issuing()).isEqualTo(next);
    }

    @Test
    void nobodyIsGivenACertificateOfTheNewAuthorityBeforeAllMembersTrustIt() {
        go(Duration.ofSeconds(1));
        KeyMaterial members = of(Holder.MEMBERS);
        request = "now";
        unproven = List.of("orders-1");
        go(Duration.ofDays(2));
        assertThat(authorities().stage()).isEqualTo(Stage.TRUSTING);
        assertThat(of(Holder.MEMBERS)).isEqualTo(members);
        assertThat(message).contains("orders-1", "to trust the new one");
        unproven = List.of();
        go(Duration.ofMinutes(1));
        assertThat(authorities().stage()).isEqualTo(Stage.ISSUED);
    }

    @Test
    void theOldAuthorityIsTrustedUntilAllMembersShowTheNewOne() {
        go(Duration.ofSeconds(1));
        request = "now";
        go(Duration.ofMinutes(20));
        assertThat(authorities().stage()).isEqualTo(Stage.ISSUED);
        unproven = List.of("orders-2");
        go(Duration.ofDays(2));
        assertThat(authorities().stage()).isEqualTo(Stage.ISSUED);
        assertThat(message).contains("orders-2", "to show a certificate of the new one");
    }

    @Test
    void certificatesAreRenewedWhileAnExchangeIsHeldUp() {
        go(Duration.ofSeconds(1));
        KeyMaterial authority = authorities().issuing();
        request = "now";
        unproven = List.of("orders-1");
        go(Duration.ofDays(70));
        assertThat(of(Holder.MEMBERS).isDueForRenewal(now)).isFalse();
        assertThat(of(Holder.MEMBERS).isIssuedBy(authority.parsed())).isTrue();
    }

    @Test
    void anExchangeThatIsHeldUpGoesOnBeforeTheOldAuthorityEnds() {
        go(Duration.ofSeconds(1));
        Instant end = authorities().issuing().end();
        unproven = List.of("orders-1");
        go(end.minus(Duration.ofDays(8)));
        assertThat(authorities().stage()).isEqualTo(Stage.TRUSTING);
        go(end.minus(Duration.ofDays(6)));
        assertThat(authorities().stage()).isEqualTo(Stage.ISSUED);
    }

    @Test
    void anAuthorityWhoseSecretIsGoneIsExchangedWithoutItsKey() {
        go(Duration.ofSeconds(1));
        KeyMaterial lost = authorities().issuing();
        held = new Held(null, held.credentials());
        go(Duration.ofMinutes(5));
        assertThat(authorities().stage()).isEqualTo(Stage.TRUSTING);
        assertThat(authorities().previous()).isEqualTo(lost.certificate());
        assertThat(of(Holder.MEMBERS).isIssuedBy(lost.parsed())).isTrue();
        go(Duration.ofHours(1));
        assertThat(authorities().stage()).isEqualTo(Stage.STEADY);
        assertThat(of(Holder.MEMBERS).isIssuedBy(authorities().issuing().parsed())).isTrue();
    }

    @Test
    void anOlderAuthorityThatWasPutBackIsTrustedBeforeItIssues() {
        go(Duration.ofSeconds(1));
        Authorities older = authorities();
        request = "now";
        go(Duration.ofHours(1));
        KeyMaterial newer = authorities().issuing();
        held = new Held(older, held.credentials());
        request = "";
        go(Duration.ofMinutes(1));
        assertThat(authorities().stage()).isEqualTo(Stage.TRUSTING);
        assertThat(of(Holder.MEMBERS).isIssuedBy(newer.parsed())).isTrue();
        assertThat(Objects.requireNonNull(held.credentials().get(Holder.CLIENTS)).trusted())
                .contains(older.issuing().certificate(), newer.certificate());
    }

    @Test
    void afterYearsWithoutAnOperatorAllIsMadeAnew() {
        go(Duration.ofSeconds(1));
        now = now.plus(Duration.ofDays(4_000));
        go(Duration.ofSeconds(1));
        assertThat(authorities().stage()).isEqualTo(Stage.STEADY);
        assertThat(of(Holder.MEMBERS).end()).isAfter(now);
    }

    @Test
    void aCertificateThatDoesNotFitItsKeyOrItsNamesIsIssuedAnew() {
        go(Duration.ofSeconds(1));
        Map<Holder, Credentials> changed = new EnumMap<>(held.credentials());
        Credentials members = Objects.requireNonNull(changed.get(Holder.MEMBERS));
        KeyMaterial mixed = new KeyMaterial(members.own().certificate(), of(Holder.CLIENTS).key());
        changed.put(Holder.MEMBERS, new Credentials(mixed, members.trusted(), members.written()));
        changed.put(Holder.OPERATOR, new Credentials(of(Holder.CLIENTS), members.trusted(),
                members.written()));
        held = new Held(held.authorities(), changed);
        go(Duration.ofSeconds(1));
        assertThat(of(Holder.MEMBERS).isPair()).isTrue();
        assertThat(of(Holder.OPERATOR).parsed().getSubjectX500Principal().getName()).contains("operator");
    }

    @Test
    void anAuthorityThatCannotBeReadIsTold() {
        go(Duration.ofSeconds(1));
        KeyMaterial broken = new KeyMaterial("nothing", "nothing");
        held = held.with(new Authorities(broken, Stage.STEADY, "", "", false, ""));
        assertThatThrownBy(() -> go(Duration.ofSeconds(1))).hasMessageContaining("put back the Secret");
    }
}
