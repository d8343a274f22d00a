package dev.synod.simulation.check;

import org.jspecify.annotations.Nullable;

/**
 * A model in which every operation has exactly one right answer, so that a log can be replayed through it.
 */
public interface ExactModel<I, O, S> extends Model<I, O, S> {
    /** The right answer to {@code input} in {@code state}; compared with {@link Object#equals}. */
    O answer(S state, I input);

    /** The state after {@code input}. */
    S after(S state, I input);

    @Override
    default @Nullable S step(S state, I input, @Nullable O output) {
        return output == null || output.equals(answer(state, input)) ? after(state, input) : null;
    }
}
