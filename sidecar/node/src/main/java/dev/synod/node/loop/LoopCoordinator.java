package dev.synod.node.loop;

import dev.synod.member.Answer;
import dev.synod.member.Consistency;
import dev.synod.member.Failure;
import dev.synod.member.Member;
import dev.synod.member.MemberEffects.ClaimNotice;
import dev.synod.member.MemberEffects.SessionNotice;
import dev.synod.member.MemberEffects.WatchNotice;
import dev.synod.member.MemberEvent;
import dev.synod.member.SessionStatus;
import dev.synod.member.WatchTarget;
import dev.synod.node.Coordinator;
import dev.synod.node.RequestFailedException;
import dev.synod.state.Command;
import dev.synod.state.StateMachine;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The member as the services see it: calls in, answers out, all of it on the event loop. */
final class LoopCoordinator implements Coordinator {
    private final MemberLoop loop;
    private final EventLoop eventLoop;
    private final Requests requests;
    private final AtomicLong ids = new AtomicLong();

    LoopCoordinator(MemberLoop loop) {
        this.loop = loop;
        this.eventLoop = loop.eventLoop();
        this.requests = loop.requests();
    }

    @Override
    public CompletableFuture<Answer> submit(Command command, Duration timeout) {
        return ask(id -> new MemberEvent.Submit(id, command, nanos(timeout)));
    }

    @Override
    public CompletableFuture<Answer> acquire(Command.AcquireLock command, @Nullable Duration wait,
            Duration timeout) {
        long waitNanos = wait == null ? Long.MAX_VALUE : nanos(wait);
        long id = ids.incrementAndGet();
        CompletableFuture<Answer> answer =
                ask(id, new MemberEvent.Acquire(id, command, waitNanos, nanos(timeout)));
        answer.whenComplete((given, thrown) -> {
            if (answer.isCancelled()) {
                onLoop(() -> loop.add(requests.forget(id)
                        ? new MemberEvent.Cancel(id)
                        : new MemberEvent.GiveBack(id, command)), () -> {});
            }
        });
        return answer;
    }

    @Override
    public Registration stand(Command.Campaign command, Duration timeout, Consumer<ClaimNotice> notices,
            Consumer<Answer> end) {
        long id = ids.incrementAndGet();
        onLoop(() -> {
            if (loop.member() == null) {
                end.accept(loop.unavailable());
                return;
            }
            requests.stand(id, notices, end);
            loop.add(new MemberEvent.Stand(id, command, nanos(timeout)));
        }, () -> end.accept(loop.unavailable()));
        return () -> cancel(id);
    }

    @Override
    public <T> CompletableFuture<T> read(Consistency consistency, Duration timeout,
            Function<StateMachine, T> query) {
        CompletableFuture<T> result = new CompletableFuture<>();
        long id = ids.incrementAndGet();
        Runnable fail = () -> result.completeExceptionally(new RequestFailedException(loop.unavailable()));
        onLoop(() -> {
            if (loop.member() == null) {
                fail.run();
                return;
            }
            requests.read(id, result, query);
            loop.add(new MemberEvent.Read(id, consistency, nanos(timeout)));
        }, fail);
        return result;
    }

    @Override
    public Registration watch(WatchTarget target, BiConsumer<StateMachine, WatchNotice> notices) {
        long id = ids.incrementAndGet();
        Runnable fail = () -> notices.accept(new StateMachine(new UUID(0, 0)),
                new WatchNotice.Ended(id, loop.unavailable().reason(), 0));
        onLoop(() -> {
            if (loop.member() == null) {
                fail.run();
                return;
            }
            requests.watch(id, notices);
            loop.add(new MemberEvent.Watch(id, target));
        }, fail);
        return () -> cancel(id);
    }

    @Override
    public CompletableFuture<Answer> attach(Command command, Duration timeout,
            Consumer<SessionNotice> notices) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        long id = ids.incrementAndGet();
        Runnable fail = () -> answer.complete(loop.unavailable());
        onLoop(() -> {
            if (loop.member() == null) {
                fail.run();
                return;
            }
            requests.attach(id, answer, notices);
            loop.add(new MemberEvent.Attach(id, command, nanos(timeout)));
        }, fail);
        return answer;
    }

    @Override
    public void detach(long session, long attachGeneration, Duration grace) {
        onLoop(() -> {
            requests.detached(session, attachGeneration);
            loop.add(new MemberEvent.Detach(session, attachGeneration, nanos(grace)));
        }, () -> {});
    }

    @Override
    public CompletableFuture<@Nullable Standing> standing(long session) {
        CompletableFuture<@Nullable Standing> standing = new CompletableFuture<>();
        onLoop(() -> standing.complete(standingNow(session)), () -> standing.complete(null));
        return standing;
    }

    private @Nullable Standing standingNow(long session) {
        Member member = loop.member();
        SessionStatus status = member == null ? null : member.sessionStatus(session);
        if (member == null || status == null) {
            return null;
        }
        long left = Math.max(0, member.guaranteedForNanos(session, System.nanoTime()));
        return new Standing(status, Duration.ofNanos(left));
    }

    /** See {@link MemberEvent.Activate}. */
    CompletableFuture<Answer> activate(Duration timeout) {
        return within(timeout, MemberEvent.Activate::new);
    }

    @Override
    public CompletableFuture<Answer> reconfigure(int expectedEpoch, List<UUID> voters, Duration timeout) {
        return within(timeout, id -> new MemberEvent.Reconfigure(id, expectedEpoch, List.copyOf(voters)));
    }

    @Override
    public CompletableFuture<Answer> addObserver(UUID uuid, String address, Duration timeout) {
        return within(timeout, id -> new MemberEvent.AddObserver(id, uuid, address));
    }

    @Override
    public CompletableFuture<Answer> removeObserver(UUID uuid, Duration timeout) {
        return within(timeout, id -> new MemberEvent.RemoveObserver(id, uuid));
    }

    @Override
    public CompletableFuture<Answer> transferTo(UUID target, Duration timeout) {
        return within(timeout, id -> new MemberEvent.TransferTo(id, target));
    }

    /** For requests whose event carries no time: who asked is told when it is over, and may ask again. */
    private CompletableFuture<Answer> within(Duration timeout, LongFunction<MemberEvent> event) {
        long id = ids.incrementAndGet();
        CompletableFuture<Answer> answer = ask(id, event.apply(id));
        onLoop(() -> {
            ScheduledFuture<?> late = eventLoop.schedule(() -> {
                if (requests.forget(id)) {
                    answer.complete(new Answer.Failed(Failure.NO_LEADER, true, null, 0));
                }
            }, nanos(timeout), TimeUnit.NANOSECONDS);
            answer.whenComplete((given, thrown) -> late.cancel(false));
        }, () -> {});
        return answer;
    }

    private CompletableFuture<Answer> ask(LongFunction<MemberEvent> event) {
        long id = ids.incrementAndGet();
        return ask(id, event.apply(id));
    }

    private CompletableFuture<Answer> ask(long id, MemberEvent event) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        Runnable fail = () -> answer.complete(loop.unavailable());
        onLoop(() -> {
            if (loop.member() == null) {
                fail.run();
                return;
            }
            requests.ask(id, answer);
            loop.add(event);
        }, fail);
        return answer;
    }

    private void cancel(long id) {
        onLoop(() -> {
            if (requests.forget(id)) {
                loop.add(new MemberEvent.Cancel(id));
            }
        }, () -> {});
    }

    /** Runs {@code work} on the event loop, at once when this is it; {@code ended} when the loop is no more. */
    private void onLoop(Runnable work, Runnable ended) {
        if (eventLoop.inEventLoop()) {
            work.run();
            return;
        }
        try {
            eventLoop.execute(work);
        } catch (RejectedExecutionException e) {
            ended.run();
        }
    }

    /** In the clock of the member; spans too long for it mean for ever. */
    private static long nanos(Duration span) {
        try {
            return span.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }
}
