package dev.synod.node.door;

import dev.synod.node.api.ServedApi;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** The HTTP/JSON door of a member or an agent. */
public final class Door {
    /** The door of {@code api}. */
    public Door(ServedApi api) {
        throw new UnsupportedOperationException();
    }

    /**
     * Listens for everything that the door offers.
     *
     * @param address on loopback
     * @param loop the event loop of {@code api}
     * @throws IllegalArgumentException when {@code address} is not on loopback
     */
    public ChannelFuture listen(InetSocketAddress address, EventLoopGroup loop,
            Class<? extends ServerChannel> channelType) {
        throw new UnsupportedOperationException();
    }

    /**
     * For the probes' port, which other pods and kubelets reach: answers reads of elections ({@code GET
     * /v1/elections/...}), and 404 for everything else of the door. On the event loop.
     *
     * @param method of HTTP
     * @param uri path and query
     * @return completed on the event loop, never exceptionally
     */
    public CompletableFuture<DoorReply> probe(String method, String uri) {
        throw new UnsupportedOperationException();
    }
}
