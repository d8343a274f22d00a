package dev.synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Defects;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Payload;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Seal;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.WalRecord;
import dev.synod.storage.Legacy.Damage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class LegacyTest {
    private static final UUID NEW_CLUSTER = new UUID(70, 1);
    private static final UUID NEW_MEMBER = new UUID(70, 2);
    private static final Bytes NEW_ERA = Bytes.of(new byte[] {9, 9, 9});

    private static MemoryDisk lived(int steps) throws DiskFullException {
        MemoryDisk disk = new MemoryDisk();
        try (Life life = Life.start(disk)) {
            life.volume.append(List.of(new WalRecord.Adopted(Life.ballot(1), 0, 0)));
            life.volume.sync();
            for (int i = 0; i < steps; i++) {
                life.step();
            }
            life.volume.seal();
        }
        return disk;
    }

    private static MemoryDisk begun(Legacy legacy) throws Exception {
        MemoryDisk target = new MemoryDisk();
        legacy.begin(target, Life.LIMITS, NEW_CLUSTER, NEW_MEMBER, "here:1", List.of(NEW_ERA));
        return target;
    }

    private static Recovered start(Disk disk) throws DiskFullException {
        try (Volume volume = Volume.open(disk, Defects.NONE, Life.LIMITS)) {
            return volume.recover(1);
        }
    }

    private static void flip(MemoryDisk disk, String name, int at) throws IOException {
        byte[] bytes = disk.bytes(name).clone();
        bytes[at] ^= 1;
        disk.put(name, bytes);
    }

    private static String newest(MemoryDisk disk, String suffix) {
        return disk.list().stream().filter(name -> name.endsWith(suffix)).toList().getLast();
    }

    @Test
    void theNewMemberHoldsTheOldStateTheOldCommandsAndThenTheAddedOne() throws Exception {
        MemoryDisk survivor = lived(60);
        Recovered old = start(survivor.copy());
        Legacy legacy = Legacy.ofVolume(survivor, Damage.REFUSED);
        MemoryDisk target = begun(legacy);
        Recovered recovered = start(target);

        assertThat(recovered.fault()).isNull();
        assertThat(recovered.cluster()).isEqualTo(NEW_CLUSTER);
        assertThat(recovered.member()).isEqualTo(NEW_MEMBER);
        assertThat(recovered.activated()).isTrue();
        assertThat(recovered.configuration())
                .isEqualTo(Configuration.initial(List.of(NEW_MEMBER), List.of("here:1")));
        assertThat(recovered.last()).isEqualTo(old.last() + 1);
        assertThat(recovered.decided()).isEqualTo(recovered.last());
        assertThat(recovered.log().getLast().payload()).isEqualTo(new Payload.Command(NEW_ERA));
        Snapshot snapshot = Objects.requireNonNull(recovered.snapshot());
        assertThat(snapshot.index()).isEqualTo(Objects.requireNonNull(old.snapshot()).index());
        assertThat(snapshot.seal()).isEqualTo(Seal.NONE);
        for (Entry entry : recovered.log().subList(0, recovered.log().size() - 1)) {
            assertThat(entry.payload()).isEqualTo(Life.entry(entry.index()).payload());
        }
        try (Volume volume = Volume.open(target, Defects.NONE, Life.LIMITS)) {
            volume.recover(2);
            assertThat(volume.readSnapshotState(snapshot)).isEqualTo(Life.stateBytes(snapshot.index()));
        }
    }

    @Test
    void theSourceStaysAsItWas() throws Exception {
        MemoryDisk survivor = lived(60);
        MemoryDisk before = survivor.copy();
        begun(Legacy.ofVolume(survivor, Damage.REFUSED));
        assertThat(survivor.list()).isEqualTo(before.list());
        for (String name : before.list()) {
            assertThat(survivor.bytes(name)).isEqualTo(before.bytes(name));
        }
    }

    @Test
    void aNewCampaignBeginsAboveTheBallotOfWhatWasLeft() throws Exception {
        Recovered recovered = start(begun(Legacy.ofVolume(lived(60), Damage.REFUSED)));
        assertThat(recovered.promised()).isEqualTo(new Ballot(0, 1, 1)).isEqualTo(recovered.accepted());
        assertThat(recovered.log()).allMatch(entry -> entry.proposedAt().equals(recovered.accepted()));
    }

    @Test
    void theNewVolumeIsSound() throws Exception {
        VolumeReport report =
                VolumeInspection.verify(begun(Legacy.ofVolume(lived(60), Damage.REFUSED)), null);
        assertThat(report.findings()).isEmpty();
        assertThat(report.verdict()).isEqualTo(VolumeReport.Verdict.SOUND);
    }

    @Test
    void aLogWithoutASnapshotIsTakenFromItsFirstEntry() throws Exception {
        Legacy legacy = Legacy.ofVolume(lived(5), Damage.REFUSED);
        assertThat(legacy.index()).isZero();
        assertThat(legacy.state()).isNull();
        Recovered recovered = start(begun(legacy));
        assertThat(recovered.snapshot()).isNull();
        assertThat(recovered.base()).isZero();
        assertThat(recovered.log()).hasSize((int) legacy.last() + 1);
    }

    @Test
    void entriesNotKnownDecidedAreTakenToo() throws Exception {
        Legacy legacy = Legacy.ofVolume(lived(60), Damage.REFUSED);
        assertThat(legacy.decided()).isLessThan(legacy.last());
        assertThat(start(begun(legacy)).decided()).isEqualTo(legacy.last() + 1);
    }

    @Test
    void whatSpokeOfTheOldClustersMembersSaysNothingInTheNew() throws Exception {
        MemoryDisk disk = new MemoryDisk();
        try (Life life = Life.start(disk)) {
            Configuration next = Samples.CONFIGURATION.nextEpoch(List.of(Samples.MEMBER));
            life.volume.append(List.of(
                    new WalRecord.Adopted(Life.ballot(1), 0, 3),
                    appended(1, new Payload.LeaderStart()),
                    appended(2, new Payload.AddObserver(new UUID(8, 9), "obs:3")),
                    appended(3, new Payload.StopSign(next))));
            life.volume.sync();
            life.volume.append(List.of(new WalRecord.EpochEntered(next, new Seal(3, Life.ballot(1)), 3)));
            life.volume.sync();
        }
        Recovered recovered = start(begun(Legacy.ofVolume(disk, Damage.REFUSED)));
        assertThat(recovered.configuration().epoch()).isZero();
        assertThat(recovered.configuration().observers()).isEmpty();
        assertThat(recovered.log().subList(0, 3))
                .allMatch(entry -> entry.payload() instanceof Payload.LeaderStart);
    }

    private static WalRecord appended(long index, Payload payload) {
        return new WalRecord.Appended(new Entry(index, Life.ballot(1), payload));
    }

    @Test
    void aLogOfManySegmentsIsTakenWhole() throws Exception {
        MemoryDisk disk = new MemoryDisk();
        try (Life life = Life.start(disk)) {
            life.volume.append(List.of(new WalRecord.Adopted(Life.ballot(1), 0, 0)));
            life.volume.sync();
            for (int i = 1; i <= 400; i++) {
                byte[] body = new byte[9_000];
                Arrays.fill(body, (byte) i);
                life.volume.append(List.of(appended(i, new Payload.Command(Bytes.of(body)))));
                life.volume.sync();
            }
        }
        MemoryDisk target = begun(Legacy.ofVolume(disk, Damage.REFUSED));
        assertThat(target.list().stream().filter(name -> name.endsWith(".wal")).count()).isGreaterThan(2);
        assertThat(start(target).last()).isEqualTo(401);
    }

    @Test
    void anEmptyVolumeLeavesNothing() {
        assertThatThrownBy(() -> Legacy.ofVolume(new MemoryDisk(), Damage.REFUSED))
                .isInstanceOf(NotRecoverableException.class)
                .hasMessageContaining("empty");
    }

    @Test
    void aTargetThatHoldsAVolumeIsRefusedAndKept() throws Exception {
        Legacy legacy = Legacy.ofVolume(lived(60), Damage.REFUSED);
        MemoryDisk target = lived(5);
        List<String> names = target.list();
        assertThatThrownBy(
                () -> legacy.begin(target, Life.LIMITS, NEW_CLUSTER, NEW_MEMBER, "here:1", List.of(NEW_ERA)))
                .isInstanceOf(NotRecoverableException.class)
                .hasMessageContaining(Samples.MEMBER.toString());
        assertThat(target.list()).isEqualTo(names);
    }

    @Test
    void theOldClustersIdIsRefusedForTheNew() throws Exception {
        Legacy legacy = Legacy.ofVolume(lived(5), Damage.REFUSED);
        assertThatThrownBy(() -> legacy.begin(new MemoryDisk(), Life.LIMITS, Samples.CLUSTER, NEW_MEMBER,
                "here:1", List.of(NEW_ERA)))
                .isInstanceOf(NotRecoverableException.class);
    }

    @Test
    void aDamagedLogIsRefusedUnlessSalvageIsAccepted() throws Exception {
        MemoryDisk survivor = lived(60);
        flip(survivor, newest(survivor, ".wal"), 300);
        assertThatThrownBy(() -> Legacy.ofVolume(survivor, Damage.REFUSED))
                .isInstanceOf(NotRecoverableException.class)
                .hasMessageContaining("damaged");

        Legacy legacy = Legacy.ofVolume(survivor, Damage.SALVAGED);
        assertThat(legacy.losses()).isNotEmpty().anyMatch(loss -> loss.contains("every entry after"));
        assertThat(legacy.state()).isEqualTo(Life.stateBytes(legacy.index()));
        assertThat(start(begun(legacy)).last()).isEqualTo(legacy.index() + 1);
    }

    @Test
    void aDamagedNewestSnapshotFallsBackToTheOneBefore() throws Exception {
        MemoryDisk survivor = lived(90);
        String damaged = newest(survivor, ".snapshot");
        flip(survivor, damaged, 200);
        Legacy legacy = Legacy.ofVolume(survivor, Damage.SALVAGED);
        assertThat(damaged).doesNotStartWith(String.format("%020d", legacy.index()));
        assertThat(legacy.state()).isEqualTo(Life.stateBytes(legacy.index()));
    }

    @Test
    void aVolumeWithNothingIntactIsRefusedEvenThen() throws Exception {
        MemoryDisk survivor = lived(5);
        flip(survivor, newest(survivor, ".wal"), 300);
        assertThatThrownBy(() -> Legacy.ofVolume(survivor, Damage.SALVAGED))
                .isInstanceOf(NotRecoverableException.class)
                .hasMessageContaining("nothing intact");
    }

    @Test
    void aLogThatForgotAPromiseIsRefusedUnlessSalvaged() throws Exception {
        MemoryDisk survivor = lived(60);
        survivor.delete("promise");
        assertThatThrownBy(() -> Legacy.ofVolume(survivor, Damage.REFUSED))
                .isInstanceOf(NotRecoverableException.class)
                .hasMessageContaining("promise");
        Legacy legacy = Legacy.ofVolume(survivor, Damage.SALVAGED);
        assertThat(legacy.losses()).hasSize(1);
        assertThat(legacy.last()).isGreaterThan(legacy.index());
    }

    @Test
    void aVolumeInUseIsRefused(@TempDir Path folder) throws Exception {
        try (FileDisk held = FileDisk.open(folder); Life life = Life.start(held)) {
            life.step();
            assertThatThrownBy(() -> Legacy.ofVolume(ReadOnlyFileDisk.at(folder), Damage.REFUSED))
                    .isInstanceOf(NotRecoverableException.class)
                    .hasMessageContaining("holds the volume");
        }
    }

    private static byte[] backup(byte[] state) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BackupFile file = new BackupFile(out);
        byte[] header = BackupFile
                .header(Samples.CLUSTER, 42, state.length, Samples.CONFIGURATION, Samples.SEAL).array();
        file.write(header, 0, header.length);
        file.write(state, 0, 10);
        file.write(state, 10, state.length - 10);
        file.seal();
        return out.toByteArray();
    }

    @Test
    void aBackupIsTheBeginningOfANewCluster() throws Exception {
        byte[] state = Life.stateBytes(42);
        Legacy legacy = Legacy.ofBackup(new ByteArrayInputStream(backup(state)));
        assertThat(legacy.cluster()).isEqualTo(Samples.CLUSTER);
        assertThat(legacy.state()).isEqualTo(state);
        Recovered recovered = start(begun(legacy));
        assertThat(recovered.base()).isEqualTo(42);
        assertThat(recovered.last()).isEqualTo(43);
        assertThat(recovered.configuration().epoch()).isZero();
    }

    @Test
    void aBackupThatIsCutOrChangedAnywhereIsRefused() throws Exception {
        byte[] whole = backup(Life.stateBytes(42));
        for (int i = 0; i < whole.length; i++) {
            byte[] cut = Arrays.copyOf(whole, i);
            byte[] changed = whole.clone();
            changed[i] ^= 4;
            assertThatThrownBy(() -> Legacy.ofBackup(new ByteArrayInputStream(cut)))
                    .isInstanceOf(NotRecoverableException.class);
            assertThatThrownBy(() -> Legacy.ofBackup(new ByteArrayInputStream(changed)))
                    .isInstanceOf(NotRecoverableException.class);
        }
    }
}
