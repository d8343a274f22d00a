package dev.synod.operator.observe;

import dev.synod.crd.CoordinationCluster;
import dev.synod.crd.CoordinationClusterSpec;
import dev.synod.crd.Sidecar;
import dev.synod.crd.Tuning;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The CRD's rules for an object that is created, once more: it may have been stored before a rule existed, or
 * while an older CRD was installed. What breaks them is told and nothing of it is carried out. Rules about
 * changes are the API server's alone, which knows what was before.
 */
public final class SpecCheck {
    private static final Set<Integer> VOTERS = Set.of(1, 3, 5, 7);
    private static final int OBSERVERS_MAX = 64;
    private static final int PORT_MIN = 1_024;
    private static final int PORT_MAX = 65_535;
    private static final int HEARTBEATS_MIN = 5;
    private static final List<String> MEMBERS_VOLUMES = List.of("synod", "synod-tls", "synod-token");

    private final List<String> problems = new ArrayList<>();

    private SpecCheck() {}

    /** What is wrong, one sentence each with field, value and what is allowed; empty when nothing is. */
    public static List<String> problems(CoordinationCluster cluster) {
        SpecCheck check = new SpecCheck();
        CoordinationClusterSpec spec = cluster.getSpec();
        check.name(cluster.getMetadata().getName());
        check.members(spec.voters().replicas(), spec.observers().replicas());
        check.size(spec.storage().size());
        check.sidecar(spec.sidecar());
        check.tuning(spec.tuning());
        if (spec.template() != null) {
            check.template(spec.template().spec());
        }
        return List.copyOf(check.problems);
    }

    private void wrong(String field, Object value, String allowed) {
        problems.add(field + " is '" + value + "'; allowed is " + allowed);
    }

    private void name(String name) {
        if (name.length() > CoordinationCluster.NAME_MAX || !name.matches("[a-z]([-a-z0-9]*[a-z0-9])?")
                || name.endsWith("-observers")) {
            problems.add("metadata.name is '" + name + "'; allowed are 1 to " + CoordinationCluster.NAME_MAX
                    + " of a-z, 0-9 and '-', beginning with a letter, ending with a letter or digit and not"
                    + " with -observers: make the cluster anew");
        }
    }

    private void members(int voters, int observers) {
        if (!VOTERS.contains(voters)) {
            problems.add("spec.voters.replicas is " + voters + "; allowed is 1, 3, 5 or 7");
        }
        if (observers < 0 || observers > OBSERVERS_MAX) {
            problems.add("spec.observers.replicas is " + observers + "; allowed is 0 to " + OBSERVERS_MAX);
        }
    }

    private void size(String size) {
        if (quantity(size).filter(bytes -> isWithin(bytes, "256Mi", "1Ti")).isEmpty()) {
            wrong("spec.storage.size", size, "256Mi to 1Ti, such as 1Gi");
        }
    }

    private void sidecar(Sidecar sidecar) {
        if (!sidecar.namespace().matches("[A-Za-z0-9._-]{1,63}")) {
            wrong("spec.sidecar.namespace", sidecar.namespace(),
                    "1 to 63 of A-Z, a-z, 0-9, '.', '_' and '-'");
        }
        ports(sidecar.ports());
        Map<String, String> requests = sidecar.resources().requests();
        Map<String, String> limits = sidecar.resources().limits();
        quantities("spec.sidecar.resources.requests", requests);
        quantities("spec.sidecar.resources.limits", limits);
        limits.forEach((resource, limit) -> {
            Optional<BigDecimal> most = quantity(limit);
            if (resource.equals("memory") && most.isPresent() && most.get().compareTo(amount("64Mi")) < 0) {
                wrong("spec.sidecar.resources.limits.memory", limit, "at least 64Mi, or no limit");
            }
            String request = requests.get(resource);
            if (request != null && most.isPresent()
                    && quantity(request).filter(asked -> asked.compareTo(most.get()) > 0).isPresent()) {
                wrong("spec.sidecar.resources.requests." + resource, request, "at most"
                        + " spec.sidecar.resources.limits." + resource + ", which is '" + limit + "'");
            }
        });
    }

    private void ports(Sidecar.Ports ports) {
        List<Integer> all = List.of(ports.api(), ports.http(), ports.peers(), ports.admin(), ports.probes());
        if (Set.copyOf(all).size() < all.size()
                || all.stream().anyMatch(port -> port < PORT_MIN || port > PORT_MAX)) {
            problems.add("spec.sidecar.ports are api " + ports.api() + ", http " + ports.http() + ", peers "
                    + ports.peers() + ", admin " + ports.admin() + ", probes " + ports.probes()
                    + "; allowed are five different ports, each " + PORT_MIN + " to " + PORT_MAX);
        }
    }

    private void quantities(String field, Map<String, String> amounts) {
        amounts.forEach((resource, amount) -> {
            if (quantity(amount).filter(value -> value.signum() >= 0).isEmpty()) {
                wrong(field + "." + resource, amount, "a quantity such as 100m, 1 or 128Mi");
            }
        });
    }

    private void tuning(Tuning tuning) {
        Optional<Duration> heartbeat = span(tuning.heartbeat())
                .filter(span -> isWithin(span, Duration.ofMillis(10), Duration.ofSeconds(10)));
        if (heartbeat.isEmpty()) {
            wrong("spec.tuning.heartbeat", tuning.heartbeat(), "10ms to 10s, written as 250ms or 1s");
        }
        Optional<Duration> timeout = span(tuning.electionTimeout())
                .filter(span -> isWithin(span, Duration.ofMillis(50), Duration.ofMinutes(1)));
        if (timeout.isEmpty()) {
            wrong("spec.tuning.electionTimeout", tuning.electionTimeout(),
                    "50ms to 60s, written as 250ms, 10s or 1m");
        }
        if (heartbeat.isPresent() && timeout.isPresent()
                && timeout.get().compareTo(heartbeat.get().multipliedBy(HEARTBEATS_MIN)) < 0) {
            wrong("spec.tuning.electionTimeout", tuning.electionTimeout(), "at least five times"
                    + " spec.tuning.heartbeat, which is '" + tuning.heartbeat() + "'");
        }
    }

    private void template(PodSpec pod) {
        if (pod.getContainers().isEmpty()) {
            problems.add("spec.template.spec.containers is empty; at least one is needed");
        }
        containers("spec.template.spec.containers", pod.getContainers());
        containers("spec.template.spec.initContainers", pod.getInitContainers());
        pod.getVolumes().stream().map(Volume::getName)
                .filter(name -> name != null && MEMBERS_VOLUMES.contains(name))
                .forEach(name -> problems.add("spec.template.spec.volumes names a volume '" + name
                        + "'; the member's volumes are called so: choose another name"));
        Map<String, @Nullable Boolean> flags = new LinkedHashMap<>();
        flags.put("hostNetwork", pod.getHostNetwork());
        flags.put("hostPID", pod.getHostPID());
        flags.put("hostIPC", pod.getHostIPC());
        flags.put("shareProcessNamespace", pod.getShareProcessNamespace());
        flags.forEach((field, set) -> {
            if (Boolean.TRUE.equals(set)) {
                problems.add("spec.template.spec." + field + " is true; it must be false or left out");
            }
        });
    }

    private void containers(String field, List<Container> containers) {
        if (containers.stream().map(Container::getName).anyMatch("synod"::equals)) {
            problems.add(field + " names a container 'synod'; the sidecar is called so: choose another name");
        }
    }

    /** Empty for text that is none. */
    private static Optional<BigDecimal> quantity(@Nullable String text) {
        try {
            return text == null ? Optional.empty() : Optional.of(amount(text));
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static BigDecimal amount(String quantity) {
        return Quantity.getAmountInBytes(Quantity.parse(quantity));
    }

    /** Empty for text that is none. */
    private static Optional<Duration> span(String text) {
        if (!text.matches(Tuning.SPAN)) {
            return Optional.empty();
        }
        long number = Long.parseLong(text.replaceAll("[a-z]", ""));
        return Optional.of(text.endsWith("ms")
                ? Duration.ofMillis(number)
                : text.endsWith("s") ? Duration.ofSeconds(number) : Duration.ofMinutes(number));
    }

    private static boolean isWithin(BigDecimal amount, String least, String most) {
        return amount.compareTo(amount(least)) >= 0 && amount.compareTo(amount(most)) <= 0;
    }

    private static boolean isWithin(Duration span, Duration least, Duration most) {
        return span.compareTo(least) >= 0 && span.compareTo(most) <= 0;
    }
}
