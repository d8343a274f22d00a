package dev.synod.e2e.judge;

import dev.synod.e2e.workload.Entry;
import dev.synod.simulation.check.Linearizability;
import dev.synod.simulation.check.Operation;
import dev.synod.simulation.check.ValueModel;
import dev.synod.simulation.check.ValueModel.Input;
import dev.synod.simulation.check.ValueModel.Kind;
import dev.synod.simulation.check.ValueModel.Output;
import dev.synod.simulation.check.Verdict;
import dev.synod.simulation.check.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All operations on values, and the search for an order that explains them.
 *
 * <p>A run whose end is missing may have written what no line tells of. A value that was read and that
 * nobody is known to have written is therefore taken for a write of unknown fate of that run, and refused
 * where no line is missing: what is no value of the workload at all, the number of an operation up to the
 * last line that is there, and that of a run unheard of, unless a pod went before it was heard. A swap that
 * found another revision says nothing then: a write that nobody read may have been there.
 */
final class ValueHistory {
    private static final long SEARCH_STEPS = 20_000_000;
    /** What the workload writes: its run and the number of the operation, so that each value is once. */
    private static final Pattern WRITTEN = Pattern.compile("([^.]+)\\.([0-9]{1,18})");

    private final List<Run> runs;
    private final MachineTime time;
    private final List<Operation<Input, Output>> operations = new ArrayList<>();
    private final Set<String> written = new HashSet<>();
    private final Set<String> hidden = new HashSet<>();
    private final Set<String> unknownRuns = new HashSet<>();
    private final int unheard;
    private final boolean complete;

    /** @param unheard how many runs there may have been of which not one line was collected */
    ValueHistory(List<Run> runs, List<Asked> asked, Shown now, MachineTime time, int unheard) {
        this.unheard = unheard;
        this.runs = runs;
        this.time = time;
        complete = runs.stream().allMatch(Run::ended);
        for (Asked each : asked) {
            if (each.isWrite()) {
                written.add(each.call().value());
            }
        }
        Map<String, Integer> numbers = new HashMap<>();
        runs.forEach(run -> numbers.put(run.id(), numbers.size()));
        Map<String, Stored> last = new TreeMap<>(now.values());
        for (Asked each : asked) {
            if (each.isOnValue()) {
                last.putIfAbsent(each.call().name(), new Stored("", 0));
                add(numbers.getOrDefault(each.run(), -1), each);
            }
        }
        long called = time.at(now.called()) - time.marginNanos();
        long returned = time.at(now.returned()) + time.marginNanos();
        last.forEach((key, there) -> read(-1, key, there, called, returned));
    }

    /** Writes that were seen, and of which no line tells. */
    int hidden() {
        return hidden.size();
    }

    private void add(int client, Asked asked) {
        Entry.Return answer = asked.answer();
        boolean isRead = asked.kind() == Entry.Kind.READ;
        if (asked.isFailed() || (isRead && !asked.isOk())) {
            return; // it had no effect, or it says nothing
        }
        if (isRead && answer != null) {
            read(client, asked.call().name(), new Stored(answer.value(), answer.revision()), asked.calledAt(),
                    asked.returnedAt());
            return;
        }
        if (asked.isOk() && !asked.isAcknowledged() && !complete) {
            return;
        }
        Kind kind = asked.kind() == Entry.Kind.SWAP ? Kind.SWAP : Kind.PUT;
        Output output = asked.isOk() && answer != null
                ? new Output(answer.done(), answer.revision(), "")
                : null;
        operations.add(new Operation<>(client,
                new Input(kind, asked.call().name(), asked.call().value(), asked.call().expected()),
                asked.calledAt(), output == null ? Operation.NEVER : asked.returnedAt(), output));
    }

    private void read(int client, String key, Stored found, long calledAt, long returnedAt) {
        if (found.revision() != 0 && !written.contains(found.value()) && hidden.add(found.value())) {
            operations.add(new Operation<>(-1, new Input(Kind.PUT, key, found.value(), 0),
                    unseen(key, found.value()), Operation.NEVER, null));
        }
        operations.add(new Operation<>(client, new Input(Kind.READ, key, "", 0), calledAt, returnedAt,
                new Output(true, found.revision(), found.value())));
    }

    /** The earliest time at which its run may have written what no line tells of. */
    private long unseen(String key, String value) {
        Matcher parts = WRITTEN.matcher(value);
        if (!parts.matches()) {
            throw phantom(key, value, "no run writes such a value");
        }
        String id = parts.group(1);
        Run run = find(id);
        if (run == null) {
            if (unknownRuns.add(id) && unknownRuns.size() > unheard) {
                throw phantom(key, value, "not a line of its run was collected, nor of " + unknownRuns
                        + ", and pods that may have gone unheard are " + unheard);
            }
            return Long.MIN_VALUE;
        }
        if (run.ended() || Long.parseLong(parts.group(2)) <= run.lastOperation()) {
            throw phantom(key, value, "its run, of which lines up to operation " + run.lastOperation()
                    + (run.ended() ? " and the end" : "") + " are there, did not write it");
        }
        return time.notAfter(run.lines().getLast());
    }

    private static Violation phantom(String key, String value, String why) {
        return new Violation("phantom", "\"" + value + "\" was read at " + key + ", and " + why);
    }

    private @Nullable Run find(String id) {
        return runs.stream().filter(run -> run.id().equals(id)).findFirst().orElse(null);
    }

    void check() {
        Verdict verdict = new Linearizability<>(ValueModel.INSTANCE, SEARCH_STEPS)
                .check(operations, Input::key);
        if (!(verdict instanceof Verdict.Accepted)) {
            throw new Violation(verdict instanceof Verdict.Rejected ? "linearizable" : "not-judged",
                    verdict.toString());
        }
    }
}
