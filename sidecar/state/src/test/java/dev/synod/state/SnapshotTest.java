package dev.synod.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.MalformedException;
import dev.synod.paxos.SeededRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class SnapshotTest {
    private static final long SEED = Long.getLong("synod.seed", 1);
    private static final int RUNS = 20;
    private static final int COMMANDS = 400;

    @Test
    void twoReplicasFedTheSameCommandsAreEqualInRepliesEventsAndDigests() {
        for (long seed = SEED; seed < SEED + RUNS; seed++) {
            var commands = new RandomCommands(new SeededRandom(seed));
            var one = new StateMachine(Machine.CLUSTER);
            var other = new StateMachine(Machine.CLUSTER);
            for (int i = 1; i <= COMMANDS; i++) {
                Bytes frame = CommandCodec.encode(commands.next(one));
                assertThat(other.apply(i, frame)).isEqualTo(one.apply(i, frame));
                assertThat(other.digest()).isEqualTo(one.digest());
            }
            assertThat(Machine.streamOf(other)).isEqualTo(Machine.streamOf(one));
        }
    }

    @Test
    void aStateRestoredAtAnyPointIsEqualAndGoesOnEqually() {
        for (long seed = SEED; seed < SEED + RUNS; seed++) {
            var random = new SeededRandom(seed);
            var commands = new RandomCommands(random.child("commands"));
            var original = new StateMachine(Machine.CLUSTER);
            var replica = new StateMachine(Machine.CLUSTER);
            for (int i = 1; i <= COMMANDS; i++) {
                Bytes frame = CommandCodec.encode(commands.next(original));
                assertThat(replica.apply(i, frame)).isEqualTo(original.apply(i, frame));
                assertThat(replica.digest()).as("seed %d, command %d", seed, i).isEqualTo(original.digest());
                assertThat(replica.bytes()).isEqualTo(original.bytes());
                if (random.chance(0.1)) {
                    byte[] stream = Machine.streamOf(original);
                    replica = Machine.restored(stream);
                    assertThat(Machine.streamOf(replica)).isEqualTo(stream);
                    assertThat(replica.sessions()).isEqualTo(original.sessions());
                }
            }
        }
    }

    @Test
    void theBooksAreTheSizeOfTheSnapshotButForFraming() {
        Machine machine = busy(SEED);
        int content = Machine.contentOf(machine.state).length();
        assertThat(machine.state.bytes()).isBetween(content / 2L, (long) content);
    }

    @Test
    void aSnapshotIsOfTheMomentItWasTakenWhateverComesAfter() {
        Machine machine = busy(SEED);
        byte[] expected = Machine.streamOf(machine.state);
        Snapshot snapshot = machine.state.capture();
        var commands = new RandomCommands(new SeededRandom(SEED + 1));
        for (int i = 0; i < COMMANDS; i++) {
            machine.apply(commands.next(machine.state));
        }
        var stream = new ByteWriter(1_024);
        snapshot.writeTo(stream::writeBytes);
        assertThat(stream.toArray()).isEqualTo(expected);
        assertThat(Machine.restored(expected).digest()).isEqualTo(snapshot.digest());
        assertThatThrownBy(snapshot::next).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aLargeStateComesInChunksAndIsRestoredFromPiecesOfAnySize() {
        var machine = new Machine();
        for (int i = 0; i < 9; i++) {
            machine.commit(new Operation.Put("k" + i, Bytes.of(new byte[30_000 * i])));
        }
        Snapshot snapshot = machine.state.capture();
        int chunks = 0;
        var stream = new ByteWriter(1_024);
        while (snapshot.hasNext()) {
            stream.writeBytes(snapshot.next());
            chunks++;
        }
        assertThat(chunks).isBetween(6, 20);
        byte[] bytes = stream.toArray();
        var random = new SeededRandom(SEED);
        var restore = new Restore();
        for (int at = 0; at < bytes.length;) {
            int length = Math.min(1 + random.below(50_000), bytes.length - at);
            restore.accept(bytes, at, length);
            at += length;
        }
        assertThat(restore.finish().digest()).isEqualTo(machine.state.digest());
    }

    @Test
    void aStreamWithAnyBitFlippedIsRefused() {
        byte[] stream = Machine.streamOf(busy(SEED).state);
        var random = new SeededRandom(SEED);
        for (int i = 0; i < 3_000; i++) {
            byte[] damaged = stream.clone();
            damaged[random.below(damaged.length)] ^= (byte) (1 << random.below(8));
            assertRefused(damaged);
        }
    }

    @Test
    void aStreamThatIsCutOrLengthenedOrOutOfOrderIsRefused() {
        byte[] stream = Machine.streamOf(busy(SEED).state);
        for (int length = 0; length < stream.length; length++) {
            assertRefused(Arrays.copyOf(stream, length));
        }
        assertRefused(Arrays.copyOf(stream, stream.length + 1));
        byte[] twice = Arrays.copyOf(stream, 2 * stream.length);
        System.arraycopy(stream, 0, twice, stream.length, stream.length);
        assertRefused(twice);
    }

    @Test
    void elementsInAnotherOrderAreRefusedThoughTheirSumIsTheSame() {
        var machine = new Machine();
        machine.put("a", "1");
        machine.put("b", "2");
        byte[] stream = Machine.streamOf(machine.state);
        int content = Machine.contentOf(machine.state).length();
        int end = stream.length - Machine.END_FRAME_BYTES;
        byte[] swapped = stream.clone();
        System.arraycopy(stream, end - content, swapped, end - content / 2, content / 2);
        System.arraycopy(stream, end - content / 2, swapped, end - content, content / 2);
        assertThat(swapped).isNotEqualTo(stream);
        assertThatThrownBy(() -> Machine.restored(swapped)).hasMessage("elements are out of order");
    }

    private static void assertRefused(byte[] stream) {
        assertThatThrownBy(() -> Machine.restored(stream)).isInstanceOf(MalformedException.class);
    }

    @Test
    void theDigestTellsApartWhatDiffers() {
        var one = new Machine();
        var other = new Machine();
        one.put("k", "1");
        other.put("k", "2");
        assertThat(one.state.digest()).isNotEqualTo(other.state.digest());
        var third = new Machine();
        third.put("k", "1");
        assertThat(third.state.digest()).isEqualTo(one.state.digest());
        third.state.skip(2);
        assertThat(third.state.digest()).isNotEqualTo(one.state.digest());
    }

    /** A state in which there is something of everything. */
    private static Machine busy(long seed) {
        var commands = new RandomCommands(new SeededRandom(seed));
        var machine = new Machine();
        for (int i = 0; i < COMMANDS; i++) {
            machine.apply(commands.next(machine.state));
        }
        long session = machine.open();
        long other = machine.open();
        machine.lock(session, "held", "x");
        machine.lock(other, "held", "y");
        machine.campaign(session, "led", "x");
        machine.campaign(other, "led", "y");
        machine.commit(new Operation.Put("bound", Machine.text("v"), other));
        return machine;
    }
}
