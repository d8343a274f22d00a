package dev.synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.paxos.Bytes;
import dev.synod.paxos.Defects;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Seal;
import dev.synod.paxos.SeededRandom;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.SnapshotAction;
import dev.synod.paxos.WalRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The life of a volume on real files. What crashes do to it is tested over the simulator's disk. */
@Timeout(60)
final class VolumeOnFilesTest {
    @TempDir Path home;

    private Path folder() {
        return home.resolve("volume");
    }

    private static Path copy(Path folder, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
            }
        }
        return to;
    }

    private static List<String> segments(FileDisk disk) throws IOException {
        return disk.list().stream().filter(name -> name.endsWith(".wal")).toList();
    }

    @Test
    void aVolumeLivesThroughManyStarts() throws Exception {
        long last = 0;
        long round = 0;
        for (int start = 1; start <= 5; start++) {
            try (FileDisk disk = FileDisk.open(folder()); Life life = Life.start(disk)) {
                assertThat(life.wrong(last, round)).isNull();
                assertThat(life.recovered.incarnation()).isEqualTo(start);
                for (int i = 0; i < 80; i++) {
                    life.step();
                }
                last = life.last();
                round = life.round();
                assertThat(life.snapshotIndex()).isPositive();
                assertThat(segments(disk)).as("dropped below the base").hasSizeBetween(1, 5)
                        .doesNotContain("0000000000000001.wal");
                assertThat(disk.list().stream().filter(name -> name.endsWith(".snapshot"))).hasSize(
                        start == 1 && life.snapshotIndex() < 80 ? 1 : 2);
            }
        }
        assertThat(last).isGreaterThan(300);
    }

    @Test
    void aSyncReturnsAfterTheForceOfTheLogAndThenOfThePromise() throws Exception {
        ScriptedChannels channels = new ScriptedChannels(folder());
        try (FileDisk disk = FileDisk.open(folder(), channels); Life life = Life.start(disk)) {
            String segment = segments(disk).getLast();
            life.volume.replenish(); // the start took the spare
            for (int i = 0; i < 20; i++) {
                channels.log.clear();
                life.volume.append(List.of(new WalRecord.Appended(Life.entry(i + 1))));
                assertThat(channels.log).containsExactly("write " + segment);
                life.volume.sync();
                assertThat(channels.log).containsExactly("write " + segment, "force " + segment);
            }
            channels.log.clear();
            life.promise();
            assertThat(channels.log).containsExactly(
                    "write " + segment, "force " + segment, "write promise", "force promise");
            channels.log.clear();
            life.volume.seal();
            assertThat(channels.log).startsWith("write " + segment, "force " + segment);
            channels.log.clear();
            life.volume.writeSnapshot(9, Samples.CONFIGURATION, Seal.NONE, new byte[9]);
            assertThat(channels.log).containsExactly("write snapshot.writing", "write snapshot.writing",
                    "forceAll snapshot.writing", "forceAll folder");
        }
    }

    @Test
    void aNewSegmentIsSyncedAndNamedBeforeItIsWrittenTo() throws Exception {
        ScriptedChannels channels = new ScriptedChannels(folder());
        try (FileDisk disk = FileDisk.open(folder(), channels); Life life = Life.start(disk)) {
            String first = segments(disk).getLast();
            while (segments(disk).getLast().equals(first)) {
                channels.log.clear();
                life.appendEntries(3);
            }
            String second = segments(disk).getLast();
            assertThat(channels.log).containsSubsequence(List.of("forceAll folder",
                    "write " + second, "force " + second, "write promise", "force promise"));
            assertThat(channels.log.getLast()).as("the next one is prepared").startsWith("forceAll spare-");
        }
    }

    @Test
    void aFailedForceEndsTheUseOfTheVolumeAndIsNotTriedAgain() throws Exception {
        ScriptedChannels channels = new ScriptedChannels(folder());
        try (FileDisk disk = FileDisk.open(folder(), channels); Life life = Life.start(disk)) {
            String segment = segments(disk).getLast();
            life.volume.append(List.of(new WalRecord.Promised(Life.ballot(1))));
            channels.failing = "force " + segment;
            channels.log.clear();
            assertThatThrownBy(life.volume::sync).isInstanceOf(DiskFailedException.class)
                    .hasMessageContaining("cannot sync " + segment)
                    .hasMessageContaining(folder().resolve(segment) + ": Input/output error")
                    .hasMessageContaining("replace the disk");
            channels.failing = "";
            assertThatThrownBy(life.volume::sync).isInstanceOf(DiskFailedException.class);
            assertThatThrownBy(life::promise).isInstanceOf(DiskFailedException.class);
            assertThat(channels.log).containsExactly("force " + segment);
        }
    }

    @Test
    void aTailTornAnywhereIsCutAndWhatWasSyncedStays() throws Exception {
        long last;
        Path head;
        byte[] before;
        byte[] after;
        Path torn = home.resolve("torn");
        try (FileDisk disk = FileDisk.open(folder()); Life life = Life.start(disk)) {
            for (int i = 0; i < 30; i++) {
                life.step();
            }
            last = life.last();
            head = folder().resolve(segments(disk).getLast());
            before = Files.readAllBytes(head);
            life.volume.append(List.of(new WalRecord.Appended(Life.entry(last + 1)),
                    new WalRecord.Appended(Life.entry(last + 2))));
            after = Files.readAllBytes(head);
            copy(folder(), torn);
        }
        int from = Arrays.mismatch(before, after);
        int to = after.length;
        while (after[to - 1] == 0) {
            to--;
        }
        SeededRandom random = new SeededRandom(4);
        for (int round = 0; round < 15; round++) {
            Path one = copy(torn, home.resolve("torn-" + round));
            byte[] bytes = after.clone();
            int at = from + random.below(to - from);
            if (random.chance(0.5)) {
                Arrays.fill(bytes, at, to, (byte) 0);
            } else {
                bytes[at] = (byte) (bytes[at] ^ 1 << random.below(8));
            }
            boolean cut = random.chance(0.3);
            Files.write(one.resolve(head.getFileName()), cut ? Arrays.copyOf(after, at) : bytes);
            assertThat(VolumeInspection.verify(ReadOnlyFileDisk.at(one), null).verdict())
                    .isEqualTo(VolumeReport.Verdict.SOUND);
            try (FileDisk disk = FileDisk.open(one); Life life = Life.start(disk)) {
                assertThat(life.wrong(last, life.round())).as("torn at %d of %d", at, from).isNull();
                assertThat(life.last()).isEqualTo(last);
                life.appendEntries(3);
            }
            try (FileDisk disk = FileDisk.open(one); Life life = Life.start(disk)) {
                assertThat(life.wrong(last + 3, life.round())).isNull();
            }
        }
    }

    @Test
    void damageBeforeTheSealMakesTheMemberFaultyAndIsFoundAgain() throws Exception {
        Path head;
        try (FileDisk disk = FileDisk.open(folder()); Life life = Life.start(disk)) {
            for (int i = 0; i < 10; i++) {
                life.step();
            }
            life.volume.seal();
            head = folder().resolve(segments(disk).getLast());
        }
        byte[] bytes = Files.readAllBytes(head);
        bytes[600] ^= 4;
        Files.write(head, bytes);
        for (int start = 0; start < 2; start++) {
            try (FileDisk disk = FileDisk.open(folder());
                    Volume volume = Volume.open(disk, Defects.NONE, Life.LIMITS)) {
                assertThat(volume.recover(1).fault()).contains(String.valueOf(head.getFileName()))
                        .contains("is damaged");
            }
        }
    }

    @Test
    void aSnapshotIsReceivedInPiecesAcrossARestart() throws Exception {
        MemoryDisk other = new MemoryDisk();
        Life peer = Life.start(other);
        Snapshot snapshot =
                peer.volume.writeSnapshot(70, Samples.CONFIGURATION, Seal.NONE, Life.stateBytes(70));
        Bytes file = peer.volume.readChunk(snapshot.ref(), 0, 1 << 20);
        int half = file.length() / 2;
        byte[] first = Arrays.copyOf(file.array(), half);
        byte[] second = Arrays.copyOfRange(file.array(), half, file.length());
        try (FileDisk disk = FileDisk.open(folder()); Life life = Life.start(disk)) {
            life.volume.begin(new SnapshotAction.Begin(snapshot.ref(), 0));
            life.volume.store(new SnapshotAction.Store(snapshot.ref(), 0, Bytes.of(first)));
        }
        try (FileDisk disk = FileDisk.open(folder()); Life life = Life.start(disk)) {
            assertThat(life.recovered.staged()).isEqualTo(new Recovered.Staged(snapshot.ref(), half));
            assertThat(VolumeInspection.inspect(ReadOnlyFileDisk.at(folder()), null).files())
                    .anySatisfy(staged -> assertThat(staged.what()).contains(half + " of " + file.length()));
            life.volume.begin(new SnapshotAction.Begin(snapshot.ref(), half));
            life.volume.store(new SnapshotAction.Store(snapshot.ref(), half, Bytes.of(second)));
            assertThat(life.volume.finish(snapshot.ref())).isEqualTo(snapshot);
            life.volume.append(List.of(new WalRecord.SnapshotInstalled(snapshot)));
            life.volume.sync();
        }
        try (FileDisk disk = FileDisk.open(folder()); Life life = Life.start(disk)) {
            assertThat(life.wrong(70, 0)).isNull();
            assertThat(life.recovered.snapshot()).isEqualTo(snapshot);
        }
    }
}
