package dev.synod.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class CrdSchemaTest {
    private final CustomResourceDefinition crd = GeneratedCrd.crd();
    private final Map<String, JSONSchemaProps> fields = SchemaFields.of(GeneratedCrd.schema(crd));

    private JSONSchemaProps field(String path) {
        assertThat(fields).containsKey(path);
        return Objects.requireNonNull(fields.get(path));
    }

    private Map<ValidationRule, String> rules() {
        Map<ValidationRule, String> rules = new LinkedHashMap<>();
        fields.forEach((path, schema) -> {
            if (schema.getXKubernetesValidations() != null) {
                schema.getXKubernetesValidations().forEach(rule -> rules.put(rule, path));
            }
        });
        return rules;
    }

    @Test
    void everyFieldSaysWhatItIs() {
        assertThat(fields).hasSizeGreaterThan(50).allSatisfy((path, schema) -> assertThat(
                schema.getDescription()).as(path).isNotBlank().endsWith("."));
    }

    @Test
    void everyRuleSaysWhichFieldAndWhatIsAllowed() {
        assertThat(rules()).hasSizeGreaterThan(15).allSatisfy((rule, path) -> {
            assertThat(rule.getMessage()).as(rule.getRule())
                    .contains(path.isEmpty() ? "metadata.name" : path).contains(" must ");
            assertThat(rule.getMessageExpression()).as(rule.getRule())
                    .startsWith("\"" + rule.getMessage() + " (\" + ").contains("given: ");
            assertThat(rule.getReason()).as(rule.getRule()).startsWith("FieldValue");
            if (rule.getFieldPath() != null) {
                assertThat(field(path + rule.getFieldPath())).isNotNull();
                assertThat(rule.getMessage()).contains(path + rule.getFieldPath());
            }
        });
    }

    @Test
    void whatAVolumeOrAPeerRemembersCannotBeChanged() {
        assertThat(rules().keySet()).extracting(ValidationRule::getRule)
                .filteredOn(rule -> rule.contains("oldSelf"))
                .anyMatch(rule -> rule.contains("storageClassName"))
                .anyMatch(rule -> rule.contains("self.existing"))
                .anyMatch(rule -> rule.contains("quantity(oldSelf.size)"))
                .anyMatch(rule -> rule.equals("self == oldSelf")) // each port
                .anyMatch(rule -> rule.contains("self.provider"));
    }

    @Test
    void aFieldThatARuleReadsIsBounded() {
        // The API server refuses a CRD whose rules may cost too much, and counts text and lists at their
        // longest.
        for (String text : new String[] {"spec.storage.size", "spec.tuning.heartbeat",
            "spec.tuning.electionTimeout", "spec.template.spec.containers[].name"}) {
            assertThat(field(text).getMaxLength()).as(text).isNotNull();
        }
        assertThat(field("spec.template.spec.containers").getMaxItems()).isNotNull();
    }

    @Test
    void everyFieldOfTheSpecHasADefaultUnlessAbsenceMeansSomething() {
        assertThat(fields).allSatisfy((path, schema) -> {
            boolean ofSpec = path.startsWith("spec.") && !path.startsWith("spec.template.");
            if (ofSpec && schema.getDefault() == null) {
                assertThat(path).isIn("spec.image", "spec.template", "spec.storage.storageClassName",
                        "spec.scheduling.affinity", "spec.scheduling.topologySpreadConstraints",
                        "spec.scheduling.priorityClassName");
            }
        });
    }

    @Test
    void theScaleSubResourceIsAboutObservers() {
        CustomResourceDefinitionVersion version = crd.getSpec().getVersions().getFirst();
        assertThat(version.getSubresources().getScale().getSpecReplicasPath())
                .isEqualTo(".spec.observers.replicas");
        assertThat(version.getSubresources().getScale().getStatusReplicasPath())
                .isEqualTo(".status.observerReplicas");
        assertThat(version.getSubresources().getScale().getLabelSelectorPath())
                .isEqualTo(".status.observerSelector");
        assertThat(version.getSubresources().getStatus()).isNotNull();
    }

    @Test
    void kubectlShowsWhatOneWantsToKnowFirst() {
        assertThat(crd.getSpec().getVersions().getFirst().getAdditionalPrinterColumns())
                .extracting(CustomResourceColumnDefinition::getName)
                .containsExactly("Voters", "Ready", "Leader", "Available", "Epoch", "Age");
        assertThat(crd.getSpec().getNames().getShortNames()).containsExactly("cc");
    }

    @Test
    void conditionsAreAMapByTheirType() {
        assertThat(field("status.conditions").getXKubernetesListType()).isEqualTo("map");
        assertThat(field("status.conditions").getXKubernetesListMapKeys()).containsExactly("type");
    }
}
