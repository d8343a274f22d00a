package dev.synod.e2e.judge;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.e2e.workload.Entry;
import dev.synod.e2e.workload.Entry.Kind;
import dev.synod.e2e.workload.Line;
import dev.synod.simulation.check.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Takes a history that was accepted, makes it wrong in one way after the other, and sees the judge refuse
 * each.
 */
public final class PlantedDefects {
    private final List<Line> lines;
    private final Shown now;
    private final Map<String, Stored> inTheEnd;
    private final Map<String, Entry.Call> calls = new HashMap<>();

    /**
     * @param lines of a history
     * @param now what was there after it
     */
    public PlantedDefects(List<String> lines, Shown now) {
        this.now = now;
        this.lines = lines.stream().map(Line::decode).filter(Objects::nonNull).toList();
        inTheEnd = now.values();
        for (Line line : this.lines) {
            if (line.entry() instanceof Entry.Call call) {
                calls.put(line.run() + "." + call.operation(), call);
            }
        }
    }

    /** Plants each, one at a time. */
    public void eachIsFound() {
        acknowledgedWriteLost();
        staleRead();
        writeWithoutWriter();
        valueOfNobody("garbage");
        valueOfNobody("deadbeef.7");
        valueOfACallThatWasNoWrite();
        tokenGoesDown();
        twoBelieve();
        twoWriteUnderOneClaim();
        holeInTheHistory();
    }

    private void acknowledgedWriteLost() {
        Map<String, Stored> without = new TreeMap<>(inTheEnd);
        without.keySet().removeIf(key -> key.startsWith("own/"));
        refused("linearizable", lines, without);
    }

    private void staleRead() {
        String key = inTheEnd.keySet().stream().filter(each -> each.startsWith("store/lock"))
                .findFirst().orElseThrow();
        Stored[] first = {null};
        refused("linearizable", changed(line -> {
            if (line.entry() instanceof Entry.Return read && isRead(line, read, key)) {
                first[0] = first[0] == null && read.revision() != 0
                        ? new Stored(read.value(), read.revision())
                        : first[0];
            }
            return line;
        }), withReplaced(key, Objects.requireNonNull(first[0])));
    }

    private Map<String, Stored> withReplaced(String key, Stored other) {
        Map<String, Stored> replaced = new TreeMap<>(inTheEnd);
        replaced.put(key, other);
        return replaced;
    }

    private boolean isRead(Line line, Entry.Return answer, String key) {
        Entry.Call call = calls.get(line.run() + "." + answer.operation());
        return call != null && call.kind() == Kind.READ && call.name().equals(key);
    }

    private void writeWithoutWriter() {
        String ended = lines.stream().filter(line -> line.entry() instanceof Entry.End).findFirst()
                .orElseThrow().run();
        Map<String, Stored> more = new TreeMap<>(inTheEnd);
        more.put("own/nobody/0", new Stored(ended + ".999999", 5));
        refused("phantom", lines, more);
    }

    private void valueOfNobody(String value) {
        Map<String, Stored> more = new TreeMap<>(inTheEnd);
        more.put("own/nobody/0", new Stored(value, 5));
        refused("phantom", lines, more);
    }

    // Of the run that was cut off, before its last line.
    private void valueOfACallThatWasNoWrite() {
        List<String> ended = lines.stream().filter(line -> line.entry() instanceof Entry.End).map(Line::run)
                .toList();
        Line read = lines.stream().filter(line -> !ended.contains(line.run())
                && line.entry() instanceof Entry.Call call && call.kind() == Kind.READ)
                .findFirst().orElseThrow();
        valueOfNobody(read.run() + "." + ((Entry.Call) read.entry()).operation());
    }

    private void tokenGoesDown() {
        long[] first = {0};
        long[] granted = {0};
        refused("P1", changed(line -> {
            if (!(line.entry() instanceof Entry.Return grant) || grant.token() == 0
                    || !isGrant(line, grant)) {
                return line;
            }
            first[0] = first[0] == 0 ? grant.token() : first[0];
            return ++granted[0] == 10
                    ? with(line,
                            new Entry.Return(grant.operation(), grant.outcome(), true, 0, "", first[0] - 1,
                                    ""))
                    : line;
        }), inTheEnd);
    }

    private boolean isGrant(Line line, Entry.Return answer) {
        Entry.Call call = calls.get(line.run() + "." + answer.operation());
        return call != null && call.kind() == Kind.ACQUIRE && call.name().equals("lock/0");
    }

    private void twoBelieve() {
        refused("P2", changed(line -> line.entry() instanceof Entry.Held held && held.name().equals("leader")
                ? with(line, new Entry.Held(held.operation(), held.name(), held.token(), held.fromNanos(),
                        held.untilNanos() + 60_000_000_000L, held.over()))
                : line), inTheEnd);
    }

    private void twoWriteUnderOneClaim() {
        List<Line> wrong = new ArrayList<>();
        long found = 0;
        int seen = 0;
        for (Line line : lines) {
            Line kept = line;
            if (line.entry() instanceof Entry.Call call && call.kind() == Kind.GUARDED
                    && call.name().equals("store/lock/0")) {
                if (++seen == 5) {
                    found = call.expected();
                } else if (seen == 10) {
                    kept = with(line, new Entry.Call(call.operation(), call.kind(), call.name(), call.value(),
                            found, call.token()));
                }
            }
            wrong.add(kept);
        }
        refused("P2", wrong, inTheEnd);
    }

    private void holeInTheHistory() {
        List<Line> without = new ArrayList<>(lines);
        without.removeIf(line -> line.sequence() == 7);
        refused("not-judged", without, inTheEnd);
    }

    private static Line with(Line line, Entry other) {
        return new Line(line.run(), line.pod(), line.sequence(), line.nanos(), line.wallMillis(), other);
    }

    private List<Line> changed(UnaryOperator<Line> change) {
        return lines.stream().map(change).toList();
    }

    private void refused(String invariant, List<Line> wrong, Map<String, Stored> there) {
        History history = new History();
        wrong.forEach(line -> history.add(line.encode()));
        assertThatThrownBy(() -> Judge.judge(history, Moment.now(), now.with(there), 0))
                .isInstanceOfSatisfying(Violation.class,
                        violation -> org.assertj.core.api.Assertions.assertThat(violation.invariant())
                                .as(violation.getMessage()).isEqualTo(invariant));
    }
}
