package dev.synod.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HostNameTest {
    @Test
    void thePodsNameGoesBeforeTheShells() {
        Map<String, String> both = Map.of("POD_NAME", "web-0", "HOSTNAME", "here");
        assertThat(HostName.of(both::get)).isEqualTo("web-0");
        assertThat(HostName.of(Map.of("POD_NAME", "", "HOSTNAME", "here")::get)).isEqualTo("here");
    }

    @Test
    void whereTheEnvironmentSaysNothingTheSystemIsAsked() throws Exception {
        assertThat(HostName.of(variable -> null)).isEqualTo(InetAddress.getLocalHost().getHostName());
    }
}
