package dev.synod.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.Defects;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Seal;
import dev.synod.paxos.SeededRandom;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.WalRecord;
import dev.synod.storage.VolumeReport.Condition;
import dev.synod.storage.VolumeReport.FileReport;
import dev.synod.storage.VolumeReport.Level;
import dev.synod.storage.VolumeReport.Verdict;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class VolumeInspectionTest {
    private static VolumeReport verify(Disk disk) {
        return VolumeInspection.verify(disk, null);
    }

    private static MemoryDisk lived() throws DiskFullException {
        MemoryDisk disk = new MemoryDisk();
        try (Life life = Life.start(disk)) {
            for (int i = 0; i < 60; i++) {
                life.step();
            }
            life.volume.seal();
        }
        return disk;
    }

    private static FileReport file(VolumeReport report, String name) {
        return report.files().stream().filter(file -> file.name().equals(name)).findFirst().orElseThrow();
    }

    private static VolumeReport.Log logOf(VolumeReport report) {
        return Objects.requireNonNull(report.log());
    }

    private static String newest(MemoryDisk disk, String suffix) {
        return disk.list().stream().filter(name -> name.endsWith(suffix)).toList().getLast();
    }

    private static void flip(MemoryDisk disk, String name, int at) throws Exception {
        byte[] bytes = disk.bytes(name).clone();
        bytes[at] ^= (byte) (1 << at % 8);
        disk.put(name, bytes);
    }

    @Test
    void anEmptyVolumeIsNobodys() {
        VolumeReport report = verify(new MemoryDisk());
        assertThat(report.verdict()).isEqualTo(Verdict.EMPTY);
        assertThat(report.verdict().exitStatus()).isZero();
        assertThat(report.findings()).isEmpty();
        assertThat(report.member()).isNull();
    }

    @Test
    void aSoundVolumeShowsWhatAStartWouldFind() throws Exception {
        MemoryDisk disk = lived();
        VolumeReport report = verify(disk);
        try (Life life = Life.start(disk.copy())) {
            Recovered recovered = life.recovered;
            VolumeReport.Log log = logOf(report);
            assertThat(log.promised()).isEqualTo(recovered.promised()).isEqualTo(report.witness());
            assertThat(log.accepted()).isEqualTo(recovered.accepted());
            assertThat(log.configuration()).isEqualTo(recovered.configuration());
            assertThat(log.snapshot()).isEqualTo(recovered.snapshot()).isNotNull();
            assertThat(log.base()).isEqualTo(recovered.base()).isPositive();
            assertThat(log.last()).isEqualTo(recovered.last());
            assertThat(log.decided()).isEqualTo(recovered.decided());
            assertThat(report.incarnation()).isEqualTo(recovered.incarnation() - 1);
        }
        assertThat(report.verdict()).isEqualTo(Verdict.SOUND);
        assertThat(report.state()).isEqualTo(VolumeState.ACTIVATED);
        assertThat(report.cluster()).isEqualTo(Samples.CLUSTER);
        assertThat(report.member()).isEqualTo(Samples.MEMBER);
        assertThat(report.findings()).isEmpty();
        assertThat(report.files()).extracting(FileReport::name).isEqualTo(disk.list());
        assertThat(report.files()).allSatisfy(
                file -> assertThat(file.condition()).isIn(Condition.INTACT, Condition.UNUSED));
        assertThat(file(report, newest(disk, ".wal")).what()).startsWith("batches ")
                .contains("with entries up to " + logOf(report).last());
    }

    @Test
    void nothingIsWritten() throws Exception {
        MemoryDisk disk = lived();
        flip(disk, newest(disk, ".wal"), 300);
        MemoryDisk before = disk.copy();
        verify(disk);
        assertThat(disk.list()).isEqualTo(before.list());
        for (String name : disk.list()) {
            assertThat(disk.bytes(name)).isEqualTo(before.bytes(name));
        }
    }

    /** The verdict has to be the start's own, and no damage may make the inspection throw. */
    private static Verdict compared(MemoryDisk disk, String damage) throws DiskFullException {
        VolumeReport quick = VolumeInspection.inspect(disk, null);
        VolumeReport report = verify(disk);
        Volume volume = Volume.open(disk, Defects.NONE, Life.LIMITS);
        Verdict expected;
        if (volume.fault() != null) {
            expected = Verdict.DAMAGED;
        } else if (volume.state() == VolumeState.EMPTY) {
            expected = Verdict.EMPTY;
        } else {
            String fault = volume.recover(1).fault();
            expected = fault == null ? Verdict.SOUND : Verdict.DAMAGED;
            if (fault != null) {
                assertThat(report.findings().getFirst().what()).as(damage).isEqualTo(fault);
                assertThat(report.findings().getFirst().advice()).contains("replaced under a new UUID");
            }
        }
        assertThat(report.verdict()).as("%s: %s", damage, report).isEqualTo(expected);
        assertThat(quick.verdict()).as("%s: %s", damage, quick).isEqualTo(expected);
        return expected;
    }

    @Test
    void theVerdictIsTheStartsOwnWhereverABitIsFlipped() throws Exception {
        MemoryDisk sound = lived();
        int damaged = 0;
        for (String name : sound.list()) {
            int step = name.endsWith(".wal") ? 61 : name.startsWith("spare") ? 4001 : 397;
            for (int at = 0; at < sound.bytes(name).length; at += step) {
                MemoryDisk disk = sound.copy();
                flip(disk, name, at);
                damaged += compared(disk, "bit flipped in " + name + " at " + at) == Verdict.DAMAGED ? 1 : 0;
            }
        }
        assertThat(damaged).isGreaterThan(50);
    }

    @Test
    void theVerdictIsTheStartsOwnWhateverIsGoneCutOrGarbled() throws Exception {
        MemoryDisk sound = lived();
        SeededRandom random = new SeededRandom(9);
        int[] verdicts = new int[Verdict.values().length];
        for (int round = 0; round < 250; round++) {
            MemoryDisk disk = sound.copy();
            StringBuilder damage = new StringBuilder();
            for (int n = 1 + random.below(3); n > 0; n--) {
                String name = disk.list().get(random.below(disk.list().size()));
                byte[] bytes = disk.bytes(name).clone();
                int at = random.below(bytes.length + 1);
                switch (random.below(4)) {
                    case 0 -> disk.delete(name);
                    case 1 -> disk.put(name, Arrays.copyOf(bytes, at));
                    case 2 -> {
                        for (int i = at; i < Math.min(bytes.length, at + 512); i++) {
                            bytes[i] = (byte) random.nextLong();
                        }
                        disk.put(name, bytes);
                    }
                    default -> disk.put(name, Arrays.copyOf(bytes, bytes.length + 100));
                }
                damage.append(name).append(" at ").append(at).append("; ");
            }
            verdicts[compared(disk, "round " + round + " " + damage).ordinal()]++;
        }
        assertThat(verdicts[Verdict.DAMAGED.ordinal()]).isGreaterThan(60);
        assertThat(verdicts[Verdict.SOUND.ordinal()]).isGreaterThan(10);
    }

    @Test
    void damageIsShownWhereItLies() throws Exception {
        MemoryDisk disk = lived();
        String segment = newest(disk, ".wal");
        flip(disk, segment, 400);
        VolumeReport report = verify(disk);
        assertThat(report.verdict().exitStatus()).isEqualTo(65);
        assertThat(file(report, segment).condition()).isEqualTo(Condition.DAMAGED);
        assertThat(report.findings()).anySatisfy(finding -> {
            assertThat(finding.level()).isEqualTo(Level.DAMAGE);
            assertThat(finding.what()).startsWith(segment + ": ").contains("then damage");
        });
        assertThat(report.log()).isNull();
        assertThat(report.witness()).isNotNull();
    }

    @Test
    void withoutItsIdentityTheFilesAreStillReadAndSayWhoseTheyAre() throws Exception {
        MemoryDisk disk = lived();
        disk.delete("identity");
        VolumeReport report = verify(disk);
        assertThat(report.verdict()).isEqualTo(Verdict.DAMAGED);
        assertThat(report.state()).isEqualTo(VolumeState.UNREADABLE);
        assertThat(report.findings().getFirst().what()).contains("identity file is missing");
        assertThat(report.member()).isEqualTo(Samples.MEMBER);
        assertThat(file(report, newest(disk, ".wal")).condition()).isEqualTo(Condition.INTACT);
        disk.delete("promise");
        assertThat(file(verify(disk), newest(disk, ".wal")).condition()).isEqualTo(Condition.UNCHECKED);
        assertThat(verify(disk).member()).isNull();
    }

    @Test
    void aTornTailAndATornCopyAreNotedAndMendThemselves() throws Exception {
        MemoryDisk disk = lived();
        flip(disk, "promise", 70);
        flip(disk, "identity", 70);
        String segment = newest(disk, ".wal");
        byte[] bytes = disk.bytes(segment).clone();
        bytes[bytes.length - 90] = 7;
        disk.put(segment, bytes);
        VolumeReport report = verify(disk);
        assertThat(report.verdict()).isEqualTo(Verdict.SOUND);
        for (String name : List.of("promise", "identity", segment)) {
            assertThat(file(report, name).condition()).as(name).isEqualTo(Condition.TORN);
        }
        assertThat(report.findings()).hasSize(3).allSatisfy(finding -> {
            assertThat(finding.level()).isEqualTo(Level.NOTE);
            assertThat(finding.advice()).contains("the next start mends it");
        });
    }

    @Test
    void aSnapshotThatNothingRestsOnIsAWarningAndOneThatTheLogRefersToIsNot() throws Exception {
        MemoryDisk disk = lived();
        try (Life life = Life.start(disk)) {
            life.volume.writeSnapshot(life.last(), Samples.CONFIGURATION, Seal.NONE, new byte[99]);
        }
        VolumeReport sound = verify(disk);
        assertThat(sound.verdict()).isEqualTo(Verdict.SOUND);
        Snapshot snapshot = Objects.requireNonNull(logOf(sound).snapshot());
        String referenced = SnapshotNames.of(snapshot.ref());
        for (String name : disk.list()) {
            if (!name.endsWith(".snapshot")) {
                continue;
            }
            MemoryDisk rotten = disk.copy();
            flip(rotten, name, rotten.bytes(name).length - 1);
            VolumeReport report = verify(rotten);
            boolean needed = name.equals(referenced);
            assertThat(report.verdict()).isEqualTo(needed ? Verdict.DAMAGED : Verdict.SOUND);
            assertThat(file(report, name).condition()).isEqualTo(Condition.DAMAGED);
            assertThat(report.findings().getFirst().level()).isEqualTo(needed ? Level.DAMAGE : Level.WARNING);
            Condition quick = file(VolumeInspection.inspect(rotten, null), name).condition();
            assertThat(quick).as("not compared").isEqualTo(Condition.UNCHECKED);
        }
    }

    @Test
    void whatIsLeftOverOrForeignIsToldApart() throws Exception {
        MemoryDisk disk = lived();
        disk.put("notes.txt", new byte[5]);
        disk.put("snapshot.writing", new byte[5]);
        disk.put("staging.part", new byte[5]);
        disk.put(String.format(Locale.ROOT, "%016d.wal", 900), new byte[4096]);
        VolumeReport report = verify(disk);
        assertThat(report.verdict()).isEqualTo(Verdict.SOUND);
        assertThat(file(report, "notes.txt").condition()).isEqualTo(Condition.FOREIGN);
        assertThat(file(report, "notes.txt").sizeBytes()).isEqualTo(5);
        assertThat(file(report, "snapshot.writing").condition()).isEqualTo(Condition.UNUSED);
        assertThat(file(report, "staging.part").condition()).isEqualTo(Condition.UNUSED);
        assertThat(file(report, newest(disk, ".wal")).condition()).isEqualTo(Condition.UNUSED);
        assertThat(file(report, newest(disk, ".wal")).what()).contains("no batch was written");
    }

    @Test
    void aFormattingCutOffIsAnEmptyVolume() throws Exception {
        MemoryDisk disk = lived();
        for (String name : disk.list()) {
            if (!name.equals("identity")) {
                disk.delete(name);
            }
        }
        Identity unfinished =
                new Identity(Samples.CLUSTER, Samples.MEMBER, false, true, 0, Samples.CONFIGURATION);
        disk.delete("identity");
        IdentityFile.create(Samples.checked(disk), unfinished).close();
        VolumeReport report = verify(disk);
        assertThat(report.verdict()).isEqualTo(Verdict.EMPTY);
        assertThat(report.findings()).singleElement()
                .satisfies(finding -> assertThat(finding.advice()).contains("format it again"));
    }

    @Test
    void aFolderThatCannotBeReadIsSaidToBeThat(@TempDir Path folder) {
        VolumeReport report = verify(ReadOnlyFileDisk.at(folder.resolve("none")));
        assertThat(report.verdict()).isEqualTo(Verdict.UNREADABLE);
        assertThat(report.verdict().exitStatus()).isEqualTo(74);
        assertThat(report.findings().getFirst().what()).contains(folder.resolve("none") + ": ");
    }

    @Test
    void aVolumeInUseIsInspectedAndItsHolderIsNamed(@TempDir Path folder) throws Exception {
        Process process = VolumeProcess.start(VolumeProcess.command("hold", folder));
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(lines.readLine()).startsWith("held ");
            ReadOnlyFileDisk disk = ReadOnlyFileDisk.at(folder);
            VolumeReport report = VolumeInspection.verify(disk, disk.holder());
            assertThat(report.verdict()).isEqualTo(Verdict.SOUND);
            assertThat(report.holder()).isEqualTo("process " + process.pid());
            assertThat(report.findings()).singleElement().satisfies(
                    finding -> assertThat(finding.what()).contains(process.pid() + " holds the volume"));
            assertThat(Files.exists(folder.resolve("lock"))).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aFileThatTheMemberRemovedMeanwhileIsNoDamage() throws Exception {
        for (int looks = 1; looks <= 3; looks++) {
            MemoryDisk disk = lived();
            disk.listGone("0000000000000077.wal", 2 * looks);
            VolumeReport report = VolumeInspection.inspect(disk, "process 9");
            assertThat(report.verdict()).isEqualTo(looks < 3 ? Verdict.SOUND : Verdict.DAMAGED);
        }
        MemoryDisk idle = lived();
        idle.listGone("0000000000000077.wal", 1);
        assertThat(verify(idle).verdict()).isEqualTo(Verdict.DAMAGED);
    }

    @Test
    void aLogThatForgotAPromiseIsDamageAndBothPromisesAreShown() throws Exception {
        MemoryDisk disk = lived();
        MemoryDisk later = disk.copy();
        try (Life life = Life.start(later)) {
            life.volume.append(List.of(new WalRecord.Promised(Life.ballot(4_000))));
            life.volume.sync();
        }
        disk.put("promise", later.bytes("promise"));
        VolumeReport report = verify(disk);
        assertThat(report.verdict()).isEqualTo(Verdict.DAMAGED);
        assertThat(report.witness()).isEqualTo(Life.ballot(4_000));
        assertThat(logOf(report).promised().isBelow(Life.ballot(4_000))).isTrue();
        assertThat(report.findings().getFirst().what()).contains("forgotten");
    }
}
