package dev.synod.operator;

import dev.synod.operator.model.OperatorSettings;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.slf4j.event.Level;

/**
 * What the operator was told about itself, by environment variables.
 *
 * @param namespace that it runs in
 * @param pod its own name, by which it stands for election
 * @param podLabels by which members' network policies let it in
 * @param watched namespaces; empty for all
 * @param sidecarImage that clusters are pinned to when they name none
 * @param lease by which operators elect the one that acts; empty for no election
 * @param listen for probes and metrics
 * @param logLevel least that is logged
 */
record OperatorConfig(
        String namespace, String pod, Map<String, String> podLabels, Set<String> watched, String sidecarImage,
        String lease, InetSocketAddress listen, Level logLevel) {
    static final String NAMESPACE = "SYNOD_OPERATOR_NAMESPACE";
    static final String POD = "SYNOD_OPERATOR_POD";
    static final String POD_LABELS = "SYNOD_OPERATOR_POD_LABELS";
    static final String WATCHED = "SYNOD_OPERATOR_WATCH_NAMESPACES";
    static final String IMAGE = "SYNOD_OPERATOR_SIDECAR_IMAGE";
    static final String LEASE = "SYNOD_OPERATOR_LEASE";
    static final String LISTEN = "SYNOD_OPERATOR_LISTEN";
    static final String LOG_LEVEL = "SYNOD_OPERATOR_LOG_LEVEL";

    private static final String PREFIX = "SYNOD_OPERATOR_";
    private static final Set<String> KNOWN =
            Set.of(NAMESPACE, POD, POD_LABELS, WATCHED, IMAGE, LEASE, LISTEN, LOG_LEVEL);
    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern DNS_NAME = Pattern.compile("[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?");
    private static final Pattern LABEL =
            Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_./]{0,315})=([-A-Za-z0-9_.]{0,63})");
    private static final int PORT_MAX = 65_535;

    /**
     * Reads them.
     *
     * @param hostName of this machine, which in a pod is the pod's name
     * @throws IllegalArgumentException naming the variable, its value and what is allowed
     */
    static OperatorConfig of(Map<String, String> environment, String hostName) {
        for (String name : new TreeSet<>(environment.keySet())) {
            if (name.startsWith(PREFIX) && !KNOWN.contains(name)) {
                throw new IllegalArgumentException("there is no setting " + name + "; there are "
                        + String.join(", ", new TreeSet<>(KNOWN)));
            }
        }
        String lease = value(environment, LEASE, "");
        return new OperatorConfig(
                matching(NAMESPACE, value(environment, NAMESPACE, "default"), DNS_LABEL, "a namespace"),
                value(environment, POD, hostName),
                labels(value(environment, POD_LABELS, "app.kubernetes.io/name=synod-operator")),
                namespaces(value(environment, WATCHED, "")),
                image(value(environment, IMAGE, "")),
                lease.isEmpty() ? "" : matching(LEASE, lease, DNS_NAME, "the name of a Lease, or nothing"),
                address(value(environment, LISTEN, "0.0.0.0:8080")),
                level(value(environment, LOG_LEVEL, "info")));
    }

    OperatorSettings settings() {
        return new OperatorSettings(sidecarImage, namespace, podLabels);
    }

    private static String value(Map<String, String> environment, String name, String otherwise) {
        String value = environment.getOrDefault(name, "").strip();
        return value.isEmpty() ? otherwise : value;
    }

    private static String matching(String name, String value, Pattern pattern, String allowed) {
        if (!pattern.matcher(value).matches()) {
            throw wrong(name, value, allowed);
        }
        return value;
    }

    private static Map<String, String> labels(String value) {
        Map<String, String> labels = new TreeMap<>();
        for (String each : value.split(",", -1)) {
            var parts = LABEL.matcher(each.strip());
            if (!parts.matches()) {
                throw wrong(POD_LABELS, value, "labels as name=value, with commas between");
            }
            labels.put(parts.group(1), parts.group(2));
        }
        return labels;
    }

    private static Set<String> namespaces(String value) {
        Set<String> names = new TreeSet<>();
        Arrays.stream(value.split(",")).map(String::strip).filter(name -> !name.isEmpty()).forEach(
                name -> names.add(matching(WATCHED, name, DNS_LABEL, "namespaces with commas between, or"
                        + " nothing for all")));
        return names;
    }

    private static String image(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException(IMAGE + " is not set; it names the sidecar's image that"
                    + " clusters get which name none, such as synod/sidecar:1.0.0");
        }
        return value;
    }

    private static InetSocketAddress address(String value) {
        int colon = value.lastIndexOf(':');
        try {
            int port = Integer.parseInt(value.substring(colon + 1));
            if (colon > 0 && port >= 0 && port <= PORT_MAX) {
                return new InetSocketAddress(value.substring(0, colon), port);
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw wrong(LISTEN, value, "an address and a port, such as 0.0.0.0:8080");
    }

    private static Level level(String value) {
        return switch (value) {
            case "debug" -> Level.DEBUG;
            case "info" -> Level.INFO;
            case "warn" -> Level.WARN;
            case "error" -> Level.ERROR;
            default -> throw wrong(LOG_LEVEL, value, "debug, info, warn or error");
        };
    }

    private static IllegalArgumentException wrong(String name, String value, String allowed) {
        return new IllegalArgumentException(name + " is '" + value + "'; allowed is " + allowed);
    }
}
