package dev.synod.simulation.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.Bytes;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Defects;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Seal;
import dev.synod.paxos.SeededRandom;
import dev.synod.storage.BackupFile;
import dev.synod.storage.DiskFullException;
import dev.synod.storage.Legacy;
import dev.synod.storage.NotRecoverableException;
import dev.synod.storage.Volume;
import dev.synod.storage.VolumeLimits;
import dev.synod.storage.VolumeState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A new cluster is begun from what is left of an old one, and the power goes. */
@Timeout(120)
final class LegacyCrashTest {
    private static final VolumeLimits LIMITS = VolumeLimits.withSegments(4 << 10);
    private static final UUID CLUSTER = new UUID(7, 1);
    private static final UUID MEMBER = new UUID(7, 2);
    private static final long INDEX = 100;
    private static final List<Bytes> COMMANDS =
            List.of(Bytes.of(new byte[3_000]), Bytes.of(new byte[3_000]), Bytes.of(new byte[10]));

    private static Legacy legacy() throws IOException, NotRecoverableException {
        byte[] state = new byte[20_000];
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BackupFile backup = new BackupFile(out);
        byte[] header = BackupFile.header(MemberHistory.CLUSTER, INDEX, state.length, Configuration.NONE,
                Seal.NONE).array();
        backup.write(header, 0, header.length);
        backup.write(state, 0, state.length);
        backup.seal();
        return Legacy.ofBackup(new ByteArrayInputStream(out.toByteArray()));
    }

    private static void begin(SimDisk disk) throws IOException, NotRecoverableException {
        legacy().begin(disk, LIMITS, CLUSTER, MEMBER, "here:1", COMMANDS);
    }

    private static void assertWhole(SimDisk disk, long crashPoint) throws DiskFullException {
        Volume volume = Volume.open(disk, Defects.NONE, LIMITS);
        Recovered recovered = volume.recover(1);
        assertThat(recovered.fault()).as("after a crash before operation %d", crashPoint).isNull();
        assertThat(recovered.base()).isEqualTo(INDEX);
        assertThat(recovered.decided()).isEqualTo(INDEX + COMMANDS.size());
        assertThat(recovered.activated()).isTrue();
    }

    @Test
    void aCrashAtAnyPointLeavesAnEmptyVolumeOrAWholeOneAndItCanBeDoneAgain() throws Exception {
        SimDisk uncut = new SimDisk(new SeededRandom(1), 1 << 24);
        begin(uncut);
        long operations = uncut.operations();
        assertThat(operations).isGreaterThan(20);
        int whole = 0;
        for (long seed = 1; seed <= 3; seed++) {
            for (long point = 1; point <= operations; point++) {
                SimDisk disk = new SimDisk(new SeededRandom(seed * 1_000 + point), 1 << 24);
                disk.crashBefore(point);
                try {
                    begin(disk);
                } catch (SimulatedCrash e) {
                    assertThat(e).isNotNull(); // the crash that was ordered
                }
                disk.powerCut();
                VolumeState state = Volume.open(disk, Defects.NONE, LIMITS).state();
                if (state == VolumeState.EMPTY) {
                    begin(disk);
                } else {
                    whole++;
                }
                assertWhole(disk, point);
            }
        }
        assertThat(whole).as("crashes after the last step").isPositive();
    }

    @Test
    void withoutRoomTheVolumeStaysEmpty() throws Exception {
        SimDisk uncut = new SimDisk(new SeededRandom(1), 1 << 24);
        begin(uncut);
        for (long quota = 4 << 10; quota < uncut.usedBytes(); quota += 4 << 10) {
            SimDisk disk = new SimDisk(new SeededRandom(quota), quota);
            try {
                begin(disk);
                continue; // a spare fewer will do
            } catch (DiskFullException e) {
                assertThat(Volume.open(disk, Defects.NONE, LIMITS).state()).isEqualTo(VolumeState.EMPTY);
            }
            disk.quota(1 << 24);
            begin(disk);
            assertWhole(disk, 0);
        }
    }
}
