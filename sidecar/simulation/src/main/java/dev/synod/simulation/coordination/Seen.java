package dev.synod.simulation.coordination;

import dev.synod.simulation.port.History;
import dev.synod.state.Claimant;
import dev.synod.state.Reply;
import org.jspecify.annotations.Nullable;

/**
 * A question as its application saw it.
 *
 * @param told null when there was no answer
 */
record Seen(History.Operation operation, Ask ask, @Nullable Told told) {
    static Seen of(History.Operation operation) {
        byte[] reply = operation.reply();
        Told told = reply == null || operation.outcome() != History.Outcome.DONE ? null : Told.decode(reply);
        return new Seen(operation, Ask.decode(operation.body()), told);
    }

    /** The state machine's reply, if there was one. */
    @Nullable
    Reply reply() {
        return told == null ? null : told.reply();
    }

    /** Whether it asked for a lock, or to lead. */
    boolean isClaim() {
        return switch (ask.kind()) {
            case TRY, WAIT, CAMPAIGN -> true;
            default -> false;
        };
    }

    /** Who claims. */
    Claimant claimant() {
        String owner = ask.kind() == Ask.Kind.CAMPAIGN || ask.kind() == Ask.Kind.RESIGN
                ? AppCommands.candidate(ask.app())
                : Ask.OWNER;
        return new Claimant(ask.session(), owner);
    }

    @Override
    public String toString() {
        return "client " + operation.client() + " [" + operation.invokedNanos() + ", "
                + (told == null ? "never" : operation.completedNanos()) + "] " + ask + " -> "
                + (told == null ? operation.outcome() : told.reply() == null ? told : told.reply());
    }
}
