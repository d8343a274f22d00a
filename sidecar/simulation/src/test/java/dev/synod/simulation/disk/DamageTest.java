package dev.synod.simulation.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.Defects;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.SeededRandom;
import dev.synod.storage.DiskFullException;
import dev.synod.storage.Volume;
import dev.synod.storage.VolumeLimits;
import dev.synod.storage.VolumeState;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DamageTest {
    private static final int SEGMENT_BYTES = 4 << 10;
    private static final VolumeLimits LIMITS = VolumeLimits.withSegments(SEGMENT_BYTES);

    /** What a volume says after something was done to it. */
    private enum Outcome {
        /** Everything written is there. */
        WHOLE,
        /** The member must be silent. */
        FAULTY,
        /** The last batch is missing, everything before it is there. */
        LAST_BATCH_LOST,
        /** Something else is there: never allowed. */
        WRONG
    }

    private static Outcome outcome(SimDisk disk, MemberHistory history, Defects defects)
            throws DiskFullException {
        Volume volume = Volume.open(disk, defects, LIMITS);
        if (volume.state() == VolumeState.EMPTY || volume.state() == VolumeState.UNREADABLE) {
            return volume.fault() == null ? Outcome.WRONG : Outcome.FAULTY;
        }
        Recovered recovered = volume.recover(1);
        if (recovered.fault() != null) {
            return recovered.fault().equals(volume.fault()) ? Outcome.FAULTY : Outcome.WRONG;
        }
        if (VolumeRun.equal(recovered, history.state())) {
            return Outcome.WHOLE;
        }
        boolean before = VolumeRun.equal(recovered, history.stateAfter(history.size() - 1));
        return before ? Outcome.LAST_BATCH_LOST : Outcome.WRONG;
    }

    /** A volume with several segments and a snapshot. */
    private static VolumeRun lived(long seed, Defects defects, int steps) throws DiskFullException {
        VolumeRun run = VolumeRun.fresh(seed, defects, SEGMENT_BYTES, 400);
        run.start();
        for (int i = 0; i < steps; i++) {
            run.step();
        }
        return run;
    }

    static void everyFlipInASealedVolume(long seed, Defects defects) throws DiskFullException {
        VolumeRun run = lived(seed, defects, 25);
        run.volume().seal();
        SimDisk sealed = run.disk().durableCopy(new SeededRandom(seed));
        int faulty = 0;
        for (String name : sealed.list()) {
            long step = name.startsWith("spare") || name.equals("identity") ? 61 : 1;
            for (long at = 0; at < sealed.size(name); at += step) {
                SimDisk disk = sealed.durableCopy(new SeededRandom(at));
                disk.rot(name, at, (int) (at % 8));
                Outcome outcome = outcome(disk, run.history(), defects);
                assertThat(outcome).as("bit flipped in %s at %d", name, at).isIn(Outcome.WHOLE,
                        Outcome.FAULTY);
                faulty += outcome == Outcome.FAULTY ? 1 : 0;
            }
        }
        assertThat(faulty).isGreaterThan(1000);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void aBitFlippedAnywhereInASealedVolumeIsHarmlessOrMakesTheMemberFaulty(long seed)
            throws DiskFullException {
        everyFlipInASealedVolume(seed, Defects.NONE);
    }

    static int everyFlipInAnUnsealedLog(long seed, boolean promise, Defects defects)
            throws DiskFullException {
        VolumeRun run = lived(seed, defects, 12);
        run.volume().seal();
        run.write(promise ? run.history().promised() : run.history().draw());
        SimDisk unsealed = run.disk().durableCopy(new SeededRandom(seed));
        int lost = 0;
        for (String name : unsealed.list()) {
            for (long at = 0; name.endsWith(".wal") && at < unsealed.size(name); at++) {
                SimDisk disk = unsealed.durableCopy(new SeededRandom(at));
                disk.rot(name, at, (int) (at % 8));
                Outcome outcome = outcome(disk, run.history(), defects);
                assertThat(outcome).as("bit flipped in %s at %d", name, at).isNotEqualTo(Outcome.WRONG);
                lost += outcome == Outcome.LAST_BATCH_LOST ? 1 : 0;
            }
        }
        return lost;
    }

    @Test
    void rotInTheLastBatchBeforeItIsSealedLosesThatBatchAndNoMore() throws DiskFullException {
        for (long seed = 20; seed < 24; seed++) {
            everyFlipInAnUnsealedLog(seed, false, Defects.NONE);
        }
    }

    static void promisesAreWitnessed(Defects defects) throws DiskFullException {
        for (long seed = 30; seed < 33; seed++) {
            assertThat(everyFlipInAnUnsealedLog(seed, true, defects)).as("promises lost").isZero();
        }
    }

    @Test
    void ofAPromiseNotEvenThatIsLost() throws DiskFullException {
        promisesAreWitnessed(Defects.NONE);
    }

    @Test
    void damageToBothSlotsOfThePromiseFileIsFaultyAndToOneIsNot() throws DiskFullException {
        VolumeRun run = lived(40, Defects.NONE, 20);
        for (int slots = 1; slots <= 3; slots++) {
            SimDisk disk = run.disk().durableCopy(new SeededRandom(slots));
            for (int slot = 0; slot < 2; slot++) {
                if ((slots >> slot & 1) != 0) {
                    disk.rot("promise", slot * 4096L + 60, 3);
                }
            }
            assertThat(outcome(disk, run.history(), Defects.NONE))
                    .isEqualTo(slots == 3 ? Outcome.FAULTY : Outcome.WHOLE);
        }
    }

    @Test
    void damageToEitherSlotOfTheIdentityNeverTakesTheIncarnationBack() throws DiskFullException {
        VolumeRun run = lived(41, Defects.NONE, 5);
        long incarnation = run.start().incarnation();
        for (int slot = 0; slot < 2; slot++) {
            SimDisk disk = run.disk().durableCopy(new SeededRandom(slot));
            disk.rot("identity", slot * 32768L + 58, 0);
            Recovered recovered =
                    Volume.open(disk, Defects.NONE, LIMITS).recover(1);
            assertThat(recovered.fault()).isNull();
            assertThat(recovered.incarnation()).isEqualTo(incarnation + 1);
        }
    }

    @Test
    void aFileThatIsGoneIsNoticedUnlessNothingRestsOnIt() throws Exception {
        VolumeRun run = lived(42, Defects.NONE, 30);
        run.volume().seal();
        for (String name : run.disk().list()) {
            SimDisk disk = run.disk().durableCopy(new SeededRandom(1));
            disk.delete(name);
            Outcome outcome = outcome(disk, run.history(), Defects.NONE);
            boolean spare = name.startsWith("spare");
            assertThat(outcome).as("without %s", name).isIn(
                    spare ? List.of(Outcome.WHOLE) : List.of(Outcome.WHOLE, Outcome.FAULTY));
            if (name.equals("identity") || name.equals("promise")) {
                assertThat(outcome).isEqualTo(Outcome.FAULTY);
            }
        }
    }

    @Test
    void filesOfAnotherVolumeAreRefusedByName() throws Exception {
        VolumeRun run = lived(43, Defects.NONE, 20);
        SimDisk other = new SimDisk(new SeededRandom(1), 1 << 24);
        Volume foreign = Volume.open(other, Defects.NONE, LIMITS);
        foreign.format(MemberHistory.CLUSTER, new UUID(9, 9), MemberHistory.INITIAL, true);
        foreign.recover(1);
        List<String> foreignNames = new ArrayList<>(List.of("promise"));
        for (String name : other.list()) {
            if (name.endsWith(".wal")) {
                foreignNames.add(name);
            }
        }
        for (String name : foreignNames) {
            SimDisk disk = run.disk().durableCopy(new SeededRandom(1));
            if (disk.list().contains(name)) {
                disk.delete(name);
            }
            byte[] bytes = other.bytes(name);
            disk.create(name).write(0, bytes, 0, bytes.length);
            Recovered recovered = Volume.open(disk, Defects.NONE, LIMITS).recover(1);
            assertThat(recovered.fault()).contains(new UUID(9, 9).toString()).contains(name);
        }
    }

    @Test
    void aSecondRecoveryFindsTheSameFault() throws DiskFullException {
        VolumeRun run = lived(44, Defects.NONE, 20);
        run.volume().seal();
        run.disk().rot("promise", 60, 1);
        run.disk().rot("promise", 4096 + 60, 1);
        Recovered first = Volume.open(run.disk(), Defects.NONE, LIMITS).recover(1);
        Recovered second = Volume.open(run.disk(), Defects.NONE, LIMITS).recover(2);
        assertThat(first.fault()).isNotNull().isEqualTo(second.fault());
        assertThat(second.incarnation()).isGreaterThan(first.incarnation());
    }

    static void readErrors(long seed) throws DiskFullException {
        VolumeRun run = lived(seed, Defects.NONE, 20);
        run.volume().seal();
        for (int nth = 1; nth < 40; nth++) {
            SimDisk disk = run.disk().durableCopy(new SeededRandom(nth));
            disk.order(DiskFault.READ_FAILED, nth);
            assertThat(outcome(disk, run.history(), Defects.NONE)).isIn(Outcome.WHOLE, Outcome.FAULTY);
        }
    }

    @Test
    void aSectorThatCannotBeReadIsDamageAndNotAReasonToTryAgain() throws DiskFullException {
        readErrors(45);
    }

    /**
     * Lost and misdirected writes, seen after a power cut: never wrong data, and never an acknowledged batch
     * less.
     */
    static int lyingDisk(long seed, DiskFault fault, Defects defects) throws DiskFullException {
        VolumeRun run = lived(seed, defects, 10);
        run.volume().seal();
        run.disk().order(fault, 1);
        for (int i = 0; i < 4; i++) {
            run.write(run.history().draw());
        }
        run.volume().seal();
        run.disk().powerCut();
        Outcome outcome = outcome(run.disk(), run.history(), defects);
        assertThat(outcome).as("%s in run %d", fault, seed).isIn(Outcome.WHOLE, Outcome.FAULTY);
        return outcome == Outcome.FAULTY ? 1 : 0;
    }

    @Test
    void aMisdirectedOrLostWriteIsNoticed() throws DiskFullException {
        int faulty = 0;
        for (long seed = 1000; seed < 1400; seed++) {
            faulty += lyingDisk(seed, DiskFault.MISDIRECTED, Defects.NONE);
            faulty += lyingDisk(seed, DiskFault.WRITE_LOST, Defects.NONE);
        }
        assertThat(faulty).isGreaterThan(100);
    }
}
