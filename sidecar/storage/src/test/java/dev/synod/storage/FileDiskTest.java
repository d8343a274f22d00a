package dev.synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileDiskTest {
    @TempDir Path folder;

    private ScriptedChannels channels;
    private FileDisk disk;

    @BeforeEach
    void open() throws IOException {
        channels = new ScriptedChannels(folder);
        disk = FileDisk.open(folder, channels);
        channels.log.clear();
    }

    @AfterEach
    void close() throws IOException {
        disk.close();
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + 7);
        }
        return bytes;
    }

    @Test
    void whatIsWrittenIsInTheFileAndIsReadBack() throws IOException {
        byte[] bytes = pattern(1_000_000);
        try (DiskFile file = disk.create("a")) {
            file.write(10, bytes, 5, 900_000);
            assertThat(file.size()).isEqualTo(900_010);
            file.sync();
        }
        byte[] onDisk = Files.readAllBytes(folder.resolve("a"));
        assertThat(Arrays.copyOf(onDisk, 10)).containsOnly(0);
        assertThat(Arrays.copyOfRange(onDisk, 10, 900_010)).isEqualTo(Arrays.copyOfRange(bytes, 5, 900_005));
        try (DiskFile file = disk.open("a")) {
            byte[] read = new byte[900_100];
            assertThat(file.read(10, read, 50, 900_050)).isEqualTo(900_000);
            assertThat(Arrays.copyOfRange(read, 50, 900_050))
                    .isEqualTo(Arrays.copyOfRange(bytes, 5, 900_005));
            assertThat(file.read(900_010, read, 0, 1)).isZero();
            assertThat(file.read(2_000_000, read, 0, 1)).isZero();
        }
    }

    @Test
    void callsThatMoveFewerBytesThanAskedAreRepeatedForTheRest() throws IOException {
        channels.pieceBytes = 7;
        byte[] bytes = pattern(1_000);
        try (DiskFile file = disk.create("a")) {
            file.write(3, bytes, 1, 900);
            byte[] read = new byte[903];
            assertThat(file.read(0, read, 0, 903)).isEqualTo(903);
            assertThat(Arrays.copyOfRange(read, 3, 903)).isEqualTo(Arrays.copyOfRange(bytes, 1, 901));
        }
        assertThat(channels.of("a")).hasSizeGreaterThan(250);
    }

    @Test
    void aFileIsCutAndGrowsAgainWithZeros() throws IOException {
        try (DiskFile file = disk.create("a")) {
            file.write(0, pattern(100), 0, 100);
            file.truncate(40);
            assertThat(file.size()).isEqualTo(40);
            file.write(60, pattern(1), 0, 1);
        }
        byte[] bytes = Files.readAllBytes(folder.resolve("a"));
        assertThat(bytes).hasSize(61).startsWith(Arrays.copyOf(pattern(100), 40));
        assertThat(Arrays.copyOfRange(bytes, 40, 60)).containsOnly(0);
    }

    @Test
    void namesAreListedInOrderWithoutTheLockAndWhatIsNoFile() throws IOException {
        disk.create("b").close();
        disk.create("a").close();
        disk.create("a.b").close();
        Files.createDirectory(folder.resolve("lost+found"));
        Files.createSymbolicLink(folder.resolve("c"), folder.resolve("a"));
        assertThat(disk.list()).containsExactly("a", "a.b", "b");
    }

    @Test
    void theLockNamesTheProcess() throws IOException {
        assertThat(Files.readString(folder.resolve("lock"))).hasSize(20).endsWith("\n")
                .startsWith(ProcessHandle.current().pid() + " ");
    }

    @Test
    void aRenameReplacesAndARemovalRemoves() throws IOException {
        try (DiskFile file = disk.create("a")) {
            file.write(0, pattern(9), 0, 9);
        }
        disk.create("b").close();
        disk.rename("a", "b");
        assertThat(disk.list()).containsExactly("b");
        assertThat(Files.readAllBytes(folder.resolve("b"))).isEqualTo(pattern(9));
        disk.delete("b");
        assertThat(disk.list()).isEmpty();
    }

    @Test
    void whatIsNotThereOrThereAlreadyIsSaidWithItsPath() throws IOException {
        disk.create("a").close();
        assertThatThrownBy(() -> disk.create("a")).isInstanceOf(IOException.class)
                .isNotInstanceOf(DiskFullException.class)
                .hasMessage("create " + folder.resolve("a") + ": it exists already");
        for (String what : new String[] {"open", "delete", "rename"}) {
            assertThatThrownBy(() -> {
                switch (what) {
                    case "open" -> disk.open("b");
                    case "delete" -> disk.delete("b");
                    default -> disk.rename("b", "c");
                }
            }).isInstanceOf(IOException.class)
                    .hasMessage(what + " " + folder.resolve("b") + ": there is no such file");
        }
    }

    @Test
    void aNameThatLeadsElsewhereOrIsTheLocksIsRefused() {
        for (String name : new String[] {"../a", "a/b", "/a", "..", ".", "", "lock"}) {
            assertThatThrownBy(() -> disk.create(name)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> disk.open(name)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> disk.delete(name)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> disk.rename("a", name)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aLinkInPlaceOfAFileIsNotFollowed() throws IOException {
        Path elsewhere = Files.createFile(folder.resolve("elsewhere"));
        Files.createSymbolicLink(folder.resolve("promise"), elsewhere);
        assertThatThrownBy(() -> disk.open("promise")).hasMessageContaining("remove the link");
    }

    @Test
    void aSyncForcesTheSizeOnlyWhenItMayHaveChanged() throws IOException {
        try (DiskFile file = disk.create("a")) {
            file.sync();
            file.write(0, pattern(100), 0, 100);
            file.sync();
            file.write(0, pattern(100), 0, 100);
            file.sync();
            file.write(50, pattern(51), 0, 51);
            file.sync();
            file.truncate(10);
            file.sync();
            file.sync();
        }
        assertThat(channels.of("a")).containsExactly("forceAll", "write", "forceAll", "write", "force",
                "write",
                "forceAll", "truncate", "forceAll", "force");
        try (DiskFile file = disk.open("a")) {
            file.write(0, pattern(5), 0, 5);
            file.sync();
        }
        assertThat(channels.of("a")).endsWith("write", "force");
        disk.syncDirectory();
        assertThat(channels.of("folder")).containsExactly("forceAll");
    }

    @Test
    void anErrorNamesTheFileAndSaysWhatToDoAndIsNoLackOfRoom() throws IOException {
        DiskFile file = disk.create("a");
        file.write(0, pattern(10), 0, 10);
        for (String what : new String[] {"write", "read", "force", "truncate"}) {
            channels.failing = what + " a";
            assertThatThrownBy(() -> {
                switch (what) {
                    case "write" -> file.write(10, pattern(10), 0, 10);
                    case "read" -> file.read(0, new byte[1], 0, 1);
                    case "truncate" -> file.truncate(5);
                    default -> {
                        channels.failing = "forceAll a";
                        file.sync();
                    }
                }
            }).isInstanceOf(IOException.class)
                    .isNotInstanceOf(DiskFullException.class)
                    .hasMessageContaining(folder.resolve("a") + ": Input/output error")
                    .hasMessageContaining("replace the disk");
        }
        channels.failing = "forceAll folder";
        assertThatThrownBy(disk::syncDirectory).hasMessageContaining(folder + ": Input/output error");
        file.close();
    }

    @Test
    void aLackOfRoomIsToldFromAnErrorAndNeverSaidOfBytesWithinTheFile() throws IOException {
        DiskFile file = disk.create("a");
        channels.leaveRoom(150);
        file.write(0, pattern(100), 0, 100);
        assertThatThrownBy(() -> file.write(100, pattern(100), 0, 100))
                .isInstanceOf(DiskFullException.class)
                .hasMessageContaining(folder.resolve("a").toString())
                .hasMessageContaining("No space left on device")
                .hasMessageContaining("enlarge the disk");
        assertThat(file.size()).isEqualTo(150);
        file.write(0, pattern(150), 0, 150);
        channels.failing = "write a";
        assertThatThrownBy(() -> file.write(0, pattern(150), 0, 150))
                .isNotInstanceOf(DiskFullException.class);
        file.close();
    }

    @Test
    void theSystemsOwnWordsForNoRoomAreKnown() throws IOException {
        Path full = Path.of("/dev/full");
        org.assertj.core.api.Assumptions.assumeThat(full).exists();
        try (FileChannel channel = FileChannel.open(full, StandardOpenOption.WRITE)) {
            assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1))).satisfies(e -> assertThat(
                    FileDiskErrors.growing("write", folder.resolve("a"), 1, (IOException) e))
                    .isInstanceOf(DiskFullException.class));
        }
        IOException inGerman = new IOException("Auf dem Gerät ist kein Speicherplatz mehr verfügbar");
        assertThat(FileDiskErrors.growing("write", folder.resolve("a"), 1, inGerman))
                .isNotInstanceOf(DiskFullException.class);
        assertThat(FileDiskErrors.growing("write", folder.resolve("a"), Long.MAX_VALUE, inGerman))
                .isInstanceOf(DiskFullException.class);
    }

    @Test
    void aReadOnlyDiskReadsAndChangesNothing() throws IOException {
        try (DiskFile file = disk.create("a")) {
            file.write(0, pattern(10), 0, 10);
        }
        ReadOnlyFileDisk looking = ReadOnlyFileDisk.at(folder);
        assertThat(looking.list()).containsExactly("a");
        try (DiskFile file = looking.open("a")) {
            assertThat(file.read(0, new byte[20], 0, 20)).isEqualTo(10);
            assertThatThrownBy(() -> file.write(0, pattern(1), 0, 1)).isInstanceOf(Exception.class);
            assertThatThrownBy(() -> file.truncate(1)).isInstanceOf(Exception.class);
        }
        assertThatThrownBy(() -> looking.create("b")).hasMessageContaining("only looked at");
        assertThatThrownBy(() -> looking.delete("a")).hasMessageContaining("only looked at");
        assertThatThrownBy(() -> looking.rename("a", "b")).hasMessageContaining("only looked at");
        assertThatThrownBy(looking::syncDirectory).hasMessageContaining("only looked at");
        assertThat(Files.readAllBytes(folder.resolve("a"))).isEqualTo(pattern(10));
    }
}
