package dev.synod.node;

import dev.synod.member.Answer;
import dev.synod.member.Consistency;
import dev.synod.member.Failure;
import dev.synod.member.MemberEffects.ClaimNotice;
import dev.synod.member.MemberEffects.SessionNotice;
import dev.synod.member.MemberEffects.WatchNotice;
import dev.synod.member.SessionStatus;
import dev.synod.member.WatchTarget;
import dev.synod.state.Applied;
import dev.synod.state.Cause;
import dev.synod.state.Claimant;
import dev.synod.state.Command;
import dev.synod.state.CommandCodec;
import dev.synod.state.Event;
import dev.synod.state.Replay;
import dev.synod.state.Reply;
import dev.synod.state.Request;
import dev.synod.state.StateMachine;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The real state machine with nothing between: each command is applied at once. On one event loop, except
 * where said otherwise.
 */
public final class InMemoryCoordinator implements Coordinator {
    private final StateMachine state = new StateMachine(new UUID(1, 2));
    private final ScheduledExecutorService loop;
    private final Map<Long, Attached> attached = new HashMap<>();
    private final Map<Claimant, Waiting> waiting = new HashMap<>();
    private final Map<Claimant, Candidacy> candidates = new HashMap<>();
    private final List<Watching> watches = new ArrayList<>();
    private final ArrayDeque<Answer.Failed> failures = new ArrayDeque<>();
    private boolean replies = true;
    private boolean keeps;
    private int applied;

    private static final class Attached {
        final long generation;
        final Consumer<SessionNotice> notices;
        SessionStatus status = SessionStatus.ACTIVE;
        Duration guaranteed;

        Attached(Reply.Attached reply, Consumer<SessionNotice> notices) {
            generation = reply.attachGeneration();
            guaranteed = Duration.ofMillis(reply.ttlMillis());
            this.notices = notices;
        }
    }

    private record Waiting(String name, CompletableFuture<Answer> answer) {}

    private record Candidacy(String name, Consumer<ClaimNotice> notices) {}

    private record Watching(WatchTarget target, BiConsumer<StateMachine, WatchNotice> notices) {}

    public InMemoryCoordinator(ScheduledExecutorService loop) {
        this.loop = loop;
    }

    // What a test plays.

    /** Runs something on the event loop, from any other thread, and waits for it. */
    public void play(Runnable step) {
        CompletableFuture.runAsync(step, loop).join();
    }

    /** The next request fails so; from any thread. */
    public void failNext(Failure reason, boolean maybeApplied, @Nullable Cause cause, long current) {
        play(() -> failures.add(new Answer.Failed(reason, maybeApplied, cause, current)));
    }

    /** A session stands differently from now on; from any thread. */
    public void stand(long session, SessionStatus status, Duration guaranteed) {
        play(() -> {
            Attached to = Objects.requireNonNull(attached.get(session), "no such session is attached");
            to.status = status;
            to.guaranteed = guaranteed;
            to.notices.accept(new SessionNotice.Status(session, to.generation, status, 0));
        });
    }

    /** Time passes for a session, and its leader ends it; from any thread. */
    public void expire(long session) {
        play(() -> {
            var found = state.session(session);
            if (found != null) {
                apply(new Command.ExpireSession(session, found.attachGeneration(), state.term()));
            }
        });
    }

    /** Every watch is told that nothing is missing; from any thread. */
    public void bookmark() {
        play(() -> List.copyOf(watches).forEach(
                w -> w.notices.accept(state, new WatchNotice.Bookmark(0, state.revision()))));
    }

    /** Every watch ends so; from any thread. */
    public void endWatches(Failure reason, long current) {
        play(() -> {
            List<Watching> all = List.copyOf(watches);
            watches.clear();
            all.forEach(w -> w.notices.accept(state, new WatchNotice.Ended(0, reason, current)));
        });
    }

    /** Every watch of a lock or election shows its state anew; from any thread. */
    public void resetWatches() {
        play(() -> List.copyOf(watches).forEach(
                w -> w.notices.accept(state, new WatchNotice.Reset(0, state.revision()))));
    }

    /** No request is answered from now on; from any thread. */
    public void fallSilent() {
        play(() -> replies = false);
    }

    /** Requests are answered again; from any thread. */
    public void speakAgain() {
        play(() -> replies = true);
    }

    /** Whether a session outlives its attachment, as one does whose TTL is long. */
    public void keepAfterDetach(boolean keep) {
        keeps = keep;
    }

    /** How many watches are open; from any thread. */
    public int watches() {
        return CompletableFuture.supplyAsync(watches::size, loop).join();
    }

    /** How many candidates are told their way; from any thread. */
    public int candidates() {
        return CompletableFuture.supplyAsync(candidates::size, loop).join();
    }

    /** How many commands were applied; from any thread. */
    public int applied() {
        return CompletableFuture.supplyAsync(() -> applied, loop).join();
    }

    /** What a test looks at; from any thread. */
    public <T> T look(Function<StateMachine, T> query) {
        return CompletableFuture.supplyAsync(() -> query.apply(state), loop).join();
    }

    // The port.

    @Override
    public CompletableFuture<Answer> submit(Command command, Duration timeout) {
        Answer.Failed failed = failures.poll();
        if (failed != null) {
            return CompletableFuture.completedFuture(failed);
        }
        return replies
                ? CompletableFuture.completedFuture(answer(apply(command)))
                : new CompletableFuture<>();
    }

    private static Answer answer(Applied applied) {
        return new Answer.Replied(applied.revision(), applied.reply());
    }

    @Override
    public CompletableFuture<Answer> acquire(Command.AcquireLock command, @Nullable Duration wait,
            Duration timeout) {
        if (!attached.containsKey(command.request().session())) {
            return CompletableFuture.completedFuture(
                    new Answer.Failed(Failure.SESSION_NOT_ATTACHED, false, null, 0));
        }
        Answer.Failed failed = failures.poll();
        if (failed != null) {
            return CompletableFuture.completedFuture(failed);
        }
        var claimant = new Claimant(command.request().session(), command.owner());
        Applied done = apply(command);
        var answer = new CompletableFuture<Answer>();
        if (!(done.reply() instanceof Reply.Queued)) {
            answer.complete(answer(done));
            return answer;
        }
        waiting.put(claimant, new Waiting(command.name(), answer));
        if (wait != null) {
            loop.schedule(() -> {
                if (!answer.isDone()) {
                    cancel(command, claimant);
                    answer.complete(new Answer.Failed(Failure.WAIT_TIMED_OUT, false, null, 0));
                }
            }, wait.toNanos(), TimeUnit.NANOSECONDS);
        }
        answer.whenComplete((a, e) -> {
            if (answer.isCancelled()) {
                cancel(command, claimant);
            }
        });
        return answer;
    }

    private void cancel(Command.AcquireLock command, Claimant claimant) {
        waiting.remove(claimant);
        apply(new Command.CancelLock(
                Request.unremembered(claimant.session()), command.name(), claimant.owner()));
    }

    @Override
    public Registration stand(Command.Campaign command, Duration timeout, Consumer<ClaimNotice> notices,
            Consumer<Answer> end) {
        Answer.Failed failed = failures.poll();
        if (failed != null) {
            end.accept(failed);
            return () -> {};
        }
        var claimant = new Claimant(command.request().session(), command.candidate());
        Applied done = apply(command, claimant);
        switch (done.reply()) {
            case Reply.Granted granted -> notices.accept(new ClaimNotice.Granted(0, granted.token()));
            case Reply.Queued queued -> notices.accept(new ClaimNotice.Queued(0, queued.position()));
            default -> {
                end.accept(answer(done));
                return () -> {};
            }
        }
        candidates.put(claimant, new Candidacy(command.name(), notices));
        return () -> candidates.remove(claimant);
    }

    @Override
    public <T> CompletableFuture<T> read(Consistency consistency, Duration timeout,
            Function<StateMachine, T> query) {
        Answer.Failed failed = consistency instanceof Consistency.Stale ? null : failures.poll();
        if (failed != null) {
            return CompletableFuture.failedFuture(new RequestFailedException(failed));
        }
        try {
            return CompletableFuture.completedFuture(query.apply(state));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public Registration watch(WatchTarget target, BiConsumer<StateMachine, WatchNotice> notices) {
        var watching = new Watching(target, notices);
        watches.add(watching);
        long started = state.revision();
        if (target instanceof WatchTarget.Values values && values.from() != 0) {
            started = values.from() - 1;
        }
        notices.accept(state, new WatchNotice.Started(0, started));
        if (target instanceof WatchTarget.Values values && values.from() != 0) {
            replay(values, watching);
        }
        return () -> watches.remove(watching);
    }

    private void replay(WatchTarget.Values values, Watching watching) {
        switch (state.replay(values.range(), values.from(), Integer.MAX_VALUE)) {
            case Replay.Changes changes -> {
                if (!changes.events().isEmpty()) {
                    watching.notices.accept(state, new WatchNotice.Changes(
                            0, state.revision(), List.copyOf(changes.events())));
                }
            }
            case Reply.Refused refused -> {
                watches.remove(watching);
                watching.notices.accept(state,
                        new WatchNotice.Ended(0, Failure.COMPACTED, refused.current()));
            }
        }
    }

    @Override
    public CompletableFuture<Answer> attach(Command command, Duration timeout,
            Consumer<SessionNotice> notices) {
        Answer.Failed failed = failures.poll();
        if (failed != null) {
            return CompletableFuture.completedFuture(failed);
        }
        Applied done = apply(command);
        if (done.reply() instanceof Reply.Attached reply) {
            Attached before = attached.put(reply.session(), new Attached(reply, notices));
            if (before != null) {
                before.notices.accept(new SessionNotice.Status(
                        reply.session(), before.generation, SessionStatus.MOVED, 0));
            }
        }
        return CompletableFuture.completedFuture(answer(done));
    }

    @Override
    public void detach(long session, long attachGeneration, Duration grace) {
        Attached here = attached.get(session);
        if (here == null || here.generation != attachGeneration) {
            return;
        }
        attached.remove(session);
        loop.schedule(() -> {
            if (!keeps && !attached.containsKey(session)) {
                apply(new Command.CloseSession(session));
            }
        }, grace.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public CompletableFuture<Coordinator.@Nullable Standing> standing(long session) {
        Attached here = attached.get(session);
        return CompletableFuture.completedFuture(
                here == null ? null : new Standing(here.status, here.guaranteed));
    }

    @Override
    public CompletableFuture<Answer> reconfigure(int expectedEpoch, List<UUID> voters, Duration timeout) {
        throw new UnsupportedOperationException("not for applications");
    }

    @Override
    public CompletableFuture<Answer> addObserver(UUID uuid, String address, Duration timeout) {
        throw new UnsupportedOperationException("not for applications");
    }

    @Override
    public CompletableFuture<Answer> removeObserver(UUID uuid, Duration timeout) {
        throw new UnsupportedOperationException("not for applications");
    }

    @Override
    public CompletableFuture<Answer> transferTo(UUID target, Duration timeout) {
        throw new UnsupportedOperationException("not for applications");
    }

    // What commands bring about.

    private Applied apply(Command command) {
        return apply(command, null);
    }

    /** {@code answered} hears of this command by its reply, and not once more by its events. */
    private Applied apply(Command command, @Nullable Claimant answered) {
        applied++;
        Applied done = state.apply(state.appliedIndex() + 1, CommandCodec.encode(command));
        // Callers hear of their own command first, as they do from a member.
        loop.execute(() -> tell(done, answered));
        return done;
    }

    private void tell(Applied done, @Nullable Claimant answered) {
        for (Event event : done.events()) {
            switch (event) {
                case Event.LockGranted e -> granted(e);
                case Event.LockLeft e -> left(e);
                case Event.LeaderElected e when !e.leader().claimant().equals(answered) -> tell(
                        e.name(), e.leader().claimant(), new ClaimNotice.Granted(0, e.leader().token()));
                case Event.CandidateQueued e when !e.candidate().claimant().equals(answered) -> tell(
                        e.name(), e.candidate().claimant(), new ClaimNotice.Queued(0, position(e)));
                case Event.ElectionLeft e -> left(e);
                case Event.SessionEnded e -> ended(e);
                default -> {}
            }
        }
        for (Watching watching : List.copyOf(watches)) {
            List<Event> heard = done.events().stream().filter(e -> concerns(watching.target, e)).toList();
            if (!heard.isEmpty()) {
                watching.notices.accept(state, new WatchNotice.Changes(0, done.revision(), heard));
            }
        }
    }

    private int position(Event.CandidateQueued queued) {
        return state.election(queued.name()).candidates().indexOf(queued.candidate()) + 1;
    }

    private static boolean concerns(WatchTarget target, Event event) {
        return switch (target) {
            case WatchTarget.Values t -> event instanceof Event.OfValue e && t.range().contains(e.key())
                    && e.revision() >= t.from();
            case WatchTarget.OfLock t -> event instanceof Event.OfLock e && e.name().equals(t.name());
            case WatchTarget.OfElection t -> event instanceof Event.OfElection e && e.name().equals(t.name());
        };
    }

    private void granted(Event.LockGranted event) {
        Waiting waits = waiting.get(event.holder().claimant());
        if (waits != null && waits.name.equals(event.name())) {
            waiting.remove(event.holder().claimant());
            waits.answer.complete(new Answer.Replied(
                    event.holder().token(), new Reply.Granted(event.holder().token())));
        }
    }

    private void left(Event.LockLeft event) {
        Waiting waits = waiting.get(event.claimant());
        if (waits != null && waits.name.equals(event.name())) {
            waiting.remove(event.claimant());
            waits.answer.complete(new Answer.Failed(Failure.CLAIM_LOST, false, event.cause(), 0));
        }
        if (event.cause() == Cause.BROKEN) {
            lost(event.claimant(),
                    new SessionNotice.ClaimLost(event.claimant().session(), false, event.name(),
                            event.claimant().owner(), event.token(), event.cause(), event.reason()));
        }
    }

    private void left(Event.ElectionLeft event) {
        tell(event.name(), event.claimant(), new ClaimNotice.Left(0, event.token(), event.cause()));
        if (event.cause() == Cause.TRANSFERRED && event.token() != 0) {
            lost(event.claimant(), new SessionNotice.ClaimLost(event.claimant().session(), true, event.name(),
                    event.claimant().owner(), event.token(), event.cause(), ""));
        }
    }

    private void lost(Claimant claimant, SessionNotice.ClaimLost notice) {
        Attached to = attached.get(claimant.session());
        if (to != null) {
            to.notices.accept(notice);
        }
    }

    private void tell(String name, Claimant claimant, ClaimNotice notice) {
        Candidacy stands = candidates.get(claimant);
        boolean first = notice instanceof ClaimNotice.Granted || notice instanceof ClaimNotice.Queued;
        if (stands == null || !stands.name.equals(name)) {
            return;
        }
        if (!first && ((ClaimNotice.Left) notice).cause() != Cause.TRANSFERRED) {
            candidates.remove(claimant);
        }
        stands.notices.accept(notice);
    }

    private void ended(Event.SessionEnded event) {
        Attached to = attached.remove(event.session());
        if (to != null) {
            to.notices.accept(new SessionNotice.Status(
                    event.session(), to.generation, SessionStatus.EXPIRED, 0));
        }
    }
}
