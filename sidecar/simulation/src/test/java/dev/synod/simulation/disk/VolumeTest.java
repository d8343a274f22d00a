package dev.synod.simulation.disk;

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
import dev.synod.paxos.SeededRandom;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.SnapshotAction;
import dev.synod.paxos.SnapshotRef;
import dev.synod.paxos.WalRecord;
import dev.synod.storage.DamagedException;
import dev.synod.storage.DiskFailedException;
import dev.synod.storage.DiskFullException;
import dev.synod.storage.Volume;
import dev.synod.storage.VolumeLimits;
import dev.synod.storage.VolumeState;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class VolumeTest {
    private static final Ballot BALLOT = new Ballot(0, 1, 1);
    private static final VolumeLimits LIMITS = VolumeLimits.withSegments(4 << 10);

    private static WalRecord entry(long index, int bytes) {
        return new WalRecord.Appended(
                new Entry(index, BALLOT, new Payload.Command(Bytes.of(new byte[bytes]))));
    }

    private static SimDisk disk(long quotaBytes) {
        return new SimDisk(new SeededRandom(7), quotaBytes);
    }

    private static Volume formatted(SimDisk disk, boolean activated) throws DiskFullException {
        Volume volume = Volume.open(disk, Defects.NONE, LIMITS);
        volume.format(MemberHistory.CLUSTER, MemberHistory.MEMBER, MemberHistory.INITIAL, activated);
        return volume;
    }

    @Test
    void aVolumeIsEmptyThenFormattedThenActivated() throws DiskFullException {
        SimDisk disk = disk(1 << 24);
        Volume volume = Volume.open(disk, Defects.NONE, LIMITS);
        assertThat(volume.state()).isEqualTo(VolumeState.EMPTY);
        assertThat(volume.member()).isNull();
        assertThatThrownBy(() -> volume.recover(1)).isInstanceOf(IllegalStateException.class);
        volume.format(MemberHistory.CLUSTER, MemberHistory.MEMBER, MemberHistory.INITIAL, false);
        assertThat(volume.state()).isEqualTo(VolumeState.FORMATTED);
        assertThat(volume.cluster()).isEqualTo(MemberHistory.CLUSTER);
        assertThat(volume.member()).isEqualTo(MemberHistory.MEMBER);
        assertThat(volume.recover(1).activated()).isFalse();
        volume.append(List.of(new WalRecord.Activated()));
        assertThat(volume.state()).isEqualTo(VolumeState.FORMATTED);
        volume.sync();
        assertThat(volume.state()).isEqualTo(VolumeState.ACTIVATED);

        Volume second = Volume.open(disk, Defects.NONE, LIMITS);
        assertThat(second.recover(2).activated()).isTrue();
        assertThat(second.state()).isEqualTo(VolumeState.ACTIVATED);
        assertThatThrownBy(() -> second.format(new UUID(1, 1), new UUID(2, 2), MemberHistory.INITIAL, true))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aNewcomerBelongsToNothing() throws DiskFullException {
        Volume volume = Volume.open(disk(1 << 24), Defects.NONE, LIMITS);
        volume.format(MemberHistory.CLUSTER, MemberHistory.MEMBER, Configuration.NONE, true);
        Recovered recovered = volume.recover(5);
        assertThat(recovered.configuration()).isEqualTo(Configuration.NONE);
        assertThat(recovered.nonce()).isEqualTo(5);
        assertThat(recovered.incarnation()).isEqualTo(1);
        assertThat(recovered.activated()).isTrue();
    }

    @Test
    void aSecondBatchBeforeTheSyncIsRefused() throws DiskFullException {
        Volume volume = formatted(disk(1 << 24), true);
        volume.recover(1);
        volume.append(List.of(new WalRecord.Promised(BALLOT)));
        assertThatThrownBy(() -> volume.append(List.of(new WalRecord.Promised(BALLOT))))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(volume::seal).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aBatchLargerThanASegmentGetsALargerSegment() throws DiskFullException {
        VolumeRun run = VolumeRun.fresh(1, Defects.NONE, 4 << 10, 100);
        run.start();
        run.write(run.history().of(new WalRecord.Adopted(BALLOT, 0, 3), entry(1, 9_000), entry(2, 50_000),
                entry(3, 1)));
        run.write(run.history().of(entry(4, 200_000)));
        run.disk().powerCut();
        assertThat(run.start().last()).isEqualTo(4);
    }

    static void aHintBeyondTheLog(Defects defects) throws DiskFullException {
        VolumeRun run = VolumeRun.fresh(2, defects, 4 << 10, 100);
        run.start();
        run.write(run.history().of(new WalRecord.Adopted(BALLOT, 0, 2), entry(1, 10), entry(2, 10)));
        run.write(run.history().of(new WalRecord.Decided(7)));
        run.disk().powerCut();
        assertThat(run.start().decided()).isEqualTo(2);
    }

    @Test
    void theDecidedHintIsNotBelievedBeyondTheLog() throws DiskFullException {
        aHintBeyondTheLog(Defects.NONE);
    }

    @Test
    void aFullDiskRefusesEntriesAndTakesPromisesWithoutEnd() throws DiskFullException {
        SimDisk disk = disk(1 << 24);
        Volume volume = formatted(disk, true);
        volume.recover(1);
        volume.append(List.of(new WalRecord.Adopted(BALLOT, 0, 0)));
        volume.sync();
        volume.seal();
        assertThat(volume.isFull()).isFalse();
        disk.quota(disk.usedBytes());

        long last = fill(volume);
        assertThat(volume.isFull()).isTrue();
        assertThat(last).isGreaterThan(4);
        for (int round = 2; round < 1_000; round++) {
            volume.append(List.of(new WalRecord.Promised(new Ballot(0, round, 2))));
            volume.sync();
            if (round % 7 == 0) {
                volume.seal();
            }
        }
        assertThat(volume.isFull()).isTrue();
        disk.powerCut();
        Volume next = Volume.open(disk, Defects.NONE, LIMITS);
        Recovered recovered = next.recover(2);
        assertThat(recovered.fault()).isNull();
        assertThat(recovered.last()).isEqualTo(last);
        assertThat(recovered.promised()).isEqualTo(new Ballot(0, 999, 2));

        disk.quota(1 << 24);
        assertThat(next.replenish()).isFalse();
        next.append(List.of(entry(last + 1, 900)));
        next.sync();
    }

    private static long fill(Volume volume) {
        long last = 0;
        try {
            while (last < 1_000) {
                volume.append(List.of(entry(last + 1, 900)));
                last++;
                volume.sync();
                volume.seal();
            }
        } catch (DiskFullException e) {
            assertThat(e).hasMessageContaining("room");
        }
        return last;
    }

    @Test
    void aBatchRefusedForWantOfRoomCanBeWrittenOnceThereIsSome() throws DiskFullException {
        SimDisk disk = disk(1 << 24);
        Volume volume = formatted(disk, true);
        volume.recover(1);
        volume.append(List.of(new WalRecord.Adopted(BALLOT, 0, 0)));
        volume.sync();
        disk.quota(disk.usedBytes());
        List<WalRecord> large = List.of(entry(1, 30_000), entry(2, 10));
        assertThatThrownBy(() -> volume.append(large)).isInstanceOf(DiskFullException.class);
        assertThatThrownBy(() -> volume.append(large)).isInstanceOf(DiskFullException.class);
        assertThatThrownBy(() -> volume.writeSnapshot(0, MemberHistory.INITIAL, Seal.NONE, new byte[9_000]))
                .isInstanceOf(DiskFullException.class);
        disk.quota(1 << 24);
        volume.append(large);
        volume.sync();
        disk.powerCut();
        assertThat(Volume.open(disk, Defects.NONE, LIMITS).recover(1).last()).isEqualTo(2);
    }

    @Test
    void aVolumeTooSmallIsNotFormatted() {
        SimDisk disk = disk(90_000);
        Volume volume = Volume.open(disk, Defects.NONE, LIMITS);
        assertThatThrownBy(() -> volume.format(
                MemberHistory.CLUSTER, MemberHistory.MEMBER, MemberHistory.INITIAL, true))
                .isInstanceOf(DiskFullException.class);
        assertThat(volume.state()).isEqualTo(VolumeState.EMPTY);
        disk.powerCut();
        assertThat(Volume.open(disk, Defects.NONE, LIMITS).state()).isEqualTo(VolumeState.EMPTY);
    }

    @Test
    void aWriteErrorEndsAllUseOfTheVolume() throws DiskFullException {
        SimDisk disk = disk(1 << 24);
        Volume volume = formatted(disk, true);
        volume.recover(1);
        disk.order(DiskFault.WRITE_FAILED, 1);
        List<WalRecord> batch = List.of(new WalRecord.Promised(BALLOT));
        assertThatThrownBy(() -> volume.append(batch)).isInstanceOf(DiskFailedException.class);
        assertThatThrownBy(() -> volume.append(batch)).isInstanceOf(DiskFailedException.class);
        assertThatThrownBy(() -> volume.writeSnapshot(0, MemberHistory.INITIAL, Seal.NONE, new byte[1]))
                .isInstanceOf(DiskFailedException.class);
    }

    @Test
    void aSnapshotTransferGoesOnWhereACrashCutItOff() throws DiskFullException {
        VolumeRun run = VolumeRun.fresh(3, Defects.NONE, 4 << 10, 100);
        run.start();
        byte[] file = run.foreignSnapshot(40);
        SnapshotRef ref = new SnapshotRef(40, file.length, Bytes.of(VolumeRun.sha256(file)));
        run.volume().begin(new SnapshotAction.Begin(ref, 0));
        run.store(ref, file, 0, 300);
        run.disk().processDeath();
        Recovered.Staged staged = run.start().staged();
        assertThat(staged).isEqualTo(new Recovered.Staged(ref, 300));
        run.volume().begin(new SnapshotAction.Begin(ref, 300));
        run.store(ref, file, 300, file.length);
        Snapshot snapshot = run.volume().finish(ref);
        assertThat(snapshot).isNotNull();
        if (snapshot != null) {
            run.write(run.history().installed(snapshot));
        }
        run.disk().powerCut();
        assertThat(run.start().snapshot()).isEqualTo(snapshot);
    }

    @Test
    void whatAPowerCutLeftOfATransferIsCountedExactly() throws DiskFullException {
        int resumed = 0;
        for (long seed = 0; seed < 200; seed++) {
            VolumeRun run = VolumeRun.fresh(seed, Defects.NONE, 4 << 10, 100);
            run.start();
            byte[] file = run.foreignSnapshot(41);
            SnapshotRef ref = new SnapshotRef(41, file.length, Bytes.of(VolumeRun.sha256(file)));
            run.volume().begin(new SnapshotAction.Begin(ref, 0));
            run.store(ref, file, 0, file.length);
            run.disk().powerCut();
            Recovered.Staged staged = run.start().staged();
            long at = staged == null ? 0 : staged.receivedBytes();
            resumed += at > 0 ? 1 : 0;
            run.volume().begin(new SnapshotAction.Begin(ref, at));
            run.store(ref, file, (int) at, file.length);
            assertThat(run.volume().finish(ref)).isNotNull();
        }
        assertThat(resumed).isPositive();
    }

    @Test
    void aReceivedSnapshotThatIsNotWhatItsNameSaysIsThrownAway() throws DiskFullException {
        VolumeRun run = VolumeRun.fresh(4, Defects.NONE, 4 << 10, 100);
        run.start();
        byte[] file = run.foreignSnapshot(42);
        SnapshotRef ref = new SnapshotRef(42, file.length, Bytes.of(VolumeRun.sha256(file)));
        file[file.length / 2] ^= 1;
        run.volume().begin(new SnapshotAction.Begin(ref, 0));
        run.store(ref, file, 0, file.length);
        assertThat(run.volume().finish(ref)).isNull();

        file[file.length / 2] ^= 1;
        run.volume().begin(new SnapshotAction.Begin(ref, 0));
        run.store(ref, file, 0, file.length - 1);
        assertThat(run.volume().finish(ref)).as("cut short").isNull();
        assertThat(run.volume().finish(ref)).as("never begun").isNull();

        SnapshotRef wrongIndex = new SnapshotRef(43, ref.lengthBytes(), ref.digest());
        run.volume().begin(new SnapshotAction.Begin(wrongIndex, 0));
        run.store(wrongIndex, file, 0, file.length);
        assertThat(run.volume().finish(wrongIndex)).as("of another index").isNull();
    }

    @Test
    void aSnapshotOfAnotherClusterIsThrownAway() throws DiskFullException {
        SimDisk foreignDisk = disk(1 << 24);
        Volume foreign = Volume.open(foreignDisk, Defects.NONE, LIMITS);
        foreign.format(new UUID(6, 6), new UUID(7, 7), MemberHistory.INITIAL, true);
        foreign.recover(1);
        Snapshot theirs = foreign.writeSnapshot(9, MemberHistory.INITIAL, Seal.NONE, new byte[50]);
        Bytes file = foreign.readChunk(theirs.ref(), 0, 1 << 20);
        assertThat(file.length()).isEqualTo((int) theirs.ref().lengthBytes());

        Volume volume = formatted(disk(1 << 24), true);
        volume.recover(1);
        volume.begin(new SnapshotAction.Begin(theirs.ref(), 0));
        volume.store(new SnapshotAction.Store(theirs.ref(), 0, file));
        assertThat(volume.finish(theirs.ref())).isNull();
    }

    @Test
    void aFullDiskFailsATransferAndNothingElse() throws DiskFullException {
        VolumeRun run = VolumeRun.fresh(5, Defects.NONE, 4 << 10, 100);
        run.start();
        byte[] file = run.foreignSnapshot(44);
        SnapshotRef ref = new SnapshotRef(44, file.length, Bytes.of(VolumeRun.sha256(file)));
        run.disk().quota(run.disk().usedBytes());
        run.volume().begin(new SnapshotAction.Begin(ref, 0));
        run.store(ref, file, 0, file.length);
        assertThat(run.volume().finish(ref)).isNull();
        run.write(run.history().promised());
        run.disk().powerCut();
        run.start();
    }

    @Test
    void aDamagedSnapshotIsNeverHandedOut() throws Exception {
        SimDisk disk = disk(1 << 24);
        Volume volume = formatted(disk, true);
        volume.recover(1);
        Snapshot snapshot = volume.writeSnapshot(0, MemberHistory.INITIAL, Seal.NONE, new byte[500]);
        assertThat(volume.readSnapshotState(snapshot)).isEqualTo(new byte[500]);
        for (String name : disk.list()) {
            if (name.endsWith(".snapshot")) {
                disk.rot(name, 300, 2);
            }
        }
        assertThatThrownBy(() -> volume.readSnapshotState(snapshot))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("digest");
    }

    @Test
    void theNewestSnapshotAndTheOneTheLogRefersToAreNeverDeleted() throws Exception {
        for (long seed = 0; seed < 50; seed++) {
            SeededRandom random = new SeededRandom(seed);
            VolumeRun run = VolumeRun.fresh(seed, Defects.NONE, 4 << 10, 60);
            run.start();
            Snapshot newest = null;
            for (int i = 0; i < 40; i++) {
                long index = run.history().state().decided();
                boolean newer = newest == null || index > newest.index();
                if (random.chance(0.3) && newer && index <= run.history().state().last()) {
                    newest = run.volume()
                            .writeSnapshot(
                                    index,
                                    run.history().state().configuration(),
                                    run.history().state().seal(),
                                    MemberHistory.stateBytes(index));
                    if (random.chance(0.5) && index > 0) {
                        run.write(run.history().taken(newest));
                    }
                }
                run.write(run.history().draw());
                Snapshot referenced = run.history().state().snapshot();
                if (newest != null) {
                    assertThat(run.volume().readSnapshotState(newest)).isNotEmpty();
                }
                if (referenced != null) {
                    assertThat(run.volume().readSnapshotState(referenced)).isNotEmpty();
                }
            }
            Snapshot referenced = run.history().state().snapshot();
            long marked = referenced == null ? 0 : referenced.index();
            assertThat(run.disk().list().stream()
                    .filter(name -> name.endsWith(".snapshot"))
                    .filter(name -> Long.parseLong(name.substring(0, 20)) <= marked))
                    .hasSizeLessThanOrEqualTo(LIMITS.snapshotsKept());
        }
    }

    @Test
    void segmentsGoOnceASnapshotMakesThemSuperfluous() throws DiskFullException {
        VolumeRun run = VolumeRun.fresh(6, Defects.NONE, 4 << 10, 100);
        run.start();
        run.write(run.history().of(new WalRecord.Adopted(BALLOT, 0, 0)));
        long most = 0;
        for (int index = 1; index <= 400; index++) {
            run.write(run.history().of(entry(index, 100), new WalRecord.Decided(index)));
            if (index % 40 == 0) {
                Snapshot snapshot = run.volume()
                        .writeSnapshot(index, MemberHistory.INITIAL, Seal.NONE,
                                MemberHistory.stateBytes(index));
                run.write(run.history().of(new WalRecord.SnapshotTaken(snapshot, index - 5)));
            }
            most = Math.max(most, run.disk().list().stream().filter(name -> name.endsWith(".wal")).count());
        }
        assertThat(most).isBetween(2L, 6L);
        run.disk().powerCut();
        assertThat(run.start().base()).isEqualTo(395);
    }

    @Test
    void restartsWithoutWorkDoNotPileUpSegments() throws DiskFullException {
        VolumeRun run = VolumeRun.fresh(7, Defects.NONE, 4 << 10, 100);
        run.start();
        run.write(run.history().of(new WalRecord.Adopted(BALLOT, 0, 2), entry(1, 10), entry(2, 10)));
        for (int i = 0; i < 50; i++) {
            run.disk().processDeath();
            run.start();
        }
        assertThat(run.disk().list()).hasSizeLessThan(12);
        assertThat(run.disk().usedBytes()).isLessThan(64 << 10 << 1);
    }

    @Test
    void anUnknownFormatIsNamedAndRefused() throws Exception {
        SimDisk disk = disk(1 << 24);
        formatted(disk, true).recover(1);
        for (String name : disk.list()) {
            if (name.endsWith(".wal")) {
                byte[] bytes = disk.bytes(name);
                bytes[8] = 9;
                java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
                crc.update(bytes, 0, 12);
                crc.update(bytes, 16, 104 - 16);
                int sum = (int) crc.getValue();
                for (int i = 0; i < 4; i++) {
                    bytes[12 + i] = (byte) (sum >>> (8 * i));
                }
                disk.open(name).write(0, bytes, 0, bytes.length);
            }
        }
        assertThat(Volume.open(disk, Defects.NONE, LIMITS).recover(1).fault()).contains("format 9");
    }
}
