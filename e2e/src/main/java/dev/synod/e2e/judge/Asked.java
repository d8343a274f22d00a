package dev.synod.e2e.judge;

import dev.synod.e2e.workload.Entry;
import dev.synod.e2e.workload.Entry.Kind;
import dev.synod.e2e.workload.Entry.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * An operation as its run saw it.
 *
 * @param answer null when none was seen
 */
record Asked(String run, Entry.Call call, Entry.@Nullable Return answer, long calledAt, long returnedAt) {
    Kind kind() {
        return call.kind();
    }

    /** Whether it is an operation on a value. */
    boolean isOnValue() {
        return kind() != Kind.ACQUIRE && kind() != Kind.STAND;
    }

    boolean isWrite() {
        return isOnValue() && kind() != Kind.READ;
    }

    boolean isOk() {
        return answer != null && answer.outcome() == Outcome.OK;
    }

    /** Whether it was told that it had its effect. */
    boolean isAcknowledged() {
        return answer != null && answer.outcome() == Outcome.OK && answer.done();
    }

    /** Whether it was told that it had no effect at all. */
    boolean isFailed() {
        return answer != null && answer.outcome() == Outcome.FAILED;
    }

    String claimant() {
        return run + "." + call.operation();
    }
}
