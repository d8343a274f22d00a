package dev.synod.operator.status;

import dev.synod.operator.plan.Decision;

/** What came of a pass. */
public sealed interface Outcome {
    /** It was decided on a step, or on none. */
    record Decided(Decision decision) implements Outcome {}

    /**
     * Nothing was to be changed.
     *
     * @param otherwise what would come next
     */
    record Paused(Decision otherwise) implements Outcome {}

    /**
     * Something failed before or during the step.
     *
     * @param reason one word, such as the name of the exception
     * @param message what failed, and what to do if a person has to
     */
    record Failed(String reason, String message) implements Outcome {}
}
