package dev.synod.node.loop;

import dev.synod.member.Answer;
import dev.synod.member.Failure;
import dev.synod.member.MemberEffects.ClaimNotice;
import dev.synod.member.MemberEffects.SessionNotice;
import dev.synod.member.MemberEffects.WatchNotice;
import dev.synod.member.SessionStatus;
import dev.synod.node.RequestFailedException;
import dev.synod.state.Cause;
import dev.synod.state.Reply;
import dev.synod.state.StateMachine;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Who waits for what. On the event loop. */
final class Requests {
    /** Somebody who waits. */
    private sealed interface Pending {
        record Asked(CompletableFuture<Answer> answer, @Nullable Consumer<SessionNotice> attaches)
                implements Pending {}

        record Reading<T>(CompletableFuture<T> result, Function<StateMachine, T> query) implements Pending {
            void serve(StateMachine state) {
                try {
                    result.complete(query.apply(state));
                } catch (RuntimeException e) {
                    result.completeExceptionally(e); // the reader's own; nothing of the member is touched
                }
            }
        }

        record Standing(Consumer<ClaimNotice> notices, Consumer<Answer> end) implements Pending {}

        record Watching(BiConsumer<StateMachine, WatchNotice> notices) implements Pending {}
    }

    private record Attachment(long attachGeneration, Consumer<SessionNotice> notices) {}

    private final LongObjectHashMap<Pending> pending = new LongObjectHashMap<>();
    private final LongObjectHashMap<List<Attachment>> attachments = new LongObjectHashMap<>();

    void ask(long id, CompletableFuture<Answer> answer) {
        pending.put(id, new Pending.Asked(answer, null));
    }

    void attach(long id, CompletableFuture<Answer> answer, Consumer<SessionNotice> notices) {
        pending.put(id, new Pending.Asked(answer, notices));
    }

    <T> void read(long id, CompletableFuture<T> result, Function<StateMachine, T> query) {
        pending.put(id, new Pending.Reading<>(result, query));
    }

    void stand(long id, Consumer<ClaimNotice> notices, Consumer<Answer> end) {
        pending.put(id, new Pending.Standing(notices, end));
    }

    void watch(long id, BiConsumer<StateMachine, WatchNotice> notices) {
        pending.put(id, new Pending.Watching(notices));
    }

    /** Returns whether anybody waited. */
    boolean forget(long id) {
        return pending.remove(id) != null;
    }

    int waiting() {
        return pending.size();
    }

    void answered(long id, Answer answer, StateMachine state) {
        switch (pending.remove(id)) {
            case null -> {} // it left, or was told UNAVAILABLE
            case Pending.Asked asked -> {
                if (asked.attaches() != null
                        && answer instanceof Answer.Replied(long revision, Reply.Attached attached)) {
                    listen(attached, asked.attaches());
                }
                asked.answer().complete(answer);
            }
            case Pending.Reading<?> reading -> {
                if (answer instanceof Answer.Failed failed) {
                    reading.result().completeExceptionally(new RequestFailedException(failed));
                } else {
                    reading.serve(state);
                }
            }
            case Pending.Standing standing -> standing.end().accept(answer);
            case Pending.Watching watching ->
                    throw new IllegalStateException("watch " + id + " was answered " + answer);
        }
    }

    private void listen(Reply.Attached attached, Consumer<SessionNotice> notices) {
        List<Attachment> all = attachments.get(attached.session());
        if (all == null) {
            all = new ArrayList<>(1);
            attachments.put(attached.session(), all);
        }
        all.removeIf(attachment -> attachment.attachGeneration() == attached.attachGeneration());
        all.add(new Attachment(attached.attachGeneration(), notices));
    }

    void told(ClaimNotice notice) {
        if (pending.get(notice.id()) instanceof Pending.Standing standing) {
            if (notice instanceof ClaimNotice.Left left && left.cause() != Cause.TRANSFERRED) {
                pending.remove(notice.id());
            }
            standing.notices().accept(notice);
        }
    }

    void told(WatchNotice notice, StateMachine state) {
        if (pending.get(notice.id()) instanceof Pending.Watching watching) {
            if (notice instanceof WatchNotice.Ended) {
                pending.remove(notice.id());
            }
            watching.notices().accept(state, notice);
        }
    }

    void told(SessionNotice notice) {
        List<Attachment> all = attachments.get(notice.session());
        if (all == null) {
            return;
        }
        switch (notice) {
            case SessionNotice.Status status -> told(all, status);
            case SessionNotice.ClaimLost lost -> all.getLast().notices().accept(lost);
        }
    }

    private void told(List<Attachment> all, SessionNotice.Status notice) {
        for (Attachment attachment : List.copyOf(all)) {
            if (attachment.attachGeneration() == notice.attachGeneration()) {
                if (notice.status() == SessionStatus.EXPIRED || notice.status() == SessionStatus.MOVED) {
                    all.remove(attachment);
                }
                attachment.notices().accept(notice);
            }
        }
        if (all.isEmpty()) {
            attachments.remove(notice.session());
        }
    }

    /** Forgets who listened to an attachment. */
    void detached(long session, long attachGeneration) {
        List<Attachment> all = attachments.get(session);
        if (all != null) {
            all.removeIf(attachment -> attachment.attachGeneration() == attachGeneration);
            if (all.isEmpty()) {
                attachments.remove(session);
            }
        }
    }

    /** There is no member any more: everything that waits is told so. */
    void endAll(StateMachine state) {
        var failed = new Answer.Failed(Failure.UNAVAILABLE, true, null, 0);
        List<Long> ids = new ArrayList<>(pending.keySet());
        ids.sort(null);
        for (long id : ids) {
            if (pending.get(id) instanceof Pending.Watching watching) {
                pending.remove(id);
                watching.notices().accept(state, new WatchNotice.Ended(id, Failure.UNAVAILABLE, 0));
            } else {
                answered(id, failed, state);
            }
        }
        attachments.clear();
    }
}
