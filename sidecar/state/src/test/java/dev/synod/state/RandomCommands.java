package dev.synod.state;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.SeededRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Commands by seed, over so few names that they meet. */
final class RandomCommands {
    private static final List<String> NAMES = List.of("a", "b", "c/d");
    private static final List<String> OWNERS = List.of("x", "y", "z");
    private static final List<String> KEYS = List.of("k", "k/1", "k/2", "l", "m");
    private static final int SESSIONS_MAX = 6;

    private final SeededRandom random;
    private long nextRequest = 1;

    RandomCommands(SeededRandom random) {
        this.random = random;
    }

    /** A command that means something to {@code state}, more often than not. */
    Command next(StateMachine state) {
        return switch (random.below(26)) {
            case 0, 1 -> state.sessions().size() < SESSIONS_MAX ? open() : endOfSession(state);
            case 2 -> new Command.AttachSession(session(state), Machine.SECRET);
            case 3 -> new Command.LeaderEstablished(new Ballot(0, random.below(40), 1 + random.below(3)));
            case 4 -> endOfSession(state);
            case 5, 6, 7, 8, 9 -> acquire(state);
            case 10, 11, 12 -> new Command.ReleaseLock(request(state), name(), owner(), lockToken(state));
            case 13 -> new Command.CancelLock(request(state), name(), owner());
            case 14 -> new Command.BreakLock(requestOrNone(state), name(), lockToken(state), "reason");
            case 15, 16 -> new Command.Campaign(request(state), name(), owner(), value());
            case 17 -> new Command.Proclaim(request(state), name(), owner(), 0, value());
            case 18 -> new Command.Resign(request(state), name(), owner());
            case 19 -> new Command.TransferLeadership(requestOrNone(state), name(), 0, owner());
            case 20 -> rare(state);
            case 21, 22 -> withdraw(state);
            default -> commit(state);
        };
    }

    private Command withdraw(StateMachine state) {
        long id = session(state);
        Session session = state.session(id);
        long generation = session == null ? 1 : session.attachGeneration() - (random.chance(0.2) ? 1 : 0);
        return new Command.WithdrawLock(id, generation, name(), owner(), lockToken(state));
    }

    private Command rare(StateMachine state) {
        return random.chance(0.05)
                ? new Command.NewEra(new UUID(random.nextLong(), random.nextLong()))
                : new Command.Compact(Math.max(0, state.revision() - random.below(12) + 1));
    }

    private Command.OpenSession open() {
        List<Label> labels = random.chance(0.5) ? List.of() : List.of(new Label("pod", owner()));
        return new Command.OpenSession(1_000 + random.below(9_000), owner(), labels, Machine.SECRET);
    }

    private Command endOfSession(StateMachine state) {
        long id = session(state);
        Session session = state.session(id);
        long generation = session == null ? 1 : session.attachGeneration() - (random.chance(0.2) ? 1 : 0);
        return random.chance(0.3)
                ? new Command.CloseSession(id)
                : new Command.ExpireSession(id, generation,
                        random.chance(0.8) ? state.term() : new Ballot(0, 1, 1));
    }

    private Command.AcquireLock acquire(StateMachine state) {
        int permits = 2 + random.below(10) / 9;
        boolean queue = random.chance(0.7);
        String name = name();
        // One name is a semaphore, mostly.
        int mode = name.equals("a") == random.chance(0.97) ? 2 : random.below(2);
        return switch (mode) {
            case 0 -> new Command.AcquireLock(request(state), name, owner(), LockMode.EXCLUSIVE, 1, queue);
            case 1 -> new Command.AcquireLock(request(state), name, owner(), LockMode.SHARED, 0, queue);
            default -> new Command.AcquireLock(
                    request(state), name, owner(), LockMode.PERMIT, permits, queue);
        };
    }

    private Command.Commit commit(StateMachine state) {
        List<Compare> compares = new ArrayList<>();
        while (random.chance(0.4)) {
            compares.add(compare(state));
        }
        List<Fence> fences = random.chance(0.9)
                ? List.of()
                : List.of(new Fence(Domain.LOCK, name(), lockToken(state)));
        return new Command.Commit(requestOrNone(state), compares, branch(state), branch(state), fences);
    }

    private Compare compare(StateMachine state) {
        var relation = Compare.Relation.values()[random.below(4)];
        return switch (random.below(4)) {
            case 0 -> new Compare.OfValue(key(), relation, value());
            case 1 -> new Compare.Exists(key(), random.chance(0.5));
            case 2 -> new Compare.OfNumber(key(), Compare.Target.VERSION, relation, random.below(4));
            default -> new Compare.OfNumber(key(), Compare.Target.values()[random.below(2)], relation,
                    Math.max(0, state.revision() - random.below(20)));
        };
    }

    private List<Operation> branch(StateMachine state) {
        List<Operation> operations = new ArrayList<>();
        if (random.chance(0.1)) {
            operations.add(new Operation.Delete(KeyRange.prefix("k")));
            return operations;
        }
        for (String key : KEYS) {
            if (random.chance(0.1)) {
                operations.add(new Operation.Range(KeyRange.prefix("k"), random.below(3), false));
            }
            if (random.chance(0.3)) {
                long bound = random.chance(0.3) ? session(state) : 0;
                operations.add(random.chance(0.7)
                        ? new Operation.Put(key, value(), bound)
                        : new Operation.Delete(KeyRange.of(key)));
            }
        }
        return operations;
    }

    private long lockToken(StateMachine state) {
        return random.chance(0.7) ? 0 : Math.max(0, state.revision() - random.below(5));
    }

    private Request request(StateMachine state) {
        long id = nextRequest++;
        return new Request(session(state), id, Math.max(0, id - 10 - random.below(60)));
    }

    private Request requestOrNone(StateMachine state) {
        return random.chance(0.5) ? Request.NONE : request(state);
    }

    private long session(StateMachine state) {
        List<Session> live = state.sessions();
        return live.isEmpty() || random.chance(0.03)
                ? 1 + random.below(20)
                : live.get(random.below(live.size())).id();
    }

    private String name() {
        return NAMES.get(random.below(NAMES.size()));
    }

    private String owner() {
        return OWNERS.get(random.below(OWNERS.size()));
    }

    private String key() {
        return KEYS.get(random.below(KEYS.size()));
    }

    private Bytes value() {
        byte[] value = new byte[random.below(6)];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) random.nextLong();
        }
        return Bytes.of(value);
    }
}
