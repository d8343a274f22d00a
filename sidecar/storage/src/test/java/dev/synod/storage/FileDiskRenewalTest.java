package dev.synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Defects;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Payload;
import dev.synod.paxos.WalRecord;
import dev.synod.storage.Legacy.Damage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileDiskRenewalTest {
    private static final UUID NEW_CLUSTER = new UUID(9, 1);
    private static final UUID NEW_MEMBER = new UUID(9, 2);

    @TempDir Path folder;

    /** The power goes; nothing more is done by this process. */
    private static final class PowerLost extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static void live(Path folder) throws Exception {
        try (FileDisk disk = FileDisk.open(folder);
                Volume volume = Volume.open(disk, Defects.NONE, VolumeLimits.DEFAULT)) {
            volume.format(Samples.CLUSTER, Samples.MEMBER, Samples.CONFIGURATION, true);
            volume.recover(1);
            Ballot ballot = new Ballot(0, 1, 1);
            volume.append(List.of(new WalRecord.Adopted(ballot, 0, 0)));
            volume.sync();
            for (int i = 1; i <= 20; i++) {
                volume.append(List.of(new WalRecord.Appended(
                        new Entry(i, ballot, new Payload.Command(Bytes.of(new byte[] {(byte) i}))))));
                volume.sync();
            }
            volume.seal();
        }
    }

    private static void renew(Path volume, Runnable step) throws IOException, NotRecoverableException {
        try (FileDiskRenewal renewal = FileDiskRenewal.open(volume, NEW_CLUSTER, step)) {
            if (!renewal.isDone() && !renewal.isWritten()) {
                renewal.write(renewal.legacy(Damage.REFUSED), NEW_MEMBER, "here:1",
                        List.of(Bytes.of(new byte[] {7})));
            }
            if (!renewal.isDone()) {
                renewal.finish();
            }
        }
    }

    private static void assertRenewed(Path volume, Legacy before) throws Exception {
        try (FileDisk disk = FileDisk.open(volume);
                Volume renewed = Volume.open(disk, Defects.NONE, VolumeLimits.DEFAULT)) {
            assertThat(renewed.cluster()).isEqualTo(NEW_CLUSTER);
            assertThat(renewed.member()).isEqualTo(NEW_MEMBER);
        }
        Legacy after = Legacy.ofVolume(ReadOnlyFileDisk.at(volume), Damage.REFUSED);
        assertThat(after.last()).isEqualTo(before.last() + 1);
        try (Stream<Path> entries = Files.list(volume)) {
            assertThat(entries.map(path -> String.valueOf(path.getFileName())))
                    .noneMatch(name -> name.startsWith(".recovery"));
        }
    }

    @Test
    void aVolumeIsRenewedHoweverOftenThePowerGoes() throws Exception {
        int steps = Integer.MAX_VALUE;
        for (int crash = 0; crash <= steps; crash++) {
            Path volume = folder.resolve("volume-" + crash);
            live(volume);
            Legacy before = Legacy.ofVolume(ReadOnlyFileDisk.at(volume), Damage.REFUSED);
            int[] left = {crash};
            Runnable step = () -> {
                if (left[0]-- == 0) {
                    throw new PowerLost();
                }
            };
            boolean lost = false;
            try {
                renew(volume, step);
            } catch (PowerLost e) {
                lost = true;
            }
            renew(volume, () -> {});
            assertRenewed(volume, before);
            if (!lost) {
                steps = crash;
            }
        }
        assertThat(steps).as("there was something to break off").isGreaterThan(8);
    }

    @Test
    void doneTwiceIsDoneOnce() throws Exception {
        Path volume = folder.resolve("volume");
        live(volume);
        Legacy before = Legacy.ofVolume(ReadOnlyFileDisk.at(volume), Damage.REFUSED);
        renew(volume, () -> {});
        renew(volume, () -> {
            throw new AssertionError("something is changed");
        });
        assertRenewed(volume, before);
    }

    @Test
    void theOldFilesStayBeside() throws Exception {
        Path volume = folder.resolve("volume");
        live(volume);
        renew(volume, () -> {});
        Path old = volume.resolve(".before-" + NEW_CLUSTER);
        assertThat(Legacy.ofVolume(ReadOnlyFileDisk.at(old), Damage.REFUSED).cluster())
                .isNotEqualTo(NEW_CLUSTER);
    }

    @Test
    void aVolumeInUseAndAnEmptyOneAreLeftAlone() throws Exception {
        Path volume = folder.resolve("volume");
        live(volume);
        try (FileDisk held = FileDisk.open(volume)) {
            assertThatThrownBy(() -> renew(volume, () -> {})).isInstanceOf(FolderRefusedException.class);
            assertThat(held).isNotNull();
        }
        assertThatThrownBy(() -> renew(folder.resolve("empty"), () -> {}))
                .isInstanceOf(NotRecoverableException.class).hasMessageContaining("empty");
    }
}
