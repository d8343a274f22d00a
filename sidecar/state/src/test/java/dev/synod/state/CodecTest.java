package dev.synod.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.synod.paxos.Bytes;
import dev.synod.paxos.MalformedException;
import dev.synod.paxos.SeededRandom;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CodecTest {
    private static final long SEED = Long.getLong("synod.seed", 1);
    private static final int FRAMES = Integer.getInteger("synod.fuzz.frames", 40_000);

    private final SeededRandom random = new SeededRandom(SEED);
    private final RandomCommands commands = new RandomCommands(random.child("commands"));
    private final Machine machine = new Machine();

    @Test
    void commandsAndRepliesComeBackAsTheyWere() {
        var types = new TreeMap<String, Integer>();
        for (int i = 0; i < 5_000; i++) {
            Command command = commands.next(machine.state);
            Bytes frame = CommandCodec.encode(command);
            assertThat(CommandCodec.decode(frame)).isEqualTo(command);
            Reply reply = machine.apply(frame);
            assertThat(ReplyCodec.decode(ReplyCodec.encode(reply))).isEqualTo(reply);
            types.merge(command.getClass().getSimpleName(), 1, Integer::sum);
            types.merge(reply.getClass().getSimpleName(), 1, Integer::sum);
        }
        assertThat(types).as("commands and replies").hasSize(17 + 7);
        Reply ranged = machine.state.range(new Operation.Range(KeyRange.ALL, 0, false), 0);
        assertThat(ReplyCodec.decode(ReplyCodec.encode(ranged))).isEqualTo(ranged);
    }

    @Test
    void tamperedBytesAreARefusalOrTheOneFormOfACommand() {
        int taken = 0;
        for (int i = 0; i < FRAMES; i++) {
            Bytes frame = tamper(CommandCodec.encode(commands.next(machine.state)));
            if (CommandCodec.decode(frame) instanceof Command command) {
                assertThat(CommandCodec.encode(command)).isEqualTo(frame);
                taken++;
            }
            assertThatCode(() -> machine.apply(frame)).doesNotThrowAnyException();
        }
        assertThat(taken).isBetween(FRAMES / 20, FRAMES - FRAMES / 20);
        assertThat(Machine.restored(Machine.streamOf(machine.state)).digest())
                .isEqualTo(machine.state.digest());
    }

    @Test
    void tamperedRepliesAreRefusedOrTheOneFormOfAReply() {
        for (int i = 0; i < FRAMES / 4; i++) {
            Reply reply = machine.apply(commands.next(machine.state));
            Bytes frame = tamper(ReplyCodec.encode(reply));
            Reply decoded = decodedOrNull(frame);
            if (decoded != null) {
                assertThat(ReplyCodec.encode(decoded)).isEqualTo(frame);
            }
        }
    }

    private static @Nullable Reply decodedOrNull(Bytes frame) {
        try {
            return ReplyCodec.decode(frame);
        } catch (MalformedException e) {
            return null;
        }
    }

    /** Flips, overwrites, cuts or lengthens. */
    private Bytes tamper(Bytes frame) {
        byte[] bytes = frame.array().clone();
        do {
            int at = random.below(Math.max(1, bytes.length));
            switch (random.below(5)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at);
                case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.below(9));
                case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) -1);
                default -> {
                    if (bytes.length > 0) {
                        bytes[at] ^= (byte) (1 << random.below(8));
                    }
                }
            }
        } while (random.chance(0.3));
        return Bytes.of(bytes);
    }

    @Test
    void whatIsNotAllowedIsRefusedWithWhatIs() {
        Request request = new Request(1, 1, 0);
        assertRefusal(new Command.ReleaseLock(request, "no spaces", "x", 0), Refusal.NAME_INVALID,
                "lock \"no spaces\" is no name; 1 to 256 characters of [A-Za-z0-9._/-] are allowed");
        assertRefusal(new Command.ReleaseLock(request, "", "x", 0), Refusal.NAME_INVALID, "256");
        assertRefusal(new Command.ReleaseLock(request, "l", "\u001b[2J", 0), Refusal.NAME_INVALID,
                "owner \"?[2J\"");
        assertRefusal(new Command.ReleaseLock(request, "l", "x", -1), Refusal.ARGUMENT_INVALID, "token -1");
        assertRefusal(new Command.ReleaseLock(Request.NONE, "l", "x", 0), Refusal.SESSION_NOT_FOUND,
                "open one first");
        assertRefusal(new Command.ReleaseLock(new Request(1, 1, 2), "l", "x", 0), Refusal.ARGUMENT_INVALID,
                "ackedBelow <= id");
        assertRefusal(new Command.AcquireLock(request, "l", "x", LockMode.EXCLUSIVE, 2, true),
                Refusal.ARGUMENT_INVALID, "1 for EXCLUSIVE");
        assertRefusal(new Command.OpenSession(999, "", List.of(), Machine.SECRET), Refusal.ARGUMENT_INVALID,
                "a TTL of 999 ms is not valid; 1000 to 3600000 ms are allowed");
        assertRefusal(new Command.OpenSession(1_000, "", List.of(), Bytes.EMPTY), Refusal.ARGUMENT_INVALID,
                "32");
        assertRefusal(new Command.OpenSession(1_000, "", List.of(new Label("b", ""), new Label("a", "")),
                Machine.SECRET), Refusal.ARGUMENT_INVALID, "ascending");
        assertRefusal(new Command.Campaign(request, "e", "x", Bytes.of(new byte[Limits.VALUE_BYTES_MAX + 1])),
                Refusal.VALUE_TOO_LARGE, "1048577 bytes; 1048576 are allowed");
        assertRefusal(Command.Commit.of(request, new Operation.Put("k", Bytes.EMPTY),
                new Operation.Delete(KeyRange.ALL)), Refusal.DUPLICATE_KEY, "\"k\"");
        assertRefusal(Command.Commit.of(request, new Operation.Put("k", Bytes.EMPTY),
                new Operation.Put("k", Bytes.EMPTY)), Refusal.DUPLICATE_KEY, "\"k\"");
    }

    @Test
    void theEdgeIsToldOfWhatHasNoFormInBytes() {
        assertThat(Validity.refusalOf(new Command.CancelLock(new Request(1, 1, 0), "l".repeat(257), "x")))
                .isNotNull();
        assertThat(Validity.refusalOf(
                new Command.OpenSession(1_000, "\ud800", List.of(), Machine.SECRET))).isNotNull();
        assertThat(Validity.refusalOf(Command.Commit.of(Request.NONE,
                new Operation.Delete(new KeyRange("\u00e4", ""))))).isNotNull();
    }

    @Test
    void aCommandThatIsTooLongIsRefusedByItsLength() {
        Decoded decoded = CommandCodec.decode(Bytes.of(new byte[Limits.REQUEST_BYTES_MAX + 1]));
        assertThat(decoded).isInstanceOfSatisfying(Reply.Refused.class,
                refused -> assertThat(refused.reason()).isEqualTo(Refusal.REQUEST_TOO_LARGE));
    }

    private void assertRefusal(Command command, Refusal reason, String text) {
        Reply.Refused refused = Validity.refusalOf(command);
        assertThat(refused).isNotNull();
        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused.text()).contains(text);
        assertThat(machine.apply(command)).isEqualTo(refused);
    }
}
