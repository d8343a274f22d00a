package dev.synod.crd;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the CRD allows and refuses, as data: {@link CrdRulesTest} runs the rules themselves on it, {@link
 * CrdOnApiServerTest} asks a real API server, and the operator's tests have it looked at as if it had been
 * stored before there was a rule.
 */
public final class RuleCases {
    private RuleCases() {}

    /**
     * One object, created or changed.
     *
     * @param what a sentence
     * @param name of the object
     * @param before its spec before the change; null when it is created
     * @param spec YAML
     * @param refusal what the message holds: field, value, and then what is allowed; empty if it is allowed
     */
    public record Case(String what, String name, @Nullable String before, String spec, List<String> refusal) {
        boolean allowed() {
            return refusal.isEmpty();
        }

        @Override
        public String toString() {
            return what + ": " + (before == null ? "" : before + " to ") + name + " " + spec;
        }
    }

    private static Case allowed(String what, String spec) {
        return new Case(what, "orders", null, spec, List.of());
    }

    private static Case refused(String what, String spec, String field, String value, String... allowed) {
        return new Case(what, "orders", null, spec, refusal(field, value, allowed));
    }

    private static Case changeAllowed(String what, String before, String spec) {
        return new Case(what, "orders", before, spec, List.of());
    }

    private static Case changeRefused(String what, String before, String spec, String field, String value,
            String... allowed) {
        return new Case(what, "orders", before, spec, refusal(field, value, allowed));
    }

    private static Case nameRefused(String what, String name, String allowed) {
        return new Case(what, name, null, "tls: {}", refusal("metadata.name", name, allowed));
    }

    private static List<String> refusal(String field, String value, String... allowed) {
        return Stream.concat(Stream.of(field, value), Stream.of(allowed)).toList();
    }

    /** What the rules are about. */
    public static Stream<Case> all() {
        return Stream.of(members(), names(), templates(), volumes(), atTheBeginning(), doors(), clocks(),
                resources()).flatMap(cases -> cases);
    }

    /** What the schema refuses without a rule. */
    public static Stream<Case> ofTheSchema() {
        return Stream.of(
                refused("a namespace is a prefix of names", "sidecar: {namespace: 'a b'}",
                        "spec.sidecar.namespace", "a b", "A-Za-z0-9._-"),
                refused("no door needs a privilege", "sidecar: {ports: {api: 80}}", "spec.sidecar.ports",
                        "80", "1024"),
                refused("a door is a port", "sidecar: {ports: {peers: 70000}}", "spec.sidecar.ports", "70000",
                        "65535"),
                refused("what is asked for is a quantity", "sidecar: {resources: {requests: {cpu: much}}}",
                        "spec.sidecar.resources.requests", "much"),
                refused("what is allowed is a quantity", "sidecar: {resources: {limits: {memory: much}}}",
                        "spec.sidecar.resources.limits", "much"));
    }

    private static Stream<Case> members() {
        return Stream.of(
                Stream.of(changeAllowed("a cluster that says nothing is allowed and stays so", "tls: {}",
                        "voters: {}")),
                IntStream.of(1, 3, 5, 7).mapToObj(voters -> allowed("an odd number of voters is allowed",
                        "voters: {replicas: " + voters + "}")),
                IntStream.of(-1, 0, 2, 4, 6, 8, 9, 21, 100).mapToObj(voters -> refused(
                        "any other number of voters is refused", "voters: {replicas: " + voters + "}",
                        "spec.voters.replicas", " " + voters, "1, 3, 5 or 7")),
                IntStream.of(0, 64).mapToObj(observers -> allowed("as many observers are allowed",
                        "observers: {replicas: " + observers + "}")),
                IntStream.of(-1, 65, 640).mapToObj(observers -> refused(
                        "too many observers are refused with a way out",
                        "observers: {replicas: " + observers + "}", "spec.observers.replicas",
                        " " + observers, "0 to 64", "agents")))
                .flatMap(cases -> cases);
    }

    private static Stream<Case> names() {
        return Stream.concat(
                Stream.of("Orders", "1orders", "orders.eu", "orders-",
                        "o234567890123456789012345678901234567890x").map(
                                name -> nameRefused("a name that no Service may have is refused", name,
                                        "1 to 40")),
                Stream.of(nameRefused("a name that another cluster's observers have is refused",
                        "orders-observers", "-observers")));
    }

    private static Stream<Case> templates() {
        String template = "template: {spec: {containers: [{name: app}], %s: %s}}";
        return Stream.concat(
                Stream.of("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace").flatMap(
                        field -> Stream.of(
                                refused("what opens loopback or processes to others is refused",
                                        template.formatted(field, true), "spec.template.spec." + field,
                                        "true", "false or left out"),
                                allowed("what opens nothing is allowed", template.formatted(field, false)))),
                Stream.of(
                        refused("the sidecar's name is taken",
                                "template: {spec: {containers: [{name: app}, {name: synod}]}}",
                                "spec.template.spec.containers", "given: synod"),
                        refused("the sidecar's name is taken",
                                "template: {spec: {containers: [{name: app}],"
                                        + " initContainers: [{name: synod}]}}",
                                "spec.template.spec.initContainers", "given: synod"),
                        refused("the names of a member's volumes are taken",
                                "template: {spec: {containers: [{name: app}],"
                                        + " volumes: [{name: data}, {name: synod}]}}",
                                "spec.template.spec.volumes", "given: synod", "another name"),
                        refused("the names of a member's volumes are taken",
                                "template: {spec: {containers: [{name: app}],"
                                        + " volumes: [{name: synod-tls, emptyDir: {}}]}}",
                                "spec.template.spec.volumes", "given: synod-tls", "another name"),
                        allowed("other volumes are the application's",
                                "template: {spec: {containers: [{name: app}],"
                                        + " volumes: [{name: synod-data, emptyDir: {}}]}}")));
    }

    private static Stream<Case> volumes() {
        return Stream.of(
                Stream.of("1Gi", "256Mi", "1Ti", "1.5Gi", "1.3Gi").map(
                        size -> allowed("the size of a volume is bounded", "storage: {size: " + size + "}")),
                Stream.of("255Mi", "1025Gi", "much").map(
                        size -> refused("the size of a volume is bounded", "storage: {size: " + size + "}",
                                "spec.storage.size", size, "256Mi to 1Ti")),
                Stream.of(
                        changeAllowed("a volume grows", "storage: {size: 1Gi}", "storage: {size: 2Gi}"),
                        changeRefused("a volume never shrinks", "storage: {size: 2Gi}",
                                "storage: {size: 2047Mi}", "spec.storage.size", "was: 2Gi, given: 2047Mi",
                                "smaller")))
                .flatMap(cases -> cases);
    }

    private static Stream<Case> atTheBeginning() {
        return Stream.of(
                changeRefused("the storage class stays", "storage: {storageClassName: fast}",
                        "storage: {storageClassName: slow}", "spec.storage.storageClassName",
                        "was: fast, given: slow"),
                changeRefused("the storage class stays", "storage: {storageClassName: fast}", "storage: {}",
                        "spec.storage.storageClassName", "was: fast, given: not set"),
                changeRefused("the storage class stays unset", "storage: {}",
                        "storage: {storageClassName: fast}", "spec.storage.storageClassName",
                        "was: not set, given: fast"),
                changeRefused("what is done with volumes found stays", "storage: {existing: Adopt}",
                        "storage: {}", "spec.storage.existing", "was: Adopt, given: Refuse"),
                changeRefused("who makes certificates stays", "tls: {provider: Secret}", "tls: {}",
                        "spec.tls.provider", "was: Secret, given: Auto"),
                changeRefused("ports stay", "sidecar: {ports: {peers: 7501}}", "sidecar: {}",
                        "spec.sidecar.ports.peers", "was: 7501, given: 7401"));
    }

    private static Stream<Case> doors() {
        return Stream.of(
                allowed("doors may be others", "sidecar: {ports: {peers: 7501}, namespace: a.b_c-D}"),
                refused("two doors are not on one port", "sidecar: {ports: {peers: 7400}}",
                        "spec.sidecar.ports", "api 7400, http 7404, peers 7400, admin 7402, probes 7403",
                        "five different ports"),
                refused("two doors are not on one port", "sidecar: {ports: {admin: 17403, probes: 17403}}",
                        "spec.sidecar.ports", "api 7400, http 7404, peers 7401, admin 17403, probes 17403",
                        "five different ports"));
    }

    private static Stream<Case> clocks() {
        return Stream.concat(
                Stream.of("9ms", "1h", "soon", "11s").map(heartbeat -> refused(
                        "a heartbeat that is none is refused",
                        "tuning: {heartbeat: " + heartbeat + ", electionTimeout: 60s}",
                        "spec.tuning.heartbeat", heartbeat, "10ms to 10s")),
                Stream.of(
                        allowed("a span may be written in minutes",
                                "tuning: {heartbeat: 10s, electionTimeout: 1m}"),
                        allowed("an election timeout holds five heartbeats",
                                "tuning: {heartbeat: 200ms, electionTimeout: 1s}"),
                        refused("an election timeout holds five heartbeats",
                                "tuning: {heartbeat: 201ms, electionTimeout: 1s}",
                                "spec.tuning.electionTimeout", "1s with a heartbeat of 201ms", "five"),
                        refused("an election timeout is bounded", "tuning: {electionTimeout: 61s}",
                                "spec.tuning.electionTimeout", "61s", "50ms to 60s"),
                        refused("an election timeout is a span", "tuning: {electionTimeout: late}",
                                "spec.tuning.electionTimeout", "late", "50ms to 60s")));
    }

    private static Stream<Case> resources() {
        String resources = "sidecar: {resources: {requests: %s, limits: %s}}";
        return Stream.of(
                allowed("a container may be small",
                        resources.formatted("{memory: 64Mi}", "{memory: 64Mi}")),
                allowed("a container may be without a limit", resources.formatted("{memory: 8Gi}", "{}")),
                allowed("a number is a quantity too",
                        resources.formatted("{cpu: 1, memory: 128Mi}", "{cpu: 2, memory: 128Mi}")),
                refused("a member needs memory", resources.formatted("{memory: 32Mi}", "{memory: 63Mi}"),
                        "spec.sidecar.resources.limits.memory", "63Mi", "at least 64Mi"),
                refused("what is set aside may be used too",
                        resources.formatted("{memory: 129Mi}", "{memory: 128Mi}"),
                        "spec.sidecar.resources.requests.memory", "129Mi with a limit of 128Mi", "above"),
                refused("what is set aside by default is heeded",
                        "sidecar: {resources: {limits: {memory: 100Mi}}}",
                        "spec.sidecar.resources.requests.memory", "128Mi with a limit of 100Mi", "above"),
                refused("what is set aside may be used too",
                        resources.formatted("{cpu: 1500m}", "{cpu: 1}"),
                        "spec.sidecar.resources.requests.cpu", "1500m with a limit of 1", "above"));
    }
}
