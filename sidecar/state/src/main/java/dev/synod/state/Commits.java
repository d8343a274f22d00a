package dev.synod.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Carries out commits: all at one revision, or nothing. */
final class Commits {
    private final Ledger ledger;
    private final Sessions sessions;
    private final Fences fences;
    private final Values values;

    Commits(Ledger ledger, Sessions sessions, Fences fences, Values values) {
        this.ledger = ledger;
        this.sessions = sessions;
        this.fences = fences;
        this.values = values;
    }

    Reply commit(Command.Commit commit) {
        for (Fence fence : commit.fences()) {
            Reply.Refused refused = fences.refusalOf(fence);
            if (refused != null) {
                return refused;
            }
        }
        boolean succeeded = holdAll(commit.compares());
        List<Operation> operations = succeeded ? commit.success() : commit.failure();
        Reply.Refused unbindable = bindingRefused(operations);
        if (unbindable != null) {
            return unbindable;
        }
        long revision = ledger.nextRevision();
        List<Outcome> outcomes = carryOut(operations, revision);
        if (values.changedAt(revision)) {
            ledger.advance();
            values.report(revision);
        }
        return new Reply.Committed(ledger.revision(), succeeded, outcomes);
    }

    private boolean holdAll(List<Compare> compares) {
        for (Compare compare : compares) {
            if (!holds(compare, values.get(compare.key(), ledger.revision()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(Compare compare, @Nullable KeyValue there) {
        return switch (compare) {
            case Compare.OfNumber c ->
                    c.relation().holds(Long.compare(number(c.target(), there), c.number()));
            case Compare.OfValue c -> there != null
                    && c.relation()
                            .holds(Arrays.compareUnsigned(there.value().array(), c.value().array()));
            case Compare.Exists c -> c.exists() == (there != null);
        };
    }

    private static long number(Compare.Target target, @Nullable KeyValue there) {
        if (there == null) {
            return 0;
        }
        return switch (target) {
            case CREATE_REVISION -> there.createRevision();
            case MOD_REVISION -> there.modRevision();
            case VERSION -> there.version();
        };
    }

    private Reply.@Nullable Refused bindingRefused(List<Operation> operations) {
        for (Operation operation : operations) {
            if (operation instanceof Operation.Put put && put.session() != 0) {
                Reply.Refused refused = sessions.refusalOf(put.session());
                if (refused != null) {
                    return refused;
                }
            }
        }
        return null;
    }

    private List<Outcome> carryOut(List<Operation> operations, long revision) {
        List<Outcome> outcomes = new ArrayList<>(operations.size());
        long bytesLeft = Limits.RANGE_BYTES_MAX;
        for (Operation operation : operations) {
            Outcome outcome = switch (operation) {
                case Operation.Put o -> {
                    values.put(o.key(), o.value(), o.session(), revision);
                    yield new Outcome.Stored();
                }
                case Operation.Delete o -> new Outcome.Deleted(values.delete(o.range(), revision));
                case Operation.Range o -> values.range(o, revision, bytesLeft);
            };
            if (outcome instanceof Outcome.Found found) {
                bytesLeft -= Values.bytesOf(found);
            }
            outcomes.add(outcome);
        }
        return List.copyOf(outcomes);
    }
}
