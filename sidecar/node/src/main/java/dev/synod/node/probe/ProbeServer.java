package dev.synod.node.probe;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** The HTTP/1.1 of probes and metrics. */
public final class ProbeServer {
    private static final int REQUEST_BYTES_MAX = 4 << 10;
    private static final int CONNECTIONS_MAX = 64;
    private static final int IDLE_SECONDS = 30;

    private final Probes probes;
    private int connections;

    /** A server of {@code probes}. */
    public ProbeServer(Probes probes) {
        this.probes = probes;
    }

    /** Listens. */
    public ChannelFuture listen(InetSocketAddress address, EventLoopGroup loops) {
        return new ServerBootstrap().group(loops).channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (connections >= CONNECTIONS_MAX) {
                            channel.close();
                            return;
                        }
                        connections++;
                        channel.closeFuture().addListener(closed -> connections--);
                        channel.pipeline().addLast(
                                new ReadTimeoutHandler(IDLE_SECONDS),
                                new HttpServerCodec(),
                                new HttpObjectAggregator(REQUEST_BYTES_MAX),
                                new Handler());
                    }
                }).bind(address);
    }

    private final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            boolean keepAlive = HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
            CompletableFuture<ProbeAnswer> answer = request.decoderResult().isSuccess()
                    ? probes.answer(request.method().name(), request.uri())
                    : CompletableFuture.completedFuture(ProbeAnswer.text(400, "this is no HTTP request"));
            answer.thenAccept(given -> context.executor().execute(() -> write(context, given, keepAlive)));
        }

        private void write(ChannelHandlerContext context, ProbeAnswer given, boolean keepAlive) {
            var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1,
                    HttpResponseStatus.valueOf(given.status()), Unpooled.wrappedBuffer(given.body()));
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, given.type())
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, given.body().length)
                    .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
            HttpUtil.setKeepAlive(response, keepAlive);
            ChannelFuture written = context.writeAndFlush(response);
            if (!keepAlive) {
                written.addListener(ChannelFutureListener.CLOSE);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close(); // a caller that went away or sent nonsense; nobody is left to be told
        }
    }
}
