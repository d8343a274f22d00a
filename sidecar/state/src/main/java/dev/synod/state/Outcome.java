package dev.synod.state;

import java.util.List;

/** What one {@link Operation} did, in the place of that operation. */
public sealed interface Outcome {
    /** Of {@link Operation.Put}. */
    record Stored() implements Outcome {}

    /**
     * Of {@link Operation.Delete}.
     *
     * @param count how many keys
     */
    record Deleted(int count) implements Outcome {}

    /**
     * Of {@link Operation.Range}, and of a read.
     *
     * @param values ascending by key
     * @param count how many keys lie in the range, whether told or not
     * @param more whether some were left out; {@link KeyRange#after} the last one told is where they are
     */
    record Found(List<KeyValue> values, int count, boolean more) implements Outcome {}
}
