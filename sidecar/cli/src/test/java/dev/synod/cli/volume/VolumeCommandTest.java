package dev.synod.cli.volume;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.synod.cli.Run;
import dev.synod.state.Command;
import dev.synod.state.StateMachine;
import dev.synod.storage.FileDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

@Timeout(60)
final class VolumeCommandTest {
    @TempDir private Path folder = Path.of("");

    private Path old() {
        return folder.resolve("old");
    }

    private Path fresh() {
        return folder.resolve("new");
    }

    private static Map<String, String> content(Path folder) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                content.put(file.toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return content;
    }

    private static JsonObject json(Run run) {
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    private static void damage(Path folder, String suffix, int at) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Path file =
                    files.filter(name -> name.toString().endsWith(suffix)).sorted().findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(file);
            bytes[at] ^= 1;
            Files.write(file, bytes);
        }
    }

    @Test
    void aSoundVolumeIsToldAsTextAndAsJsonAndAsYaml() throws Exception {
        new OldCluster().grant(20).writeTo(old(), 10);
        Run text = Run.of("volume", "verify", old());
        assertThat(text.status()).isZero();
        assertThat(text.out()).contains("SOUND").contains(OldCluster.MEMBER.toString()).contains("11 to 21");
        Run json = Run.of("volume", "inspect", old(), "-o", "json");
        assertThat(json(json).get("verdict").getAsString()).isEqualTo("SOUND");
        assertThat(json(json).getAsJsonObject("log").get("last").getAsLong()).isEqualTo(21);
        Run yaml = Run.of("volume", "inspect", old(), "-o", "yaml");
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(yaml.out());
        assertThat(tree.toString()).contains("verdict=SOUND").contains("last=21");
    }

    @Test
    void aDamagedVolumeExitsWith65AndSaysWhatToDo() throws Exception {
        new OldCluster().grant(20).writeTo(old(), 0);
        damage(old(), ".wal", 900);
        Run run = Run.of("volume", "verify", old());
        assertThat(run.status()).isEqualTo(65);
        assertThat(run.out()).contains("DAMAGED").contains("->");
    }

    @Test
    void aFolderThatIsNotThereExitsWith74() {
        assertThat(Run.of("volume", "inspect", folder.resolve("nowhere")).status()).isEqualTo(74);
    }

    @Test
    void withoutYesThePlanIsPrintedAndNothingWritten() throws Exception {
        new OldCluster().grant(20).writeTo(old(), 10);
        Run run = Run.of("volume", "recover", old(), "--into", fresh());
        assertThat(run.status()).isEqualTo(64);
        assertThat(run.out()).contains("revision");
        assertThat(run.err()).contains("--yes");
        assertThat(fresh()).doesNotExist();
    }

    @Test
    void everyTokenAfterARecoveryIsGreaterThanEveryTokenBefore() throws Exception {
        for (int snapshotAt : new int[] {0, 10, 21}) {
            OldCluster cluster = new OldCluster().grant(20);
            Path from = folder.resolve("old-" + snapshotAt);
            Path into = folder.resolve("new-" + snapshotAt);
            cluster.writeTo(from, snapshotAt);
            Run run = Run.of("volume", "recover", from, "--into", into, "--yes", "-o", "json");
            assertThat(run.status()).as(run.err()).isZero();
            StateMachine state = OldCluster.start(into);
            assertThat(state.clusterId()).hasToString(json(run).get("cluster").getAsString());
            assertThat(state.revision()).isEqualTo(json(run).get("revisionAfter").getAsLong());
            assertThat(OldCluster.nextToken(state, cluster.session()))
                    .isGreaterThanOrEqualTo(cluster.tokens().getLast() + Command.NewEra.LEAP);
        }
    }

    @Test
    void theOldVolumeStaysAsItIs() throws Exception {
        new OldCluster().grant(20).writeTo(old(), 10);
        Map<String, String> before = content(old());
        assertThat(Run.of("volume", "recover", old(), "--into", fresh(), "--yes").status()).isZero();
        assertThat(content(old())).isEqualTo(before);
    }

    @Test
    void theNewVolumeIsSoundAndItsMemberAlone() throws Exception {
        new OldCluster().grant(20).writeTo(old(), 10);
        Run.of("volume", "recover", old(), "--into", fresh(), "--yes", "--address", "here:9");
        JsonObject report = json(Run.of("volume", "verify", fresh(), "-o", "json"));
        assertThat(report.get("verdict").getAsString()).isEqualTo("SOUND");
        assertThat(report.getAsJsonObject("log").getAsJsonArray("voters")).hasSize(1);
        assertThat(report.toString()).contains("here:9");
    }

    @Test
    void aRecoveryInPlaceMayBeRepeatedAndIsDoneOnce() throws Exception {
        OldCluster cluster = new OldCluster().grant(20);
        cluster.writeTo(old(), 10);
        String id = "00000000-0000-0009-0000-000000000001";
        String[] command = {"volume", "recover", old().toString(), "--in-place", "--cluster-id", id,
            "--member-id", "00000000-0000-0009-0000-000000000002", "--address", "here:9", "--yes"};
        assertThat(Run.of((Object[]) command).status()).isZero();
        StateMachine state = OldCluster.start(old());
        assertThat(state.clusterId()).hasToString(id);
        long revision = state.revision();
        assertThat(OldCluster.nextToken(state, cluster.session()))
                .isGreaterThanOrEqualTo(cluster.tokens().getLast() + Command.NewEra.LEAP);
        Run again = Run.of((Object[]) command);
        assertThat(again.status()).as(again.err()).isZero();
        assertThat(OldCluster.start(old()).revision()).isEqualTo(revision);
    }

    @Test
    void aRecoveryInPlaceIsPlannedFirstAndNeedsTheNewIdentity() throws Exception {
        new OldCluster().grant(20).writeTo(old(), 10);
        Map<String, String> before = content(old());
        Run nameless = Run.of("volume", "recover", old(), "--in-place", "--yes");
        assertThat(nameless.status()).isEqualTo(64);
        assertThat(nameless.err()).contains("--cluster-id");
        Run plan = Run.of("volume", "recover", old(), "--in-place", "--cluster-id",
                "00000000-0000-0009-0000-000000000001");
        assertThat(plan.status()).isEqualTo(64);
        assertThat(plan.out()).contains("revision");
        assertThat(content(old())).isEqualTo(before);
    }

    @Test
    void aVolumeInUseIsNotRecovered() throws Exception {
        new OldCluster().grant(20).writeTo(old(), 10);
        try (FileDisk held = FileDisk.open(old())) {
            Run run = Run.of("volume", "recover", old(), "--into", fresh(), "--yes");
            assertThat(held).isNotNull();
            assertThat(run.status()).isEqualTo(65);
            assertThat(run.err()).contains("holds the volume");
        }
    }

    @Test
    void aTargetThatHoldsAVolumeIsRefused() throws Exception {
        new OldCluster().grant(20).writeTo(old(), 10);
        new OldCluster().grant(5).writeTo(fresh(), 0);
        Map<String, String> before = content(fresh());
        Run run = Run.of("volume", "recover", old(), "--into", fresh(), "--yes");
        assertThat(run.status()).isEqualTo(73);
        assertThat(content(fresh())).isEqualTo(before);
    }

    @Test
    void aTargetOfOtherFilesIsRefused() throws Exception {
        new OldCluster().grant(20).writeTo(old(), 10);
        Files.createDirectories(fresh());
        Files.writeString(fresh().resolve("holiday.jpg"), "x");
        Run run = Run.of("volume", "recover", old(), "--into", fresh(), "--yes");
        assertThat(run.status()).isEqualTo(73);
        assertThat(run.err()).contains("holiday.jpg");
    }

    @Test
    void whatIsLostOfADamagedVolumeIsSaidBeforeItIsSalvaged() throws Exception {
        new OldCluster().grant(20).writeTo(old(), 10);
        damage(old(), ".wal", 900);
        Run refused = Run.of("volume", "recover", old(), "--into", fresh(), "--yes");
        assertThat(refused.status()).isEqualTo(65);
        Run salvaged = Run.of("volume", "recover", old(), "--into", fresh(), "--yes", "--salvage");
        assertThat(salvaged.status()).as(salvaged.err()).isZero();
        assertThat(salvaged.out()).contains("LOST").contains("every entry after 10");
    }

    @Test
    void aBackupIsRestoredWithGreaterTokens() throws Exception {
        OldCluster cluster = new OldCluster().grant(20);
        Path backup = folder.resolve("backup");
        cluster.backUpTo(backup);
        Run run = Run.of("volume", "restore", backup, "--into", fresh(), "--yes", "--address", "here:1");
        assertThat(run.status()).as(run.err()).isZero();
        StateMachine state = OldCluster.start(fresh());
        assertThat(OldCluster.nextToken(state, cluster.session()))
                .isGreaterThanOrEqualTo(cluster.tokens().getLast() + Command.NewEra.LEAP);
    }

    @Test
    void aSecondClusterFromTheSameBackupLeapsOverTheFirst() throws Exception {
        OldCluster cluster = new OldCluster().grant(20);
        Path backup = folder.resolve("backup");
        cluster.backUpTo(backup);
        Run.of("volume", "restore", backup, "--into", fresh(), "--yes", "--address", "here:1");
        StateMachine first = OldCluster.start(fresh());
        Path second = folder.resolve("second");
        Run run = Run.of("volume", "restore", backup, "--into", second, "--yes", "--address", "here:1",
                "--era", "2");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(OldCluster.nextToken(OldCluster.start(second), cluster.session()))
                .isGreaterThan(OldCluster.nextToken(first, cluster.session()) + 900_000_000);
    }

    @Test
    void ofAFolderTheNewestBackupIsRestoredAndItsNameTold() throws Exception {
        Path backups = Files.createDirectory(folder.resolve("backups"));
        new OldCluster().grant(3).backUpTo(backups.resolve("20261122T030000Z-7d4cbe29.backup"));
        OldCluster later = new OldCluster().grant(20);
        later.backUpTo(backups.resolve("20261123T030000Z-7d4cbe29.backup"));
        Run run = Run.of("volume", "restore", backups, "--into", fresh(), "--yes", "--address", "here:1");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err()).contains("20261123T030000Z-7d4cbe29.backup");
        assertThat(OldCluster.nextToken(OldCluster.start(fresh()), later.session()))
                .isGreaterThanOrEqualTo(later.tokens().getLast() + Command.NewEra.LEAP);
    }

    @Test
    void ofAFolderWithBackupsOfTwoClustersNoneIsChosen() throws Exception {
        Path backups = Files.createDirectory(folder.resolve("backups"));
        new OldCluster().grant(3).backUpTo(backups.resolve("20261122T030000Z-7d4cbe29.backup"));
        new OldCluster().backUpTo(backups.resolve("20261123T030000Z-1f00aa29.backup"));
        Run run = Run.of("volume", "restore", backups, "--into", fresh(), "--yes", "--address", "here:1");
        assertThat(run.status()).isEqualTo(65);
        assertThat(run.err()).contains("20261122T030000Z-7d4cbe29.backup",
                "20261123T030000Z-1f00aa29.backup");
        assertThat(fresh()).doesNotExist();
    }

    @Test
    void aFolderWithoutBackupsIsRefusedAndHowTheyAreCalledIsSaid() throws Exception {
        Path backups = Files.createDirectory(folder.resolve("backups"));
        Run run = Run.of("volume", "restore", backups, "--into", fresh(), "--yes", "--address", "here:1");
        assertThat(run.status()).isEqualTo(65);
        assertThat(run.err()).contains("TIME-CLUSTER.backup");
    }

    @Test
    void aFileThatIsNoBackupIsRefusedInOneLine() throws Exception {
        Path file = Files.writeString(folder.resolve("note"), "hello");
        Run run = Run.of("volume", "restore", file, "--into", fresh(), "--yes");
        assertThat(run.status()).isEqualTo(65);
        assertThat(run.err().strip().lines()).hasSize(1);
    }

    @Test
    void aWrongCommandLineExitsWith64InOneLine() {
        Run run = Run.of("volume", "recover");
        assertThat(run.status()).isEqualTo(64);
        assertThat(run.err().strip().lines()).hasSize(1);
    }
}
