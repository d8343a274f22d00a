package dev.synod.node.door;

import dev.synod.node.api.ServedApi;
import dev.synod.paxos.Bytes;
import io.grpc.Attributes;
import io.grpc.Status;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The HTTP/JSON door of a member or an agent. */
public final class Door {
    /** A value of 1 MiB in Base64 within a message, and some room. */
    static final int BODY_BYTES_MAX = 2 << 20;

    private static final int CONNECTIONS_MAX = 128;
    private static final int IDLE_SECONDS = 60;
    private static final int LINGER_SECONDS = 5;
    private static final int BACKLOG = 128;

    private final Routes routes;
    private final Routes probes;
    private int connections;

    /** The door of {@code api}. */
    public Door(ServedApi api) {
        Attributes attributes = api.transportFilter().transportReady(Attributes.EMPTY);
        this.routes = new Routes(api, new Services(api, ServedApi.Trust.TOKEN, attributes));
        this.probes = new Routes(api, new Services(api, ServedApi.Trust.CONNECTION, attributes));
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
        if (address.getAddress() == null || !address.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("the HTTP door is to listen on " + address
                    + ", which is not loopback; 127.0.0.1 and ::1 are allowed, for it has no TLS");
        }
        return new ServerBootstrap()
                .group(loop)
                .channel(channelType)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        enter(channel);
                    }
                })
                .bind(address);
    }

    private void enter(Channel channel) {
        if (connections == CONNECTIONS_MAX) {
            channel.close();
            return;
        }
        connections++;
        channel.closeFuture().addListener(closed -> connections--);
        channel.pipeline().addLast(
                new IdleStateHandler(0, 0, IDLE_SECONDS),
                new HttpServerCodec(),
                new Bodies(),
                new DoorConnection(routes));
    }

    /** Whole requests; one that is too large is told so, and its connection is closed. */
    private static final class Bodies extends HttpObjectAggregator {
        Bodies() {
            super(BODY_BYTES_MAX);
        }

        private static FullHttpResponse tooLarge() {
            return response(DoorErrors.of(413, Status.Code.INVALID_ARGUMENT, "REQUEST_TOO_LARGE",
                    "the body is longer than " + BODY_BYTES_MAX + " bytes, which are allowed"));
        }

        private static FullHttpResponse response(DoorReply reply) {
            FullHttpResponse response = DoorConnection.response(reply);
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            return response;
        }

        /** Whoever asks before sending is told as much as others are. */
        @Override
        protected @Nullable Object newContinueResponse(HttpMessage start, int most,
                ChannelPipeline pipeline) {
            Object usual = super.newContinueResponse(start, most, pipeline);
            if (!(usual instanceof FullHttpResponse refused) || refused.status().code() < 400) {
                return usual;
            }
            refused.release();
            return refused.status().code() == 413
                    ? tooLarge()
                    : response(DoorErrors.of(refused.status().code(), Status.Code.INVALID_ARGUMENT,
                            "MALFORMED", "Expect may say 100-continue alone"));
        }

        @Override
        protected boolean closeAfterContinueResponse(Object response) {
            return ignoreContentAfterContinueResponse(response);
        }

        @Override
        protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
            context.writeAndFlush(tooLarge());
            // Who is still sending must come to read that answer: the rest is read and thrown away meanwhile.
            context.channel().config().setAutoRead(true);
            context.executor().schedule(() -> context.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        }
    }

    /**
     * For the probes' port, which other pods and kubelets reach: answers who leads here ({@code GET
     * /v1/elections/{name}/is-leader}), and 404 for everything else of the door: what is proclaimed, names
     * and tokens are not theirs. No token is asked for. On the event loop.
     *
     * @param method of HTTP
     * @param uri path and query
     * @return completed on the event loop, never exceptionally
     */
    public CompletableFuture<DoorReply> probe(String method, String uri) {
        try {
            DoorRequest request = DoorRequest.of(method, uri, null, Bytes.EMPTY);
            return request.path().size() > 3 && request.path().getFirst().equals("v1")
                    && request.path().get(1).equals("elections")
                    && request.path().getLast().equals("is-leader")
                            ? probes.elections(request).thenApply(Door::statusAlone)
                            : Routes.now(Routes.nowhere());
        } catch (IllegalArgumentException e) {
            return Routes.now(DoorErrors.of(400, Status.Code.INVALID_ARGUMENT, "MALFORMED",
                    "the path or query is not encoded as it must be: " + e.getMessage()));
        }
    }

    private static DoorReply statusAlone(DoorReply reply) {
        return switch (reply.status()) {
            case 200, 409 -> new DoorReply(reply.status(),
                    new Json().put("isLeader", reply.status() == 200).bytes());
            default -> reply;
        };
    }
}
