package dev.synod.node.agent;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** A connection to one member, which says whether it is ready for as long as it stands. */
final class Link {
    private static final String READY = "ready";
    private static final int LINGER_SECONDS = 10;

    private final String address;
    private final ManagedChannel channel;
    private final EventLoop eventLoop;
    private boolean closed;

    Link(String address, ManagedChannel channel, EventLoop eventLoop) {
        this.address = address;
        this.channel = channel;
        this.eventLoop = eventLoop;
    }

    /** How a link stands, as its member says, or as shows. */
    enum Standing {
        READY, NOT_READY, BROKEN
    }

    /** Begins to listen; {@code news} is told each change on the event loop, BROKEN as the last. */
    void open(BiConsumer<Link, Standing> news) {
        HealthGrpc.newStub(channel).watch(HealthCheckRequest.newBuilder().setService(READY).build(),
                new StreamObserver<>() {
                    @Override
                    public void onNext(HealthCheckResponse response) {
                        tell(response.getStatus() == ServingStatus.SERVING
                                ? Standing.READY
                                : Standing.NOT_READY);
                    }

                    @Override
                    public void onError(Throwable error) {
                        tell(Standing.BROKEN);
                    }

                    @Override
                    public void onCompleted() {
                        tell(Standing.BROKEN);
                    }

                    private void tell(Standing standing) {
                        if (!closed) {
                            news.accept(Link.this, standing);
                        }
                    }
                });
    }

    String address() {
        return address;
    }

    ManagedChannel channel() {
        return channel;
    }

    /** Takes no new calls; those under way have some time to end. */
    void retire() {
        if (!closed) {
            closed = true;
            channel.shutdown();
            eventLoop.schedule(channel::shutdownNow, LINGER_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Ends every call. */
    void close() {
        closed = true;
        channel.shutdownNow();
    }
}
