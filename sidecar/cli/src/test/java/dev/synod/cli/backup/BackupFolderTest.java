package dev.synod.cli.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackupFolderTest {
    private static final UUID CLUSTER = UUID.fromString("7d4cbe29-2b1f-4d3e-9a54-0c6a1d5a7f10");
    private static final UUID OTHER = UUID.fromString("1f00aa29-2b1f-4d3e-9a54-0c6a1d5a7f10");
    private static final Instant MONDAY = Instant.parse("2026-11-23T03:00:00.7Z");

    @TempDir private Path folder = Path.of("");

    private BackupFolder backups() {
        return new BackupFolder(folder);
    }

    private Path made(Instant at, UUID cluster) throws IOException {
        Path name = new BackupFolder(Path.of("")).file(at, cluster).getFileName(); // by that clock alone
        return Files.writeString(folder.resolve(name), "x");
    }

    private static Instant day(int days) {
        return MONDAY.plus(Duration.ofDays(days));
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Test
    void aNameTellsTheTimeInUtcAndTheCluster() throws IOException {
        assertThat(backups().file(MONDAY, CLUSTER)).isEqualTo(
                folder.resolve("20261123T030000Z-7d4cbe29.backup"));
    }

    @Test
    void theNewestOfEachClusterIsTheOneOfTheLatestTimeAndNoneThatIsUnfinished() throws IOException {
        made(day(0), CLUSTER);
        Path other = made(day(2), OTHER);
        Path latest = made(day(1), CLUSTER);
        Files.writeString(folder.resolve("20270101T000000Z-7d4cbe29.backup.writing"), "x");
        Files.writeString(folder.resolve("99999999T999999Z-7d4cbe29.backup"), "no time");
        assertThat(backups().newest()).containsExactly(Map.entry("1f00aa29", other),
                Map.entry("7d4cbe29", latest));
    }

    @Test
    void aFolderWithoutBackupsHasNoNewest() throws IOException {
        Files.writeString(folder.resolve("monday.backup"), "x");
        assertThat(backups().newest()).isEmpty();
    }

    @Test
    void soManyAsAskedForStayAndTheOldestGo() throws IOException {
        made(day(0), CLUSTER);
        made(day(1), CLUSTER);
        Path second = made(day(2), CLUSTER);
        Path written = made(day(3), CLUSTER);
        assertThat(backups().prune(written, 2)).hasSize(2);
        assertThat(left()).containsExactly(second, written);
    }

    @Test
    void theOneJustWrittenStaysThoughTheClockWasPutBack() throws IOException {
        made(day(9), CLUSTER);
        Path written = made(day(3), CLUSTER);
        backups().prune(written, 1);
        assertThat(left()).containsExactly(written);
    }

    @Test
    void namesComeOneAfterTheOtherThoughTheClockWasPutBack() throws IOException {
        Path ahead = made(day(9), CLUSTER);
        made(day(10), OTHER);
        Path next = Files.writeString(backups().file(day(3), CLUSTER), "x");
        assertThat(next).isEqualTo(folder.resolve("20261202T030001Z-7d4cbe29.backup"));
        assertThat(backups().newest()).containsEntry("7d4cbe29", next);
        assertThat(backups().file(day(11), CLUSTER)).isEqualTo(
                folder.resolve("20261204T030000Z-7d4cbe29.backup"));
        assertThat(ahead).exists();
    }

    @Test
    void theOneJustWrittenStaysHoweverItsFolderIsCalled() throws IOException {
        Path written = made(day(3), CLUSTER);
        assertThat(backups().prune(folder.resolve(".").resolve(written.getFileName()), 1)).isEmpty();
        assertThat(left()).containsExactly(written);
    }

    @Test
    void nothingOfAnotherClusterAndNoOtherFileIsDeleted() throws IOException {
        Path other = made(day(0), OTHER);
        Path named = Files.writeString(folder.resolve("before-the-upgrade.backup"), "x");
        Path written = made(day(3), CLUSTER);
        assertThat(backups().prune(written, 1)).isEmpty();
        assertThat(left()).containsExactlyInAnyOrder(other, named, written);
    }

    @Test
    void whatAKilledWriterLeftGoesAndWhatOneIsWritingNowStays() throws IOException {
        Path abandoned = Files.writeString(folder.resolve("20261123T030000Z-7d4cbe29.backup.writing"), "x");
        Path now = Files.writeString(folder.resolve("20261126T025900Z-7d4cbe29.backup.writing"), "x");
        Path written = made(day(3), CLUSTER);
        assertThat(backups().prune(written, 5)).containsExactly(abandoned);
        assertThat(left()).containsExactlyInAnyOrder(now, written);
    }
}
