package dev.synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.paxos.Recovered;
import dev.synod.paxos.SeededRandom;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.SnapshotAction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SnapshotStoreTest {
    private static SnapshotStore store(MemoryDisk disk, int kept) {
        return new SnapshotStore(
                Samples.checked(disk),
                new VolumeLimits(4 << 10, 4 << 10, 1, kept, 1 << 20),
                Samples.CLUSTER);
    }

    private static boolean has(SnapshotStore store, Snapshot snapshot) {
        try {
            return store.readState(snapshot).length > 0;
        } catch (DamagedException e) {
            return false;
        }
    }

    @Test
    void whateverTheOrderTheNewestAndTheReferencedAndAllAboveItStay() throws Exception {
        SeededRandom random = new SeededRandom(6);
        for (int round = 0; round < 200; round++) {
            MemoryDisk disk = new MemoryDisk();
            int kept = 1 + random.below(3);
            SnapshotStore store = store(disk, kept);
            List<Snapshot> written = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                long index = 1 + (random.nextLong() >>> (2 + random.below(60)));
                written.add(store.write(index, Samples.CONFIGURATION, Samples.SEAL, new byte[] {(byte) i}));
                Snapshot referenced = written.get(random.below(i + 1));
                if (random.chance(0.3) || !has(store, referenced)) {
                    continue;
                }
                store.retire(referenced);
                Snapshot newest = written.getFirst();
                int above = 0;
                for (Snapshot snapshot : written) {
                    newest = snapshot.index() > newest.index() ? snapshot : newest;
                    boolean mayBeMarkedYet = snapshot.index() > referenced.index() && has(store, snapshot);
                    above += mayBeMarkedYet ? 1 : 0;
                }
                assertThat(has(store, newest)).isTrue();
                assertThat(has(store, referenced)).isTrue();
                assertThat(disk.list()).hasSizeLessThanOrEqualTo(Math.max(kept, above + 1));
            }
        }
    }

    @Test
    void aSnapshotAboveTheReferencedOneIsNotDeleted() throws Exception {
        SnapshotStore store = store(new MemoryDisk(), 1);
        List<Snapshot> written = new ArrayList<>();
        for (long index = 1; index <= 9; index++) {
            written.add(store.write(index, Samples.CONFIGURATION, Samples.SEAL, new byte[] {1}));
        }
        store.retire(written.get(4));
        for (Snapshot snapshot : written) {
            assertThat(has(store, snapshot)).isEqualTo(snapshot.index() >= 5);
        }
    }

    @Test
    void anyBytesAreReadWithoutAnAccident() throws Exception {
        SeededRandom random = new SeededRandom(7);
        byte[] header = new SnapshotHeader(
                Samples.CLUSTER, 9, 1, Samples.SEAL, Samples.CONFIGURATION, 0)
                .encode();
        SnapshotHeader whole = SnapshotHeader.decode(header, header.length);
        assertThat(whole)
                .isEqualTo(new SnapshotHeader(
                        Samples.CLUSTER, 9, 1, Samples.SEAL, Samples.CONFIGURATION, header.length));
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = Arrays.copyOf(header, random.below(header.length + 50));
            for (int n = random.below(5); n > 0 && bytes.length > 0; n--) {
                bytes[random.below(bytes.length)] = (byte) random.nextLong();
            }
            SnapshotHeader read = SnapshotHeader.decode(bytes, bytes.length);
            assertThat(read == null || read.bytes() <= bytes.length).isTrue();
        }
    }

    @Test
    void anyListOfAStagedTransferIsReadWithoutAnAccident() throws Exception {
        SeededRandom random = new SeededRandom(8);
        for (int i = 0; i < 3_000; i++) {
            MemoryDisk disk = new MemoryDisk();
            SnapshotStore peer = store(new MemoryDisk(), 2);
            Snapshot snapshot = peer.write(5, Samples.CONFIGURATION, Samples.SEAL, new byte[400]);
            SnapshotStore store = store(disk, 2);
            store.begin(new SnapshotAction.Begin(snapshot.ref(), 0));
            for (int at = 0; at < 300; at += 100) {
                store.store(new SnapshotAction.Store(
                        snapshot.ref(), at, peer.readChunk(snapshot.ref(), at, 100)));
            }
            for (String name : List.of(Staging.LIST, Staging.PART)) {
                byte[] bytes = Arrays.copyOf(disk.bytes(name), random.below(400));
                for (int n = random.below(3); n > 0 && bytes.length > 0; n--) {
                    bytes[random.below(bytes.length)] = (byte) random.nextLong();
                }
                disk.put(name, bytes);
            }
            SnapshotStore next = store(disk, 2);
            Recovered.Staged staged = next.adopt(disk.list());
            assertThat(staged == null ? 0 : staged.receivedBytes() % 100).isZero();
            assertThat(next.finish(snapshot.ref())).isNull();
        }
    }

    @Test
    void limitsAreChecked() {
        assertThatThrownBy(() -> VolumeLimits.withSegments(100)).hasMessageContaining("4096");
        assertThatThrownBy(() -> new VolumeLimits(8 << 10, 16 << 10, 1, 1, 1))
                .hasMessageContaining("reserve");
        assertThatThrownBy(() -> new VolumeLimits(8 << 10, 8 << 10, 1, 0, 1))
                .hasMessageContaining("snapshots");
        assertThat(VolumeLimits.withSegments(4 << 10).reserveBytes()).isEqualTo(4 << 10);
    }
}
