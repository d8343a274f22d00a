package dev.synod.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelFunctionBinding;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs each rule of the CRD as the API server does: per object, on creation and on change. */
final class CrdRulesTest {
    private static final JSONSchemaProps SCHEMA = GeneratedCrd.schema(GeneratedCrd.crd());

    /** CEL, and what Kubernetes adds to it as far as the rules use it. */
    private static final Cel CEL =
            CelFactory.standardCelBuilder().setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                    .addVar("self", SimpleType.DYN).addVar("oldSelf", SimpleType.DYN)
                    .addFunctionDeclarations(
                            CelFunctionDecl.newFunctionDeclaration("quantity",
                                    CelOverloadDecl.newGlobalOverload(
                                            "quantity", SimpleType.DYN, SimpleType.STRING)),
                            CelFunctionDecl.newFunctionDeclaration("isQuantity",
                                    CelOverloadDecl.newGlobalOverload(
                                            "isQuantity", SimpleType.BOOL, SimpleType.STRING)),
                            CelFunctionDecl.newFunctionDeclaration("compareTo",
                                    CelOverloadDecl.newMemberOverload(
                                            "compareTo", SimpleType.INT, SimpleType.DYN, SimpleType.DYN)))
                    .addFunctionBindings(
                            CelFunctionBinding.from("quantity", String.class, CrdRulesTest::quantity),
                            CelFunctionBinding.from("isQuantity", String.class, CrdRulesTest::isQuantity),
                            CelFunctionBinding.from("compareTo", String.class, String.class, (left,
                                    right) -> (long) new BigDecimal(left).compareTo(new BigDecimal(right))))
                    .build();

    private static String quantity(String text) {
        return Quantity.getAmountInBytes(Quantity.parse(text)).toPlainString();
    }

    private static boolean isQuantity(String text) {
        return text.matches("[-+]?[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?");
    }

    /** Messages of the rules that an object breaks; {@code old} is null on creation. */
    private static List<String> broken(Object now, @Nullable Object old) {
        List<String> messages = new ArrayList<>();
        check(SCHEMA, now, old, messages);
        return messages;
    }

    @SuppressWarnings("unchecked")
    private static void check(JSONSchemaProps schema, @Nullable Object now, @Nullable Object old,
            List<String> messages) {
        if (!(now instanceof Map)) {
            return;
        }
        Map<String, Object> self = (Map<String, Object>) now;
        Map<String, Object> oldSelf = old instanceof Map ? (Map<String, Object>) old : null;
        List<ValidationRule> rules = schema.getXKubernetesValidations();
        for (ValidationRule rule : rules == null ? List.<ValidationRule>of() : rules) {
            if (!rule.getRule().contains("oldSelf") || oldSelf != null) {
                Map<String, Object> variables = new HashMap<>(Map.of("self", self));
                variables.put("oldSelf", oldSelf == null ? Map.of() : oldSelf);
                if (!holds(rule.getRule(), variables)) {
                    messages.add(rule.getMessage());
                }
            }
        }
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, property) -> check(property, self.get(name),
                    oldSelf == null ? null : oldSelf.get(name), messages));
        }
    }

    private static boolean holds(String rule, Map<String, Object> variables) {
        try {
            return (Boolean) CEL.createProgram(CEL.compile(rule).getAst()).eval(variables);
        } catch (Exception e) {
            throw new IllegalStateException("the rule cannot be run: " + rule, e);
        }
    }

    /** As the API server sees it: defaults are filled in. */
    private static Object cluster(String name, String spec) {
        CoordinationCluster cluster = Serialization.unmarshal("""
                apiVersion: synod.dev/v1alpha1
                kind: CoordinationCluster
                metadata:
                  name: %s
                spec:
                """.formatted(name) + spec.indent(2), CoordinationCluster.class);
        return longs(Serialization.unmarshal(Serialization.asYaml(cluster), Map.class));
    }

    /** CEL's integers have 64 bits. */
    private static Object longs(Object value) {
        return switch (value) {
            case Integer number -> number.longValue();
            case List<?> list -> list.stream().map(CrdRulesTest::longs).toList();
            case Map<?, ?> map -> {
                Map<String, Object> result = new HashMap<>();
                map.forEach((key, item) -> result.put((String) key, longs(item)));
                yield result;
            }
            default -> value;
        };
    }

    private static void assertAllowed(String spec) {
        assertThat(broken(cluster("orders", spec), null)).isEmpty();
    }

    private static void assertRefused(String spec, String... parts) {
        assertThat(broken(cluster("orders", spec), null)).singleElement().asString()
                .contains(parts);
    }

    private static void assertChangeRefused(String before, String after, String... parts) {
        assertThat(broken(cluster("orders", after), cluster("orders", before))).singleElement().asString()
                .contains(parts);
    }

    @Test
    void aClusterThatSaysNothingIsAllowedAndStaysSo() {
        assertThat(broken(cluster("orders", "voters: {}"), cluster("orders", "tls: {}"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 7})
    void anOddNumberOfVotersIsAllowed(int voters) {
        assertAllowed("voters: {replicas: " + voters + "}");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 2, 4, 6, 8, 9})
    void anyOtherNumberOfVotersIsRefused(int voters) {
        assertRefused("voters: {replicas: " + voters + "}", "spec.voters.replicas", "1, 3, 5 or 7");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65})
    void tooManyObserversAreRefusedWithAWayOut(int observers) {
        assertRefused("observers: {replicas: " + observers + "}", "0 to 64", "agents");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Orders", "1orders", "orders.eu", "orders-",
        "o234567890123456789012345678901234567890x"})
    void aNameThatNoServiceMayHaveIsRefused(String name) {
        assertThat(broken(cluster("'" + name + "'", "tls: {}"), null)).singleElement().asString()
                .contains("metadata.name", "1 to 40");
    }

    @Test
    void aNameThatAnotherClustersObserversHaveIsRefused() {
        assertThat(broken(cluster("orders-observers", "tls: {}"), null)).singleElement().asString()
                .contains("metadata.name", "-observers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace"})
    void whatOpensLoopbackOrProcessesToOthersIsRefused(String field) {
        String template = "template: {spec: {containers: [{name: app}], " + field + ": %s}}";
        assertRefused(template.formatted("true"), "spec.template.spec." + field, "false or left out");
        assertAllowed(template.formatted("false"));
    }

    @Test
    void theSidecarsNameIsTaken() {
        assertRefused("template: {spec: {containers: [{name: app}, {name: synod}]}}", "containers", "synod");
        assertRefused("template: {spec: {containers: [{name: app}], initContainers: [{name: synod}]}}",
                "initContainers", "synod");
    }

    @ParameterizedTest
    @CsvSource({"1Gi,true", "256Mi,true", "1Ti,true", "1.5Gi,true", "255Mi,false", "1025Gi,false",
        "much,false"})
    void theSizeOfAVolumeIsBounded(String size, boolean allowed) {
        if (allowed) {
            assertAllowed("storage: {size: " + size + "}");
        } else {
            assertRefused("storage: {size: " + size + "}", "spec.storage.size", "256Mi to 1Ti");
        }
    }

    @Test
    void aVolumeGrowsAndNeverShrinks() {
        assertThat(
                broken(cluster("orders", "storage: {size: 2Gi}"), cluster("orders", "storage: {size: 1Gi}")))
                .isEmpty();
        assertChangeRefused("storage: {size: 2Gi}", "storage: {size: 2047Mi}", "spec.storage.size",
                "smaller");
    }

    @Test
    void theStorageClassStaysWhetherSetOrNot() {
        assertChangeRefused("storage: {storageClassName: fast}", "storage: {storageClassName: slow}",
                "spec.storage.storageClassName");
        assertChangeRefused("storage: {storageClassName: fast}", "storage: {}", "storageClassName");
        assertChangeRefused("storage: {}", "storage: {storageClassName: fast}", "storageClassName");
    }

    @Test
    void whatIsDecidedAtTheBeginningStays() {
        assertChangeRefused("storage: {existing: Adopt}", "storage: {}", "spec.storage.existing");
        assertChangeRefused("tls: {provider: Secret}", "tls: {}", "spec.tls.provider");
        assertChangeRefused("sidecar: {ports: {peers: 7501}}", "sidecar: {}", "spec.sidecar.ports");
    }

    @Test
    void twoDoorsAreNotOnOnePort() {
        assertRefused("sidecar: {ports: {peers: 7400}}", "five different ports");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{heartbeat: 9ms}", "{heartbeat: 1h, electionTimeout: 60s}", "{heartbeat: soon}"})
    void aHeartbeatThatIsNoneIsRefused(String tuning) {
        assertRefused("tuning: " + tuning, "spec.tuning.heartbeat", "10ms to 10s");
    }

    @Test
    void anElectionTimeoutHoldsFiveHeartbeats() {
        assertAllowed("tuning: {heartbeat: 200ms, electionTimeout: 1s}");
        assertRefused("tuning: {heartbeat: 201ms, electionTimeout: 1s}", "spec.tuning.electionTimeout",
                "five");
        assertRefused("tuning: {electionTimeout: 61s}", "spec.tuning.electionTimeout", "50ms to 60s");
    }
}
