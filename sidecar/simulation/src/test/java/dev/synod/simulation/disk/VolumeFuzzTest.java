package dev.synod.simulation.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.Defects;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.SeededRandom;
import dev.synod.storage.DiskFile;
import dev.synod.storage.DiskFullException;
import dev.synod.storage.Volume;
import dev.synod.storage.VolumeLimits;
import dev.synod.storage.VolumeState;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VolumeFuzzTest {
    private static final VolumeLimits LIMITS = VolumeLimits.withSegments(4 << 10);

    @Test
    void whateverLiesOnAVolumeItIsOpenedOrSaysWhyNot() throws IOException {
        int recovered = 0;
        int refused = 0;
        for (long seed = 0; seed < 40; seed++) {
            VolumeRun run = VolumeRun.fresh(seed, Defects.NONE, 4 << 10, 400);
            run.start();
            for (int i = 0; i < 25; i++) {
                run.step();
            }
            SeededRandom random = new SeededRandom(seed).child("fuzz");
            for (int round = 0; round < 60; round++) {
                SimDisk disk = run.disk().durableCopy(random);
                for (int n = 1 + random.below(3); n > 0; n--) {
                    mangle(disk, random);
                }
                boolean whole = opens(disk);
                recovered += whole ? 1 : 0;
                refused += whole ? 0 : 1;
            }
        }
        assertThat(recovered).isGreaterThan(100);
        assertThat(refused).isGreaterThan(100);
    }

    private static void mangle(SimDisk disk, SeededRandom random) throws IOException {
        List<String> names = disk.list();
        if (names.isEmpty()) {
            return;
        }
        String name = names.get(random.below(names.size()));
        int size = (int) disk.size(name);
        DiskFile file = disk.open(name);
        switch (random.below(7)) {
            case 0 -> {
                byte[] garbage = new byte[1 + random.below(600)];
                for (int i = 0; i < garbage.length; i++) {
                    garbage[i] = (byte) random.nextLong();
                }
                file.write(random.below(size + 1), garbage, 0, garbage.length);
            }
            case 1 -> file.truncate(random.below(size + 1));
            case 2 -> disk.delete(name);
            case 3 -> disk.rename(name, String.format("%016d.wal", random.below(20)));
            case 4 -> disk.rename(name, names.get(random.below(names.size())));
            case 5 -> {
                byte[] zeros = new byte[1 + random.below(size + 1)];
                file.write(random.below(size + 1), zeros, 0, zeros.length);
            }
            default -> {
                byte[] other = disk.bytes(names.get(random.below(names.size())));
                file.write(0, other, 0, other.length);
            }
        }
    }

    private static boolean opens(SimDisk disk) throws DiskFullException {
        Volume volume = Volume.open(disk, Defects.NONE, LIMITS);
        if (volume.state() == VolumeState.EMPTY) {
            return true;
        }
        if (volume.state() == VolumeState.UNREADABLE) {
            assertThat(volume.fault()).isNotBlank();
            return false;
        }
        Recovered recovered = volume.recover(1);
        if (recovered.fault() != null) {
            assertThat(recovered.fault()).isNotBlank();
            return false;
        }
        assertThat(recovered.base()).isLessThanOrEqualTo(recovered.decided());
        assertThat(recovered.decided()).isLessThanOrEqualTo(recovered.last());
        assertThat(recovered.accepted()).isLessThanOrEqualTo(recovered.promised());
        return true;
    }
}
