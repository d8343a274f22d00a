package dev.synod.simulation.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.Defects;
import dev.synod.paxos.SeededRandom;
import dev.synod.storage.DiskFailedException;
import dev.synod.storage.DiskFullException;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class VolumeChaosTest {
    private static final long ROOM_BYTES = 64 << 20;

    /**
     * Deaths, power cuts, failing syncs and writes and full disks, at any moment, starts included; but no
     * damage.
     */
    private static void chaos(long seed, int lives, Map<DiskFault, Long> hits) {
        SeededRandom random = new SeededRandom(seed).child("chaos");
        VolumeRun run = VolumeRun.fresh(seed, Defects.NONE, 4 << 10, 100 + random.below(1_500));
        for (int life = 0; life < lives; life++) {
            SimDisk disk = run.disk();
            disk.cancelOrders();
            disk.quota(random.chance(0.3) ? disk.usedBytes() + random.below(20_000) : ROOM_BYTES);
            switch (random.below(3)) {
                case 0 -> disk.order(DiskFault.SYNC_FAILED, 1 + random.below(40));
                case 1 -> disk.order(DiskFault.WRITE_FAILED, 1 + random.below(60));
                default -> disk.crashBefore(disk.operations() + 1 + random.below(200));
            }
            live(run, 5 + random.below(60));
            if (random.chance(0.5)) {
                disk.powerCut();
            } else {
                disk.processDeath();
            }
        }
        for (DiskFault fault : DiskFault.values()) {
            hits.merge(fault, run.disk().hits(fault), Long::sum);
        }
    }

    private static void live(VolumeRun run, int steps) {
        try {
            run.start();
            for (int i = 0; i < steps; i++) {
                run.stepIfThereIsRoom();
            }
        } catch (SimulatedCrash | DiskFailedException | DiskFullException death) {
            // It starts again from what the disk holds.
        }
    }

    @Test
    void nothingButDamageMakesAMemberForgetOrGoFaulty() {
        Map<DiskFault, Long> hits = new EnumMap<>(DiskFault.class);
        for (long seed = 0; seed < 120; seed++) {
            chaos(seed, 25, hits);
        }
        for (DiskFault fault : new DiskFault[] {
            DiskFault.POWER_CUT,
            DiskFault.PROCESS_DEATH,
            DiskFault.UNSYNCED_LOST,
            DiskFault.UNSYNCED_KEPT,
            DiskFault.UNSYNCED_GARBLED,
            DiskFault.NAME_UNDONE,
            DiskFault.SYNC_FAILED,
            DiskFault.WRITE_FAILED,
            DiskFault.FULL
        }) {
            assertThat(hits.get(fault)).as("%s", fault).isGreaterThan(50);
        }
    }
}
