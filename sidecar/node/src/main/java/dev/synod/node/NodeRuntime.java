package dev.synod.node;

import dev.synod.node.loop.BulkThread;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of one node, but for that of its volume, and what ends with them. */
final class NodeRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeRuntime.class);
    private static final int END_SECONDS = 2;

    private final String name;
    private final EventLoopGroup loops;
    private final EventLoop loop;
    private final BulkThread bulk;
    private final Halt halt;
    private final ArrayDeque<AutoCloseable> owned = new ArrayDeque<>();

    private NodeRuntime(String name, EventLoopGroup loops, Halt halt) {
        this.name = name;
        this.loops = loops;
        this.loop = loops.next();
        this.halt = halt;
        this.bulk = new BulkThread(name, halt);
    }

    static NodeRuntime of(Settings settings, Halt halt) {
        String name = settings.memberName();
        EventLoopGroup loops =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(name + "-loop", true),
                        NioIoHandler.newFactory());
        return new NodeRuntime(name, loops, new Once(halt));
    }

    /** Of several that find it broken, the first is heard. */
    private static final class Once implements Halt {
        private final Halt halt;
        private final AtomicBoolean told = new AtomicBoolean();

        Once(Halt halt) {
            this.halt = halt;
        }

        @Override
        public void halt(ExitCode code, String message, @Nullable Throwable cause) {
            if (!told.getAndSet(true)) {
                LOG.error("this process cannot go on: {}", message, cause);
                halt.halt(code, message, cause);
            }
        }
    }

    String name() {
        return name;
    }

    EventLoopGroup loops() {
        return loops;
    }

    EventLoop loop() {
        return loop;
    }

    BulkThread bulk() {
        return bulk;
    }

    Halt halt() {
        return halt;
    }

    /** Closes {@code part} when this is closed, the last first. */
    <T extends AutoCloseable> T own(T part) {
        owned.push(part);
        return part;
    }

    @Override
    public void close() {
        bulk.close();
        loops.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly(
                2 * END_SECONDS, TimeUnit.SECONDS);
        for (AutoCloseable part : owned) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} did not end well", part, e);
            }
        }
    }
}
