package dev.synod.e2e.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.e2e.workload.Entry;
import dev.synod.e2e.workload.Entry.Kind;
import dev.synod.e2e.workload.Entry.Outcome;
import dev.synod.e2e.workload.Line;
import dev.synod.simulation.check.Violation;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A run that wrote 1, read as 2, and was cut off; what is there in the end is a value of somebody. */
final class PhantomTest {
    private final History history = new History();
    private long sequence;

    @BeforeEach
    void cutRun() {
        add(new Entry.Begin("boot"));
        add(new Entry.Call(1, Kind.PUT, "own/a", "run.1", 0, 0));
        add(new Entry.Return(1, Outcome.OK, true, 3, "", 0, ""));
        add(new Entry.Call(2, Kind.READ, "own/a", "", 0, 0));
        add(new Entry.Return(2, Outcome.OK, true, 3, "run.1", 0, ""));
    }

    private void add(Entry entry) {
        history.add(new Line("run", "pod", sequence, 1_000 + sequence, 1, entry).encode());
        sequence++;
    }

    private Findings judged(String value, int unheard) {
        Moment end = new Moment(2_000, 2);
        Map<String, Stored> there = Map.of("own/a", new Stored("run.1", 3), "own/b", new Stored(value, 5));
        return Judge.judge(history, new Moment(0, 0), new Shown("boot", end, new Moment(2_001, 2), there),
                unheard);
    }

    private void isPhantom(String value) {
        assertThatThrownBy(() -> judged(value, 0)).isInstanceOfSatisfying(Violation.class,
                violation -> assertThat(violation.invariant()).isEqualTo("phantom"));
    }

    @Test
    void whatTheRunMayHaveWrittenAfterItsLastLineIsTakenForIt() {
        assertThat(judged("run.3", 0).hidden()).isEqualTo(1);
    }

    @Test
    void whatTheRunsLinesWouldTellOfIsAPhantom() {
        isPhantom("run.2");
    }

    @Test
    void aValueOfNoRunIsAPhantom() {
        isPhantom("garbage");
        isPhantom("run.x");
    }

    @Test
    void aRunUnheardOfIsAPhantomUnlessAPodWentUnheard() {
        isPhantom("other.1");
        assertThat(judged("other.1", 1).hidden()).isEqualTo(1);
    }
}
