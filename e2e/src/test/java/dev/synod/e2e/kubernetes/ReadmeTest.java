package dev.synod.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ReadmeTest {
    @Test
    void fourCommandsLeadToAnApplicationThatHoldsALock() {
        assertThat(Readme.commands(Path.of(".."))).satisfiesExactly(
                install -> assertThat(install).startsWith("helm install synod charts/synod --namespace"),
                apply -> assertThat(apply).startsWith("kubectl apply -f deploy/examples/"),
                wait -> assertThat(wait).startsWith("kubectl wait --for=condition=Ready"),
                logs -> assertThat(logs).startsWith("kubectl logs"));
    }
}
