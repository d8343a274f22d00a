package dev.synod.node.api;

import com.google.protobuf.MessageLite;
import dev.synod.member.Answer;
import dev.synod.member.Failure;
import dev.synod.member.MemberEffects.WatchNotice;
import dev.synod.member.WatchTarget;
import dev.synod.node.Coordinator;
import dev.synod.state.Event;
import dev.synod.state.StateMachine;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A watch as a stream: what the member notices becomes messages, until either end closes it. */
final class Watch<T extends MessageLite> {
    /** How a kind of watch says things. */
    interface Words<T> {
        /** It begins, or begins anew after a gap. */
        T started(StateMachine state, long revision);

        /** Something happened. */
        T changes(StateMachine state, long revision, Iterable<Event> events);

        /** Nothing happened. */
        T bookmark(long revision);
    }

    /** What is watched, and how it is told. */
    record Plan<T>(WatchTarget target, Words<T> words) {}

    private final Feed<T> feed;
    private final Words<T> words;
    private Coordinator.@Nullable Registration registration;
    private boolean over;

    private Watch(ServerCallStreamObserver<T> out, Feed.Bounds bounds, Words<T> words) {
        this.feed = new Feed<>(out, bounds, this::close);
        this.words = words;
    }

    /** Opens a watch as {@code plan} says, or ends the call by the status that it throws. */
    static <T extends MessageLite> void open(ServerCallStreamObserver<T> out, Feed.Bounds bounds,
            Coordinator coordinator, Supplier<Plan<T>> plan) {
        Plan<T> planned;
        try {
            planned = plan.get();
        } catch (StatusRuntimeException e) {
            out.onError(e);
            return;
        }
        var watch = new Watch<T>(out, bounds, planned.words);
        watch.registration = coordinator.watch(planned.target, watch::hear);
        if (watch.over) {
            watch.registration.close();
        }
    }

    private void hear(StateMachine state, WatchNotice notice) {
        switch (notice) {
            case WatchNotice.Started n -> feed.add(words.started(state, n.revision()), 1, n.revision());
            case WatchNotice.Changes n -> feed.add(
                    words.changes(state, n.revision(), n.events()), n.events().size(), n.revision());
            case WatchNotice.Bookmark n -> feed.addIfIdle(words.bookmark(n.revision()), n.revision());
            case WatchNotice.Reset n -> feed.add(words.started(state, n.revision()), 1, n.revision());
            case WatchNotice.Ended n -> feed.fail(ended(n.reason(), n.current()));
        }
    }

    private static StatusRuntimeException ended(Failure reason, long current) {
        return Errors.failed(new Answer.Failed(reason, false, null, current));
    }

    private void close() {
        over = true;
        if (registration != null) {
            registration.close();
        }
    }
}
