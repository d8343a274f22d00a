package dev.synod.simulation.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import dev.synod.storage.DiskFailedException;
import dev.synod.storage.DiskFullException;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each planted bug of storage must make one of this package's properties fail. */
@EnabledIfSystemProperty(named = "synod.plant-defects", matches = "true")
final class PlantedStorageDefectsTest {
    /** A property of volumes, as the other tests state it. */
    @FunctionalInterface
    private interface Property {
        void holds(Defects defects) throws DiskFullException;
    }

    private static Property propertyAgainst(Defect defect) {
        return switch (defect) {
            case M03_NO_DIRECTORY_SYNC, R10_BALLOT_BEFORE_ENTRIES, S02_SEGMENT_DROPPED_BEFORE_STATE ->
                    planted -> {
                        for (long seed = 100; seed < 160; seed++) {
                            CrashPointsTest.crashesOverAndOver(seed, planted, 30);
                        }
                    };
            case M19_FSYNC_RETRIED, S04_LAST_BATCH_NOT_REWRITTEN -> planted -> {
                for (long seed = 1; seed <= 100; seed++) {
                    CrashPointsTest.syncErrors(seed, planted, 10);
                }
            };
            case M16_CORRUPTION_AS_TORN_TAIL, M17_CHECKSUM_IGNORED, S03_NO_SEALING_BATCH ->
                    planted -> DamageTest.everyFlipInASealedVolume(11, planted);
            case M18_CHECKSUM_WITHOUT_PLACE -> MisdirectionTest::aPromiseWrittenOverAnything;
            case R23_LOG_BEHIND_DECIDED -> VolumeTest::aHintBeyondTheLog;
            case S06_PROMISE_FILE_IGNORED -> DamageTest::promisesAreWitnessed;
            default -> throw new IllegalArgumentException(defect + " is not one of storage");
        };
    }

    @ParameterizedTest
    @EnumSource(
            value = Defect.class,
            names = {
                "M03_NO_DIRECTORY_SYNC",
                "M16_CORRUPTION_AS_TORN_TAIL",
                "M17_CHECKSUM_IGNORED",
                "M18_CHECKSUM_WITHOUT_PLACE",
                "M19_FSYNC_RETRIED",
                "R10_BALLOT_BEFORE_ENTRIES",
                "R23_LOG_BEHIND_DECIDED",
                "S02_SEGMENT_DROPPED_BEFORE_STATE",
                "S03_NO_SEALING_BATCH",
                "S04_LAST_BATCH_NOT_REWRITTEN",
                "S06_PROMISE_FILE_IGNORED"
            })
    void aPlantedDefectIsCaught(Defect defect) {
        assertThat(isCaught(propertyAgainst(defect), Defects.planted(defect)))
                .as("%s went unnoticed", defect)
                .isTrue();
    }

    private static boolean isCaught(Property property, Defects planted) {
        try {
            property.holds(planted);
            return false;
        } catch (AssertionError | DiskFailedException | DiskFullException e) {
            return true;
        }
    }
}
