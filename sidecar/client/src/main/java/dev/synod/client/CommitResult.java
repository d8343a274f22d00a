package dev.synod.client;

import dev.synod.coordination.v1.CommitResponse;
import dev.synod.coordination.v1.OperationResult;
import java.util.List;

/**
 * What a commit did.
 *
 * @param succeeded whether all conditions held
 * @param results one for each operation of the branch taken
 * @param revision its own if it changed anything, otherwise the one that it saw
 */
public record CommitResult(boolean succeeded, List<Result> results, long revision) {
    /**
     * What one operation did.
     *
     * @param values of a read, ascending by key; otherwise empty
     * @param count keys deleted, or keys in the range that was read, told or not
     * @param more whether a read left some out
     */
    public record Result(List<KeyValue> values, int count, boolean more) {
        static Result of(OperationResult proto) {
            return switch (proto.getResultCase()) {
                case FOUND -> new Result(
                        proto.getFound().getValuesList().stream().map(KeyValue::of).toList(),
                        proto.getFound().getCount(), proto.getFound().getMore());
                case DELETED -> new Result(List.of(), proto.getDeleted().getCount(), false);
                default -> new Result(List.of(), 0, false);
            };
        }
    }

    static CommitResult of(CommitResponse proto) {
        return new CommitResult(proto.getSucceeded(),
                proto.getResultsList().stream().map(Result::of).toList(), proto.getRevision());
    }
}
