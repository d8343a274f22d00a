package dev.synod.testkit;

import dev.synod.member.Answer;
import dev.synod.member.Consistency;
import dev.synod.node.Coordinator;
import dev.synod.node.Node;
import dev.synod.node.RequestFailedException;
import dev.synod.state.Command;
import dev.synod.state.Reply;
import dev.synod.state.Session;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Has the end of a session decided, as a leader does: by the very command that is void when the session was
 * attached anew, or another leads, in the meantime; then it is tried again.
 */
final class Expiry {
    private static final Duration ATTEMPT = Duration.ofSeconds(5);

    private final long id;
    private boolean asked;

    Expiry(long id) {
        this.id = id;
    }

    /** Whether the session has ended; if not, try again. */
    boolean attempt(Node leader) {
        Coordinator coordinator = leader.coordinator();
        Command.ExpireSession[] command = new Command.ExpireSession[1];
        List<Long> living = given(coordinator.read(Consistency.linearizable(), ATTEMPT, state -> {
            Session session = state.session(id);
            if (session != null) {
                command[0] = new Command.ExpireSession(id, session.attachGeneration(), state.term());
            }
            return state.sessions().stream().map(Session::id).toList();
        }));
        if (living == null) {
            return false;
        }
        if (!living.contains(id)) {
            if (!asked) {
                throw new IllegalArgumentException("there is no session " + id + ": it has ended, or never"
                        + " was one of this cluster; those that live are " + living);
            }
            return true;
        }
        asked = true;
        return given(coordinator.submit(command[0], ATTEMPT)) instanceof Answer.Replied replied
                && replied.reply() instanceof Reply.Done done && done.changed();
    }

    /** What comes of it; null when the leader could not say, or not in time. */
    private static <T> @Nullable T given(CompletableFuture<T> answer) {
        try {
            return answer.get(2 * ATTEMPT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return null; // the leader was paused or killed
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RequestFailedException) {
                return null;
            }
            throw new IllegalStateException("the leader could not look for a session", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
