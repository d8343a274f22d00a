package dev.synod.simulation.check;

import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.check.RegisterModel.Input;
import dev.synod.simulation.check.RegisterModel.Kind;
import dev.synod.simulation.check.RegisterModel.Output;
import dev.synod.simulation.check.RegisterModel.State;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Histories of one key, by hand and at random. */
final class RegisterHistories {
    private RegisterHistories() {}

    static Operation<Input, Output> write(long client, long value, long calledAt, long returnedAt) {
        return new Operation<>(
                client,
                new Input(Kind.WRITE, 0, value, 0),
                calledAt,
                returnedAt,
                new Output(true, new State(value, 0, 0)));
    }

    static Operation<Input, Output> read(long client, long value, long calledAt, long returnedAt) {
        return new Operation<>(
                client,
                new Input(Kind.READ, 0, 0, 0),
                calledAt,
                returnedAt,
                new Output(true, new State(value, 0, 0)));
    }

    static Operation<Input, Output> cas(
            long client, long expected, long value, boolean done, long after, long calledAt,
            long returnedAt) {
        return new Operation<>(
                client,
                new Input(Kind.CAS, 0, value, expected),
                calledAt,
                returnedAt,
                new Output(done, new State(after, 0, 0)));
    }

    /** A write that was never answered. */
    static Operation<Input, Output> unknown(long client, long value, long calledAt) {
        return new Operation<>(client, new Input(Kind.WRITE, 0, value, 0), calledAt, Operation.NEVER, null);
    }

    /**
     * What {@code clients} see of a correct register: every operation takes effect at one moment between its
     * call and its return, and about {@code lostPercent} of them are never answered, whether they took effect
     * or not. Few {@code values} make many coincidences.
     */
    static List<Operation<Input, Output>> correct(
            SeededRandom random, int operations, int clients, int lostPercent, int values) {
        List<Moment> moments = new ArrayList<>();
        long[] freeAt = new long[clients];
        for (int i = 0; i < operations; i++) {
            int client = random.below(clients);
            long calledAt = freeAt[client] + random.below(5);
            long effectAt = calledAt + 1 + random.below(10);
            long returnedAt = effectAt + 1 + random.below(10);
            freeAt[client] = returnedAt + 1;
            boolean lost = random.below(100) < lostPercent;
            boolean dropped = lost && random.below(2) == 0;
            moments.add(
                    new Moment(client, draw(random, values), calledAt, effectAt, returnedAt, lost, dropped));
        }
        moments.sort((a, b) -> Long.compare(a.effectAt, b.effectAt));
        State state = State.NEW;
        List<Operation<Input, Output>> history = new ArrayList<>();
        for (Moment moment : moments) {
            @Nullable
            Output output = moment.lost ? null : RegisterModel.INSTANCE.answer(state, moment.input);
            state = moment.dropped ? state : RegisterModel.INSTANCE.after(state, moment.input);
            history.add(new Operation<>(
                    moment.client, moment.input, moment.calledAt,
                    moment.lost ? Operation.NEVER : moment.returnedAt, output));
        }
        history.sort((a, b) -> Long.compare(a.calledAt(), b.calledAt()));
        return history;
    }

    private record Moment(
            int client, Input input, long calledAt, long effectAt, long returnedAt, boolean lost,
            boolean dropped) {}

    private static Input draw(SeededRandom random, int values) {
        long value = 1L + random.below(values);
        return switch (random.below(4)) {
            case 0 -> new Input(Kind.WRITE, 0, value, 0);
            case 1 -> new Input(Kind.CAS, 0, value, random.below(values + 1));
            case 2 -> new Input(Kind.APPEND, 0, value, 0);
            default -> new Input(Kind.READ, 0, 0, 0);
        };
    }

    /** The history with one answer replaced by another; unchanged when it has no answer. */
    static List<Operation<Input, Output>> withWrongAnswer(SeededRandom random,
            List<Operation<Input, Output>> history) {
        List<Operation<Input, Output>> changed = new ArrayList<>(history);
        int at = random.below(changed.size());
        Operation<Input, Output> original = changed.get(at);
        Output output = original.output();
        if (output != null) {
            State state = output.state();
            Output wrong = random.below(4) == 0
                    ? new Output(!output.done(), state)
                    : new Output(
                            output.done(),
                            new State(state.value() == 0 ? 1 : state.value() - 1, state.length(),
                                    state.digest()));
            changed.set(
                    at,
                    new Operation<>(
                            original.client(), original.input(), original.calledAt(), original.returnedAt(),
                            wrong));
        }
        return changed;
    }
}
