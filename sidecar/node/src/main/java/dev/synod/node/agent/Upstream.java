package dev.synod.node.agent;

import dev.synod.node.agent.Link.Standing;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one member that an agent speaks to. Steps, all on the event loop:
 *
 * <ol>
 *   <li>A round: look all names up, put the addresses in a random order, and try one after the other, each
 *   until it says that it is ready, or for 2 s. The first that is ready is taken. None: another round after a
 *   jittered delay that grows from 50 ms to 2 s.
 *   <li>The member that was taken is kept while it is ready. When it is no longer, it rests: its link stays,
 *   and a round begins a moment later; an election makes all members not ready, and whoever is ready first is
 *   taken then, the one that rests too, which spares its sessions another attachment.
 *   <li>A link that breaks is gone; a round begins at once.
 * </ol>
 */
final class Upstream {
    private static final int CONNECT_MILLIS = 2_000;
    private static final long DELAY_MILLIS_MIN = 50;
    private static final long DELAY_MILLIS_MAX = 2_000;
    private static final long REST_MILLIS = 300;
    private static final int MESSAGE_BYTES_MAX = 20 << 20;
    private static final int KEEP_ALIVE_SECONDS = 5;
    private static final int KEEP_ALIVE_ANSWER_SECONDS = 3;

    private final List<InetSocketAddress> members;
    private final Names names;
    private final Supplier<@Nullable SslContext> tls;
    private final EventLoop eventLoop;
    private final Runnable changed;
    private final Set<CompletableFuture<@Nullable Link>> waiting =
            Collections.newSetFromMap(new IdentityHashMap<>());
    private final ArrayDeque<Target> targets = new ArrayDeque<>();
    private @Nullable Link current;
    private @Nullable Link resting;
    private @Nullable Link trying;
    private @Nullable Future<?> timer;
    private long delayMillis = DELAY_MILLIS_MIN;
    /** Of the look-up that counts: what an earlier one finds, that hung meanwhile, is stale. */
    private long lookUp;
    private boolean closed;

    private record Target(String authority, InetSocketAddress address) {}

    /** Where names lead; may block. */
    interface Names {
        InetAddress[] addresses(String name) throws UnknownHostException;
    }

    Upstream(List<InetSocketAddress> members, Names names, Supplier<@Nullable SslContext> tls,
            EventLoop eventLoop, Runnable changed) {
        this.members = members;
        this.names = names;
        this.tls = tls;
        this.eventLoop = eventLoop;
        this.changed = changed;
    }

    void begin() {
        lookUp();
    }

    @Nullable
    Link current() {
        return current;
    }

    /** A link to a member that is ready: at once, or when there is one; null when there is none in time. */
    CompletableFuture<@Nullable Link> ready(Duration within) {
        if (current != null) {
            return CompletableFuture.completedFuture(current);
        }
        if (closed) {
            return CompletableFuture.completedFuture(null);
        }
        var ready = new CompletableFuture<@Nullable Link>();
        waiting.add(ready);
        Future<?> late =
                eventLoop.schedule(() -> ready.complete(null), within.toNanos(), TimeUnit.NANOSECONDS);
        ready.whenComplete((link, error) -> {
            forget(ready);
            late.cancel(false);
        });
        return ready;
    }

    @SuppressWarnings("UndefinedEquals") // one future or another: identity is what is meant
    private void forget(CompletableFuture<@Nullable Link> ready) {
        waiting.remove(ready);
    }

    // Rounds.

    private void lookUp() {
        long mine = ++lookUp;
        // A look-up may block for long.
        Thread.ofPlatform().name("agent-names").daemon(true).start(() -> {
            List<Target> found = new ArrayList<>();
            members.forEach(member -> resolve(member, found));
            Collections.shuffle(found, ThreadLocalRandom.current());
            eventLoop.execute(() -> {
                if (mine == lookUp) {
                    round(found);
                }
            });
        });
    }

    private void resolve(InetSocketAddress member, List<Target> found) {
        String authority = member.getHostString() + ":" + member.getPort();
        try {
            for (InetAddress address : names.addresses(member.getHostString())) {
                found.add(new Target(authority, new InetSocketAddress(address, member.getPort())));
            }
        } catch (UnknownHostException e) {
            // A pod that is not there has no name; the next round asks again.
            found.removeIf(target -> target.authority.equals(authority));
        }
    }

    private void round(List<Target> found) {
        targets.clear();
        targets.addAll(found);
        tryNext();
    }

    private void tryNext() {
        cancelTimer();
        if (closed || current != null) {
            return;
        }
        Target target = targets.poll();
        if (target == null) {
            delayMillis = Math.min(2 * delayMillis, DELAY_MILLIS_MAX);
            after(jittered(delayMillis), this::lookUp);
            return;
        }
        var link = new Link(target.authority, channel(target), eventLoop);
        trying = link;
        after(CONNECT_MILLIS, () -> giveUp(link));
        link.open(this::hear);
    }

    private void giveUp(Link link) {
        if (link == trying) {
            trying = null;
            link.close();
            tryNext();
        }
    }

    private ManagedChannel channel(Target target) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(target.address)
                .overrideAuthority(target.authority)
                .eventLoopGroup(eventLoop)
                .channelType(NioSocketChannel.class, InetSocketAddress.class)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .executor(eventLoop)
                .offloadExecutor(Runnable::run)
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_ANSWER_SECONDS, TimeUnit.SECONDS)
                .keepAliveWithoutCalls(true)
                .disableRetry();
        SslContext security = tls.get();
        return (security == null ? builder.usePlaintext() : builder.sslContext(security)).build();
    }

    // What links say.

    private void hear(Link link, Standing standing) {
        if (closed) {
            return;
        }
        if (link == trying) {
            if (standing == Standing.READY) {
                trying = null;
                take(link);
            } else {
                giveUp(link);
            }
        } else if (link == current && standing != Standing.READY) {
            lose(link, standing);
        } else if (link == resting) {
            if (standing == Standing.READY) {
                take(link);
            } else if (standing == Standing.BROKEN) {
                resting = null;
                link.close();
            }
        }
    }

    private void take(Link link) {
        cancelTimer();
        if (trying != null) {
            trying.close();
            trying = null;
        }
        if (resting != null && resting != link) {
            resting.retire();
        }
        resting = null;
        current = link;
        lookUp++; // one that is under way began before
        delayMillis = DELAY_MILLIS_MIN;
        release(link);
        changed.run();
    }

    private void lose(Link link, Standing standing) {
        current = null;
        if (standing == Standing.BROKEN) {
            link.close();
            after(jittered(DELAY_MILLIS_MIN), this::lookUp);
        } else {
            resting = link;
            after(jittered(REST_MILLIS), this::lookUp);
        }
        changed.run();
    }

    private void after(long millis, Runnable step) {
        timer = eventLoop.schedule(step, millis, TimeUnit.MILLISECONDS);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /**
     * Between half of it and one and a half: agents that lose one member do not come to the next together.
     */
    private static long jittered(long millis) {
        return millis / 2 + ThreadLocalRandom.current().nextLong(millis);
    }

    void close() {
        closed = true;
        cancelTimer();
        for (Link link : new @Nullable Link[] {current, resting, trying}) {
            if (link != null) {
                link.close();
            }
        }
        current = null;
        release(null);
    }

    private void release(@Nullable Link link) {
        List<CompletableFuture<@Nullable Link>> released = List.copyOf(waiting);
        waiting.clear();
        released.forEach(ready -> ready.complete(link));
    }
}
