package dev.synod.operator.plan;

/** What comes of one pass. */
public sealed interface Decision {
    /** Why. */
    Reason reason();

    /** For people: what is happening, or what is in the way and what to do. */
    String message();

    /**
     * One step is taken.
     *
     * @param action the step
     */
    record Act(Action action, Reason reason, String message) implements Decision {}

    /** Nothing can be done before something else happens, which it will by itself. */
    record Await(Reason reason, String message) implements Decision {}

    /** Nothing is done before a person does something. */
    record Blocked(Reason reason, String message) implements Decision {}

    /** Nothing is left to be done. */
    record Settled(Reason reason, String message) implements Decision {}
}
