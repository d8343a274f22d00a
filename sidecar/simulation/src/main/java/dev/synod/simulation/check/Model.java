package dev.synod.simulation.check;

import org.jspecify.annotations.Nullable;

/**
 * The sequential behaviour that a history is held against: one object, one operation at a time. A model has
 * no state of its own; it may be shared between threads.
 *
 * @param <I> what is asked
 * @param <O> what is answered
 * @param <S> state of the object: an immutable value with value equality, because searches remember states
 */
public interface Model<I, O, S> {
    /** The state before the first operation. */
    S initial();

    /**
     * The state after {@code input} was carried out on {@code state} and answered {@code output}.
     *
     * @param output the answer, or null when it is unknown: then whatever {@code input} might have answered
     * @return null when {@code input} cannot answer {@code output} in this state
     */
    @Nullable
    S step(S state, I input, @Nullable O output);

    /**
     * Whether {@code input} may change the state. What does not and has no answer says nothing and is left
     * out.
     */
    boolean changes(I input);
}
