package dev.synod.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.synod.coordination.v1.ClaimKind;
import dev.synod.coordination.v1.CommitRequest;
import dev.synod.coordination.v1.CommitResponse;
import dev.synod.coordination.v1.CompactHistoryRequest;
import dev.synod.coordination.v1.Compare;
import dev.synod.coordination.v1.DeleteRangeRequest;
import dev.synod.coordination.v1.DeleteValueRequest;
import dev.synod.coordination.v1.Fence;
import dev.synod.coordination.v1.GetValueRequest;
import dev.synod.coordination.v1.GetValueResponse;
import dev.synod.coordination.v1.KeyRange;
import dev.synod.coordination.v1.KeyValue;
import dev.synod.coordination.v1.ListValuesRequest;
import dev.synod.coordination.v1.ListValuesResponse;
import dev.synod.coordination.v1.Operation;
import dev.synod.coordination.v1.PutValueRequest;
import dev.synod.coordination.v1.Relation;
import dev.synod.coordination.v1.Request;
import dev.synod.coordination.v1.ValueServiceGrpc;
import dev.synod.coordination.v1.WatchValuesRequest;
import dev.synod.coordination.v1.WatchValuesResponse;
import dev.synod.member.Failure;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ValueServiceTest {
    private final ServedCoordinator served = new ServedCoordinator();

    @AfterEach
    void close() throws InterruptedException {
        served.close();
        assertThat(served.defects()).isEmpty();
    }

    private static PutValueRequest.Builder putting(String key, String value) {
        return PutValueRequest.newBuilder().setKey(key).setValue(ByteString.copyFromUtf8(value));
    }

    private long put(String key, String value) {
        return served.values().putValue(putting(key, value).build()).getRevision();
    }

    private GetValueResponse get(String key) {
        return served.values().getValue(GetValueRequest.newBuilder().setKey(key).build());
    }

    private Received<WatchValuesResponse> watch(WatchValuesRequest request) {
        var received = new Received<WatchValuesResponse>();
        ValueServiceGrpc.newStub(served.channel).watchValues(request, received);
        return received;
    }

    private static KeyRange prefix(String prefix) {
        return KeyRange.newBuilder().setPrefix(prefix).build();
    }

    @Test
    void a_value_that_was_put_is_read_with_its_revisions() {
        long revision = put("colour", "red");
        long again = put("colour", "blue");

        GetValueResponse response = get("colour");

        assertThat(response.getFound()).isTrue();
        KeyValue value = response.getValue();
        assertThat(value.getKey()).isEqualTo("colour");
        assertThat(value.getValue().toStringUtf8()).isEqualTo("blue");
        assertThat(value.getCreateRevision()).isEqualTo(revision);
        assertThat(value.getModRevision()).isEqualTo(again);
        assertThat(value.getVersion()).isEqualTo(2);
    }

    @Test
    void a_value_is_read_as_it_was_at_a_revision() {
        long revision = put("colour", "red");
        put("colour", "blue");

        GetValueResponse response = served.values().getValue(
                GetValueRequest.newBuilder().setKey("colour").setAtRevision(revision).build());

        assertThat(response.getValue().getValue().toStringUtf8()).isEqualTo("red");
    }

    @Test
    void a_value_that_is_not_there_is_not_found_and_no_error() {
        assertThat(get("colour").getFound()).isFalse();
    }

    @Test
    void a_value_of_another_namespace_is_another_value() {
        put("colour", "red");

        assertThat(served.values().getValue(GetValueRequest.newBuilder().setNamespace("n").setKey("colour")
                .build()).getFound()).isFalse();
    }

    @Test
    void a_revision_that_has_not_come_is_told_with_the_newest() {
        long revision = put("colour", "red");

        Shown shown = Shown.of(() -> served.values().getValue(
                GetValueRequest.newBuilder().setKey("colour").setAtRevision(revision + 5).build()));

        assertThat(shown.code()).isEqualTo(Status.Code.OUT_OF_RANGE);
        assertThat(shown.reason()).isEqualTo("REVISION_FUTURE");
        assertThat(shown.metadata()).containsEntry("current", Long.toString(revision));
    }

    @Test
    void a_revision_whose_history_is_gone_is_told_with_the_lowest() {
        long old = put("colour", "red");
        long revision = put("colour", "blue");
        served.values().compactHistory(
                CompactHistoryRequest.newBuilder().setKeepFromRevision(revision).build());

        Shown shown = Shown.of(() -> served.values().getValue(
                GetValueRequest.newBuilder().setKey("colour").setAtRevision(old).build()));

        assertThat(shown.reason()).isEqualTo("REVISION_COMPACTED");
        assertThat(shown.metadata()).containsEntry("current", Long.toString(revision));
    }

    @Test
    void a_put_that_is_bound_to_a_revision_fails_with_the_one_that_is() {
        long revision = put("colour", "red");

        Shown shown = Shown.of(() -> served.values().putValue(
                putting("colour", "blue").setIfModRevision(revision - 1).build()));
        served.values().putValue(putting("colour", "green").setIfModRevision(revision).build());

        assertThat(shown.code()).isEqualTo(Status.Code.ABORTED);
        assertThat(shown.reason()).isEqualTo("REVISION_MISMATCH");
        assertThat(shown.metadata()).containsEntry("current", Long.toString(revision));
        assertThat(get("colour").getValue().getValue().toStringUtf8()).isEqualTo("green");
    }

    @Test
    void a_put_may_ask_that_the_key_is_not_there() {
        served.values().putValue(putting("colour", "red").setIfModRevision(0).build());

        Shown shown = Shown.of(() -> served.values().putValue(
                putting("colour", "blue").setIfModRevision(0).build()));

        assertThat(shown.reason()).isEqualTo("REVISION_MISMATCH");
    }

    @Test
    void a_put_with_a_stale_token_does_nothing() {
        Shown shown = Shown.of(() -> served.values().putValue(putting("colour", "red")
                .addFences(Fence.newBuilder().setKind(ClaimKind.CLAIM_KIND_LOCK).setName("orders")
                        .setFencingToken(1))
                .build()));

        assertThat(shown.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(shown.reason()).isEqualTo("FENCING_TOKEN_STALE");
        assertThat(get("colour").getFound()).isFalse();
    }

    @Test
    void a_key_bound_to_a_session_dies_with_it() {
        AttachedSession session = served.session("a");
        served.values().putValue(putting("here", "I am").setBoundSessionId(session.id()).build());
        assertThat(get("here").getValue().getBoundSessionId()).isEqualTo(session.id());

        served.coordinator.expire(session.id());

        assertThat(get("here").getFound()).isFalse();
    }

    @Test
    void a_request_id_without_a_session_is_refused() {
        Shown shown = Shown.of(() -> served.values().putValue(
                putting("colour", "red").setRequest(Request.newBuilder().setRequestId(1)).build()));

        assertThat(shown.fields()).containsExactly("request");
    }

    @Test
    void a_deleted_key_is_gone_and_a_second_delete_says_that_it_was_not_there() {
        put("colour", "red");
        var delete = DeleteValueRequest.newBuilder().setKey("colour").build();

        assertThat(served.values().deleteValue(delete).getDeleted()).isTrue();
        assertThat(served.values().deleteValue(delete).getDeleted()).isFalse();
    }

    @Test
    void a_range_is_deleted_and_counted() {
        put("a/1", "x");
        put("a/2", "x");
        put("b/1", "x");

        assertThat(served.values().deleteRange(DeleteRangeRequest.newBuilder().setRange(prefix("a/")).build())
                .getDeleted()).isEqualTo(2);
        assertThat(get("b/1").getFound()).isTrue();
    }

    @Test
    void an_empty_prefix_deletes_the_namespace_and_no_other() {
        put("a", "x");
        served.values().putValue(putting("a", "x").setNamespace("n").build());

        served.values().deleteRange(DeleteRangeRequest.newBuilder().setRange(prefix("")).build());

        assertThat(get("a").getFound()).isFalse();
        assertThat(served.values().getValue(
                GetValueRequest.newBuilder().setNamespace("n").setKey("a").build()).getFound()).isTrue();
    }

    @Test
    void a_delete_without_a_range_is_refused() {
        Shown shown = Shown.of(() -> served.values().deleteRange(DeleteRangeRequest.getDefaultInstance()));

        assertThat(shown.fields()).containsExactly("range");
    }

    @Test
    void a_value_that_is_too_large_is_refused_with_its_size() {
        Shown shown = Shown.of(() -> served.values().putValue(PutValueRequest.newBuilder().setKey("a")
                .setValue(ByteString.copyFrom(new byte[(1 << 20) + 1])).build()));

        assertThat(shown.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(shown.reason()).isEqualTo("VALUE_TOO_LARGE");
        assertThat(shown.text()).contains("1048577").contains("1048576");
    }

    @Test
    void the_largest_value_passes() {
        served.values().putValue(PutValueRequest.newBuilder().setKey("a")
                .setValue(ByteString.copyFrom(new byte[1 << 20])).build());

        assertThat(get("a").getValue().getValue().size()).isEqualTo(1 << 20);
    }

    @Test
    void values_are_listed_page_by_page_at_one_revision() {
        for (String key : new String[] {"a", "b", "c"}) {
            put(key, key);
        }
        var request = ListValuesRequest.newBuilder().setRange(prefix("")).setPageSize(2);

        ListValuesResponse first = served.values().listValues(request.build());
        put("c", "changed");
        ListValuesResponse second = served.values().listValues(
                request.setPageToken(first.getNextPageToken()).build());

        assertThat(first.getValuesList()).extracting(KeyValue::getKey).containsExactly("a", "b");
        assertThat(first.getCount()).isEqualTo(3);
        assertThat(second.getValuesList()).singleElement()
                .satisfies(v -> assertThat(v.getValue().toStringUtf8()).isEqualTo("c"));
        assertThat(second.getRevision()).isEqualTo(first.getRevision());
        assertThat(second.getNextPageToken()).isEmpty();
    }

    @Test
    void values_are_listed_between_bounds_without_their_bytes() {
        for (String key : new String[] {"a", "b", "c"}) {
            put(key, key);
        }

        ListValuesResponse page = served.values().listValues(ListValuesRequest.newBuilder()
                .setRange(KeyRange.newBuilder().setBounds(
                        KeyRange.Bounds.newBuilder().setFrom("b").setEnd("c\0")))
                .setKeysOnly(true).build());

        assertThat(page.getValuesList()).extracting(KeyValue::getKey).containsExactly("b", "c");
        assertThat(page.getValues(0).getValue().isEmpty()).isTrue();
    }

    @Test
    void a_commit_takes_one_branch_and_tells_what_each_operation_did() {
        long revision = put("colour", "red");
        var request = CommitRequest.newBuilder()
                .addCompares(Compare.newBuilder().setKey("colour").setRelation(Relation.RELATION_EQUAL)
                        .setModRevision(revision))
                .addSuccess(Operation.newBuilder().setPut(Operation.Put.newBuilder().setKey("colour")
                        .setValue(ByteString.copyFromUtf8("blue"))))
                .addSuccess(Operation.newBuilder().setRead(Operation.Read.newBuilder().setRange(prefix(""))))
                .addFailure(Operation.newBuilder().setDelete(
                        Operation.Delete.newBuilder().setRange(prefix("col"))))
                .build();

        CommitResponse done = served.values().commit(request);
        CommitResponse undone = served.values().commit(request);

        assertThat(done.getSucceeded()).isTrue();
        assertThat(done.getResults(0).hasStored()).isTrue();
        assertThat(done.getResults(1).getFound().getValues(0).getValue().toStringUtf8()).isEqualTo("blue");
        assertThat(undone.getSucceeded()).isFalse();
        assertThat(undone.getResults(0).getDeleted().getCount()).isEqualTo(1);
    }

    @Test
    void a_commit_that_puts_a_key_twice_is_refused() {
        var put = Operation.newBuilder().setPut(Operation.Put.newBuilder().setKey("a"));

        Shown shown = Shown.of(() -> served.values().commit(
                CommitRequest.newBuilder().addSuccess(put).addSuccess(put).build()));

        assertThat(shown.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(shown.reason()).isEqualTo("DUPLICATE_KEY");
    }

    @Test
    void the_wrong_parts_of_a_commit_are_named() {
        Shown shown = Shown.of(() -> served.values().commit(CommitRequest.newBuilder()
                .addCompares(Compare.newBuilder().setKey("a"))
                .addCompares(Compare.newBuilder().setKey("a b").setVersion(-1))
                .addSuccess(Operation.getDefaultInstance())
                .addSuccess(Operation.newBuilder().setDelete(Operation.Delete.getDefaultInstance()))
                .build()));

        assertThat(shown.fields()).containsExactly("compares[0]", "compares[1].key", "compares[1].version",
                "success[0]", "success[1].delete.range");
    }

    @Test
    void more_operations_than_allowed_are_refused_at_once() {
        var request = CommitRequest.newBuilder();
        for (int i = 0; i < 129; i++) {
            request.addSuccess(Operation.getDefaultInstance());
        }

        Shown shown = Shown.of(() -> served.values().commit(request.build()));

        assertThat(shown.fields()).containsExactly("success");
        assertThat(shown.text()).contains("129").contains("128");
    }

    @Test
    void a_full_state_is_told_with_its_bound() {
        ByteString large = ByteString.copyFrom(new byte[1 << 20]);
        for (int i = 0; i < 15; i++) {
            served.values().putValue(PutValueRequest.newBuilder().setKey("k" + i).setValue(large).build());
        }

        Shown shown = Shown.of(() -> served.values().putValue(
                PutValueRequest.newBuilder().setKey("more").setValue(large).build()));

        assertThat(shown.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(shown.reason()).isEqualTo("STATE_QUOTA");
        assertThat(shown.metadata()).containsEntry("current", Integer.toString(16 << 20));
    }

    @Test
    void a_watch_begins_now_and_brings_what_changes() {
        put("before", "x");
        var watch = watch(WatchValuesRequest.newBuilder().setRange(prefix("")).build());
        assertThat(watch.next().hasCreated()).isTrue();

        long revision = put("colour", "red");
        served.values().deleteValue(DeleteValueRequest.newBuilder().setKey("colour").build());

        WatchValuesResponse change = watch.next();
        assertThat(change.getRevision()).isEqualTo(revision);
        assertThat(change.getChanges().getEvents(0).getPut().getKey()).isEqualTo("colour");
        assertThat(watch.next().getChanges().getEvents(0).getDeletion().getKey()).isEqualTo("colour");
    }

    @Test
    void a_watch_resumes_at_a_revision_and_misses_nothing() {
        long first = put("a", "1");
        long second = put("a", "2");

        var watch = watch(WatchValuesRequest.newBuilder().setRange(prefix("a")).setStartRevision(first).build());

        assertThat(watch.next().getRevision()).isEqualTo(first - 1);
        assertThat(watch.next().getChanges().getEventsList())
                .extracting(e -> e.getPut().getModRevision()).containsExactly(first, second);
    }

    @Test
    void a_watch_whose_history_is_gone_ends_with_where_it_begins() {
        long first = put("a", "1");
        long second = put("a", "2");
        served.values().compactHistory(
                CompactHistoryRequest.newBuilder().setKeepFromRevision(second).build());

        var watch = watch(WatchValuesRequest.newBuilder().setRange(prefix("a")).setStartRevision(first).build());

        watch.next();
        Shown shown = Shown.of(watch.error());
        assertThat(shown.code()).isEqualTo(Status.Code.OUT_OF_RANGE);
        assertThat(shown.reason()).isEqualTo("REVISION_COMPACTED");
        assertThat(shown.metadata()).containsEntry("current", Long.toString(second));
    }

    @Test
    void a_watch_that_nobody_confirms_ends_unavailable() {
        var watch = watch(WatchValuesRequest.newBuilder().setRange(prefix("")).build());
        watch.next();

        served.coordinator.endWatches(Failure.UNAVAILABLE, 0);

        assertThat(Shown.of(watch.error()).code()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void a_watch_that_its_client_cancels_is_closed() {
        var watch = watch(WatchValuesRequest.newBuilder().setRange(prefix("")).build());
        watch.next();
        assertThat(served.coordinator.watches()).isEqualTo(1);

        watch.cancel();

        await().until(() -> served.coordinator.watches() == 0);
    }

    @Test
    void a_slow_reader_is_cut_off_with_the_revision_to_go_on_from_and_misses_nothing() {
        long before = put("a", "0");
        var slow = new Received<WatchValuesResponse>(false);
        ValueServiceGrpc.newStub(served.channel).watchValues(WatchValuesRequest.newBuilder()
                .setRange(prefix("")).setStartRevision(before + 1).build(), slow);
        await().until(() -> served.coordinator.watches() == 1);

        ByteString value = ByteString.copyFrom(new byte[4 << 10]);
        long last = 0;
        while (served.coordinator.watches() > 0) {
            last = served.values().putValue(PutValueRequest.newBuilder().setKey("a").setValue(value).build())
                    .getRevision();
        }

        slow.read(Integer.MAX_VALUE);
        slow.next();
        long seen = before;
        Throwable error = null;
        while (error == null) {
            Object next = slow.any();
            if (next instanceof WatchValuesResponse response) {
                assertThat(response.getChanges().getEvents(0).getPut().getModRevision()).isEqualTo(seen + 1);
                seen = response.getRevision();
            } else {
                error = (Throwable) next;
            }
        }
        Shown shown = Shown.of(error);
        assertThat(shown.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(shown.reason()).isEqualTo("SLOW_CONSUMER");
        assertThat(shown.metadata()).containsEntry("current", Long.toString(seen));
        assertThat(seen).isLessThan(last);
    }
}
