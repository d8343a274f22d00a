package dev.synod.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.Bytes;
import dev.synod.paxos.SeededRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Random commands by seed ({@code -Dsynod.seed}), beside {@link NaiveState}. */
final class ModelTest {
    private static final long SEED = Long.getLong("synod.seed", 1);
    private static final int RUNS = 30;
    private static final int COMMANDS = 500;

    @Test
    void repliesAndReadsAreThoseOfTheNaiveModel() {
        var kinds = new TreeMap<String, Integer>();
        for (long seed = SEED; seed < SEED + RUNS; seed++) {
            var random = new SeededRandom(seed);
            var commands = new RandomCommands(random.child("commands"));
            var machine = new Machine();
            var model = new NaiveState();
            for (int i = 0; i < COMMANDS; i++) {
                Command command = commands.next(machine.state);
                String expected = model.apply(command);
                String actual = NaiveState.shown(machine.apply(command));
                assertThat(actual).as("seed %d, command %d: %s", seed, i, command).isEqualTo(expected);
                kinds.merge(command.getClass().getSimpleName() + " " + actual.split("[\\[ ]", 2)[0], 1,
                        Integer::sum);
                if (i % 10 == 0) {
                    compareReads(machine.state, model, random);
                }
            }
        }
        assertThat(kinds).as("what was exercised").containsKeys(
                "AcquireLock Granted", "AcquireLock Queued", "AcquireLock Busy", "AcquireLock Refused",
                "ReleaseLock Done", "ReleaseLock Refused", "CancelLock Done", "CancelLock Granted",
                "WithdrawLock Done", "WithdrawLock Granted",
                "BreakLock Done", "Campaign Granted", "Campaign Queued", "Resign Done", "Proclaim Done",
                "TransferLeadership Granted", "Commit Committed", "Commit Refused", "Compact Done",
                "Compact Refused", "NewEra Done", "ExpireSession Done", "CloseSession Done");
    }

    private static void compareReads(StateMachine state, NaiveState model, SeededRandom random) {
        assertThat(state.revision()).isEqualTo(model.revision);
        for (String name : List.of("a", "b", "c/d")) {
            LockView lock = state.lock(name);
            assertThat(Stream.concat(
                    lock.holders().stream().map(h -> shown(h.claimant(), h.token())),
                    lock.queue().stream().map(w -> shown(w.claimant(), 0))).toList())
                    .hasToString(model.lock(name));
            ElectionView election = state.election(name);
            List<String> standing = new ArrayList<>();
            if (election.leader() != null) {
                standing.add(shown(election.leader().claimant(), election.leader().token()));
            }
            election.candidates().forEach(candidate -> standing.add(shown(candidate.claimant(), 0)));
            assertThat(standing).hasToString(model.election(name));
        }
        long revision = Math.max(1, state.revision() - random.below(15));
        var range = new Operation.Range(KeyRange.prefix("k"), random.below(4), false);
        if (revision < state.compactedRevision()) {
            assertThat(Machine.refusal(state.range(range, revision))).isEqualTo(Refusal.REVISION_COMPACTED);
        } else {
            assertThat(state.range(range, revision))
                    .isEqualTo(new Reply.Ranged(revision, model.range(range, revision)));
        }
        long from = Math.max(revision, state.compactedRevision() + 1);
        assertThat(state.replay(KeyRange.ALL, from, 1_000)).isInstanceOfSatisfying(Replay.Changes.class,
                changes -> assertThat(changes.events().stream().map(ModelTest::shown)
                        .collect(Collectors.joining(" "))).isEqualTo(model.changesFrom(from)));
    }

    private static String shown(Claimant claimant, long token) {
        return claimant.session() + claimant.owner() + (token == 0 ? "?" : token);
    }

    private static String shown(Event event) {
        return switch (event) {
            case Event.ValuePut put -> put.key() + "@" + put.revision() + "+";
            case Event.ValueDeleted deleted -> deleted.key() + "@" + deleted.revision() + "-";
            default -> throw new AssertionError(event);
        };
    }

    @Test
    void tokensRiseOverAllLocksAndElectionsAndWatchesHearEachChangeOnce() {
        for (long seed = SEED; seed < SEED + RUNS; seed++) {
            var commands = new RandomCommands(new SeededRandom(seed));
            var machine = new Machine();
            long last = 1;
            for (int i = 0; i < COMMANDS; i++) {
                long before = machine.state.revision();
                Command command = commands.next(machine.state);
                machine.apply(command);
                long grants = 0;
                for (Event event : machine.events()) {
                    long token = switch (event) {
                        case Event.LockGranted granted -> granted.holder().token();
                        case Event.LeaderElected elected -> elected.leader().token();
                        default -> 0;
                    };
                    if (token != 0) {
                        assertThat(token).isGreaterThan(last);
                        last = token;
                        grants++;
                    }
                }
                boolean changed = !Machine.only(Event.OfValue.class, machine.events()).isEmpty();
                if (!(command instanceof Command.NewEra)) {
                    assertThat(machine.state.revision()).isEqualTo(before + grants + (changed ? 1 : 0));
                }
            }
        }
    }

    @Test
    void aRepeatOfARequestIsAnsweredAsBeforeAndChangesNothing() {
        int repeated = 0;
        for (long seed = SEED; seed < SEED + RUNS; seed++) {
            var random = new SeededRandom(seed);
            var commands = new RandomCommands(random.child("commands"));
            var machine = new Machine();
            var sent = new TreeMap<Long, Reply>();
            var frames = new TreeMap<Long, Command.OfClient>();
            for (int i = 0; i < COMMANDS; i++) {
                Command command = commands.next(machine.state);
                Reply reply = machine.apply(command);
                if (command instanceof Command.OfClient c
                        && machine.state.session(c.request().session()) != null) {
                    sent.put(c.request().id(), reply);
                    frames.put(c.request().id(), c);
                }
                if (frames.isEmpty() || !random.chance(0.5)) {
                    continue;
                }
                long id = frames.firstKey() + random.below(frames.lastKey() - frames.firstKey() + 1);
                Command.OfClient again = frames.ceilingEntry(id).getValue();
                Session session = machine.state.session(again.request().session());
                if (session == null) {
                    continue;
                }
                Bytes content = Machine.contentOf(machine.state);
                Reply second = machine.apply(again);
                if (again.request().id() >= session.ackedBelow()) {
                    assertThat(second).isEqualTo(sent.get(again.request().id()));
                    repeated++;
                } else {
                    assertThat(Machine.refusal(second)).isEqualTo(Refusal.REQUEST_ACKNOWLEDGED);
                }
                assertThat(machine.events()).isEmpty();
                assertThat(Machine.contentOf(machine.state)).isEqualTo(content);
            }
        }
        assertThat(repeated).isGreaterThan(RUNS * 10);
    }
}
