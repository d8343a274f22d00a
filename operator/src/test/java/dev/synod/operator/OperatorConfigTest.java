package dev.synod.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the operator makes of its environment. */
final class OperatorConfigTest {
    @Test
    void theImageIsAllThatHasToBeSaid() {
        OperatorConfig config = config(Map.of());
        assertThat(config.watched()).isEmpty();
        assertThat(config.lease()).isEmpty();
        assertThat(config.pod()).isEqualTo("this-host");
        assertThat(config.listen().getPort()).isEqualTo(8_080);
        assertThat(config.podLabels()).containsEntry("app.kubernetes.io/name", "synod-operator");
    }

    @Test
    void listsMayHaveSpaces() {
        OperatorConfig config = config(Map.of("SYNOD_OPERATOR_WATCH_NAMESPACES", "one, two,",
                "SYNOD_OPERATOR_POD_LABELS", "app=x, example.org/tier=y"));
        assertThat(config.watched()).containsExactly("one", "two");
        assertThat(config.podLabels()).containsExactlyInAnyOrderEntriesOf(
                Map.of("app", "x", "example.org/tier", "y"));
    }

    @Test
    void withoutAnImageItSaysWhatIsMissing() {
        assertThatIllegalArgumentException().isThrownBy(() -> OperatorConfig.of(Map.of(), "this-host"))
                .withMessageContaining("SYNOD_OPERATOR_SIDECAR_IMAGE is not set");
    }

    @Test
    void aWrongValueIsNamedWithWhatIsAllowed() {
        assertRefused("SYNOD_OPERATOR_LISTEN", "8080", "an address and a port");
        assertRefused("SYNOD_OPERATOR_LOG_LEVEL", "loud", "debug, info, warn or error");
        assertRefused("SYNOD_OPERATOR_WATCH_NAMESPACES", "Two", "namespaces with commas between");
        assertRefused("SYNOD_OPERATOR_POD_LABELS", "app", "name=value");
        assertRefused("SYNOD_OPERATOR_LEASE", "a lease", "the name of a Lease");
    }

    @Test
    void aSettingThatDoesNotExistIsNotOverlooked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config(Map.of("SYNOD_OPERATOR_WATCH_NAMESPACE", "one")))
                .withMessageContaining("there is no setting SYNOD_OPERATOR_WATCH_NAMESPACE");
    }

    private static void assertRefused(String name, String value, String allowed) {
        assertThatIllegalArgumentException().isThrownBy(() -> config(Map.of(name, value)))
                .withMessageContaining(name + " is '" + value + "'").withMessageContaining(allowed);
    }

    private static OperatorConfig config(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("SYNOD_OPERATOR_SIDECAR_IMAGE", "synod/sidecar:1");
        environment.put("PATH", "/usr/bin");
        return OperatorConfig.of(environment, "this-host");
    }
}
