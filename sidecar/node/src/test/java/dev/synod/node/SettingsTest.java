package dev.synod.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsTest {
    private static final String INSECURE = "--insecure-peers";
    private static final String PEERS = "--listen-peers=127.0.0.1:7401";
    private static final String ADMIN = "--listen-admin=127.0.0.1:7402";

    private static Settings of(String... more) throws StartException {
        List<String> flags = new java.util.ArrayList<>(List.of(INSECURE, PEERS, ADMIN));
        flags.addAll(List.of(more));
        return Settings.of(flags, Map.of());
    }

    private static AbstractThrowableAssert<?, ?> refused(String... more) {
        return assertThatThrownBy(() -> of(more)).isInstanceOf(StartException.class)
                .extracting(thrown -> (StartException) thrown)
                .satisfies(thrown -> assertThat(thrown.code()).isEqualTo(ExitCode.USAGE))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.THROWABLE);
    }

    @Test
    void everyDefaultIsAllowed() {
        for (Setting setting : Setting.values()) {
            String fallback = setting.fallback();
            if (fallback != null && !fallback.isEmpty()) {
                assertThat(setting.kind().wrong(fallback)).as(setting.key()).isNull();
            }
        }
    }

    @Test
    void aFlagWinsOverTheEnvironmentAndThatOverTheFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("synod.properties"), """
                heartbeat = 50ms
                election-timeout = 2s
                snapshot-entries = 500
                """);
        Settings settings = Settings.of(
                List.of(INSECURE, PEERS, ADMIN, "--config", file.toString(), "--election-timeout", "4s"),
                Map.of("SYNOD_ELECTION_TIMEOUT", "3s", "SYNOD_SNAPSHOT_ENTRIES", "700"));
        assertThat(settings.duration(Setting.ELECTION_TIMEOUT)).isEqualTo(Duration.ofSeconds(4));
        assertThat(settings.count(Setting.SNAPSHOT_ENTRIES)).isEqualTo(700);
        assertThat(settings.duration(Setting.HEARTBEAT)).isEqualTo(Duration.ofMillis(50));
        assertThat(settings.count(Setting.KEEP_ENTRIES)).isEqualTo(5_000);
    }

    @Test
    void aValueOutOfBoundsIsRefusedWithItsNameTheValueAndWhatIsAllowed() {
        refused("--heartbeat", "1ms").hasMessageContainingAll("--heartbeat", "\"1ms\"", "10ms to 10000ms");
        refused("--segment-bytes", "9999GiB").hasMessageContainingAll("--segment-bytes", "9999GiB", "256MiB");
        refused("--log-level", "loud").hasMessageContainingAll("--log-level", "loud", "error or warn");
        refused("--keep-entries", "-1").hasMessageContainingAll("--keep-entries", "-1", "0 to");
    }

    @Test
    void aMisspeltFlagIsNotPassedOver() {
        refused("--elction-timeout", "1s").hasMessageContainingAll("--elction-timeout", "--help");
    }

    @Test
    void aFlagWithoutItsValueSaysWhatItWants() {
        refused("--volume").hasMessageContainingAll("--volume", "no value", "a path");
    }

    @Test
    void aWrongVariableIsNamedAsTheVariable() {
        assertThatThrownBy(() -> Settings.of(List.of(), Map.of("SYNOD_HEARTBEAT", "soon")))
                .hasMessageContainingAll("SYNOD_HEARTBEAT", "soon");
    }

    @Test
    void anElectionTimeoutTooCloseToTheHeartbeatIsRefused() {
        refused("--heartbeat", "500ms").hasMessageContainingAll("election-timeout", "1s", "500ms", "5");
    }

    @Test
    void theNativeApiListensOnLoopbackOnly() {
        refused("--listen-native", "0.0.0.0:7400").hasMessageContainingAll("--listen-native", "0.0.0.0:7400",
                "not on loopback");
    }

    @Test
    void withoutTlsPeersAreOnLoopbackOnly() {
        refused("--listen-peers", "0.0.0.0:7401").hasMessageContainingAll("--listen-peers", "0.0.0.0:7401",
                "--insecure-peers", "loopback");
    }

    @Test
    void withoutTlsAndWithoutLeaveForItNothingStarts() {
        assertThatThrownBy(() -> Settings.of(List.of(), Map.of()))
                .hasMessageContainingAll("--tls-cert", "--insecure-peers");
    }

    @Test
    void anAgentNeedsMembers() {
        refused("--form", "agent").hasMessageContainingAll("--members", "agent");
        refused("--form", "agent", "--members", "nonsense").hasMessageContainingAll("nonsense", "host:port");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() {
        assertThatThrownBy(() -> of("--config", "/nowhere/at-all"))
                .hasMessageContainingAll("--config", "/nowhere/at-all")
                .extracting(thrown -> ((StartException) thrown).code()).isEqualTo(ExitCode.CONFIGURATION);
    }

    @Test
    void helpNamesEverySetting() {
        for (Setting setting : Setting.values()) {
            assertThat(HelpText.of()).contains(setting.flag(), setting.variable(), setting.description());
        }
    }

    /** Run with {@code -Dsynod.golden=write} to write the table anew. */
    @Test
    void thePageOnConfigurationHoldsTheTable() throws Exception {
        Path page = Path.of(System.getProperty("synod.tree"), "docs", "configuration.md");
        String text = Files.readString(page);
        String begin = "<!-- table -->\n";
        String end = "<!-- end of table -->";
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf(end);
        if ("write".equals(System.getProperty("synod.golden"))) {
            Files.writeString(page, text.substring(0, from) + HelpText.markdown() + text.substring(to));
            return;
        }
        assertThat(text.substring(from, to)).isEqualTo(HelpText.markdown());
    }
}
