package dev.synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class RefusedFolderTest {
    @TempDir Path folder;

    @Test
    void aFolderThatIsMissingIsCreatedAndItsNameMadeDurable() throws IOException {
        Path deep = folder.resolve("a/b/c");
        ScriptedChannels channels = new ScriptedChannels(deep);
        FileDisk.open(deep, channels).close();
        assertThat(deep).isDirectory();
        assertThat(channels.log).containsExactly("forceAll " + folder.getFileName(), "forceAll a",
                "forceAll b",
                "forceAll folder");
    }

    @Test
    void whatIsNoFolderIsRefused() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> FileDisk.open(file)).isInstanceOf(FolderRefusedException.class)
                .hasMessageContaining(file + " is no folder: name one that");
        assertThatThrownBy(() -> FileDisk.open(file.resolve("below")))
                .isInstanceOf(FolderRefusedException.class)
                .hasMessageContaining(file + " is no folder");
    }

    @Test
    void aFolderOfOtherThingsIsRefusedAndLeftAsItIs() throws IOException {
        for (String name : List.of("report.txt", "b", "c", "d")) {
            Files.createFile(folder.resolve(name));
        }
        assertThatThrownBy(() -> FileDisk.open(folder)).isInstanceOf(FolderRefusedException.class)
                .hasMessage(folder + " holds no volume, but 4 other files (b, c, d, ...):"
                        + " name an empty folder, or one that does not exist yet");
        assertThat(folder.resolve("lock")).doesNotExist();
    }

    @Test
    void whatAFileSystemPutsIntoAFreshFolderIsNoReason() throws IOException {
        Files.createDirectory(folder.resolve("lost+found"));
        Files.createDirectory(folder.resolve(".snapshot"));
        try (FileDisk disk = FileDisk.open(folder); Life life = Life.start(disk)) {
            Files.createFile(folder.resolve("copied-here"));
            assertThat(life.recovered.fault()).isNull();
        }
        FileDisk.open(folder).close();
    }

    @Test
    void aFolderThatCannotBeSyncedIsRefusedAndLetGo() throws IOException {
        ScriptedChannels channels = new ScriptedChannels(folder);
        channels.failing = "forceAll folder";
        assertThatThrownBy(() -> FileDisk.open(folder, channels)).isInstanceOf(FolderRefusedException.class)
                .hasMessageContaining(folder + " cannot be a volume");
        FileDisk.open(folder).close();
    }

    @Test
    void aFolderOfAnotherUserIsRefusedWithWhatToDo() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assumeThat(Files.isWritable(folder)).as("permissions do not bind root").isFalse();
            assertThatThrownBy(() -> FileDisk.open(folder)).isInstanceOf(FolderRefusedException.class)
                    .hasMessageContaining(folder.resolve("lock") + ": permission denied")
                    .hasMessageContaining("chown -R");
        } finally {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void permissionDeniedIsPutIntoWords() {
        assertThat(FileDiskErrors.failed("lock", folder.resolve("lock"),
                new java.nio.file.AccessDeniedException(folder.resolve("lock").toString())))
                .hasMessageContaining(folder.resolve("lock") + ": permission denied")
                .hasMessageContaining("chown -R")
                .hasMessageContaining("fsGroup");
    }

    @Test
    void aReadOnlyMountIsRefusedWithWhatToDo() throws Exception {
        FullDiskTest.assumeMounts(folder);
        assertThat(VolumeProcess.run(VolumeProcess.commandOnTmpfs("ro", "open", folder))).singleElement()
                .asString()
                .contains("refused: cannot take the volume: lock " + folder.resolve("lock"))
                .contains("Read-only file system (mount it writable");
    }
}
