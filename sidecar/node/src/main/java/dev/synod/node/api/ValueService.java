package dev.synod.node.api;

import dev.synod.coordination.v1.CommitRequest;
import dev.synod.coordination.v1.CommitResponse;
import dev.synod.coordination.v1.CompactHistoryRequest;
import dev.synod.coordination.v1.CompactHistoryResponse;
import dev.synod.coordination.v1.DeleteRangeRequest;
import dev.synod.coordination.v1.DeleteRangeResponse;
import dev.synod.coordination.v1.DeleteValueRequest;
import dev.synod.coordination.v1.DeleteValueResponse;
import dev.synod.coordination.v1.GetValueRequest;
import dev.synod.coordination.v1.GetValueResponse;
import dev.synod.coordination.v1.ListValuesRequest;
import dev.synod.coordination.v1.ListValuesResponse;
import dev.synod.coordination.v1.PutValueRequest;
import dev.synod.coordination.v1.PutValueResponse;
import dev.synod.coordination.v1.ValueServiceGrpc;
import dev.synod.coordination.v1.WatchValuesRequest;
import dev.synod.coordination.v1.WatchValuesResponse;
import dev.synod.member.Consistency;
import dev.synod.member.WatchTarget;
import dev.synod.node.Coordinator;
import dev.synod.paxos.Bytes;
import dev.synod.state.Command;
import dev.synod.state.Compare;
import dev.synod.state.Event;
import dev.synod.state.Fence;
import dev.synod.state.KeyRange;
import dev.synod.state.KeyValue;
import dev.synod.state.Operation;
import dev.synod.state.Outcome;
import dev.synod.state.Reply;
import dev.synod.state.Request;
import dev.synod.state.StateMachine;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Values. */
final class ValueService extends ValueServiceGrpc.ValueServiceImplBase {
    private final Coordinator coordinator;
    private final Calls calls;
    private final Feed.Bounds bounds;

    ValueService(Coordinator coordinator, Calls calls, Feed.Bounds bounds) {
        this.coordinator = coordinator;
        this.calls = calls;
        this.bounds = bounds;
    }

    @Override
    public void getValue(GetValueRequest request, StreamObserver<GetValueResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            String key = fields.name(namespace, "key", request.getKey());
            long revision = fields.natural("at_revision", request.getAtRevision());
            Consistency consistency = fields.consistency(request.getRead());
            fields.check();
            var wanted = new Operation.Range(KeyRange.of(key), 1, false);
            return calls.read(consistency, state -> {
                Reply.Ranged ranged = ranged(state, wanted, revision, "at_revision");
                var response = GetValueResponse.newBuilder().setRevision(ranged.revision());
                for (KeyValue value : ranged.found().values()) {
                    response.setFound(true).setValue(Views.value(namespace, value));
                }
                return response.build();
            });
        });
    }

    private static Reply.Ranged ranged(StateMachine state, Operation.Range wanted, long revision,
            String field) {
        return switch (state.range(wanted, revision)) {
            case Reply.Refused refused -> throw Errors.refused(refused, field);
            case Reply.Ranged ranged -> ranged;
            case Reply reply -> throw Calls.unexpected(reply);
        };
    }

    @Override
    public void listValues(ListValuesRequest request, StreamObserver<ListValuesResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            KeyRange range = fields.range(namespace, "range", request.getRange());
            int size = fields.pageSizeOrAll(request.getPageSize());
            long asked = fields.natural("at_revision", request.getAtRevision());
            String listed = "values " + range + asked;
            Page page = fields.page(request.getPageToken(), listed);
            KeyRange rest = fields.rest(range, page);
            Consistency consistency = fields.consistency(request.getRead());
            fields.check();
            var wanted = new Operation.Range(rest, size, request.getKeysOnly());
            long revision = page == null ? asked : page.revision();
            return calls.read(consistency, state -> values(
                    namespace, ranged(state, wanted, revision, "at_revision"), listed));
        });
    }

    private static ListValuesResponse values(Namespace namespace, Reply.Ranged ranged, String listed) {
        var response = ListValuesResponse.newBuilder()
                .setRevision(ranged.revision())
                .setCount(ranged.found().count());
        List<KeyValue> values = ranged.found().values();
        for (KeyValue value : values) {
            response.addValues(Views.value(namespace, value));
        }
        if (ranged.found().more()) {
            response.setNextPageToken(
                    new Page(ranged.revision(), values.getLast().key()).token(listed));
        }
        return response.build();
    }

    @Override
    public void putValue(PutValueRequest request, StreamObserver<PutValueResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            String key = fields.name(namespace, "key", request.getKey());
            Bytes value = fields.value("value", request.getValue());
            long bound = fields.natural("bound_session_id", request.getBoundSessionId());
            var operation = new Operation.Put(key, value, bound);
            long at = fields.natural("if_mod_revision", request.getIfModRevision());
            List<Fence> fences = fields.fences(namespace, request.getFencesList());
            Request of = fields.requestOrNone(request.getSessionId(), request.getRequest());
            Command.Commit command = request.hasIfModRevision()
                    ? onlyAt(of, key, at, operation, fences)
                    : new Command.Commit(of, List.of(), List.of(operation), List.of(), fences);
            return calls.submit(fields.checked(command), replied -> {
                Reply.Committed committed = Calls.as(Reply.Committed.class, replied);
                checkAt(committed, request.getKey(), at);
                return PutValueResponse.newBuilder().setRevision(committed.revision()).build();
            });
        });
    }

    @Override
    public void deleteValue(DeleteValueRequest request, StreamObserver<DeleteValueResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            String key = fields.name(namespace, "key", request.getKey());
            var operation = new Operation.Delete(KeyRange.of(key));
            long at = fields.natural("if_mod_revision", request.getIfModRevision());
            List<Fence> fences = fields.fences(namespace, request.getFencesList());
            Request of = fields.requestOrNone(request.getSessionId(), request.getRequest());
            Command.Commit command = request.hasIfModRevision()
                    ? onlyAt(of, key, at, operation, fences)
                    : new Command.Commit(of, List.of(), List.of(operation), List.of(), fences);
            return calls.submit(fields.checked(command), replied -> {
                Reply.Committed committed = Calls.as(Reply.Committed.class, replied);
                checkAt(committed, request.getKey(), at);
                return DeleteValueResponse.newBuilder()
                        .setDeleted(deleted(committed) > 0)
                        .setRevision(committed.revision())
                        .build();
            });
        });
    }

    /** One operation, if the key is at a revision; otherwise it is read, to tell at which it is. */
    private static Command.Commit onlyAt(Request of, String key, long revision, Operation operation,
            List<Fence> fences) {
        var compare = new Compare.OfNumber(
                key, Compare.Target.MOD_REVISION, Compare.Relation.EQUAL, revision);
        var look = new Operation.Range(KeyRange.of(key), 1, true);
        return new Command.Commit(of, List.of(compare), List.of(operation), List.of(look), fences);
    }

    private static void checkAt(Reply.Committed committed, String key, long wanted) {
        if (!committed.succeeded() && committed.outcomes().getFirst() instanceof Outcome.Found found) {
            long current = found.values().isEmpty() ? 0 : found.values().getFirst().modRevision();
            throw Errors.revisionMismatch(key, wanted, current);
        }
    }

    private static int deleted(Reply.Committed committed) {
        return committed.outcomes().getFirst() instanceof Outcome.Deleted deleted ? deleted.count() : 0;
    }

    @Override
    public void deleteRange(DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            KeyRange range = fields.rangeSet(namespace, "range", request.getRange());
            List<Fence> fences = fields.fences(namespace, request.getFencesList());
            Request of = fields.requestOrNone(request.getSessionId(), request.getRequest());
            var command = new Command.Commit(
                    of, List.of(), List.of(new Operation.Delete(range)), List.of(), fences);
            return calls.submit(fields.checked(command), replied -> {
                Reply.Committed committed = Calls.as(Reply.Committed.class, replied);
                return DeleteRangeResponse.newBuilder()
                        .setDeleted(deleted(committed))
                        .setRevision(committed.revision())
                        .build();
            });
        });
    }

    @Override
    public void commit(CommitRequest request, StreamObserver<CommitResponse> out) {
        calls.answer(out, () -> commit(request));
    }

    private CompletableFuture<CommitResponse> commit(CommitRequest request) {
        var fields = new Fields();
        Namespace namespace = fields.namespace(request.getNamespace());
        var transactions = new Transactions(fields, namespace);
        List<Compare> compares = transactions.compares(request.getComparesList());
        List<Operation> success = transactions.operations("success", request.getSuccessList());
        List<Operation> failure = transactions.operations("failure", request.getFailureList());
        List<Fence> fences = fields.fences(namespace, request.getFencesList());
        Request of = fields.requestOrNone(request.getSessionId(), request.getRequest());
        var command = new Command.Commit(of, compares, success, failure, fences);
        return calls.submit(fields.checked(command), replied -> {
            Reply.Committed committed = Calls.as(Reply.Committed.class, replied);
            var response = CommitResponse.newBuilder()
                    .setSucceeded(committed.succeeded())
                    .setRevision(committed.revision());
            for (Outcome outcome : committed.outcomes()) {
                response.addResults(Transactions.result(namespace, outcome));
            }
            return response.build();
        });
    }

    @Override
    public void compactHistory(CompactHistoryRequest request,
            StreamObserver<CompactHistoryResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            long revision = request.getKeepFromRevision();
            if (revision <= 0) {
                fields.invalid("keep_from_revision", "is " + revision + "; 1 and more are allowed");
            }
            return calls.submit(fields.checked(new Command.Compact(revision)),
                    replied -> CompactHistoryResponse.newBuilder().setRevision(replied.revision()).build());
        });
    }

    @Override
    public void watchValues(WatchValuesRequest request, StreamObserver<WatchValuesResponse> out) {
        Watch.open((ServerCallStreamObserver<WatchValuesResponse>) out, bounds, coordinator, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            KeyRange range = fields.range(namespace, "range", request.getRange());
            long from = fields.natural("start_revision", request.getStartRevision());
            fields.check();
            return new Watch.Plan<>(new WatchTarget.Values(range, from), new ValueWords(namespace));
        });
    }

    /** What a watch of values says. */
    private record ValueWords(Namespace namespace) implements Watch.Words<WatchValuesResponse> {
        @Override
        public WatchValuesResponse started(StateMachine state, long revision) {
            return WatchValuesResponse.newBuilder()
                    .setCreated(WatchValuesResponse.Created.getDefaultInstance())
                    .setRevision(revision)
                    .build();
        }

        @Override
        public WatchValuesResponse changes(StateMachine state, long revision, Iterable<Event> events) {
            var changes = WatchValuesResponse.Changes.newBuilder();
            for (Event event : events) {
                if (event instanceof Event.OfValue of) {
                    changes.addEvents(Views.valueEvent(namespace, of));
                }
            }
            return WatchValuesResponse.newBuilder().setChanges(changes).setRevision(revision).build();
        }

        @Override
        public WatchValuesResponse bookmark(long revision) {
            return WatchValuesResponse.newBuilder()
                    .setBookmark(WatchValuesResponse.Bookmark.getDefaultInstance())
                    .setRevision(revision)
                    .build();
        }
    }
}
