package dev.synod.node.api;

import dev.synod.coordination.v1.OperationResult;
import dev.synod.paxos.Bytes;
import dev.synod.state.Compare;
import dev.synod.state.KeyRange;
import dev.synod.state.KeyValue;
import dev.synod.state.Operation;
import dev.synod.state.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Compares, operations and what they did, from the API's form to the state's and back. */
final class Transactions {
    private final Fields fields;
    private final Namespace namespace;

    Transactions(Fields fields, Namespace namespace) {
        this.fields = fields;
        this.namespace = namespace;
    }

    List<Compare> compares(List<dev.synod.coordination.v1.Compare> compares) {
        fields.atMost("compares", compares.size());
        List<Compare> all = new ArrayList<>();
        for (int i = 0; i < compares.size(); i++) {
            all.add(compare("compares[" + i + "]", compares.get(i)));
        }
        return all;
    }

    private Compare compare(String field, dev.synod.coordination.v1.Compare compare) {
        String key = fields.name(namespace, field + ".key", compare.getKey());
        Compare.Relation relation = relation(field + ".relation", compare);
        return switch (compare.getGivenCase()) {
            case CREATE_REVISION -> number(field + ".create_revision", key,
                    Compare.Target.CREATE_REVISION, relation, compare.getCreateRevision());
            case MOD_REVISION -> number(field + ".mod_revision", key,
                    Compare.Target.MOD_REVISION, relation, compare.getModRevision());
            case VERSION -> number(field + ".version", key,
                    Compare.Target.VERSION, relation, compare.getVersion());
            case VALUE -> new Compare.OfValue(key, relation, fields.value(field + ".value", compare.getValue()));
            case EXISTS -> new Compare.Exists(key, compare.getExists());
            case GIVEN_NOT_SET -> {
                fields.invalid(field, "compares with nothing; set one of create_revision, mod_revision,"
                        + " version, value and exists");
                yield new Compare.Exists(key, true);
            }
        };
    }

    private Compare number(String field, String key, Compare.Target target, Compare.Relation relation,
            long number) {
        return new Compare.OfNumber(key, target, relation, fields.natural(field, number));
    }

    private Compare.Relation relation(String field, dev.synod.coordination.v1.Compare compare) {
        return switch (compare.getRelation()) {
            case RELATION_UNSPECIFIED, RELATION_EQUAL -> Compare.Relation.EQUAL;
            case RELATION_NOT_EQUAL -> Compare.Relation.NOT_EQUAL;
            case RELATION_LESS -> Compare.Relation.LESS;
            case RELATION_GREATER -> Compare.Relation.GREATER;
            case UNRECOGNIZED -> {
                fields.invalid(field, "is " + compare.getRelationValue() + "; 0 to 4 are allowed");
                yield Compare.Relation.EQUAL;
            }
        };
    }

    List<Operation> operations(String field, List<dev.synod.coordination.v1.Operation> operations) {
        fields.atMost(field, operations.size());
        List<Operation> all = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            all.add(operation(field + "[" + i + "]", operations.get(i)));
        }
        return all;
    }

    private Operation operation(String field, dev.synod.coordination.v1.Operation operation) {
        return switch (operation.getOperationCase()) {
            case PUT -> put(field + ".put", operation.getPut());
            case DELETE -> new Operation.Delete(fields.rangeSet(
                    namespace, field + ".delete.range", operation.getDelete().getRange()));
            case READ -> read(field + ".read", operation.getRead());
            case OPERATION_NOT_SET -> {
                fields.invalid(field, "does nothing; set one of put, delete and read");
                yield new Operation.Range(KeyRange.ALL, 1, true);
            }
        };
    }

    private Operation put(String field, dev.synod.coordination.v1.Operation.Put put) {
        String key = fields.name(namespace, field + ".key", put.getKey());
        Bytes value = fields.value(field + ".value", put.getValue());
        return new Operation.Put(key, value,
                fields.natural(field + ".bound_session_id", put.getBoundSessionId()));
    }

    private Operation read(String field, dev.synod.coordination.v1.Operation.Read read) {
        KeyRange range = fields.range(namespace, field + ".range", read.getRange());
        int limit = (int) fields.natural(field + ".limit", read.getLimit());
        return new Operation.Range(range, limit, read.getKeysOnly());
    }

    static OperationResult result(Namespace namespace, Outcome outcome) {
        var result = OperationResult.newBuilder();
        switch (outcome) {
            case Outcome.Stored o -> result.setStored(OperationResult.Stored.getDefaultInstance());
            case Outcome.Deleted o -> result.setDeleted(
                    OperationResult.Deleted.newBuilder().setCount(o.count()));
            case Outcome.Found o -> {
                var found = OperationResult.Found.newBuilder().setCount(o.count()).setMore(o.more());
                for (KeyValue value : o.values()) {
                    found.addValues(Views.value(namespace, value));
                }
                result.setFound(found);
            }
        }
        return result.build();
    }
}
