package dev.synod.operator.act;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

/** When an object is taken to differ from what is wanted. */
final class DifferenceTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void whatTheApiServerFillsInIsNoDifference() {
        assertSame("{'spec': {'ports': [{'port': 1}]}}",
                "{'spec': {'ports': [{'port': 1, 'protocol': 'TCP'}], 'type': 'ClusterIP'}, 'status': {}}");
    }

    @Test
    void whatIsEmptyIsNoDifference() {
        assertSame("{'spec': {'selector': {}, 'finalizers': [], 'name': null}}", "{'spec': {}}");
    }

    @Test
    void whatTheApiServerDropsBecauseItIsTheDefaultIsNoDifference() {
        assertSame("{'hostNetwork': false, 'mounts': [{'readOnly': false}], 'initialDelaySeconds': 0,"
                + " 'subPath': ''}", "{'mounts': [{}]}");
        assertThat(first("{'hostNetwork': false}", "{'hostNetwork': true}")).isEqualTo(".hostNetwork");
        assertThat(first("{'initialDelaySeconds': 5}", "{}")).isEqualTo(".initialDelaySeconds");
    }

    @Test
    void aFalseThatSomebodyTookAwayIsFoundWhereItSaysSomething() {
        assertThat(first("{'spec': {'automountServiceAccountToken': false}}", "{'spec': {}}"))
                .isEqualTo(".spec.automountServiceAccountToken");
        assertThat(first("{'tolerationSeconds': 0}", "{}")).isEqualTo(".tolerationSeconds");
    }

    @Test
    void aQuantityIsTheSameInEachOfItsForms() {
        assertSame("{'resources': {'requests': {'cpu': '0.1', 'memory': '1024Mi'}}}",
                "{'resources': {'requests': {'cpu': '100m', 'memory': '1Gi'}}}");
        assertThat(first("{'resources': {'limits': {'memory': '1Gi'}}}",
                "{'resources': {'limits': {'memory': '2Gi'}}}")).isEqualTo(".resources.limits.memory");
    }

    @Test
    void aTextThatLooksLikeAQuantityIsNone() {
        assertThat(
                first("{'env': [{'name': 'A', 'value': '1000m'}]}", "{'env': [{'name': 'A', 'value': '1'}]}"))
                .isEqualTo(".env[0].value");
    }

    @Test
    void aFieldThatSomebodyChangedOrTookAwayIsFound() {
        assertThat(first("{'a': {'b': 1}}", "{'a': {'b': 2}}")).isEqualTo(".a.b");
        assertThat(first("{'a': {'b': 1}}", "{'a': {}}")).isEqualTo(".a.b");
        assertThat(first("{'a': {'b': 1}}", "{}")).isEqualTo(".a.b");
    }

    @Test
    void anElementMoreOrLessOfAListIsFound() {
        assertThat(first("{'a': [1]}", "{'a': [1, 2]}")).isEqualTo(".a");
        assertThat(first("{'a': [1, 2]}", "{'a': [1]}")).isEqualTo(".a");
        assertThat(first("{'a': [1]}", "{}")).isEqualTo(".a");
    }

    private static void assertSame(String wanted, String live) {
        assertThat(first(wanted, live)).isEmpty();
    }

    private static String first(String wanted, String live) {
        return Difference.first(tree(wanted), tree(live));
    }

    private static JsonNode tree(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
