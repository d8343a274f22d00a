package dev.synod.simulation.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.paxos.SeededRandom;
import dev.synod.storage.DiskFile;
import dev.synod.storage.DiskFullException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class SimDiskTest {
    private static final int PAGE = SimDisk.PAGE_BYTES;

    private static SimDisk disk(long seed) {
        return new SimDisk(new SeededRandom(seed), 1 << 20);
    }

    private static byte[] bytes(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static DiskFile write(SimDisk disk, String name, byte[] bytes) throws IOException {
        DiskFile file = disk.list().contains(name) ? disk.open(name) : disk.create(name);
        file.write(0, bytes, 0, bytes.length);
        return file;
    }

    @Test
    void whatWasSyncedSurvivesAPowerCutWhateverFollowedIt() throws IOException {
        for (long seed = 0; seed < 200; seed++) {
            SimDisk disk = disk(seed);
            write(disk, "a", bytes(3 * PAGE, 1)).sync();
            disk.syncDirectory();
            disk.open("a").write(PAGE + 100, bytes(1_000, 2), 0, 1_000);
            disk.powerCut();
            byte[] found = disk.bytes("a");
            assertThat(Arrays.copyOf(found, PAGE + 100)).isEqualTo(bytes(PAGE + 100, 1));
            assertThat(Arrays.copyOfRange(found, PAGE + 1_100, 3 * PAGE))
                    .isEqualTo(bytes(2 * PAGE - 1_100, 1));
        }
    }

    @Test
    void whatWasNotSyncedSurvivesInEveryKindOfPart() throws IOException {
        TreeSet<String> patterns = new TreeSet<>();
        long garbled = 0;
        for (long seed = 0; seed < 500; seed++) {
            SimDisk disk = disk(seed);
            write(disk, "a", bytes(4 * SimDisk.SECTOR_BYTES, 1)).sync();
            disk.syncDirectory();
            disk.open("a").write(0, bytes(4 * SimDisk.SECTOR_BYTES, 2), 0, 4 * SimDisk.SECTOR_BYTES);
            disk.powerCut();
            StringBuilder pattern = new StringBuilder();
            for (int sector = 0; sector < 4; sector++) {
                byte first = disk.bytes("a")[sector * SimDisk.SECTOR_BYTES];
                byte last = disk.bytes("a")[(sector + 1) * SimDisk.SECTOR_BYTES - 1];
                pattern.append(first != last || first < 1 || first > 2 ? "?" : Integer.toString(first));
            }
            patterns.add(pattern.toString());
            garbled += disk.hits(DiskFault.UNSYNCED_GARBLED);
        }
        assertThat(patterns).contains("1111", "2222", "1222", "2221", "1212");
        assertThat(patterns.stream().filter(pattern -> pattern.contains("?"))).isNotEmpty();
        assertThat(garbled).isPositive();
    }

    @Test
    void aNameSurvivesOnlyWithTheFolder() throws IOException {
        TreeSet<List<String>> seen = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
        for (long seed = 0; seed < 300; seed++) {
            SimDisk disk = disk(seed);
            write(disk, "kept", bytes(10, 1)).sync();
            write(disk, "old", bytes(10, 2)).sync();
            disk.syncDirectory();
            disk.rename("old", "new");
            write(disk, "young", bytes(10, 3)).sync();
            disk.delete("kept");
            disk.powerCut();
            seen.add(disk.list());
        }
        assertThat(seen).contains(List.of("kept", "old"), List.of("new", "young"),
                List.of("kept", "new", "young"));
    }

    @Test
    void aDeathOfTheProcessLosesNothingButItsHandles() throws IOException {
        SimDisk disk = disk(1);
        DiskFile file = write(disk, "a", bytes(10, 1));
        disk.processDeath();
        assertThat(disk.bytes("a")).isEqualTo(bytes(10, 1));
        assertThatThrownBy(() -> file.write(0, bytes(1, 1), 0, 1)).isInstanceOf(SimulatedCrash.class);
    }

    @Test
    void afterAFailedSyncThePagesLookCleanAndAreNotOnTheDisk() throws IOException {
        int lost = 0;
        for (long seed = 0; seed < 100; seed++) {
            SimDisk disk = disk(seed);
            DiskFile file = write(disk, "a", bytes(PAGE, 1));
            file.sync();
            disk.syncDirectory();
            file.write(0, bytes(100, 2), 0, 100);
            disk.order(DiskFault.SYNC_FAILED, 1);
            assertThatThrownBy(file::sync).isInstanceOf(IOException.class);
            file.sync();
            assertThat(disk.bytes("a")[0]).isEqualTo((byte) 2);
            disk.powerCut();
            lost += disk.bytes("a")[0] == 1 ? 1 : 0;
        }
        assertThat(lost).isBetween(20, 90);
    }

    @Test
    void aFullDiskTakesWhatFitsAndNeverRefusesWhatIsInPlace() throws IOException {
        SimDisk disk = new SimDisk(new SeededRandom(1), 3L * PAGE);
        DiskFile file = write(disk, "a", bytes(2 * PAGE, 1));
        assertThatThrownBy(() -> file.write(2 * PAGE - 10, bytes(3 * PAGE, 2), 0, 3 * PAGE))
                .isInstanceOf(DiskFullException.class);
        assertThat(disk.bytes("a")).hasSize(3 * PAGE);
        file.write(0, bytes(3 * PAGE, 3), 0, 3 * PAGE);
        disk.quota(0);
        file.write(0, bytes(3 * PAGE, 4), 0, 3 * PAGE);
        assertThat(disk.hits(DiskFault.FULL)).isEqualTo(1);
        disk.delete("a");
        assertThat(disk.usedBytes()).isZero();
    }

    @Test
    void aMisdirectedWriteIsMissingInItsPlaceAndFoundInAnother() throws IOException {
        int elsewhere = 0;
        for (long seed = 0; seed < 50; seed++) {
            SimDisk disk = disk(seed);
            write(disk, "a", bytes(4 * PAGE, 1)).sync();
            write(disk, "b", bytes(4 * PAGE, 1)).sync();
            disk.syncDirectory();
            disk.order(DiskFault.MISDIRECTED, 1);
            DiskFile file = disk.open("a");
            file.write(PAGE, bytes(PAGE, 2), 0, PAGE);
            file.sync();
            assertThat(disk.bytes("a")[PAGE]).isEqualTo((byte) 2);
            disk.powerCut();
            assertThat(disk.bytes("a")[PAGE]).isEqualTo((byte) 1);
            for (String name : disk.list()) {
                for (int page = 0; page < 4; page++) {
                    elsewhere += disk.bytes(name)[page * PAGE] == 2 ? 1 : 0;
                }
            }
        }
        assertThat(elsewhere).isBetween(40, 50);
    }

    @Test
    void aLostWriteIsSaidToBeDone() throws IOException {
        SimDisk disk = disk(2);
        DiskFile file = write(disk, "a", bytes(100, 1));
        disk.syncDirectory();
        disk.order(DiskFault.WRITE_LOST, 1);
        file.sync();
        disk.powerCut();
        assertThat(disk.bytes("a")).isEqualTo(bytes(100, 0));
        assertThat(disk.hits(DiskFault.WRITE_LOST)).isEqualTo(1);
    }

    @Test
    void aCrashStrikesBeforeTheOperationAskedForAndEverythingAfterIt() throws IOException {
        SimDisk disk = disk(3);
        List<String> told = new ArrayList<>();
        disk.onOperation((number, operation, name) -> told.add(number + " " + operation + " " + name));
        DiskFile file = write(disk, "a", bytes(10, 1));
        disk.crashBefore(3);
        assertThatThrownBy(file::sync).isInstanceOf(SimulatedCrash.class);
        assertThatThrownBy(disk::list).isInstanceOf(SimulatedCrash.class);
        assertThat(told).containsExactly("1 CREATE a", "2 WRITE a");
        disk.processDeath();
        assertThat(disk.list()).containsExactly("a");
    }

    @Test
    void aCopyFaresAsTheOriginalWould() throws IOException {
        SimDisk disk = disk(4);
        write(disk, "a", bytes(3 * PAGE, 1)).sync();
        disk.syncDirectory();
        write(disk, "a", bytes(2 * PAGE, 2));
        disk.rename("a", "b");
        write(disk, "c", bytes(10, 3));
        for (long seed = 0; seed < 50; seed++) {
            SimDisk one = disk.copy(new SeededRandom(seed));
            SimDisk two = disk.copy(new SeededRandom(seed));
            assertThat(one.bytes("b")).isEqualTo(disk.bytes("b"));
            one.powerCut();
            two.powerCut();
            assertThat(one.list()).isEqualTo(two.list());
            for (String name : one.list()) {
                assertThat(one.bytes(name)).isEqualTo(two.bytes(name));
            }
        }
        assertThat(disk.durableCopy(new SeededRandom(1)).bytes("a")).isEqualTo(bytes(3 * PAGE, 1));
        SimDisk other = disk(5);
        other.replaceBy(disk);
        assertThat(other.list()).containsExactly("a");
        other.wipe();
        assertThat(other.list()).isEmpty();
    }

    @Test
    void aTruncationMayBeUndone() throws IOException {
        TreeSet<Integer> sizes = new TreeSet<>();
        for (long seed = 0; seed < 100; seed++) {
            SimDisk disk = disk(seed);
            DiskFile file = write(disk, "a", bytes(3 * PAGE, 1));
            file.sync();
            disk.syncDirectory();
            file.truncate(PAGE);
            disk.powerCut();
            sizes.add(disk.bytes("a").length);
            assertThat(Arrays.copyOf(disk.bytes("a"), PAGE)).isEqualTo(bytes(PAGE, 1));
        }
        assertThat(sizes).containsExactly(PAGE, 3 * PAGE);
    }
}
