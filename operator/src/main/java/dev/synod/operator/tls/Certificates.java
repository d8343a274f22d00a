package dev.synod.operator.tls;

import dev.synod.operator.tls.Authorities.Stage;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes and renews a cluster's certificates, so that at no moment two of their holders could not verify each
 * other. Certificates are renewed by the same authority when a third of their life is left. The authority is
 * exchanged for another when a third of its own is left, when a person asks for it, or when its Secret is
 * gone:
 *
 * <ol>
 *   <li>{@link Stage#TRUSTING}: the new one is made, and all are given both to trust.
 *   <li>{@link Stage#ISSUED}: all are given certificates of the new one.
 *   <li>{@link Stage#STEADY}: all are given the new one alone to trust.
 * </ol>
 *
 * <p>Holders see what is in their Secrets some time after it was written. So a stage is left only when all
 * of it was written a while ago, and each member has proved that it uses it: in the first stage it takes a
 * certificate of the new authority, in the second it shows one. A member that cannot be asked holds the
 * exchange up, until waiting would do more harm than going on: it would then find the others when it reads
 * its Secret again.
 *
 * <p>A pure function but for the keys that are drawn. Either the authority changes in a step, or what holders
 * have, never both: a crash between any two writes leaves nothing that the next pass does not go on from.
 */
public final class Certificates {
    /** What a kubelet and a process need at most to see a Secret that has changed, many times over. */
    public static final Duration SETTLE_HURRIED = Duration.ofMinutes(15);
    /** The same when nobody waits: somebody may copy the agents' Secret to other namespaces. */
    public static final Duration SETTLE = Duration.ofDays(1);

    private static final Duration ASK_AGAIN = Duration.ofMinutes(1);
    private static final Duration NO_LONGER = Duration.ofDays(7);

    private final String cluster;
    private final Map<Holder, Subject> subjects;
    private final SecureRandom random;

    /**
     * Of one cluster.
     *
     * @param subjects what the certificate of each holder is to say
     */
    public Certificates(String cluster, Map<Holder, Subject> subjects, SecureRandom random) {
        this.cluster = cluster;
        this.subjects = new EnumMap<>(subjects);
        this.random = random;
    }

    /** Finds out who uses what; asked at most once a step, and seldom. */
    @FunctionalInterface
    public interface Prober {
        /**
         * Calls each member that runs over a connection of its own.
         *
         * @param shown the caller's certificate
         * @param trusted PEM of the only authorities that the caller takes a certificate of
         * @return the pods that run, by name, whose member did not answer
         */
        Collection<String> unproven(KeyMaterial shown, String trusted);
    }

    /**
     * What comes of it.
     *
     * @param wanted all as it is to be stored now; the same as before when nothing is to be written
     * @param nextLook when to look again at the latest
     * @param message for people: what was done, or is waited for
     */
    public record Step(Held wanted, Instant nextLook, String message) {}

    /**
     * The next step.
     *
     * @param held as it is stored
     * @param request text of a person's wish for another authority; empty when there is none. Each text
     * counts
     *     once
     * @throws IllegalArgumentException when the authority cannot be read, saying what to do
     */
    public Step next(Held held, Instant now, String request, Prober prober) {
        Authorities authorities = held.authorities();
        // By an authority that has ended nobody verifies anybody: there is nothing left to be careful of.
        if (authorities == null || !now.isBefore(authorities.issuing().end())) {
            return begin(held, now, request);
        }
        String foreign = authorities.stage() == Stage.STEADY
                ? foreign(held, authorities.issuing(), now)
                : "";
        if (!foreign.isEmpty()) {
            return new Step(
                    held.with(new Authorities(authorities.issuing(), Stage.TRUSTING, foreign, "", true,
                            authorities.request())),
                    now, "the Secret of the authority was changed: all trust both");
        }
        Map<Holder, Credentials> wanted = new EnumMap<>(Holder.class);
        subjects.forEach((holder, subject) -> wanted.put(holder,
                wanted(held.credentials().get(holder), subject, authorities, now)));
        if (!wanted.equals(held.credentials())) {
            return new Step(new Held(authorities, wanted), now, "certificates are written: "
                    + authorities.stage());
        }
        return authorities.stage() == Stage.STEADY
                ? steady(held, authorities, now, request)
                : exchange(held, authorities, now, prober);
    }

    // ---- the authority ------------------------------------------------------------------------------------

    private Step begin(Held held, Instant now, String request) {
        KeyMaterial made = newAuthority(now);
        String foreign = foreign(held, made, now);
        Stage stage = foreign.isEmpty() ? Stage.STEADY : Stage.TRUSTING;
        return new Step(held.with(new Authorities(made, stage, foreign, "", true, request)), now,
                foreign.isEmpty()
                        ? "the cluster's authority is made"
                        : "the Secret of the authority was gone: another one is made, and all trust both");
    }

    private KeyMaterial newAuthority(Instant now) {
        return CertificateAuthority.create(cluster, now, random).material();
    }

    /** What holders go by who show certificates of an authority that was lost or put back. */
    private static String foreign(Held held, KeyMaterial issuing, Instant now) {
        Set<String> found = new LinkedHashSet<>();
        for (Credentials credentials : held.credentials().values()) {
            if (!credentials.own().isIssuedBy(issuing.parsed()) && now.isBefore(credentials.own().end())) {
                KeyMaterial.split(credentials.trusted()).forEach(found::add);
            }
        }
        found.remove(issuing.certificate());
        return String.join("", found);
    }

    private Step steady(Held held, Authorities authorities, Instant now, String request) {
        boolean asked = !request.isEmpty() && !request.equals(authorities.request());
        KeyMaterial issuing = authorities.issuing();
        if (asked || issuing.isDueForRenewal(now)) {
            Authorities next = new Authorities(newAuthority(now), Stage.TRUSTING, issuing.certificate(),
                    issuing.key(), asked, asked ? request : authorities.request());
            return new Step(held.with(next), now, "another authority is made, and all trust both");
        }
        Instant next = held.credentials().values().stream().map(each -> each.own().renewal())
                .min(Comparator.naturalOrder()).orElse(now);
        return new Step(held, next.isBefore(issuing.renewal()) ? next : issuing.renewal(),
                "certificates last until " + next.truncatedTo(ChronoUnit.SECONDS) + " and are renewed then");
    }

    private Step exchange(Held held, Authorities authorities, Instant now, Prober prober) {
        boolean trusting = authorities.stage() == Stage.TRUSTING;
        Instant written = held.credentials().values().stream().map(Credentials::written)
                .max(Comparator.naturalOrder()).orElse(now);
        Instant settled = written.plus(authorities.hurried() ? SETTLE_HURRIED : SETTLE);
        if (now.isBefore(settled)) {
            return new Step(held, settled, "authorities are exchanged, " + authorities.stage()
                    + ": everybody has until " + settled + " to read what was written");
        }
        if (now.isBefore(trusting
                ? lastMoment(held, authorities)
                : written.plus(
                        CertificateAuthority.CERTIFICATE_LIFE))) {
            Collection<String> unproven = trusting
                    ? prober.unproven(operator(authorities.issuing(), now), authorities.bundle())
                    : prober.unproven(Objects.requireNonNull(held.credentials().get(Holder.OPERATOR)).own(),
                            authorities.issuing().certificate());
            if (!unproven.isEmpty()) {
                return new Step(held, now.plus(ASK_AGAIN), "authorities are exchanged, " + authorities.stage()
                        + ": waiting for " + String.join(", ", unproven) + (trusting
                                ? " to trust the new one"
                                : " to show a certificate of the new one"));
            }
        }
        return trusting
                ? new Step(held.with(new Authorities(authorities.issuing(), Stage.ISSUED,
                        authorities.previous(), "", authorities.hurried(), authorities.request())), now,
                        "all trust the new authority and get certificates of it")
                : new Step(held.with(new Authorities(authorities.issuing(), Stage.STEADY, "", "", false,
                        authorities.request())), now, "all show certificates of the new authority; the one"
                                + " before is trusted no longer");
    }

    private KeyMaterial operator(KeyMaterial issuing, Instant now) {
        return issue(issuing, Objects.requireNonNull(subjects.get(Holder.OPERATOR)), now);
    }

    /** From here on those who show certificates that nobody can renew would be lost first. */
    private static Instant lastMoment(Held held, Authorities authorities) {
        List<Instant> ends = new ArrayList<>();
        KeyMaterial.split(authorities.previous()).forEach(pem -> ends.add(new KeyMaterial(pem, "").end()));
        if (authorities.previousKey().isEmpty()) {
            held.credentials().values().forEach(credentials -> ends.add(credentials.own().end()));
        }
        return ends.stream().min(Comparator.naturalOrder()).orElse(Instant.MAX).minus(NO_LONGER);
    }

    // ---- holders ------------------------------------------------------------------------------------------

    private Credentials wanted(@Nullable Credentials held, Subject subject, Authorities authorities,
            Instant now) {
        String bundle = authorities.bundle();
        if (held == null || !isSound(held.own(), subject, authorities, now)) {
            return new Credentials(issue(signer(authorities, now), subject, now), bundle,
                    now.truncatedTo(ChronoUnit.SECONDS));
        }
        return held.trusted().equals(bundle)
                ? held
                : new Credentials(held.own(), bundle, now.truncatedTo(ChronoUnit.SECONDS));
    }

    private KeyMaterial issue(KeyMaterial signer, Subject subject, Instant now) {
        return new CertificateAuthority(signer, random).issue(subject.text(), subject.roles(),
                subject.dnsNames(), now);
    }

    private static boolean isSound(KeyMaterial own, Subject subject, Authorities authorities, Instant now) {
        if (!own.isPair() || !own.shows(subject) || !now.isBefore(own.end())) {
            return false;
        }
        if (authorities.stage() != Stage.TRUSTING) {
            return own.isIssuedBy(authorities.issuing().parsed()) && !own.isDueForRenewal(now);
        }
        boolean known = KeyMaterial.split(authorities.bundle()).stream()
                .map(pem -> new KeyMaterial(pem, "").parsed()).anyMatch(own::isIssuedBy);
        // Not everybody trusts the new one yet: what only that could renew stays.
        return known && (!own.isDueForRenewal(now) || signer(authorities, now) == authorities.issuing());
    }

    /** Whose certificates everybody takes. */
    private static KeyMaterial signer(Authorities authorities, Instant now) {
        if (authorities.stage() != Stage.TRUSTING || authorities.previousKey().isEmpty()) {
            return authorities.issuing();
        }
        KeyMaterial previous = new KeyMaterial(authorities.previous(), authorities.previousKey());
        X509Certificate parsed = previous.parsed();
        return now.isBefore(parsed.getNotAfter().toInstant()) ? previous : authorities.issuing();
    }
}
