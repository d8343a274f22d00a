package dev.synod.client;

import dev.synod.coordination.v1.CompactHistoryRequest;
import dev.synod.coordination.v1.DeleteRangeRequest;
import dev.synod.coordination.v1.DeleteRangeResponse;
import dev.synod.coordination.v1.DeleteValueRequest;
import dev.synod.coordination.v1.DeleteValueResponse;
import dev.synod.coordination.v1.ErrorReason;
import dev.synod.coordination.v1.GetValueRequest;
import dev.synod.coordination.v1.ListValuesRequest;
import dev.synod.coordination.v1.ListValuesResponse;
import dev.synod.coordination.v1.PutValueRequest;
import dev.synod.coordination.v1.PutValueResponse;
import dev.synod.coordination.v1.ValueServiceGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Small values: configuration, markers, what the parts of an application must agree on. Keys are names,
 * values at most 1 MiB, all of it in memory of every member.
 *
 * <p>Changes are sent again after a break under the session's request id, so they take effect once. In a
 * client without a session they are not sent again; then {@link CoordinationException#maybeApplied} says that
 * it is not known. All methods may be called on any thread.
 */
public final class Values {
    private final Coordination coordination;

    Values(Coordination coordination) {
        this.coordination = coordination;
    }

    /** One value; linearizable. */
    public Optional<KeyValue> get(String key) {
        return get(key, ReadLevel.linearizable());
    }

    /** One value. */
    public Optional<KeyValue> get(String key, ReadLevel level) {
        return Client.awaitBriefly(got(key, level, 0), false);
    }

    /** One value; linearizable. */
    public CompletableFuture<Optional<KeyValue>> getAsync(String key) {
        return getAsync(key, ReadLevel.linearizable());
    }

    /** One value. */
    public CompletableFuture<Optional<KeyValue>> getAsync(String key, ReadLevel level) {
        return client().handedOut(got(key, level, 0));
    }

    /**
     * One value as it was.
     *
     * @throws CoordinationException REVISION_COMPACTED when that history is gone, REVISION_FUTURE when it has
     *     not come
     */
    public Optional<KeyValue> getAt(String key, long revision) {
        return Client.awaitBriefly(got(key, ReadLevel.linearizable(), revision), false);
    }

    /** A range at one revision; linearizable. */
    public Listing list(KeyRange range) {
        return list(range, ReadLevel.linearizable());
    }

    /** A range at one revision, in as many calls as it needs. */
    public Listing list(KeyRange range, ReadLevel level) {
        return listed(range, level, 0, false);
    }

    /** Keys of a range at one revision, without values; linearizable. */
    public Listing keys(KeyRange range) {
        return listed(range, ReadLevel.linearizable(), 0, true);
    }

    /**
     * A range as it was.
     *
     * @throws CoordinationException REVISION_COMPACTED when that history is gone, REVISION_FUTURE when it has
     *     not come
     */
    public Listing listAt(KeyRange range, long revision) {
        return listed(range, ReadLevel.linearizable(), revision, false);
    }

    /**
     * Sets a value.
     *
     * @return the revision of the put
     */
    public long put(String key, Value value) {
        return Client.awaitBriefly(stored(key, value, 0, OptionalLong.empty()), true).getRevision();
    }

    /** As {@link #put}. */
    public CompletableFuture<Long> putAsync(String key, Value value) {
        return client().handedOut(
                stored(key, value, 0, OptionalLong.empty()).thenApply(PutValueResponse::getRevision));
    }

    /** Sets a value that is deleted when this client's session ends. */
    public long putBound(String key, Value value) {
        return Client.awaitBriefly(
                stored(key, value, coordination.session().id(), OptionalLong.empty()), true).getRevision();
    }

    /**
     * Sets a value only if nobody did since it was read.
     *
     * @param modRevision that it must still have; 0 for not there
     * @return the revision of the put; empty when it has another
     */
    public OptionalLong putIf(String key, Value value, long modRevision) {
        try {
            return OptionalLong.of(Client.awaitBriefly(
                    stored(key, value, 0, OptionalLong.of(modRevision)), true).getRevision());
        } catch (CoordinationException refused) {
            if (refused.reason() == ErrorReason.ERROR_REASON_REVISION_MISMATCH) {
                return OptionalLong.empty();
            }
            throw refused;
        }
    }

    /**
     * Deletes one key.
     *
     * @return whether it was there
     */
    public boolean delete(String key) {
        return Client.awaitBriefly(deleted(key), true).getDeleted();
    }

    /** As {@link #delete}. */
    public CompletableFuture<Boolean> deleteAsync(String key) {
        return client().handedOut(deleted(key).thenApply(DeleteValueResponse::getDeleted));
    }

    /**
     * Deletes every key in a range, at one revision.
     *
     * @return how many
     */
    public int deleteAll(KeyRange range) {
        CompletableFuture<DeleteRangeResponse> sent = coordination.changing(
                ValueServiceGrpc.getDeleteRangeMethod(),
                (session, request) -> DeleteRangeRequest.newBuilder()
                        .setNamespace(client().namespace()).setSessionId(session).setRequest(request)
                        .setRange(range.proto()).build());
        return Client.awaitBriefly(sent, true).getDeleted();
    }

    /** A transaction, to be filled and run. */
    public Commit commit() {
        return new Commit(coordination);
    }

    /**
     * Drops the history that reads below {@code revision} would need, of all namespaces; the cluster does
     * that by itself after five minutes.
     */
    public void compact(long revision) {
        // A repeat changes nothing.
        Client.awaitBriefly(Attempts.read(client(), ValueServiceGrpc.getCompactHistoryMethod(),
                CompactHistoryRequest.newBuilder()
                        .setNamespace(client().namespace()).setKeepFromRevision(revision).build()),
                true);
    }

    /** Watches a range, from what changes from now on. */
    public Watch watch(KeyRange range, ValueListener listener) {
        return watch(range, 0, listener);
    }

    /**
     * Watches a range. A broken stream goes on where it was: no change is missed, and none told twice.
     *
     * @param fromRevision the first to be told, which may lie ahead: {@link Listing#revision} + 1 after a
     *     list; 0 for what changes from now on
     */
    public Watch watch(KeyRange range, long fromRevision, ValueListener listener) {
        return new ValueWatch(client(), range, fromRevision, listener).opened();
    }

    private Client client() {
        return coordination.client();
    }

    private String checked(String key) {
        return Names.checked("value", key, client().namespace());
    }

    private CompletableFuture<Optional<KeyValue>> got(String key, ReadLevel level, long revision) {
        GetValueRequest request = GetValueRequest.newBuilder()
                .setNamespace(client().namespace()).setKey(checked(key)).setAtRevision(revision)
                .setRead(level.proto()).build();
        return Attempts.read(client(), ValueServiceGrpc.getGetValueMethod(), request)
                .thenApply(answer -> answer.getFound()
                        ? Optional.of(KeyValue.of(answer.getValue()))
                        : Optional.empty());
    }

    private Listing listed(KeyRange range, ReadLevel level, long revision, boolean keysOnly) {
        List<KeyValue> values = new ArrayList<>();
        ListValuesRequest request = ListValuesRequest.newBuilder()
                .setNamespace(client().namespace()).setRange(range.proto()).setAtRevision(revision)
                .setKeysOnly(keysOnly).setRead(level.proto()).build();
        ListValuesResponse page;
        do {
            page = Client.awaitBriefly(
                    Attempts.read(client(), ValueServiceGrpc.getListValuesMethod(), request), false);
            page.getValuesList().forEach(each -> values.add(KeyValue.of(each)));
            request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
        } while (!page.getNextPageToken().isEmpty());
        return new Listing(List.copyOf(values), page.getRevision());
    }

    private CompletableFuture<PutValueResponse> stored(
            String key, Value value, long boundTo, OptionalLong ifModRevision) {
        PutValueRequest.Builder made = PutValueRequest.newBuilder()
                .setNamespace(client().namespace()).setKey(checked(key)).setValue(value.proto())
                .setBoundSessionId(boundTo);
        ifModRevision.ifPresent(made::setIfModRevision);
        PutValueRequest fixed = made.build();
        return coordination.changing(ValueServiceGrpc.getPutValueMethod(),
                (session, request) -> fixed.toBuilder().setSessionId(session).setRequest(request).build());
    }

    private CompletableFuture<DeleteValueResponse> deleted(String key) {
        String name = checked(key);
        return coordination.changing(ValueServiceGrpc.getDeleteValueMethod(),
                (session, request) -> DeleteValueRequest.newBuilder()
                        .setNamespace(client().namespace()).setSessionId(session).setRequest(request)
                        .setKey(name).build());
    }
}
