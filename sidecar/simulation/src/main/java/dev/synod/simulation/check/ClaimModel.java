package dev.synod.simulation.check;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One lock, semaphore or election: who may hold it, and by which token. The rules come in the variants that
 * Hazelcast's tests made known (owner-aware, re-entrant, fenced, re-entrant and fenced), each with or without
 * the loss of sessions.
 *
 * <p>Who waits is not looked at: nobody waits where there is room, so a try that is refused shows that there
 * was none.
 */
public final class ClaimModel implements Model<ClaimModel.Input, ClaimModel.Output, ClaimModel.State> {
    /** A token that nobody was told. */
    static final long UNTOLD = -1;

    /**
     * What a claim may do.
     *
     * @param holdersMax how many may hold it at once: 1 for a mutex or an election
     * @param reacquire whether who holds it may take it again, and gets the same token
     * @param fenced whether every grant has a token greater than all before
     */
    public record Rules(int holdersMax, boolean reacquire, boolean fenced) {}

    /** What can happen to a claim. */
    public enum Kind {
        /** Somebody asks for it: a lock is acquired, an election entered. */
        ACQUIRE,
        /** Its owner gives it back. */
        RELEASE,
        /** It is taken from its owner: the session ended, the lock was broken, leadership transferred. */
        LOSE,
        /** Somebody looks who holds it. */
        LOOK
    }

    /**
     * What is asked.
     *
     * @param name of the lock or election
     * @param token of the grant that a release means; 0 for whichever
     */
    public record Input(Kind kind, String name, long session, String owner, long token) {}

    /** What is answered. */
    public sealed interface Output {
        /** Held, by this token. */
        record Granted(long token) implements Output {}

        /** Others hold it. */
        record Busy() implements Output {}

        /** Given back, or taken. */
        record Left() implements Output {}

        /** It was not held by whom, or by the token, that was named. */
        record NotHeld() implements Output {}

        /** Who held it. */
        record Seen(List<Hold> holds) implements Output {}
    }

    /** A grant. */
    public record Hold(long session, String owner, long token) {
        boolean isOf(Input input) {
            return session == input.session && owner.equals(input.owner);
        }

        boolean fits(Hold other) {
            return session == other.session && owner.equals(other.owner)
                    && (token == other.token || token == UNTOLD);
        }
    }

    /**
     * Who holds it.
     *
     * @param holds in the order of sessions and owners
     * @param newest the greatest token that anyone was told
     */
    public record State(List<Hold> holds, long newest) {}

    private static final State FREE = new State(List.of(), 0);

    private final Rules rules;

    /** A model with these rules. */
    public ClaimModel(Rules rules) {
        this.rules = rules;
    }

    @Override
    public State initial() {
        return FREE;
    }

    @Override
    public boolean changes(Input input) {
        return input.kind() != Kind.LOOK;
    }

    @Override
    public @Nullable State step(State state, Input input, @Nullable Output output) {
        Hold held = find(state, input);
        return switch (input.kind()) {
            case ACQUIRE -> acquire(state, input, held, output);
            case RELEASE -> release(state, input, held, output);
            case LOSE -> held == null ? state : without(state, held);
            case LOOK -> look(state, output);
        };
    }

    private static @Nullable Hold find(State state, Input input) {
        for (Hold hold : state.holds()) {
            if (hold.isOf(input)) {
                return hold;
            }
        }
        return null;
    }

    private @Nullable State acquire(State state, Input input, @Nullable Hold held,
            @Nullable Output output) {
        boolean room = held == null && state.holds().size() < rules.holdersMax();
        if (output == null) {
            return room ? with(state, new Hold(input.session(), input.owner(), UNTOLD)) : state;
        }
        if (output instanceof Output.Busy) {
            boolean refused = held == null ? !room : !rules.reacquire();
            return refused ? state : null;
        }
        if (!(output instanceof Output.Granted granted)) {
            return null;
        }
        Hold hold = new Hold(input.session(), input.owner(), granted.token());
        if (held != null) {
            boolean again = rules.reacquire() && (!rules.fenced() || held.fits(hold));
            return again ? with(without(state, held), hold) : null;
        }
        return room && (!rules.fenced() || granted.token() > state.newest()) ? with(state, hold) : null;
    }

    private static @Nullable State release(State state, Input input, @Nullable Hold held,
            @Nullable Output output) {
        boolean meant = held != null
                && (input.token() == 0 || held.token() == UNTOLD || held.token() == input.token());
        if (held != null && meant && (output == null || output instanceof Output.Left)) {
            return without(state, held);
        }
        if (output == null) {
            return state;
        }
        return output instanceof Output.NotHeld && !meant ? state : null;
    }

    private static @Nullable State look(State state, @Nullable Output output) {
        if (output == null) {
            return state;
        }
        if (!(output instanceof Output.Seen seen) || seen.holds().size() != state.holds().size()) {
            return null;
        }
        State known = state;
        for (int i = 0; i < seen.holds().size(); i++) {
            Hold held = state.holds().get(i);
            if (!held.fits(seen.holds().get(i))) {
                return null;
            }
            known = with(without(known, held), seen.holds().get(i));
        }
        return known;
    }

    private static State with(State state, Hold hold) {
        List<Hold> holds = new ArrayList<>(state.holds());
        holds.add(hold);
        holds.sort((a, b) -> {
            int bySession = Long.compare(a.session(), b.session());
            return bySession != 0 ? bySession : a.owner().compareTo(b.owner());
        });
        return new State(List.copyOf(holds), Math.max(state.newest(), hold.token()));
    }

    private static State without(State state, Hold hold) {
        List<Hold> holds = new ArrayList<>(state.holds());
        holds.remove(hold);
        return new State(List.copyOf(holds), state.newest());
    }
}
