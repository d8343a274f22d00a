package dev.synod.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a real API server makes of the CRD. */
@Tag("apiserver")
final class CrdOnApiServerTest {
    @RegisterExtension static final ApiServer api = new ApiServer();

    private static final String NAMESPACE = "crd-" + UUID.randomUUID().toString().substring(0, 8);
    private static final String CRD = "customresourcedefinition/coordinationclusters.synod.dev";
    private static final String BEFORE = "customresourcedefinition/coordinationclusters.before.synod.dev";

    @BeforeAll
    static void applyTheCrd() {
        ApiServer.Answer answer = api.kubectl("", "apply", "--server-side", "--force-conflicts", "-f",
                CrdFileTest.tree().resolve(GeneratedCrd.FILE).toString());
        // The server also refuses rules whose estimated cost is too high.
        assertThat(answer.code()).as(answer.err()).isZero();
        assertThat(answer.err()).as("warnings").isEmpty();
        api.kubectlSucceeds("", "wait", "--for=condition=Established", CRD, "--timeout=60s");
        api.kubectlSucceeds("", "create", "namespace", NAMESPACE);
    }

    /** Without controllers a namespace never empties itself. */
    @AfterAll
    static void takeTheObjectsBack() {
        api.kubectlSucceeds("", "-n", NAMESPACE, "delete", "coordinationclusters", "--all");
        api.kubectlSucceeds("", "delete", "namespace", NAMESPACE, "--wait=false");
    }

    private static ApiServer.Answer ask(String stdin, String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "-n";
        all[1] = NAMESPACE;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return api.kubectl(stdin, all);
    }

    private static JsonNode json(String stdin, String... arguments) {
        ApiServer.Answer answer = ask(stdin, arguments);
        assertThat(answer.code()).as(answer.err()).isZero();
        return Serialization.unmarshal(answer.out(), JsonNode.class);
    }

    private static String cluster(String name, String spec) {
        return """
                apiVersion: synod.dev/v1alpha1
                kind: CoordinationCluster
                metadata:
                  name: '%s'
                spec:
                """.formatted(name) + spec.indent(2);
    }

    private static JsonNode created(String name, String spec) {
        return json(cluster(name, spec), "create", "-o", "json", "-f", "-");
    }

    private static void status(String name, String status) {
        json("", "patch", "cc", name, "--subresource=status", "--type=merge", "-o", "json", "-p",
                "{\"status\": " + status + "}");
    }

    @Test
    void theServerFindsNothingWrongWithIt() {
        JsonNode conditions = Serialization.unmarshal(api.kubectlSucceeds("", "get", CRD, "-o", "json"),
                JsonNode.class).at("/status/conditions");
        assertThat(conditions).extracting(condition -> condition.get("type").asText())
                .contains("Established", "NamesAccepted")
                .doesNotContain("NonStructuralSchema", "KubernetesAPIApprovalPolicyConformant");
    }

    static Stream<RuleCases.Case> cases() {
        return Stream.concat(RuleCases.all(), RuleCases.ofTheSchema());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatTheRulesSayIsWhatIsAnswered(RuleCases.Case one) {
        ApiServer.Answer answer;
        if (one.before() == null) {
            answer = ask(cluster(one.name(), one.spec()), "create", "--dry-run=server", "-f", "-");
        } else {
            String name = "case-" + UUID.randomUUID().toString().substring(0, 8);
            created(name, one.before());
            answer = ask(cluster(name, one.spec()), "replace", "--dry-run=server", "-f", "-");
        }
        if (one.allowed()) {
            assertThat(answer.code()).as(answer.err()).isZero();
            assertThat(answer.err()).as("warnings").isEmpty();
        } else {
            assertThat(answer.code()).as("it was taken").isNotZero();
            assertThat(answer.err()).contains(one.refusal());
        }
    }

    @Test
    void whatIsNotSaidIsFilledIn() {
        JsonNode stored = json("""
                apiVersion: synod.dev/v1alpha1
                kind: CoordinationCluster
                metadata: {name: silent}
                """, "create", "-o", "json", "-f", "-");
        assertThat(stored.at("/spec/voters/replicas").asInt()).isEqualTo(3);
        assertThat(stored.at("/spec/observers/replicas").asInt(-1)).isZero();
        CoordinationClusterSpec spec = Serialization.unmarshal(stored.get("spec").toString(),
                CoordinationClusterSpec.class);
        // The operator, reading an object with a field left out, must not see another cluster than the server
        // shows.
        assertThat(spec).isEqualTo(CoordinationClusterSpec.DEFAULT);
    }

    @Test
    void aFieldThatDoesNotExistIsNamed() {
        ApiServer.Answer answer = ask(cluster("misspelt", "voter: {replicas: 3}"), "create", "-f", "-");
        assertThat(answer.code()).isNotZero();
        assertThat(answer.err()).contains("spec.voter").contains("unknown field");
    }

    @Test
    void aValueOfAnotherTypeIsNamed() {
        ApiServer.Answer answer = ask(cluster("wrong", "voters: {replicas: three}"), "create", "-f", "-");
        assertThat(answer.code()).isNotZero();
        assertThat(answer.err()).contains("spec.voters.replicas").contains("integer");
    }

    @Test
    void scalingIsAboutObservers() {
        created("scaled", "voters: {replicas: 3}");
        assertThat(json("", "get", "cc", "scaled", "--subresource=scale", "-o", "json")
                .at("/spec/replicas").asInt()).isZero();
        api.kubectlSucceeds("", "-n", NAMESPACE, "scale", "cc/scaled", "--replicas=4");
        JsonNode scaled = json("", "get", "cc", "scaled", "-o", "json");
        assertThat(scaled.at("/spec/observers/replicas").asInt()).isEqualTo(4);
        assertThat(scaled.at("/spec/voters/replicas").asInt()).isEqualTo(3);
        status("scaled", "{\"observerReplicas\": 2, \"observerSelector\": \"a=b\"}");
        JsonNode scale = json("", "get", "cc", "scaled", "--subresource=scale", "-o", "json");
        assertThat(scale.at("/status/replicas").asInt()).isEqualTo(2);
        assertThat(scale.at("/status/selector").asText()).isEqualTo("a=b");
        assertThat(ask("", "scale", "cc/scaled", "--replicas=65").err()).contains("0 to 64", "agents");
    }

    @Test
    void theStatusIsWrittenByItselfAndTheSpecWithoutIt() {
        JsonNode before = created("told", "voters: {replicas: 3}");
        status("told", "{\"epoch\": 7, \"observedGeneration\": 1}");
        JsonNode told = json("", "get", "cc", "told", "-o", "json");
        assertThat(told.at("/status/epoch").asInt()).isEqualTo(7);
        assertThat(told.at("/metadata/generation")).isEqualTo(before.at("/metadata/generation"));
        json("", "patch", "cc", "told", "--type=merge", "-o", "json", "-p",
                "{\"spec\": {\"voters\": {\"replicas\": 5}}, \"status\": {\"epoch\": 9}}");
        JsonNode changed = json("", "get", "cc", "told", "-o", "json");
        assertThat(changed.at("/status/epoch").asInt()).isEqualTo(7);
        assertThat(changed.at("/metadata/generation").asInt()).isEqualTo(2);
    }

    @Test
    void kubectlShowsWhatOneWantsToKnowFirst() {
        created("shown", "voters: {replicas: 3}");
        String time = "2026-01-02T03:04:05Z";
        status("shown", """
                {"voters": "3/3", "leader": "shown-1", "epoch": 4, "conditions": [
                  {"type": "Ready", "status": "True", "reason": "AllThere", "message": "m.",
                   "lastTransitionTime": "%1$s"},
                  {"type": "Available", "status": "False", "reason": "No", "message": "m.",
                   "lastTransitionTime": "%1$s"}]}""".formatted(time));
        assertThat(api.kubectlSucceeds("", "-n", NAMESPACE, "get", "cc", "shown").lines())
                .satisfiesExactly(
                        head -> assertThat(head.trim().split(" +")).containsExactly("NAME", "VOTERS", "READY",
                                "LEADER", "AVAILABLE", "EPOCH", "AGE"),
                        row -> assertThat(row.trim().split(" +")).startsWith("shown", "3/3", "True",
                                "shown-1", "False", "4"));
        assertThat(api.kubectlSucceeds("", "-n", NAMESPACE, "get", "synod")).contains("shown");
        assertThat(api.kubectlSucceeds("", "explain", "cc.spec.voters.replicas")).contains("How many");
    }

    /**
     * An object from before a rule was there is left in peace until somebody changes what the rule is about.
     * In a group of its own, since a definition with a rule less is not for the others' objects.
     */
    @Test
    void anObjectThatARuleWouldRefuseTodayCanStillBeChangedElsewhere() {
        String crd = Serialization.asYaml(GeneratedCrd.crd()).replace("synod.dev", "before.synod.dev");
        CustomResourceDefinition without = Serialization.unmarshal(crd, CustomResourceDefinition.class);
        Objects.requireNonNull(SchemaFields.of(GeneratedCrd.schema(without)).get("spec.voters.replicas"))
                .setXKubernetesValidations(List.of());
        String old = cluster("old", "voters: {replicas: 4}").replace("synod.dev", "before.synod.dev");
        try {
            api.kubectlSucceeds(Serialization.asYaml(without), "apply", "--server-side", "-f", "-");
            api.kubectlSucceeds("", "wait", "--for=condition=Established", BEFORE, "--timeout=60s");
            // What changed in a definition is heeded a moment after it was taken.
            await().until(() -> ask(old, "create", "-f", "-").code() == 0);
            api.kubectlSucceeds(crd, "apply", "--server-side", "-f", "-");
            await().until(() -> ask(old.replace("old", "other"), "create", "--dry-run=server", "-f", "-")
                    .err().contains("1, 3, 5 or 7"));

            String name = "coordinationclusters.before.synod.dev/old";
            api.kubectlSucceeds("", "-n", NAMESPACE, "label", name, "team=a");
            api.kubectlSucceeds("", "-n", NAMESPACE, "scale", name, "--replicas=1");
            api.kubectlSucceeds("", "-n", NAMESPACE, "patch", name, "--subresource=status", "--type=merge",
                    "-p",
                    "{\"status\": {\"epoch\": 1}}");
            assertThat(ask("", "patch", name, "--type=merge", "-p",
                    "{\"spec\": {\"voters\": {\"replicas\": 6}}}").err()).contains("1, 3, 5 or 7");
        } finally {
            api.kubectl("", "delete", BEFORE, "--wait=false");
        }
    }

    @Test
    void theExamplesAreTakenWithoutAWarning() {
        ApiServer.Answer answer = ask("", "apply", "--dry-run=server", "--validate=strict", "-f",
                CrdFileTest.tree().resolve("deploy/examples").toString());
        assertThat(answer.code()).as(answer.err()).isZero();
        assertThat(answer.err()).as("warnings").isEmpty();
        assertThat(answer.out()).contains("minimal created (server dry run)");
    }
}
