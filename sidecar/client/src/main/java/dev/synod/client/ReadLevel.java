package dev.synod.client;

import com.google.protobuf.Empty;
import dev.synod.coordination.v1.ReadOptions;

/** What a read may see. */
public final class ReadLevel {
    private static final ReadLevel LINEARIZABLE = new ReadLevel(ReadOptions.getDefaultInstance());
    private static final ReadLevel STALE =
            new ReadLevel(ReadOptions.newBuilder().setStale(Empty.getDefaultInstance()).build());

    private final ReadOptions proto;

    private ReadLevel(ReadOptions proto) {
        this.proto = proto;
    }

    /** Everything acknowledged before the read began, wherever it was; asks a quorum. The default. */
    public static ReadLevel linearizable() {
        return LINEARIZABLE;
    }

    /** Everything up to {@code revision}, which every answer tells; asks no quorum. */
    public static ReadLevel atLeast(long revision) {
        return new ReadLevel(ReadOptions.newBuilder().setAtLeastRevision(revision).build());
    }

    /** Whatever the sidecar has, however old. */
    public static ReadLevel stale() {
        return STALE;
    }

    ReadOptions proto() {
        return proto;
    }
}
