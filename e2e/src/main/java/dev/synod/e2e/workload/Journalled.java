package dev.synod.e2e.workload;

import dev.synod.client.CommitResult;
import dev.synod.client.Coordination;
import dev.synod.client.CoordinationException;
import dev.synod.client.KeyValue;
import dev.synod.client.Value;
import dev.synod.e2e.workload.Entry.Kind;
import dev.synod.e2e.workload.Entry.Outcome;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Operations on values, each with a line before and a line after. What fails is thrown on. */
final class Journalled {
    private final Journal journal;

    Journalled(Journal journal) {
        this.journal = journal;
    }

    void put(Coordination coordination, String key) {
        changing(Kind.PUT, key, 0, 0, value -> OptionalLong.of(coordination.values().put(key, value)));
    }

    void swap(Coordination coordination, String key, long expected) {
        changing(Kind.SWAP, key, expected, 0,
                value -> coordination.values().putIf(key, value, expected));
    }

    /**
     * What the holder of a claim does to the store that it guards: reads, and writes what follows from it.
     */
    void guarded(Coordination coordination, String key, long token,
            Function<Value, CommitResult> whileHeld) {
        long found = read(coordination, key).map(KeyValue::modRevision).orElse(0L);
        changing(Kind.GUARDED, key, found, token,
                value -> OptionalLong.of(whileHeld.apply(value).revision()));
    }

    Optional<KeyValue> read(Coordination coordination, String key) {
        long operation = journal.call(number -> new Entry.Call(number, Kind.READ, key, "", 0, 0));
        try {
            Optional<KeyValue> found = coordination.values().get(key);
            journal.write(new Entry.Return(operation, Outcome.OK, true,
                    found.map(KeyValue::modRevision).orElse(0L),
                    found.map(value -> value.value().text()).orElse(""), 0, ""));
            return found;
        } catch (CoordinationException failed) {
            journal.write(failed(operation, failed));
            throw failed;
        }
    }

    private void changing(Kind kind, String key, long expected, long token,
            Function<Value, OptionalLong> change) {
        long operation = journal.call(
                number -> new Entry.Call(number, kind, key, journal.valueOf(number), expected, token));
        String value = journal.valueOf(operation);
        try {
            OptionalLong revision = change.apply(Value.of(value));
            journal.write(new Entry.Return(
                    operation, Outcome.OK, revision.isPresent(), revision.orElse(0), "", token, ""));
        } catch (CoordinationException failed) {
            journal.write(failed(operation, failed));
            throw failed;
        }
    }

    static Entry.Return failed(long operation, CoordinationException failed) {
        return new Entry.Return(operation, failed.maybeApplied() ? Outcome.UNKNOWN : Outcome.FAILED, false, 0,
                "", 0, failed.reason() + ": " + failed.getMessage());
    }
}
