package dev.synod.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs each rule of the CRD as the API server does: per object, on creation and on change. */
final class CrdRulesTest {
    private static final JSONSchemaProps SCHEMA = GeneratedCrd.schema(GeneratedCrd.crd());

    /** CEL, and what Kubernetes adds to it as far as the rules use it. */
    private static final Cel CEL =
            CelFactory.standardCelBuilder().setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                    .addCompilerLibraries(CelExtensions.strings())
                    .addRuntimeLibraries(CelExtensions.strings())
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
                                            "compareTo", SimpleType.INT, SimpleType.DYN, SimpleType.DYN)),
                            CelFunctionDecl.newFunctionDeclaration("add",
                                    CelOverloadDecl.newMemberOverload(
                                            "add", SimpleType.DYN, SimpleType.DYN, SimpleType.DYN)))
                    .addFunctionBindings(
                            CelFunctionBinding.from("quantity", String.class, CrdRulesTest::quantity),
                            CelFunctionBinding.from("isQuantity", String.class, CrdRulesTest::isQuantity),
                            CelFunctionBinding.from("compareTo", String.class, String.class, (left,
                                    right) -> (long) new BigDecimal(left).compareTo(new BigDecimal(right))),
                            CelFunctionBinding.from("add", String.class, Long.class, (left,
                                    right) -> new BigDecimal(left).add(new BigDecimal(right))
                                            .toPlainString()))
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

    private static void check(JSONSchemaProps schema, @Nullable Object self, @Nullable Object oldSelf,
            List<String> messages) {
        if (self == null) {
            return;
        }
        List<ValidationRule> rules = schema.getXKubernetesValidations();
        for (ValidationRule rule : rules == null ? List.<ValidationRule>of() : rules) {
            if (!rule.getRule().contains("oldSelf") || oldSelf != null) {
                Map<String, Object> variables = new HashMap<>(Map.of("self", self));
                variables.put("oldSelf", oldSelf == null ? Map.of() : oldSelf);
                if (!(Boolean) value(rule.getRule(), variables)) {
                    messages.add((String) value(rule.getMessageExpression(), variables));
                }
            }
        }
        if (schema.getProperties() != null && self instanceof Map<?, ?> now) {
            schema.getProperties().forEach((name, property) -> check(property, now.get(name),
                    oldSelf instanceof Map<?, ?> old ? old.get(name) : null, messages));
        }
    }

    private static Object value(String expression, Map<String, Object> variables) {
        try {
            return CEL.createProgram(CEL.compile(expression).getAst()).eval(variables);
        } catch (Exception e) {
            throw new IllegalStateException("cannot be run: " + expression, e);
        }
    }

    /** As the API server sees it: defaults are filled in. */
    private static Object cluster(String name, String spec) {
        CoordinationCluster cluster = Serialization.unmarshal("""
                apiVersion: synod.dev/v1alpha1
                kind: CoordinationCluster
                metadata:
                  name: '%s'
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

    static Stream<RuleCases.Case> cases() {
        return RuleCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void oneRuleAtMostSpeaksAndSaysWhichValueAndWhatIsAllowed(RuleCases.Case one) {
        List<String> messages = broken(cluster(one.name(), one.spec()),
                one.before() == null ? null : cluster(one.name(), one.before()));
        if (one.allowed()) {
            assertThat(messages).isEmpty();
        } else {
            assertThat(messages).singleElement().asString().contains(one.refusal())
                    .doesNotContain("\n");
        }
    }
}
