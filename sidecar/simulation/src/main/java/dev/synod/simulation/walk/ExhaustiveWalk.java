package dev.synod.simulation.walk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A walk, breadth first, over every state that a group of real members can reach within bounds. Each thread
 * takes a piece of the states at one depth; all wait for each other between depths, so that the figures do
 * not depend on how many threads there are.
 */
public final class ExhaustiveWalk {
    private static final int REPORT_STATES = 1 << 12;

    private final WalkOptions options;
    private final ProgressListener listener;
    private final Consumer<Share[]> visitor;
    private final Stepper stepper;
    private final Oracle oracle;
    private final Shares shares = new Shares();
    private final FingerprintSet visited = new FingerprintSet();
    private final List<Generation> generations = new ArrayList<>();
    private int nextChunk;
    private long states = 1;
    private long transitions;
    private long cut;
    private volatile @Nullable Broken broken;

    /** Where something broke: the step out of the state at {@code place}, at {@code depth}. */
    record Broken(int depth, int place, Outcome by, String what) {}

    private ExhaustiveWalk(WalkOptions options, ProgressListener listener, Consumer<Share[]> visitor) {
        this.options = options;
        this.listener = listener;
        this.visitor = visitor;
        this.stepper = new Stepper(options);
        this.oracle = new Oracle(stepper.initialConfiguration());
    }

    /**
     * Walks until no state is left, or something breaks.
     *
     * @param options the bounds
     * @param runner the threads to use
     * @param listener told of progress
     */
    public static WalkReport run(WalkOptions options, ParallelRunner runner, ProgressListener listener) {
        return new ExhaustiveWalk(options, listener, state -> {}).run(runner);
    }

    /**
     * Shows every state but the first to {@code visitor}, which must not keep the array. On this thread
     * alone.
     */
    static WalkReport run(WalkOptions options, Consumer<Share[]> visitor) {
        return new ExhaustiveWalk(options, (depth, states, transitions) -> {}, visitor)
                .run(new ParallelRunner(1));
    }

    private WalkReport run(ParallelRunner runner) {
        long begin = runner.nowNanos();
        Generation first = new Generation(options.members());
        first.add(initial(), 0);
        generations.add(first);
        int depth = 0;
        while (broken == null) {
            Generation now = generations.get(depth);
            now.addAll(new Generation(options.members()));
            Generation next = new Generation(options.members());
            int from = depth;
            nextChunk = 0;
            runner.run(() -> {
                Generation own = expand(now, from);
                synchronized (this) {
                    next.addAll(own);
                }
            });
            if (next.size() == 0) {
                break;
            }
            generations.add(next);
            depth++;
        }
        Broken found = broken;
        List<String> trace = found == null ? List.of() : new Trace(stepper, shares, generations).to(found);
        return new WalkReport(options.name(), states, transitions, depth, stepper.memberStates(),
                stepper.coreSteps(), cut, found == null, found == null ? null : found.what(), trace,
                (runner.nowNanos() - begin) / 1e9);
    }

    private Share[] initial() {
        Share[] initial = new Share[options.members()];
        for (int slot = 0; slot < initial.length; slot++) {
            Outbox[] to = new Outbox[options.members()];
            Arrays.fill(to, Outbox.EMPTY);
            for (int peer = 0; peer < to.length; peer++) {
                if (peer != slot && options.changesMax() > 0) {
                    to[peer] = Outbox.EMPTY.plus(stepper.probe(slot, peer), shares.boxes);
                }
            }
            initial[slot] = shares.of(stepper.initial(slot), to);
        }
        long fingerprint = 0;
        for (Share share : initial) {
            fingerprint += share.part;
        }
        visited.add(fingerprint, 0);
        return initial;
    }

    private synchronized int takeChunk() {
        return nextChunk++;
    }

    /** Works on pieces of {@code now} until none is left. @return the states found */
    private Generation expand(Generation now, int depth) {
        Expander expander = new Expander(stepper, shares);
        Generation found = new Generation(options.members());
        List<Outcome> outcomes = new ArrayList<>();
        Share[] state = new Share[options.members()];
        int[] row = new int[options.members() + 1];
        long[] counts = new long[3];
        for (int chunk = takeChunk(); chunk < now.chunkCount() && broken == null; chunk = takeChunk()) {
            for (int i = 0; i < now.chunkSize(chunk) && broken == null; i++) {
                int place = Generation.place(chunk, i);
                now.read(place, row);
                for (int slot = 0; slot < state.length; slot++) {
                    state[slot] = shares.get(row[slot]);
                }
                expander.begin(state);
                outcomes.clear();
                expander.outcomes(outcomes);
                for (int k = 0; k < outcomes.size() && broken == null; k++) {
                    follow(expander, outcomes.get(k), found, depth, place, counts);
                }
                if (counts[0] >= REPORT_STATES) {
                    report(depth, counts);
                }
            }
        }
        report(depth, counts);
        return found;
    }

    private void follow(Expander expander, Outcome outcome, Generation found, int depth, int place,
            long[] counts) {
        String violation = outcome.violation();
        if (violation != null) {
            breakAt(new Broken(depth, place, outcome, violation));
            return;
        }
        if (!expander.take(outcome)) {
            counts[2] += outcome.beyond() ? 1 : 0;
            return;
        }
        counts[1]++;
        long fingerprint = expander.fingerprint();
        if (expander.isDominated(fingerprint, visited, depth + 1) || !visited.add(fingerprint, depth + 1)) {
            return;
        }
        counts[0]++;
        found.add(expander.next, place);
        visitor.accept(expander.next);
        String wrong = oracle.check(expander.next);
        if (wrong != null) {
            breakAt(new Broken(depth, place, outcome, wrong));
        }
    }

    private synchronized void breakAt(Broken found) {
        if (broken == null) {
            broken = found;
        }
    }

    private synchronized void report(int depth, long[] counts) {
        states += counts[0];
        transitions += counts[1];
        cut += counts[2];
        Arrays.fill(counts, 0);
        listener.at(depth, states, transitions);
    }
}
