package dev.synod.node.api;

import dev.synod.coordination.v1.AttachSessionRequest;
import dev.synod.coordination.v1.AttachSessionResponse;
import dev.synod.coordination.v1.CreateSessionResponse;
import io.grpc.stub.StreamObserver;

/** A session of a test, with its stream. */
public record AttachedSession(
        long id, CreateSessionResponse created, StreamObserver<AttachSessionRequest> requests,
        Received<AttachSessionResponse> received) {

    public void heartbeat(long sequence) {
        requests.onNext(AttachSessionRequest.newBuilder()
                .setHeartbeat(AttachSessionRequest.Heartbeat.newBuilder().setSequence(sequence)).build());
    }
}
