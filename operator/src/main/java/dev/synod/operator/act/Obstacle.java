package dev.synod.operator.act;

/** Something that a person has to put right before a pass can do its work. */
public final class Obstacle extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /**
     * With what is in the way.
     *
     * @param reason one word, as in a condition
     * @param message what is wrong, and what to do
     */
    public Obstacle(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** One word. */
    public String reason() {
        return reason;
    }
}
