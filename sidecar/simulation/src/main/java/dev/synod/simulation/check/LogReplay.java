package dev.synod.simulation.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Holds a history against the decided log, which a simulation knows: every answer is the one that a replay of
 * the log gives at that place, and the order of the log respects real time. Linear but for a sort, so that it
 * can look at runs of any length; {@link Linearizability} needs no log and stays the independent check.
 */
public final class LogReplay<I, O, S, K> {
    private final ExactModel<I, O, S> model;
    private final Function<? super I, ? extends K> keyOf;

    /** @param keyOf names the one object that an operation is about */
    public LogReplay(ExactModel<I, O, S> model, Function<? super I, ? extends K> keyOf) {
        this.model = model;
        this.keyOf = keyOf;
    }

    private record Request(long client, long number) {}

    /**
     * An operation and its place in the order that the log gives: 2i for the change at i, 2i + 1 for reads
     * that reflect it.
     */
    private record Placed<I, O>(long place, Operation<I, O> operation) {}

    /**
     * Checks that the log explains the history.
     *
     * @param log commands of the decided log in its order, retries included
     * @param history every operation, also those without an answer
     * @return how many answers were checked
     * @throws Violation when it does not
     */
    public int check(List<LoggedCommand<I>> log, List<LoggedOperation<I, O>> history) {
        Map<Request, Long> effectAt = new HashMap<>();
        List<LoggedCommand<I>> effective = effective(log, effectAt);
        List<Placed<I, O>> placed = place(effectAt, history);
        placed.sort((a, b) -> Long.compare(a.place(), b.place()));
        replay(effective, placed);
        checkRealTime(placed);
        return answered(placed);
    }

    /** A client's requests rise: the first of a number counts, and none after one with a higher number. */
    private List<LoggedCommand<I>> effective(List<LoggedCommand<I>> log, Map<Request, Long> effectAt) {
        Map<Long, Long> newest = new HashMap<>();
        List<LoggedCommand<I>> effective = new ArrayList<>(log.size());
        for (LoggedCommand<I> command : log) {
            if (command.request() > newest.getOrDefault(command.client(), Long.MIN_VALUE)) {
                newest.put(command.client(), command.request());
                effectAt.put(new Request(command.client(), command.request()), command.index());
                effective.add(command);
            }
        }
        return effective;
    }

    /**
     * What the log adds to a history: operations of unknown fate that are not in the log are left out, the
     * others end when somebody had an answer that reflects them, and all stand in the order of the log. A
     * search for an order has next to nothing to guess then, and an order to try first.
     *
     * @param log commands of the decided log in its order, retries included
     */
    public List<Operation<I, O>> informed(List<LoggedCommand<I>> log, List<LoggedOperation<I, O>> history) {
        Map<Request, Long> effectAt = new HashMap<>();
        effective(log, effectAt);
        List<Placed<I, O>> placed = place(effectAt, history);
        placed.sort((a, b) -> {
            int byPlace = Long.compare(b.place(), a.place());
            return byPlace != 0 ? byPlace : Long.compare(b.operation().calledAt(), a.operation().calledAt());
        });
        List<Operation<I, O>> informed = new ArrayList<>(placed.size());
        long seenBy = Operation.NEVER;
        for (Placed<I, O> each : placed) {
            Operation<I, O> operation = each.operation();
            seenBy = Math.min(seenBy, operation.returnedAt());
            if (operation.output() == null) {
                // An answer from before the call is a violation that check() reports; here it must only not
                // be lost.
                long by = Math.max(seenBy, operation.calledAt());
                operation = new Operation<>(operation.client(), operation.input(), operation.calledAt(), by,
                        null);
            }
            informed.add(operation);
        }
        Collections.reverse(informed);
        return informed;
    }

    /**
     * Checks that operations which are said to have had no effect had none.
     *
     * @param log commands of the decided log in its order, retries included
     * @throws Violation when the log holds one
     */
    public void checkHadNoEffect(List<LoggedCommand<I>> log, List<LoggedOperation<I, O>> failed) {
        if (failed.isEmpty()) {
            return;
        }
        Map<Request, Long> effectAt = new HashMap<>();
        effective(log, effectAt);
        for (LoggedOperation<I, O> logged : failed) {
            Operation<I, O> operation = logged.operation();
            Long index = effectAt.get(new Request(operation.client(), logged.request()));
            require(index == null, "reply", operation,
                    "was said to have had no effect, but took effect at " + index);
        }
    }

    private List<Placed<I, O>> place(Map<Request, Long> effectAt, List<LoggedOperation<I, O>> history) {
        List<Placed<I, O>> placed = new ArrayList<>(history.size());
        for (LoggedOperation<I, O> logged : history) {
            Operation<I, O> operation = logged.operation();
            if (!model.changes(operation.input())) {
                if (operation.output() != null) {
                    placed.add(new Placed<>(2 * logged.index() + 1, operation));
                }
                continue;
            }
            Long index = effectAt.get(new Request(operation.client(), logged.request()));
            if (index == null) {
                require(operation.output() == null, "acknowledged-lost", operation,
                        "has an answer but is not in the log");
                continue;
            }
            require(
                    operation.output() == null || logged.index() == index,
                    "reply",
                    operation,
                    "answered that it took effect at " + logged.index() + ", but the log holds it at "
                            + index);
            placed.add(new Placed<>(2 * index, operation));
        }
        return placed;
    }

    /** Walks log and operations side by side. */
    private void replay(List<LoggedCommand<I>> effective, List<Placed<I, O>> placed) {
        Map<K, S> states = new HashMap<>();
        int at = 0;
        for (LoggedCommand<I> command : effective) {
            at = checkReads(placed, at, 2 * command.index() - 1, states);
            K key = keyOf.apply(command.input());
            S state = states.getOrDefault(key, model.initial());
            if (at < placed.size() && placed.get(at).place() == 2 * command.index()) {
                Operation<I, O> operation = placed.get(at).operation();
                require(
                        command.input().equals(operation.input()),
                        "reply",
                        operation,
                        "is in the log as " + command.input() + " at " + command.index());
                requireAnswer(state, operation, command.index());
                at++;
            }
            states.put(key, model.after(state, command.input()));
        }
        checkReads(placed, at, Long.MAX_VALUE, states);
    }

    /** Checks the reads placed up to {@code through}; returns the position behind them. */
    private int checkReads(List<Placed<I, O>> placed, int from, long through, Map<K, S> states) {
        int at = from;
        while (at < placed.size() && placed.get(at).place() <= through) {
            Operation<I, O> operation = placed.get(at).operation();
            S state = states.getOrDefault(keyOf.apply(operation.input()), model.initial());
            requireAnswer(state, operation, placed.get(at).place() / 2);
            at++;
        }
        return at;
    }

    private void requireAnswer(S state, Operation<I, O> operation, long index) {
        if (operation.output() == null) {
            return;
        }
        O right = model.answer(state, operation.input());
        if (!right.equals(operation.output())) {
            throw new Violation("reply", operation + ", but the log says " + right + " at " + index);
        }
    }

    private void checkRealTime(List<Placed<I, O>> placed) {
        RealTimeOrder order = new RealTimeOrder();
        for (Placed<I, O> each : placed) {
            Operation<I, O> operation = each.operation();
            order.add(each.place(), operation.calledAt(), operation.returnedAt(),
                    model.changes(operation.input()), operation);
        }
        order.check();
    }

    private int answered(List<Placed<I, O>> placed) {
        int answered = 0;
        for (Placed<I, O> each : placed) {
            if (each.operation().output() != null) {
                answered++;
            }
        }
        return answered;
    }

    private void require(boolean holds, String invariant, Operation<I, O> operation, String what) {
        if (!holds) {
            throw new Violation(invariant, operation + " " + what);
        }
    }
}
