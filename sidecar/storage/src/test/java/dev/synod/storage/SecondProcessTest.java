package dev.synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes on one volume. */
@Timeout(60)
final class SecondProcessTest {
    @TempDir Path folder;

    @Test
    void theSecondIsRefusedByNameAndTheFirstGoesOn() throws Exception {
        Process first = VolumeProcess.start(VolumeProcess.command("hold", folder));
        try (BufferedReader lines = first.inputReader(StandardCharsets.UTF_8);
                OutputStream input = first.getOutputStream()) {
            assertThat(lines.readLine()).isEqualTo("held " + first.pid());
            assertThatThrownBy(() -> FileDisk.open(folder))
                    .isInstanceOf(FolderRefusedException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("in use by process " + first.pid() + ":")
                    .hasMessageContaining("stop that one first");
            assertThat(ReadOnlyFileDisk.at(folder).holder()).isEqualTo("process " + first.pid());
            input.write('\n');
            input.flush();
            assertThat(lines.readLine()).isEqualTo("synced 1 0");
        } finally {
            first.destroyForcibly();
        }
        first.waitFor();
        assertThat(ReadOnlyFileDisk.at(folder).holder()).isNull();
        try (FileDisk disk = FileDisk.open(folder); Life life = Life.start(disk)) {
            assertThat(life.recovered.last()).isEqualTo(1);
        }
    }

    /** Closing any handle on a locked file lets go of the process's lock, so nothing may open it again. */
    @Test
    void aSecondOpeningInTheProcessIsRefusedAndDoesNotWeakenTheFirst() throws Exception {
        try (FileDisk disk = FileDisk.open(folder)) {
            assertThatThrownBy(() -> FileDisk.open(folder.resolve(".")))
                    .isInstanceOf(FolderRefusedException.class)
                    .hasMessageContaining("in use by this process, " + ProcessHandle.current().pid());
            Path link = Files.createSymbolicLink(folder.resolve(".link"), folder);
            assertThatThrownBy(() -> FileDisk.open(link)).isInstanceOf(FolderRefusedException.class);
            assertThat(ReadOnlyFileDisk.at(folder).holder())
                    .isEqualTo("this process, " + ProcessHandle.current().pid());

            assertThat(VolumeProcess.run(VolumeProcess.command("open", folder))).singleElement().asString()
                    .startsWith("refused: ")
                    .contains("in use by process " + ProcessHandle.current().pid() + ":");
            assertThat(disk.list()).isEmpty();
        }
        assertThat(VolumeProcess.run(VolumeProcess.command("open", folder))).containsExactly("opened");
        FileDisk.open(folder).close();
    }
}
