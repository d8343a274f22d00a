package dev.synod.operator.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.operator.model.ClusterSecrets;
import dev.synod.operator.model.Names;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Years of a cluster's life: readers read their Secrets late, each at its own time, members are cut off for
 * days, people ask for other certificates and lose Secrets, writes break off half way. Whoever is not cut off
 * and whose clock is right must always be able to verify each other.
 */
@Tag("whole")
final class CertificateYearsTest {
    private static final Duration READ_MAX = Duration.ofMinutes(10);
    private static final Duration TICK = Duration.ofMinutes(3);

    private final Certificates certificates = new Certificates("orders",
            ClusterSecrets.subjects(new Names("orders", "shop")), new SecureRandom());
    private final Map<Holder, Credentials> stored = new EnumMap<>(Holder.class);
    private final List<Reader> readers = new ArrayList<>();
    private final Map<KeyMaterial, X509Certificate> parsed = new HashMap<>();
    private final Map<String, List<KeyMaterial>> bundles = new HashMap<>();
    private final Map<List<KeyMaterial>, Boolean> verified = new HashMap<>();
    private final Set<String> exchanges = new HashSet<>();
    private Instant now = Instant.parse("2027-01-01T00:00:00Z");

    /** Something that has read its Secret once. */
    private static final class Reader {
        final Holder holder;
        final String name;
        Credentials read;
        Instant nextRead = Instant.MIN;
        /** Until then it reads nothing and nobody reaches it. */
        Instant cutOffUntil = Instant.MIN;

        Reader(Holder holder, String name, Credentials read) {
            this.holder = holder;
            this.name = name;
            this.read = read;
        }
    }

    private X509Certificate parsed(KeyMaterial material) {
        return parsed.computeIfAbsent(material, KeyMaterial::parsed);
    }

    private boolean isValid(X509Certificate certificate) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && now.isBefore(certificate.getNotAfter().toInstant());
    }

    private boolean verifies(String trusted, KeyMaterial shown) {
        List<KeyMaterial> authorities = bundles.computeIfAbsent(trusted, bundle -> KeyMaterial.split(bundle)
                .stream().map(pem -> new KeyMaterial(pem, "")).toList());
        return isValid(parsed(shown)) && authorities.stream().anyMatch(authority -> isValid(parsed(authority))
                && verified.computeIfAbsent(List.of(authority, shown),
                        pair -> shown.isIssuedBy(parsed(authority))));
    }

    private void checkAll() {
        for (Reader one : readers) {
            for (Reader other : readers) {
                if (one.holder == Holder.MEMBERS && !isCutOff(one) && !isCutOff(other)) {
                    assertThat(verifies(one.read.trusted(), other.read.own())).as("%s: %s verifies %s", now,
                            one.name, other.name).isTrue();
                    assertThat(verifies(other.read.trusted(), one.read.own())).as("%s: %s verifies %s", now,
                            other.name, one.name).isTrue();
                }
            }
        }
    }

    private boolean isCutOff(Reader reader) {
        // Back again, it is given the time to read its Secret.
        return now.isBefore(reader.cutOffUntil.plus(READ_MAX).plus(TICK));
    }

    private Collection<String> unproven(KeyMaterial shown, String trusted) {
        return readers.stream().filter(reader -> reader.holder == Holder.MEMBERS)
                .filter(reader -> now.isBefore(reader.cutOffUntil)
                        || !verifies(trusted, reader.read.own())
                        || !verifies(reader.read.trusted(), shown))
                .map(reader -> reader.name).toList();
    }

    private void read(Random random) {
        for (Reader reader : readers) {
            boolean operator = reader.holder == Holder.OPERATOR; // reads its Secret at each pass
            if (operator || !now.isBefore(reader.nextRead) && !now.isBefore(reader.cutOffUntil)) {
                reader.read = Objects.requireNonNull(stored.get(reader.holder));
                reader.nextRead = now.plusSeconds(random.nextLong(READ_MAX.toSeconds()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1})
    void everybodyVerifiesEverybodyForNineYears(long seed) {
        Random random = new Random(seed);
        Held held = Held.nothing();
        while (held.credentials().size() < Holder.values().length) {
            held = certificates.next(held, now, "", this::unproven).wanted();
        }
        stored.putAll(held.credentials());
        held.credentials().forEach((holder, credentials) -> {
            for (int i = 0; i < 3; i++) {
                readers.add(new Reader(holder, holder + "-" + i, credentials));
            }
        });
        Instant end = now.plus(Duration.ofDays(9 * 365));
        String request = "";
        Instant nextLook = now;
        while (now.isBefore(end)) {
            if (random.nextInt(200) == 0) {
                request = "wish " + now;
                nextLook = now;
            }
            if (random.nextInt(300) == 0) {
                Reader member = readers.stream().filter(one -> one.holder == Holder.MEMBERS)
                        .skip(random.nextInt(3)).findFirst().orElseThrow();
                member.cutOffUntil = now.plus(Duration.ofDays(random.nextInt(6)));
            }
            if (random.nextInt(1_500) == 0) {
                held = new Held(null, held.credentials()); // somebody deletes the authority's Secret
                nextLook = now;
            }
            for (int steps = 0; steps < 5 && !now.isBefore(nextLook); steps++) {
                Certificates.Step step = certificates.next(held, now, request, this::unproven);
                held = partly(held, step.wanted(), random);
                boolean vain = step.message().contains("waiting for")
                        && readers.stream().anyMatch(reader -> now.isBefore(reader.cutOffUntil));
                nextLook = vain ? now.plus(READ_MAX) : step.nextLook(); // every minute, and these are years
                exchanges.add(Objects.requireNonNull(held.authorities()).issuing().certificate());
                stored.putAll(held.credentials());
            }
            read(random);
            checkAll();
            now = next(random, nextLook);
        }
        assertThat(exchanges.size()).as("there was something to see").isGreaterThan(2);
    }

    /** Soon while anything is under way; else anywhere before something will be. */
    private Instant next(Random random, Instant nextLook) {
        boolean calm = readers.stream().allMatch(
                reader -> now.isBefore(reader.cutOffUntil) || reader.read.equals(stored.get(reader.holder)));
        Instant until = nextLook;
        for (Reader reader : readers) {
            if (now.isBefore(reader.cutOffUntil) && reader.cutOffUntil.isBefore(until)) {
                until = reader.cutOffUntil;
            }
        }
        return calm && until.isAfter(now.plus(TICK))
                ? now.plusSeconds(1 + random.nextLong(Duration.between(now, until).toSeconds()))
                : now.plus(TICK);
    }

    /** Often only one of the writes comes about. */
    private static Held partly(Held held, Held wanted, Random random) {
        if (!Objects.equals(held.authorities(), wanted.authorities()) || random.nextBoolean()) {
            return wanted;
        }
        Map<Holder, Credentials> some = new EnumMap<>(held.credentials());
        for (Map.Entry<Holder, Credentials> entry : wanted.credentials().entrySet()) {
            if (!entry.getValue().equals(some.put(entry.getKey(), entry.getValue()))) {
                break;
            }
        }
        return new Held(wanted.authorities(), some);
    }
}
