package dev.synod.simulation.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.simulation.port.Counters;
import dev.synod.simulation.port.Counters.Group;
import dev.synod.simulation.port.History;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.RunResult;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static RunResult result(boolean passes, Knobs knobs) {
        Counters counters = new Counters();
        counters.add(Group.TOTAL, RunResult.EVENTS, 30_000);
        counters.add(Group.TOTAL, RunResult.MESSAGES, 6_000);
        counters.add(Group.TOTAL, RunResult.OPERATIONS, 1_500);
        counters.add(Group.TOTAL, RunResult.LEADER_CHANGES, 2);
        counters.add(Group.TOTAL, RunResult.FAULTS, 10);
        counters.add(Group.TOTAL, RunResult.DECIDED, 900);
        counters.add(Group.MESSAGE, "Prepare", 1_234);
        counters.add(Group.MESSAGE, "Transfer", 0);
        counters.add(Group.CLIENT, "failed", 0);
        return new RunResult(
                0x1f3a,
                knobs,
                List.of(),
                passes ? null : new RunResult.Failure("I9", "a log is missing", 4_711, 12_345_678_901L),
                false,
                30_000,
                60_000_000_000L,
                1,
                counters,
                new History());
    }

    @Test
    void figuresArePerSimulatedAndPerCoreSecond() {
        Figures figures = new Figures();
        figures.add(result(true, Knobs.draw(0x1f3a)));
        figures.add(result(false, Knobs.draw(0x1f3a)));
        figures.setCoreNanos(60_000_000);
        assertThat(figures.text().lines().map(String::strip))
                .contains(
                        "seeds      2, of them unrecoverable by design 0",
                        "simulated  0.03 hours in 0.1 core-seconds",
                        "speed      2,000 simulated seconds and 1,000,000 events per core-second",
                        "load       25.0 client operations and 100.0 messages per simulated second",
                        "trouble    2.0 leader changes and 10.0 faults per simulated minute",
                        "checked    1,800 decided entries");
        assertThat(figures.passed()).isEqualTo(1);
        assertThat(figures.failed()).isEqualTo(1);
    }

    @Test
    void whatWasNeverHitIsNamedAndMarked() {
        HitTable hits = new HitTable(result(true, Knobs.draw(1)).counters(), true);
        assertThat(hits.missed()).containsExactly("message Transfer");
        assertThat(hits.text()).contains("\u001b[31mTransfer").contains("ZERO").contains("1,234");
        assertThat(new HitTable(result(true, Knobs.draw(1)).counters(), false).text())
                .doesNotContain("\u001b");
    }

    @Test
    void aFailureSaysHowToSeeItAgain() {
        Knobs knobs = Knobs.draw(0x1f3a).with(Knob.CLIENTS, 77);
        String text = FailureText.of(result(false, knobs), "abc123", " --plant M01");
        assertThat(text)
                .contains("FAILED seed 0x1f3a")
                .contains("I9")
                .contains("abc123")
                .contains("12.345678 s, event 4711")
                .contains("sidecar/simulation/run --seed 0x1f3a --knobs 'clients=77' --plant M01");
    }

    @Test
    void jsonIsNestedAndEscaped() {
        String json = new JsonText()
                .object()
                .put("text", "a \"b\" \\ <\n\u0001")
                .put("number", 3)
                .put("fraction", 0.12345)
                .list("list")
                .add("x")
                .object()
                .put("yes", true)
                .end()
                .end()
                .object("empty")
                .end()
                .end()
                .toString();
        assertThat(json).isEqualTo("""
                {
                  "text": "a \\"b\\" \\\\ \\u003c\\n\\u0001",
                  "number": 3,
                  "fraction": 0.123,
                  "list": [
                    "x",
                    {
                      "yes": true
                    }
                  ],
                  "empty": {}
                }
                """);
    }

    @Test
    void numbersDoNotDependOnTheLocale() {
        assertThat(Numbers.decimal(1234.5678, 2)).isEqualTo("1234.57");
        assertThat(Numbers.decimal(-0.001, 2)).isEqualTo("0.00");
        assertThat(Numbers.decimal(0.05, 1)).isEqualTo("0.1");
        assertThat(Numbers.decimal(7, 0)).isEqualTo("7");
        assertThat(Numbers.grouped(1_234_567)).isEqualTo("1,234,567");
        assertThat(Numbers.grouped(-999)).isEqualTo("-999");
    }

    @Test
    void progressTellsRateAndTimeLeft() {
        Figures figures = new Figures();
        for (int i = 0; i < 20; i++) {
            figures.add(result(true, Knobs.draw(1)));
        }
        assertThat(new Progress(100, 0).line(figures, 10_000_000_000L))
                .isEqualTo("20 of 100 seeds, 2.0/s, 0.33 simulated hours, 0 failed, 40 s left");
        assertThat(new Progress(0, 60).line(figures, 10_000_000_000L)).endsWith("50 s left");
    }
}
