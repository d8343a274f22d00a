package dev.synod.simulation.report;

import dev.synod.simulation.port.Counters;
import dev.synod.simulation.port.Counters.Group;
import dev.synod.simulation.port.FaultFamily;
import dev.synod.simulation.port.FaultKind;
import dev.synod.simulation.port.RunResult;
import java.util.ArrayList;
import java.util.List;

/**
 * What a batch of runs did, and how fast. Not safe for threads: each keeps its own, and they are added up.
 */
public final class Figures {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Counters counters = new Counters();
    private long passed;
    private long failed;
    private long unrecoverable;
    private long simulatedNanos;
    private long coreNanos;

    /** Nothing yet; faults that never strike are counted as such. */
    public Figures() {
        for (FaultKind kind : FaultKind.values()) {
            counters.add(Group.FAULT, kind.name(), 0);
        }
        for (FaultFamily family : FaultFamily.values()) {
            if (family != FaultFamily.NOISE) { // made of chances, counted among the consequences
                counters.add(Group.FAMILY, family.name(), 0);
            }
        }
    }

    /** One more run. */
    public void add(RunResult result) {
        counters.addAll(result.counters());
        if (result.passed()) {
            passed++;
        } else {
            failed++;
        }
        unrecoverable += result.unrecoverable() ? 1 : 0;
        simulatedNanos += result.simulatedNanos();
    }

    /** Time that cores spent on all of it. */
    public void setCoreNanos(long nanos) {
        coreNanos = nanos;
    }

    /** All counts, added up. */
    public Counters counters() {
        return counters;
    }

    /** Runs. */
    public long seeds() {
        return passed + failed;
    }

    /** Runs in which nothing broke. */
    public long passed() {
        return passed;
    }

    /** Runs in which something broke. */
    public long failed() {
        return failed;
    }

    /** Runs whose faults left no core, as the atlas allows. */
    public long unrecoverable() {
        return unrecoverable;
    }

    /** Virtual time of all runs together. */
    public double simulatedSeconds() {
        return simulatedNanos / NANOS_PER_SECOND;
    }

    private double coreSeconds() {
        return coreNanos / NANOS_PER_SECOND;
    }

    private double perSimulatedSecond(String total) {
        return simulatedNanos == 0 ? 0 : counters.get(Group.TOTAL, total) / simulatedSeconds();
    }

    private double perSimulatedMinute(String total) {
        return 60 * perSimulatedSecond(total);
    }

    /** What a large batch must show on average and does not, in words: a gentle world proves little. */
    public List<String> tooGentle() {
        List<String> words = new ArrayList<>();
        demand(words, "client operations per simulated second", perSimulatedSecond(RunResult.OPERATIONS), 20);
        demand(words, "messages per simulated second", perSimulatedSecond(RunResult.MESSAGES), 80);
        demand(words, "leader changes per simulated minute", perSimulatedMinute(RunResult.LEADER_CHANGES), 1);
        demand(words, "faults per simulated minute", perSimulatedMinute(RunResult.FAULTS), 5);
        return words;
    }

    private static void demand(List<String> words, String what, double is, double least) {
        if (is < least) {
            words.add(Numbers.decimal(is, 1) + " " + what + ", fewer than " + Numbers.decimal(least, 0));
        }
    }

    private double perCoreSecond(double amount) {
        return coreNanos == 0 ? 0 : amount / coreSeconds();
    }

    /** The figures in a few lines. */
    public String text() {
        StringBuilder text = new StringBuilder();
        line(text, "seeds", Numbers.grouped(seeds()) + ", of them unrecoverable by design " + unrecoverable);
        line(text, "simulated", Numbers.decimal(simulatedSeconds() / 3_600, 2) + " hours in "
                + Numbers.decimal(coreSeconds(), 1) + " core-seconds");
        line(text, "speed", Numbers.grouped(Math.round(perCoreSecond(simulatedSeconds())))
                + " simulated seconds and "
                + Numbers.grouped(
                        Math.round(perCoreSecond((double) counters.get(Group.TOTAL, RunResult.EVENTS))))
                + " events per core-second");
        line(text, "load",
                Numbers.decimal(perSimulatedSecond(RunResult.OPERATIONS), 1) + " client operations and "
                        + Numbers.decimal(perSimulatedSecond(RunResult.MESSAGES), 1)
                        + " messages per simulated second");
        line(text, "trouble",
                Numbers.decimal(perSimulatedMinute(RunResult.LEADER_CHANGES), 1) + " leader changes and "
                        + Numbers.decimal(perSimulatedMinute(RunResult.FAULTS), 1)
                        + " faults per simulated minute");
        line(text, "checked",
                Numbers.grouped(counters.get(Group.TOTAL, RunResult.DECIDED)) + " decided entries");
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("  ").append(name).append(" ".repeat(Math.max(1, 11 - name.length()))).append(value)
                .append('\n');
    }

    /** The figures as members of the object that is open. */
    public void write(JsonText json) {
        json.put("seeds", seeds())
                .put("passed", passed)
                .put("failed", failed)
                .put("unrecoverable", unrecoverable)
                .put("simulatedHours", simulatedSeconds() / 3_600)
                .put("coreSeconds", coreSeconds())
                .put("simulatedSecondsPerCoreSecond", perCoreSecond(simulatedSeconds()))
                .put("eventsPerCoreSecond",
                        perCoreSecond((double) counters.get(Group.TOTAL, RunResult.EVENTS)))
                .put("clientOperationsPerSimulatedSecond", perSimulatedSecond(RunResult.OPERATIONS))
                .put("messagesPerSimulatedSecond", perSimulatedSecond(RunResult.MESSAGES))
                .put("leaderChangesPerSimulatedMinute", perSimulatedMinute(RunResult.LEADER_CHANGES))
                .put("faultsPerSimulatedMinute", perSimulatedMinute(RunResult.FAULTS))
                .put("decidedEntriesChecked", counters.get(Group.TOTAL, RunResult.DECIDED));
    }
}
