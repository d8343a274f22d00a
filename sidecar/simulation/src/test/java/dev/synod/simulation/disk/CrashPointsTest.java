package dev.synod.simulation.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.Defects;
import dev.synod.paxos.SeededRandom;
import dev.synod.storage.DiskFailedException;
import dev.synod.storage.DiskFullException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CrashPointsTest {
    static final int SEGMENT_BYTES = 4 << 10;
    static final int ENTRY_BYTES_MAX = 700;
    private static final int STEPS = 40;

    /** Runs a script until the disk stops it; whether it did. */
    private static boolean crashed(VolumeRun run, int steps) throws DiskFullException {
        try {
            run.start();
            for (int i = 0; i < steps; i++) {
                run.step();
            }
            return false;
        } catch (SimulatedCrash crash) {
            return true;
        }
    }

    static void everyCrashPoint(long seed, Defects defects, int steps, int survivals)
            throws DiskFullException {
        for (long number = 1; true; number++) {
            for (int survival = 0; survival < survivals; survival++) {
                VolumeRun run = VolumeRun.fresh(seed, defects, SEGMENT_BYTES, ENTRY_BYTES_MAX);
                run.disk().crashBefore(number);
                if (!crashed(run, steps)) {
                    return;
                }
                run.useDisk(run.disk().copy(new SeededRandom(SeededRandom.mix(number) + survival)));
                if (survival == 0) {
                    run.disk().processDeath();
                } else {
                    run.disk().powerCut();
                }
                crashWithinRecovery(run, number + survival);
                run.start();
                run.step();
                run.step();
            }
        }
    }

    /** The first recovery dies too, somewhere. */
    private static void crashWithinRecovery(VolumeRun run, long draw) throws DiskFullException {
        run.disk().crashBefore(run.disk().operations() + 1 + Math.floorMod(SeededRandom.mix(draw), 25));
        try {
            run.start();
        } catch (SimulatedCrash crash) {
            if (draw % 3 == 0) {
                run.disk().processDeath();
            } else {
                run.disk().powerCut();
            }
        }
        run.disk().processDeath();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aCrashAtAnyOperationLosesNothingAcknowledgedAndIsNeverTakenForDamage(long seed)
            throws DiskFullException {
        everyCrashPoint(seed, Defects.NONE, STEPS, 4);
    }

    static void crashesOverAndOver(long seed, Defects defects, int lives) throws DiskFullException {
        VolumeRun run = VolumeRun.fresh(seed, defects, SEGMENT_BYTES, ENTRY_BYTES_MAX);
        SeededRandom random = new SeededRandom(seed).child("crashes");
        for (int life = 0; life < lives; life++) {
            run.disk().crashBefore(run.disk().operations() + 1 + random.below(random.chance(0.3) ? 30 : 300));
            try {
                run.start();
                while (true) {
                    run.step();
                }
            } catch (SimulatedCrash crash) {
                if (random.chance(0.3)) {
                    run.disk().processDeath();
                } else {
                    run.disk().powerCut();
                }
            }
        }
        run.start();
    }

    @Test
    void aMemberThatDiesOverAndOverKeepsEverythingAcknowledged() throws DiskFullException {
        for (long seed = 100; seed < 160; seed++) {
            crashesOverAndOver(seed, Defects.NONE, 30);
        }
    }

    static void syncErrors(long seed, Defects defects, int lives) throws DiskFullException {
        VolumeRun run = VolumeRun.fresh(seed, defects, SEGMENT_BYTES, ENTRY_BYTES_MAX);
        SeededRandom random = new SeededRandom(seed).child("errors");
        run.start();
        for (int life = 0; life < lives; life++) {
            run.disk().order(DiskFault.SYNC_FAILED, 1 + random.below(20));
            try {
                while (run.disk().hits(DiskFault.SYNC_FAILED) <= life) {
                    run.step();
                }
                run.step();
            } catch (DiskFailedException expected) {
                // The process ends here.
            }
            // The page cache survives, and with it pages that never reached the disk: a start must not rest
            // on them.
            run.disk().processDeath();
            run.start();
            if (random.chance(0.5)) {
                run.step();
            }
            run.disk().powerCut();
            run.start();
        }
    }

    @Test
    void whatWasReadAfterAFailedSyncIsDurableBeforeItIsBelieved() throws DiskFullException {
        for (long seed = 1; seed <= 100; seed++) {
            syncErrors(seed, Defects.NONE, 10);
        }
    }

    @Test
    void afterAFailedSyncEveryCallIsRefused() throws DiskFullException {
        VolumeRun run = VolumeRun.fresh(5, Defects.NONE, SEGMENT_BYTES, ENTRY_BYTES_MAX);
        run.start();
        run.disk().order(DiskFault.SYNC_FAILED, 1);
        run.append(run.history().promised());
        assertThat(failure(() -> run.volume().sync())).isTrue();
        assertThat(failure(() -> run.volume().sync())).isTrue();
        assertThat(failure(() -> run.volume().seal())).isTrue();
        assertThat(failure(() -> run.volume().replenish())).isTrue();
    }

    private static boolean failure(Runnable call) {
        try {
            call.run();
            return false;
        } catch (DiskFailedException e) {
            return true;
        }
    }
}
