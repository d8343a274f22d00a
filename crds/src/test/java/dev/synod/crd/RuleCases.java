package dev.synod.crd;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the CRD's rules allow and refuse, as data: {@link CrdRulesTest} runs the rules themselves on it, and
 * {@link CrdOnApiServerTest} asks a real API server.
 */
final class RuleCases {
    private RuleCases() {}

    /**
     * One object, created or changed.
     *
     * @param what a sentence
     * @param name of the object
     * @param before its spec before the change; null when it is created
     * @param spec YAML
     * @param refusal what the message holds; empty if it is allowed
     */
    record Case(String what, String name, @Nullable String before, String spec, List<String> refusal) {
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

    private static Case refused(String what, String spec, String... refusal) {
        return new Case(what, "orders", null, spec, List.of(refusal));
    }

    private static Case changeAllowed(String what, String before, String spec) {
        return new Case(what, "orders", before, spec, List.of());
    }

    private static Case changeRefused(String what, String before, String spec, String... refusal) {
        return new Case(what, "orders", before, spec, List.of(refusal));
    }

    private static Case nameRefused(String what, String name, String... refusal) {
        return new Case(what, name, null, "tls: {}", List.of(refusal));
    }

    static Stream<Case> all() {
        return Stream.of(members(), names(), templates(), volumes(), atTheBeginning(), doorsAndClocks())
                .flatMap(cases -> cases);
    }

    private static Stream<Case> members() {
        return Stream.of(
                Stream.of(changeAllowed("a cluster that says nothing is allowed and stays so", "tls: {}",
                        "voters: {}")),
                IntStream.of(1, 3, 5, 7).mapToObj(voters -> allowed("an odd number of voters is allowed",
                        "voters: {replicas: " + voters + "}")),
                IntStream.of(-1, 0, 2, 4, 6, 8, 9).mapToObj(voters -> refused(
                        "any other number of voters is refused", "voters: {replicas: " + voters + "}",
                        "spec.voters.replicas", "1, 3, 5 or 7")),
                IntStream.of(0, 64).mapToObj(observers -> allowed("as many observers are allowed",
                        "observers: {replicas: " + observers + "}")),
                IntStream.of(-1, 65).mapToObj(observers -> refused(
                        "too many observers are refused with a way out",
                        "observers: {replicas: " + observers + "}", "spec.observers.replicas", "0 to 64",
                        "agents")))
                .flatMap(cases -> cases);
    }

    private static Stream<Case> names() {
        return Stream.concat(
                Stream.of("Orders", "1orders", "orders.eu", "orders-",
                        "o234567890123456789012345678901234567890x").map(
                                name -> nameRefused(
                                        "a name that no Service may have is refused", name, "metadata.name",
                                        "1 to 40")),
                Stream.of(nameRefused("a name that another cluster's observers have is refused",
                        "orders-observers", "metadata.name", "-observers")));
    }

    private static Stream<Case> templates() {
        String template = "template: {spec: {containers: [{name: app}], %s: %s}}";
        return Stream.concat(
                Stream.of("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace").flatMap(
                        field -> Stream.of(
                                refused("what opens loopback or processes to others is refused",
                                        template.formatted(field, true), "spec.template.spec." + field,
                                        "false or left out"),
                                allowed("what opens nothing is allowed", template.formatted(field, false)))),
                Stream.of(
                        refused("the sidecar's name is taken",
                                "template: {spec: {containers: [{name: app}, {name: synod}]}}", "containers",
                                "synod"),
                        refused("the sidecar's name is taken",
                                "template: {spec: {containers: [{name: app}],"
                                        + " initContainers: [{name: synod}]}}",
                                "initContainers", "synod")));
    }

    private static Stream<Case> volumes() {
        return Stream.of(
                Stream.of("1Gi", "256Mi", "1Ti", "1.5Gi").map(
                        size -> allowed("the size of a volume is bounded", "storage: {size: " + size + "}")),
                Stream.of("255Mi", "1025Gi", "much").map(
                        size -> refused("the size of a volume is bounded", "storage: {size: " + size + "}",
                                "spec.storage.size", "256Mi to 1Ti")),
                Stream.of(
                        changeAllowed("a volume grows", "storage: {size: 1Gi}", "storage: {size: 2Gi}"),
                        changeRefused("a volume never shrinks", "storage: {size: 2Gi}",
                                "storage: {size: 2047Mi}", "spec.storage.size", "smaller")))
                .flatMap(cases -> cases);
    }

    private static Stream<Case> atTheBeginning() {
        return Stream.of(
                changeRefused("the storage class stays", "storage: {storageClassName: fast}",
                        "storage: {storageClassName: slow}", "spec.storage.storageClassName"),
                changeRefused("the storage class stays", "storage: {storageClassName: fast}", "storage: {}",
                        "spec.storage.storageClassName"),
                changeRefused("the storage class stays unset", "storage: {}",
                        "storage: {storageClassName: fast}", "spec.storage.storageClassName"),
                changeRefused("what is done with volumes found stays", "storage: {existing: Adopt}",
                        "storage: {}", "spec.storage.existing"),
                changeRefused("who makes certificates stays", "tls: {provider: Secret}", "tls: {}",
                        "spec.tls.provider"),
                changeRefused("ports stay", "sidecar: {ports: {peers: 7501}}", "sidecar: {}",
                        "spec.sidecar.ports"));
    }

    private static Stream<Case> doorsAndClocks() {
        return Stream.concat(
                Stream.of("{heartbeat: 9ms}", "{heartbeat: 1h, electionTimeout: 60s}", "{heartbeat: soon}")
                        .map(tuning -> refused("a heartbeat that is none is refused", "tuning: " + tuning,
                                "spec.tuning.heartbeat", "10ms to 10s")),
                Stream.of(
                        refused("two doors are not on one port", "sidecar: {ports: {peers: 7400}}",
                                "five different ports"),
                        allowed("an election timeout holds five heartbeats",
                                "tuning: {heartbeat: 200ms, electionTimeout: 1s}"),
                        refused("an election timeout holds five heartbeats",
                                "tuning: {heartbeat: 201ms, electionTimeout: 1s}",
                                "spec.tuning.electionTimeout", "five"),
                        refused("an election timeout is bounded", "tuning: {electionTimeout: 61s}",
                                "spec.tuning.electionTimeout", "50ms to 60s")));
    }
}
