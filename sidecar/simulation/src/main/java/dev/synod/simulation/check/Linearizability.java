package dev.synod.simulation.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Searches for an order of a history that explains every answer and respects real time: Wing and Gong's
 * algorithm with Lowe's memory of (operations done, state) pairs ("Testing for linearizability", 2017), one
 * object at a time, because a history is linearizable when each object's part is (Herlihy and Wing, 1990).
 *
 * <ol>
 *   <li>Calls and returns stand in one list in the order of time. Walk it from the front.
 *   <li>A call may go next if the model accepts its answer in the present state, and the pair (done, state)
 *   that results was not seen before: lift the operation out of the list, and start over from the front.
 *   <li>A return means that its operation had to go before. First try those of unknown fate that were called
 *   by then; they stand in a list of their own, without returns, and may go anywhere or nowhere.
 *   <li>If none fits, take back the last one lifted, and go on behind its call. With nothing to take back, no
 *   order exists.
 *   <li>Done when no return is left.
 * </ol>
 *
 * Operations of unknown fate are what makes the search explode. Few of them have to go directly after one
 * another, and where some go, the next answer mostly shows it. So it first looks only for orders like that,
 * then tries the order in which the history is given: what is found is an order all the same; only a search
 * without such limits rejects.
 */
public final class Linearizability<I, O, S> {
    /** Most 64-bit words of remembered sets: 128 MiB. */
    private static final int MEMORY_WORDS_MAX = 16 << 20;

    private final Model<I, O, S> model;
    private final long stepsMax;

    /**
     * @param stepsMax operations tried for one object before the search is given up; 20 million take some
     *     seconds at worst
     */
    public Linearizability(Model<I, O, S> model, long stepsMax) {
        this.model = model;
        this.stepsMax = stepsMax;
    }

    /**
     * Checks a history of many objects.
     *
     * @param keyOf names the one object that an operation is about
     */
    public <K> Verdict check(List<Operation<I, O>> history, Function<? super I, K> keyOf) {
        Map<K, List<Operation<I, O>>> byKey = new LinkedHashMap<>();
        for (Operation<I, O> operation : history) {
            byKey.computeIfAbsent(keyOf.apply(operation.input()), key -> new ArrayList<>()).add(operation);
        }
        long steps = 0;
        for (Map.Entry<K, List<Operation<I, O>>> object : byKey.entrySet()) {
            switch (check(object.getValue())) {
                case Verdict.Accepted accepted -> steps += accepted.steps();
                case Verdict.Rejected rejected -> {
                    return new Verdict.Rejected("key " + object.getKey() + ": " + rejected.why());
                }
                case Verdict.NotChecked given -> {
                    return new Verdict.NotChecked("key " + object.getKey() + ": " + given.why());
                }
            }
        }
        return new Verdict.Accepted(steps);
    }

    /** Checks a history of one object. */
    public Verdict check(List<Operation<I, O>> history) {
        List<Operation<I, O>> telling = new ArrayList<>(history.size());
        for (Operation<I, O> operation : history) {
            if (operation.output() != null || model.changes(operation.input())) {
                telling.add(operation);
            }
        }
        for (int rowMax = 1; rowMax <= 4; rowMax <<= 1) {
            Verdict verdict = new Search(telling, rowMax, stepsMax / 100).run();
            if (verdict instanceof Verdict.Accepted) {
                return verdict;
            }
        }
        if (explainsInThisOrder(telling)) {
            return new Verdict.Accepted(telling.size());
        }
        return new Search(telling, Integer.MAX_VALUE, stepsMax).run();
    }

    /**
     * Whether the order in which the history is given happens to explain it: whoever made it may have known.
     */
    private boolean explainsInThisOrder(List<Operation<I, O>> operations) {
        S state = model.initial();
        long latestCall = Long.MIN_VALUE;
        for (Operation<I, O> operation : operations) {
            latestCall = Math.max(latestCall, operation.calledAt());
            S after = model.step(state, operation.input(), operation.output());
            if (after == null || operation.returnedAt() < latestCall) {
                return false;
            }
            state = after;
        }
        return true;
    }

    /** Operations done and the state they led to. */
    private static final class Memory {
        final long[] done;
        final Object state;

        Memory(long[] done, Object state) {
            this.done = done;
            this.state = state;
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(done) * 31 + state.hashCode();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Memory memory && Arrays.equals(done, memory.done)
                    && state.equals(memory.state);
        }
    }

    /**
     * Places of the lists: operation i is called at i and returns at n + i; the list ends at 2n, that of
     * unknowns at 2n + 1.
     */
    private final class Search {
        private final List<Operation<I, O>> operations;
        private final int count;
        private final int rowMax;
        private final long triesMax;
        private final int[] next;
        private final int[] previous;
        private final long[] done;
        private final int[] lifted;
        private final int[] rowBefore;
        private final List<S> before = new ArrayList<>();
        private final Set<Memory> seen = new HashSet<>();
        private int depth;
        private int row;
        private int deepest = -1;
        private int returnsLeft;
        private int stuckAt = -1;
        private @Nullable S stuckState;

        Search(List<Operation<I, O>> operations, int rowMax, long triesMax) {
            this.operations = operations;
            this.rowMax = rowMax;
            this.triesMax = triesMax;
            count = operations.size();
            next = new int[2 * count + 2];
            previous = new int[2 * count + 2];
            done = new long[(count + 63) >>> 6];
            lifted = new int[count];
            rowBefore = new int[count];
            List<Integer> places = new ArrayList<>(2 * count);
            List<Integer> unknown = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                if (operations.get(i).happened()) {
                    places.add(i);
                    places.add(count + i);
                    returnsLeft++;
                } else {
                    unknown.add(i);
                }
            }
            link(places, 2 * count);
            link(unknown, 2 * count + 1);
        }

        /** Orders calls and returns by time; of equal times calls come first, so that they overlap. */
        private void link(List<Integer> places, int end) {
            places.sort((a, b) -> {
                int byTime = Long.compare(timeOf(a), timeOf(b));
                return byTime != 0 ? byTime : Integer.compare(a, b);
            });
            int last = end;
            for (int place : places) {
                next[last] = place;
                previous[place] = last;
                last = place;
            }
            next[last] = end;
            previous[end] = last;
        }

        private long timeOf(int place) {
            return place < count
                    ? operations.get(place).calledAt()
                    : operations.get(place - count).returnedAt();
        }

        Verdict run() {
            S state = model.initial();
            long tries = 0;
            int place = next[2 * count];
            long openUntil = 0;
            while (returnsLeft > 0) {
                if (place >= count && place < 2 * count) {
                    noteStuck(place, state);
                    openUntil = timeOf(place);
                    place = row < rowMax ? next[2 * count + 1] : 2 * count + 1;
                }
                boolean exhausted = place == 2 * count + 1
                        || (!operations.get(place).happened()
                                && operations.get(place).calledAt() > openUntil);
                if (exhausted) {
                    if (depth == 0) {
                        return new Verdict.Rejected(explain());
                    }
                    int back = lifted[depth - 1];
                    state = before.removeLast();
                    putBack(back);
                    place = next[back];
                    openUntil = timeOf(firstReturn());
                    continue;
                }
                if (++tries > triesMax || (long) seen.size() * done.length > MEMORY_WORDS_MAX) {
                    return new Verdict.NotChecked(
                            "could not be checked: no order of " + count + " operations found in " + tries
                                    + " steps");
                }
                S after = tryNext(place, state);
                if (after == null) {
                    place = next[place];
                    continue;
                }
                before.add(state);
                lift(place);
                state = after;
                place = next[2 * count];
            }
            return new Verdict.Accepted(tries);
        }

        private int firstReturn() {
            int place = next[2 * count];
            while (place < count) {
                place = next[place];
            }
            return place;
        }

        private @Nullable S tryNext(int operation, S state) {
            Operation<I, O> tried = operations.get(operation);
            S after = model.step(state, tried.input(), tried.output());
            if (after == null || (!tried.happened() && after.equals(state))) {
                return null; // of unknown fate and without effect: as well left out
            }
            if (row > 0 && limited() && tried.happened() && fitsBeforeRow(tried)) {
                return null; // the row was not needed for this one
            }
            set(operation, true);
            boolean isNew = seen.add(new Memory(done.clone(), after));
            set(operation, false);
            return isNew ? after : null;
        }

        private boolean limited() {
            return rowMax != Integer.MAX_VALUE;
        }

        private boolean fitsBeforeRow(Operation<I, O> tried) {
            return model.step(before.get(depth - row), tried.input(), tried.output()) != null;
        }

        private void set(int operation, boolean value) {
            long bit = 1L << (operation & 63);
            if (value) {
                done[operation >>> 6] |= bit;
            } else {
                done[operation >>> 6] &= ~bit;
            }
        }

        private void lift(int operation) {
            set(operation, true);
            rowBefore[depth] = row;
            lifted[depth++] = operation;
            unlink(operation);
            if (operations.get(operation).happened()) {
                row = 0;
                unlink(count + operation);
                returnsLeft--;
            } else {
                row++;
            }
        }

        /** Places go back in the opposite order, so that their neighbours are the ones they had. */
        private void putBack(int operation) {
            set(operation, false);
            row = rowBefore[--depth];
            if (operations.get(operation).happened()) {
                relink(count + operation);
                returnsLeft++;
            }
            relink(operation);
        }

        private void unlink(int place) {
            next[previous[place]] = next[place];
            previous[next[place]] = previous[place];
        }

        private void relink(int place) {
            next[previous[place]] = place;
            previous[next[place]] = place;
        }

        private void noteStuck(int place, S state) {
            if (depth > deepest) {
                deepest = depth;
                stuckAt = place - count;
                stuckState = state;
            }
        }

        private String explain() {
            return "no order explains " + operations.get(stuckAt) + ": the longest one found places "
                    + deepest + " of "
                    + count + " operations before it and leaves " + stuckState;
        }
    }
}
