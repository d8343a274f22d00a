package dev.synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.synod.paxos.Defects;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No room: by a count in the channels, by a limit of the shell, and on a real file system that is full. */
@Timeout(60)
final class FullDiskTest {
    @TempDir Path folder;

    /** Mounting needs a user namespace of one's own, which some machines do not give. */
    static void assumeMounts(Path folder) throws Exception {
        List<String> told = VolumeProcess.run(List.of("sh", "-c",
                "unshare -rm mount -t tmpfs tmpfs '" + folder + "' >/dev/null 2>&1 && echo yes"));
        assumeThat(told).as("unshare -rm can mount").containsExactly("yes");
    }

    @Test
    void aVolumeThatDoesNotFitIsNotFormattedAndStaysEmpty() throws IOException {
        ScriptedChannels channels = new ScriptedChannels(folder);
        try (FileDisk disk = FileDisk.open(folder, channels)) {
            for (long quota : List.of(0L, 10_000L, 70_000L, 80_000L, 100_000L)) {
                channels.quotaBytes = quota;
                try (Volume volume = Volume.open(disk, Defects.NONE, Life.LIMITS)) {
                    assertThatThrownBy(() -> volume.format(
                            Samples.CLUSTER, Samples.MEMBER, Samples.CONFIGURATION, true))
                            .isInstanceOf(DiskFullException.class);
                    assertThat(volume.state()).isEqualTo(VolumeState.EMPTY);
                }
            }
            channels.quotaBytes = Long.MAX_VALUE;
            try (Life life = Life.start(disk)) {
                life.appendEntries(1);
            }
        }
    }

    @Test
    void entriesAreRefusedPromisesGoOnAndNothingIsLost() throws Exception {
        ScriptedChannels channels = new ScriptedChannels(folder);
        try (FileDisk disk = FileDisk.open(folder, channels)) {
            long last;
            try (Life life = Life.start(disk)) {
                channels.leaveRoom(20 << 10);
                assertThatThrownBy(() -> appendWithoutEnd(life)).isInstanceOf(DiskFullException.class);
                assertThat(life.volume.isFull()).isTrue();
                for (int i = 0; i < 100; i++) {
                    life.promise();
                }
                last = life.last();
            }
            try (Life life = Life.start(disk)) {
                assertThat(life.wrong(last, 100)).isNull();
                life.promise();
                channels.quotaBytes = Long.MAX_VALUE;
                assertThat(life.volume.replenish()).isFalse();
                life.appendEntries(3);
            }
        }
    }

    @Test
    void underALoadWithoutAPauseAFullDiskIsKnownASegmentAhead() throws Exception {
        ScriptedChannels channels = new ScriptedChannels(folder);
        try (FileDisk disk = FileDisk.open(folder, channels); Life life = Life.start(disk)) {
            channels.leaveRoom(Life.LIMITS.segmentBytes() / 2);
            while (!life.volume.isFull()) {
                life.appendEntries(3); // fails here when the volume learns it by an append
            }
            long last = life.last();
            for (int i = 0; i < 5; i++) {
                life.appendEntries(3);
            }
            assertThat(life.last()).isEqualTo(last + 15);
        }
    }

    private static void appendWithoutEnd(Life life) throws DiskFullException {
        while (true) {
            life.appendEntries(3);
        }
    }

    @Test
    void aFileSystemThatIsFullRefusesEntriesKeepsPromisingAndGoesOnWithRoom() throws Exception {
        assumeMounts(folder);
        List<String> told = VolumeProcess.run(VolumeProcess.commandOnTmpfs("size=600k", "full", folder));
        assertThat(told).hasSize(8);
        assertThat(told.get(0)).startsWith("full: no room to ").contains("No space left on device");
        assertThat(told.subList(1, 4)).containsExactly("promised 100", "again null", "promised 200");
        assertThat(told.get(4)).startsWith("full: no room to ");
        assertThat(told.subList(5, 8)).containsExactly("is full true", "is full false", "again null");
    }

    @Test
    void aLimitOnTheSizeOfFilesRefusesWhatDoesNotFitAndNothingElse() throws Exception {
        List<String> told = VolumeProcess.run(
                VolumeProcess.commandIn("ulimit -f 256; exec \"$@\"", "large", folder));
        assertThat(told).hasSize(2);
        assertThat(told.get(0))
                .startsWith("full: no room to write 65536 bytes of " + folder.resolve("spare-"))
                .contains("File too large");
        String[] synced = told.get(1).split(" ", -1);
        assertThat(synced[0]).isEqualTo("synced");
        try (FileDisk disk = FileDisk.open(folder); Life life = Life.start(disk)) {
            assertThat(life.wrong(Long.parseLong(synced[1]), Long.parseLong(synced[2]))).isNull();
            assertThat(life.last()).isGreaterThan(60);
        }
    }
}
