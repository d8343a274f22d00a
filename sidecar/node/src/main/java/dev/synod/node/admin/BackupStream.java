package dev.synod.node.admin;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.synod.admin.v1.StreamBackupResponse;
import dev.synod.node.loop.BulkThread;
import dev.synod.paxos.Bytes;
import dev.synod.state.Snapshot;
import io.grpc.stub.ServerCallStreamObserver;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.Executor;

/**
 * Writes one state to one caller, a chunk at a time: the next is encoded on the bulk thread once the caller
 * took the one before, so that a slow caller costs one chunk of memory. On the event loop.
 */
final class BackupStream {
    private final ServerCallStreamObserver<StreamBackupResponse> stream;
    private final BulkThread bulk;
    private final Executor loop;
    private final Snapshot snapshot;
    private final MessageDigest digest;
    private long lengthBytes;
    private boolean encoding;
    private boolean ended;

    BackupStream(ServerCallStreamObserver<StreamBackupResponse> stream, BulkThread bulk, Executor loop,
            Snapshot snapshot) {
        this.stream = stream;
        this.bulk = bulk;
        this.loop = loop;
        this.snapshot = snapshot;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Goes on, if the caller takes more. */
    void pump() {
        if (encoding || ended || stream.isCancelled() || !stream.isReady()) {
            return;
        }
        encoding = true;
        bulk.execute(() -> {
            Bytes chunk = snapshot.hasNext() ? snapshot.next() : Bytes.EMPTY;
            digest.update(chunk.array());
            loop.execute(() -> send(chunk));
        });
    }

    private void send(Bytes chunk) {
        encoding = false;
        if (stream.isCancelled()) {
            return;
        }
        if (chunk.length() > 0) {
            lengthBytes += chunk.length();
            stream.onNext(StreamBackupResponse.newBuilder()
                    .setChunk(UnsafeByteOperations.unsafeWrap(chunk.array())).build());
            pump();
            return;
        }
        ended = true;
        stream.onNext(StreamBackupResponse.newBuilder().setEnd(StreamBackupResponse.End.newBuilder()
                .setLengthBytes(lengthBytes).setSha256(ByteString.copyFrom(digest.digest()))).build());
        stream.onCompleted();
    }
}
