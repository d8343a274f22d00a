package dev.synod.node;

import dev.synod.member.Answer;
import dev.synod.member.Consistency;
import dev.synod.member.MemberEffects.ClaimNotice;
import dev.synod.member.MemberEffects.SessionNotice;
import dev.synod.member.MemberEffects.WatchNotice;
import dev.synod.member.SessionStatus;
import dev.synod.member.WatchTarget;
import dev.synod.state.Command;
import dev.synod.state.StateMachine;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The member as the services see it: turns calls into its events, and its answers into calls back. May be
 * called on any thread; what calls back does so on the event loop, one at a time, and must not block. Once
 * the member is FAULTY, stops, or there is none yet, everything is answered by {@link
 * dev.synod.member.Failure#UNAVAILABLE}.
 */
public interface Coordinator {
    /** A command; see {@link dev.synod.member.MemberEvent.Submit}. Never completes exceptionally. */
    CompletableFuture<Answer> submit(Command command, Duration timeout);

    /**
     * Takes a lock; see {@link dev.synod.member.MemberEvent.Acquire}. Cancelling the future gives it up.
     * Never completes exceptionally otherwise.
     *
     * @param wait how long to stay in the queue; null for ever
     */
    CompletableFuture<Answer> acquire(Command.AcquireLock command, @Nullable Duration wait,
            Duration timeout);

    /**
     * Stands in an election; see {@link dev.synod.member.MemberEvent.Stand}.
     *
     * @param notices told its way
     * @param end told an answer that ends it: refused, or failed
     */
    Registration stand(Command.Campaign command, Duration timeout, Consumer<ClaimNotice> notices,
            Consumer<Answer> end);

    /**
     * Reads the state, on the event loop, as soon as {@code consistency} allows.
     *
     * @param query must not keep what it is given
     * @return what {@code query} returned, or {@link RequestFailedException}
     */
    <T> CompletableFuture<T> read(Consistency consistency, Duration timeout, Function<StateMachine, T> query);

    /**
     * Watches; see {@link dev.synod.member.MemberEvent.Watch}.
     *
     * @param notices told everything, with the state of that moment to show from; not after {@link
     *     Registration#close}
     */
    Registration watch(WatchTarget target, BiConsumer<StateMachine, WatchNotice> notices);

    /**
     * Opens a session or attaches to one; see {@link dev.synod.member.MemberEvent.Attach}.
     *
     * @param notices told of that attachment until a final status
     */
    CompletableFuture<Answer> attach(Command command, Duration timeout, Consumer<SessionNotice> notices);

    /** The application of an attachment is gone; see {@link dev.synod.member.MemberEvent.Detach}. */
    void detach(long session, long attachGeneration, Duration grace);

    /**
     * An application's heartbeat: how long what it holds is guaranteed from now, and how it stands.
     *
     * @return null when the session is not attached here
     */
    CompletableFuture<@Nullable Standing> standing(long session);

    /** See {@link dev.synod.member.MemberEvent.Reconfigure}. */
    CompletableFuture<Answer> reconfigure(int expectedEpoch, List<UUID> voters, Duration timeout);

    /** See {@link dev.synod.member.MemberEvent.AddObserver}. */
    CompletableFuture<Answer> addObserver(UUID uuid, String address, Duration timeout);

    /** See {@link dev.synod.member.MemberEvent.RemoveObserver}. */
    CompletableFuture<Answer> removeObserver(UUID uuid, Duration timeout);

    /** See {@link dev.synod.member.MemberEvent.TransferTo}. */
    CompletableFuture<Answer> transferTo(UUID target, Duration timeout);

    /**
     * How a session stands.
     *
     * @param status as its member knows it
     * @param guaranteedFor from the time of the call; never negative
     */
    record Standing(SessionStatus status, Duration guaranteedFor) {}

    /** Something that calls back until it is closed. */
    interface Registration extends AutoCloseable {
        /** No call back begins after this returns on the event loop; elsewhere, soon after. */
        @Override
        void close();
    }
}
