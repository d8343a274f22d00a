package dev.synod.cli.dev;

import dev.synod.cli.output.Tree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the quickstart measured. For one thread. */
final class Figures {
    /** One fail-over. */
    record FailOver(String killed, Duration gap, Duration caughtUp, int acknowledgedAfter) {}

    /** One member's process. */
    record Footprint(String name, long pid, Duration start, long residentKib) {}

    Duration startup = Duration.ZERO;
    final List<Footprint> started = new ArrayList<>();
    final List<Footprint> loaded = new ArrayList<>();
    Duration handOver = Duration.ZERO;
    int lockCycles;
    int lockCyclesUnderLoad;
    Duration lockTime = Duration.ZERO;
    int watched;
    Duration watchLatency = Duration.ZERO;
    int acknowledged;
    int unknown;
    int lost;
    int orderViolations;
    int digestsCompared;
    boolean digestsEqual;
    final List<FailOver> failOvers = new ArrayList<>();

    Duration medianGap() {
        List<Duration> gaps = failOvers.stream().map(FailOver::gap).sorted().toList();
        return gaps.isEmpty() ? Duration.ZERO : gaps.get(gaps.size() / 2);
    }

    int acknowledgedAfterKills() {
        return failOvers.stream().mapToInt(FailOver::acknowledgedAfter).min().orElse(0);
    }

    long cyclesEachSecond() {
        return lockTime.isZero() ? 0 : lockCycles * 1_000_000_000L / lockTime.toNanos();
    }

    /** What is not as it must be, in plain words; empty when all is. */
    List<String> faults(int writesMin, int writesAfterMin, int failOversWanted, boolean statesCompared) {
        List<String> faults = new ArrayList<>();
        if (lost > 0) {
            faults.add(lost + " acknowledged writes were LOST");
        }
        if (orderViolations > 0) {
            faults.add(orderViolations + " times the order of tokens or revisions was VIOLATED");
        }
        if (statesCompared && (!digestsEqual || digestsCompared < 2)) {
            faults.add("the members' states DIFFER, or could not be compared (" + digestsCompared + " were)");
        }
        if (acknowledged < writesMin) {
            faults.add("only " + acknowledged + " writes were acknowledged; at least " + writesMin
                    + " are wanted");
        }
        if (failOvers.size() < failOversWanted || acknowledgedAfterKills() < writesAfterMin) {
            faults.add(
                    "after a kill only " + acknowledgedAfterKills() + " writes were acknowledged; at least "
                            + writesAfterMin + " are wanted");
        }
        if (lockCycles == 0 || watched == 0) {
            faults.add("nothing happened: " + lockCycles + " lock cycles, " + watched + " changes watched");
        }
        return faults;
    }

    Tree tree(List<String> faults) {
        return new Tree()
                .with("passed", faults.isEmpty())
                .with("faults", faults)
                .with("startupMillis", startup.toMillis())
                .with("members", processes(started))
                .with("membersUnderLoad", processes(loaded))
                .with("handOverMillis", handOver.toNanos() / 1e6)
                .with("lockCycles", lockCycles)
                .with("lockCyclesPerSecond", cyclesEachSecond())
                .with("lockCyclesUnderLoad", lockCyclesUnderLoad)
                .with("changesWatched", watched)
                .with("watchLatencyMillis", watchLatency.toNanos() / 1e6)
                .with("writesAcknowledged", acknowledged)
                .with("writesUnknown", unknown)
                .with("writesLost", lost)
                .with("orderViolations", orderViolations)
                .with("digestsEqual", digestsEqual)
                .with("failOverMillisMedian", medianGap().toMillis())
                .with("failOvers", failOvers());
    }

    private List<Object> failOvers() {
        List<Object> trees = new ArrayList<>();
        for (FailOver failOver : failOvers) {
            trees.add(new Tree()
                    .with("killed", failOver.killed())
                    .with("gapMillis", failOver.gap().toMillis())
                    .with("caughtUpMillis", failOver.caughtUp().toMillis())
                    .with("writesAcknowledgedAfter", failOver.acknowledgedAfter())
                    .fields());
        }
        return trees;
    }

    private static List<Object> processes(List<Footprint> processes) {
        List<Object> trees = new ArrayList<>();
        for (Footprint process : processes) {
            trees.add(new Tree()
                    .with("name", process.name())
                    .with("pid", process.pid())
                    .with("startMillis", process.start().toMillis())
                    .with("residentKib", process.residentKib())
                    .fields());
        }
        return trees;
    }
}
