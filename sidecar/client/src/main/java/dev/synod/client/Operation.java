package dev.synod.client;

/** One step of a commit. Each sees what those before it in the same commit did. */
public final class Operation {
    private final dev.synod.coordination.v1.Operation proto;

    private Operation(dev.synod.coordination.v1.Operation.Builder proto) {
        this.proto = proto.build();
    }

    /** Sets a value, at most 1 MiB; binds it to no session. */
    public static Operation put(String key, Value value) {
        return put(key, value, 0);
    }

    /** Sets a value that is deleted when {@code session} ends. */
    public static Operation putBound(String key, Value value, Session session) {
        return put(key, value, session.id());
    }

    private static Operation put(String key, Value value, long session) {
        return new Operation(dev.synod.coordination.v1.Operation.newBuilder().setPut(
                dev.synod.coordination.v1.Operation.Put.newBuilder()
                        .setKey(Names.checked("value", key, "")).setValue(value.proto())
                        .setBoundSessionId(session)));
    }

    /** Deletes every key in a range. */
    public static Operation delete(KeyRange range) {
        return new Operation(dev.synod.coordination.v1.Operation.newBuilder().setDelete(
                dev.synod.coordination.v1.Operation.Delete.newBuilder().setRange(range.proto())));
    }

    /** Reads a range, as much as fits about 1 MiB over all reads of the commit. */
    public static Operation read(KeyRange range) {
        return read(range, 0);
    }

    /**
     * Reads a range.
     *
     * @param limit how many keys at most; 0 for as many as fit
     */
    public static Operation read(KeyRange range, int limit) {
        return new Operation(dev.synod.coordination.v1.Operation.newBuilder().setRead(
                dev.synod.coordination.v1.Operation.Read.newBuilder().setRange(range.proto())
                        .setLimit(limit)));
    }

    dev.synod.coordination.v1.Operation proto() {
        return proto;
    }
}
