package dev.synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.SeededRandom;
import java.io.IOException;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class SlotFileTest {
    private static final int SLOT_BYTES = 4_096;

    private static Bytes value(int n) {
        return Bytes.of(new byte[] {(byte) n, 7});
    }

    private static SlotFile create(MemoryDisk disk) throws DiskFullException {
        return SlotFile.create(Samples.checked(disk), "slots", SLOT_BYTES, Samples.CLUSTER, Samples.MEMBER,
                value(0));
    }

    private static SlotFile open(MemoryDisk disk) throws DamagedException {
        return SlotFile.open(Samples.checked(disk), "slots", SLOT_BYTES);
    }

    @Test
    void theNewestValueIsReadAndATornOneLeavesTheOneBefore() throws Exception {
        MemoryDisk disk = new MemoryDisk();
        SlotFile slots = create(disk);
        for (int n = 1; n < 10; n++) {
            byte[] before = disk.bytes("slots").clone();
            slots.store(value(n));
            assertThat(open(disk).newest().value()).isEqualTo(value(n));
            byte[] after = disk.bytes("slots").clone();
            for (int at = 0; at < after.length; at++) {
                if (before[at] != after[at]) {
                    byte[] torn = after.clone();
                    torn[at] = (byte) ~after[at];
                    disk.put("slots", torn);
                    assertThat(open(disk).newest().value()).isEqualTo(value(n - 1));
                }
            }
            disk.put("slots", after);
        }
    }

    @Test
    void theFirstWriteAfterAStartSparesTheSlotThatIsSurelyOnTheDisk() throws Exception {
        MemoryDisk disk = new MemoryDisk();
        create(disk).store(value(1));
        byte[] both = disk.bytes("slots").clone();
        open(disk).storeFirst(value(2));
        byte[] written = disk.bytes("slots");
        int newer = both[0] == written[0] && slot(both, 0).equals(slot(written, 0)) ? 1 : 0;
        assertThat(slot(both, 1 - newer)).isEqualTo(slot(written, 1 - newer));
        disk.put("slots", both);
        assertThat(open(disk).slot(newer)).isEqualTo(open(disk).newest());

        byte[] torn = both.clone();
        torn[newer * SLOT_BYTES + 20] ^= 1;
        disk.put("slots", torn);
        open(disk).storeFirst(value(3));
        assertThat(slot(disk.bytes("slots"), 1 - newer)).isEqualTo(slot(both, 1 - newer));
        assertThat(open(disk).newest().value()).isEqualTo(value(3));
    }

    private static Bytes slot(byte[] bytes, int number) {
        byte[] slot = new byte[SLOT_BYTES];
        System.arraycopy(bytes, number * SLOT_BYTES, slot, 0, SLOT_BYTES);
        return Bytes.of(slot);
    }

    @Test
    void aSlotWrittenInTheOthersPlaceIsNotValid() throws Exception {
        MemoryDisk disk = new MemoryDisk();
        create(disk).store(value(1));
        byte[] bytes = disk.bytes("slots");
        System.arraycopy(bytes, 0, bytes, SLOT_BYTES, SLOT_BYTES);
        SlotFile slots = open(disk);
        assertThat(slots.slot(0)).isNotNull();
        assertThat(slots.slot(1)).isNull();
    }

    @Test
    void anyBytesAreReadWithoutAnAccident() throws IOException {
        SeededRandom random = new SeededRandom(5);
        for (int i = 0; i < 2_000; i++) {
            MemoryDisk disk = new MemoryDisk();
            create(disk);
            byte[] bytes = Arrays.copyOf(disk.bytes("slots"), random.below(3 * SLOT_BYTES));
            for (int n = random.below(20); n > 0 && bytes.length > 0; n--) {
                bytes[random.below(Math.min(bytes.length, 80))] = (byte) random.nextLong();
            }
            disk.put("slots", bytes);
            try {
                assertThat(open(disk).newest().value()).isEqualTo(value(0));
            } catch (DamagedException e) {
                assertThat(e).hasMessageContaining("slots");
            }
        }
    }

    @Test
    void anIdentityIsReadAsItWasWritten() throws Exception {
        MemoryDisk disk = new MemoryDisk();
        IdentityFile file = IdentityFile.create(Samples.checked(disk), Samples.IDENTITY);
        assertThat(IdentityFile.open(Samples.checked(disk)).identity()).isEqualTo(Samples.IDENTITY);
        Identity next = Samples.IDENTITY.started(true);
        file.store(next);
        assertThat(IdentityFile.open(Samples.checked(disk)).identity()).isEqualTo(next);
        Identity blank = new Identity(Samples.CLUSTER, Samples.MEMBER, true, true, 1, Configuration.NONE);
        file.store(blank);
        assertThat(IdentityFile.open(Samples.checked(disk)).identity()).isEqualTo(blank);
    }

    @Test
    void aPromiseFileAttestsPromiseAndSegment() throws Exception {
        MemoryDisk disk = new MemoryDisk();
        PromiseFile.create(Samples.checked(disk), Samples.IDENTITY).attest(Samples.BALLOT, 5);
        PromiseFile read = PromiseFile.open(Samples.checked(disk), Samples.IDENTITY);
        read.checkAgainst(Samples.BALLOT, 5);
        read.checkAgainst(new Ballot(3, 0, 0), 6);
        assertThatThrownBy(() -> read.checkAgainst(Samples.BALLOT, 4)).hasMessageContaining("segment 5");
        assertThatThrownBy(() -> read.checkAgainst(new Ballot(2, 1, 1), 5)).hasMessageContaining("forgotten");
        Identity other = new Identity(Samples.CLUSTER, new UUID(9, 9), true, true, 1, Samples.CONFIGURATION);
        assertThatThrownBy(() -> PromiseFile.open(Samples.checked(disk), other))
                .hasMessageContaining(Samples.MEMBER.toString());
    }
}
