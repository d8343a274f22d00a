package dev.synod.client;

/**
 * Told about a candidacy, one call at a time, in order, on a thread of its own. Calls are paired: after
 * {@link #onElected} comes exactly one {@link #onDeposed} before the next onElected, and {@link #onJeopardy}
 * and {@link #onRestored} alternate between the two.
 *
 * <p>A call that does not return holds back the ones after it, so start work elsewhere and return.
 */
public interface LeadershipListener {
    /** This candidate leads. */
    void onElected(Leadership leadership);

    /** Whether it leads is no longer guaranteed: pause side effects. Told before the guarantee ends. */
    default void onJeopardy(Leadership leadership) {}

    /** It leads still, with the same token: go on. */
    default void onRestored(Leadership leadership) {}

    /**
     * It leads no longer: stop. After a resignation, the next leader is elected only once this has returned.
     */
    void onDeposed(Leadership leadership, Loss why);
}
