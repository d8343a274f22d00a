package dev.synod.node.door;

import dev.synod.node.api.Defect;
import dev.synod.paxos.Bytes;
import io.grpc.Status;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One connection to the door: one request after the other, each answered before the next is read. */
final class DoorConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
    /** Requests that came before the answer of the one before: then reading stops. */
    private static final int WAITING_MAX = 4;

    private record Asked(CompletableFuture<DoorReply> reply, boolean keepAlive) {}

    private final Routes routes;
    private final ArrayDeque<FullHttpRequest> waiting = new ArrayDeque<>();
    private @Nullable Asked answering;
    private boolean running;

    DoorConnection(Routes routes) {
        super(false);
        this.routes = routes;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        waiting.add(request);
        context.channel().config().setAutoRead(waiting.size() < WAITING_MAX);
        run(context);
    }

    /** Answers what waits, one after the other; not from within itself, however long the queue. */
    private void run(ChannelHandlerContext context) {
        if (running) {
            return;
        }
        running = true;
        while (answering == null && !waiting.isEmpty()) {
            begin(context, waiting.remove());
        }
        running = false;
    }

    private void begin(ChannelHandlerContext context, FullHttpRequest request) {
        context.channel().config().setAutoRead(true);
        Asked asked;
        try {
            asked = new Asked(answer(request), HttpUtil.isKeepAlive(request));
        } finally {
            request.release();
        }
        answering = asked;
        Defect.whenDone(asked.reply, (done, error) -> {
            answering = null;
            if (!asked.reply.isCancelled()) {
                send(context,
                        done != null
                                ? done
                                : DoorErrors
                                        .of(error == null ? new IllegalStateException("no reply") : error),
                        asked.keepAlive);
                run(context);
            }
        });
    }

    private CompletableFuture<DoorReply> answer(FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return Routes.now(DoorErrors.of(400, Status.Code.INVALID_ARGUMENT, "MALFORMED",
                    "this is no HTTP/1.1 request: " + request.decoderResult().cause().getMessage()));
        }
        DoorReply foreign = foreign(request);
        if (foreign != null) {
            return Routes.now(foreign);
        }
        DoorRequest asked;
        try {
            asked = DoorRequest.of(request.method().name(), request.uri(),
                    request.headers().get(HttpHeaderNames.AUTHORIZATION),
                    Bytes.of(ByteBufUtil.getBytes(request.content())));
        } catch (IllegalArgumentException e) {
            return Routes.now(DoorErrors.of(400, Status.Code.INVALID_ARGUMENT, "MALFORMED",
                    "the path or query is not encoded as it must be: " + e.getMessage()));
        }
        return routes.answer(asked);
    }

    /**
     * A page in a browser on this machine must not act here: it sends its origin, or a host name of its own
     * that was made to lead here.
     */
    private static @Nullable DoorReply foreign(FullHttpRequest request) {
        String origin = request.headers().get(HttpHeaderNames.ORIGIN);
        String host = request.headers().get(HttpHeaderNames.HOST, "localhost").toLowerCase(Locale.ROOT);
        String name = host.startsWith("[")
                ? host.substring(0, host.indexOf(']') + 1)
                : host.replaceFirst(":[0-9]*$", "");
        boolean here = name.equals("localhost") || name.equals("[::1]")
                || name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
        return origin == null && here
                ? null
                : DoorErrors.of(403, Status.Code.PERMISSION_DENIED, "FOREIGN_ORIGIN", "this door is for"
                        + " programs of this pod: send no Origin header, and localhost or 127.0.0.1 as Host");
    }

    /** As HTTP has it; the connection stays open unless more is set. */
    static FullHttpResponse response(DoorReply reply) {
        byte[] json = reply.json().array();
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(reply.status()), Unpooled.wrappedBuffer(json));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .setInt(HttpHeaderNames.CONTENT_LENGTH, json.length);
        return response;
    }

    private static void send(ChannelHandlerContext context, DoorReply reply, boolean keepAlive) {
        FullHttpResponse response = response(reply);
        if (keepAlive) {
            context.writeAndFlush(response);
        } else {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        while (!waiting.isEmpty()) {
            waiting.remove().release();
        }
        Asked asked = answering;
        if (asked != null) {
            asked.reply.cancel(false);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent && answering == null) {
            context.close();
        }
    }

    /** Whoever goes away in mid-body or sends no HTTP must not end the sidecar; a bug of ours must. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
        if (!(cause instanceof IOException || cause instanceof CodecException
                || cause instanceof ChannelException)) {
            Defect.report(cause);
        }
    }
}
