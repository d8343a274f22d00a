package dev.synod.node.transport;

import dev.synod.transport.v1.ConnectRequest;
import dev.synod.transport.v1.ConnectResponse;
import dev.synod.transport.v1.TransportServiceGrpc;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/** Takes the links that peers open. */
final class LinkService extends TransportServiceGrpc.TransportServiceImplBase {
    private final PeerLinks links;

    LinkService(PeerLinks links) {
        this.links = links;
    }

    @Override
    public StreamObserver<ConnectRequest> connect(StreamObserver<ConnectResponse> responses) {
        return new Accepted((ServerCallStreamObserver<ConnectResponse>) responses);
    }

    /** One link, as this member hears of it. */
    private final class Accepted implements StreamObserver<ConnectRequest> {
        private final ServerCallStreamObserver<ConnectResponse> stream;
        private @Nullable PeerLane lane;
        private boolean over;

        Accepted(ServerCallStreamObserver<ConnectResponse> stream) {
            this.stream = stream;
            stream.setOnReadyHandler(() -> {
                if (lane != null) {
                    lane.acceptedReady(stream);
                }
            });
            stream.setOnCancelHandler(this::ended);
            stream.setOnCloseHandler(this::ended);
        }

        @Override
        public void onNext(ConnectRequest message) {
            if (over) {
                return;
            }
            PeerLane known = lane;
            if (known != null) {
                if (message.hasFrame()) {
                    known.received(message.getFrame());
                }
                return;
            }
            String wrong = message.hasHello()
                    ? links.wrongCall(message.getHello())
                    : "the first message does not say who speaks";
            if (wrong != null) {
                over = true;
                stream.onError(Status.FAILED_PRECONDITION.withDescription(wrong).asException());
                return;
            }
            stream.onNext(ConnectResponse.newBuilder()
                    .setHello(links.hello(null, message.getHello().getLane())).build());
            lane = links.accept(message.getHello());
            lane.accepted(stream);
        }

        @Override
        public void onError(Throwable thrown) {
            ended();
        }

        @Override
        public void onCompleted() {
            ended();
            if (!over) {
                over = true;
                stream.onCompleted();
            }
        }

        private void ended() {
            if (lane != null) {
                lane.acceptedClosed(stream);
            }
        }
    }
}
