package dev.synod.cli.dev;

import dev.synod.client.Coordination;
import dev.synod.client.CoordinationException;
import dev.synod.client.KeyValue;
import dev.synod.client.LockHandle;
import dev.synod.client.SessionExpiredException;
import dev.synod.client.Value;
import dev.synod.simulation.check.FencedRegister;
import dev.synod.simulation.check.Linearizability;
import dev.synod.simulation.check.Operation;
import dev.synod.simulation.check.TokenOrder;
import dev.synod.simulation.check.ValueModel;
import dev.synod.simulation.check.ValueModel.Input;
import dev.synod.simulation.check.ValueModel.Kind;
import dev.synod.simulation.check.ValueModel.Output;
import dev.synod.simulation.check.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Applications that write, swap and read values and take locks through the Java client, each beside another
 * sidecar, and the history of what they were told.
 */
final class AppLoad {
    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Duration LOCK_WAIT = Duration.ofMillis(500);
    private static final long SEARCH_STEPS = 20_000_000;

    private final String name;
    private final List<Operation<Input, Output>> history = new ArrayList<>();
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final TokenOrder tokens = new TokenOrder();
    private final FencedRegister store = new FencedRegister();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger grants = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;
    private volatile @Nullable Throwable broken;

    /**
     * Starts at once.
     *
     * @param name of this load: no two share keys or locks
     * @param endpoints of sidecars; each gets two applications
     */
    AppLoad(String name, List<String> endpoints) {
        this.name = name;
        int number = 0;
        for (String endpoint : endpoints) {
            for (int i = 0; i < 2; i++) {
                int client = ++number;
                threads.add(
                        Thread.ofPlatform().name(name + "-app-" + client).start(() -> run(client, endpoint)));
            }
        }
    }

    /** Operations acknowledged so far. */
    int acknowledged() {
        Throwable thrown = broken;
        if (thrown != null) {
            throw new AssertionError("an application broke", thrown);
        }
        return done.get();
    }

    int granted() {
        return grants.get();
    }

    private void run(int client, String endpoint) {
        Random random = new Random(client);
        try {
            while (!stopping) {
                try (Coordination coordination = Coordination.builder().endpoint(endpoint).ttl(TTL)
                        .identity(name + client).connect()) {
                    while (!stopping) {
                        operate(client, coordination, random);
                    }
                } catch (SessionExpiredException e) {
                    // The next session is another; what the last one held is gone.
                } catch (CoordinationException e) {
                    // The sidecar could not be reached in time.
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            broken = e;
        }
    }

    private void operate(int client, Coordination coordination, Random random) throws InterruptedException {
        String key = name + "/k" + random.nextInt(4);
        switch (random.nextInt(5)) {
            case 0 -> lock(coordination, name + "/l" + random.nextInt(2));
            case 1 -> put(client, coordination, key, client + "." + random.nextLong());
            case 2 -> swap(client, coordination, key, client + "." + random.nextLong());
            case 3 -> append(client, coordination);
            default -> read(client, coordination, key);
        }
    }

    private void lock(Coordination coordination, String lock) throws InterruptedException {
        long calledAt = System.nanoTime();
        try (LockHandle handle = coordination.lock(lock).acquire(LOCK_WAIT)) {
            long token = handle.fencingToken().value();
            String claimant = handle.owner() + " of " + coordination.session().id();
            synchronized (tokens) {
                tokens.granted(lock, claimant, true, token, calledAt, System.nanoTime());
                store.write(lock, token, claimant);
            }
            grants.incrementAndGet();
            done.incrementAndGet();
        } catch (dev.synod.client.LockTimeoutException e) {
            // Somebody else has it.
        }
    }

    private void put(int client, Coordination coordination, String key, String value) {
        Input input = new Input(Kind.PUT, key, value, 0);
        observe(client, input, () -> new Output(true, coordination.values().put(key, Value.of(value)), ""));
    }

    private void swap(int client, Coordination coordination, String key, String value) {
        Optional<KeyValue> before = read(client, coordination, key);
        long expected = before.map(KeyValue::modRevision).orElse(0L);
        observe(client, new Input(Kind.SWAP, key, value, expected), () -> {
            OptionalLong revision = coordination.values().putIf(key, Value.of(value), expected);
            return new Output(revision.isPresent(), revision.orElse(0), "");
        });
    }

    private Optional<KeyValue> read(int client, Coordination coordination, String key) {
        List<Optional<KeyValue>> found = new ArrayList<>(1);
        observe(client, new Input(Kind.READ, key, "", 0), () -> {
            Optional<KeyValue> value = coordination.values().get(key);
            found.add(value);
            return new Output(true, value.map(KeyValue::modRevision).orElse(0L),
                    value.map(v -> v.value().text()).orElse(""));
        });
        return found.getFirst();
    }

    /** A key of its own for each write: whatever was acknowledged must be there in the end. */
    private void append(int client, Coordination coordination) {
        String key = name + "/once/" + client + "-" + System.nanoTime();
        long revision = coordination.values().put(key, Value.of(key));
        acknowledged.put(key, revision);
        done.incrementAndGet();
    }

    private interface Asked {
        Output ask();
    }

    private void observe(int client, Input input, Asked asked) {
        long calledAt = System.nanoTime();
        try {
            Output output = asked.ask();
            note(new Operation<>(client, input, calledAt, System.nanoTime(), output));
            done.incrementAndGet();
        } catch (CoordinationException e) {
            if (e.maybeApplied() && input.kind() != Kind.READ) {
                note(new Operation<>(client, input, calledAt, Operation.NEVER, null));
            }
            throw e;
        }
    }

    private void note(Operation<Input, Output> operation) {
        synchronized (history) {
            history.add(operation);
        }
    }

    /** Ends the applications, and waits for them. */
    void end() throws InterruptedException {
        stopping = true;
        for (Thread thread : threads) {
            thread.join(30_000);
            if (thread.isAlive()) {
                throw new AssertionError(thread.getName() + " does not end");
            }
        }
    }

    /** Holds all that was told against the checkers, and against what is there now. */
    void check(Coordination now) {
        acknowledged();
        Verdict verdict = new Linearizability<>(ValueModel.INSTANCE, SEARCH_STEPS).check(history, Input::key);
        if (!(verdict instanceof Verdict.Accepted)) {
            throw new AssertionError(name + ": " + verdict);
        }
        tokens.check();
        acknowledged.forEach((key, revision) -> {
            long there = now.values().get(key).map(KeyValue::modRevision).orElse(0L);
            if (there != revision) {
                throw new AssertionError(
                        key + " was acknowledged at revision " + revision + ", and is at " + there);
            }
        });
    }
}
