package dev.synod.simulation.world;

import static dev.synod.simulation.world.Recording.between;
import static dev.synod.simulation.world.Recording.quiet;
import static dev.synod.simulation.world.Recording.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.simulation.disk.DiskFault;
import dev.synod.simulation.port.Counters.Group;
import dev.synod.simulation.port.Fault;
import dev.synod.simulation.port.FaultKind;
import dev.synod.simulation.port.TraceEvent;
import dev.synod.simulation.port.TraceKind;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MachineFaultsTest {
    private static Fault on(int machine, FaultKind kind, double atSeconds, double forSeconds, long amount) {
        return new Fault(seconds(atSeconds), kind, machine, -1, seconds(forSeconds), amount, 9);
    }

    private static List<TraceEvent> steps(Recording run, int machine, double from, double to) {
        return run.where(e -> e.kind() == TraceKind.STEPPED
                && e.machine() == machine
                && between(seconds(from), seconds(to)).test(e));
    }

    @Test
    void aPausedMachineDoesNothingAndThenEverythingAtOnce() {
        Recording run = Recording.of(1, quiet(""), on(1, FaultKind.PAUSE, 4, 1, 0));
        assertThat(steps(run, 1, 4, 5)).isEmpty();
        assertThat(run
                .where(e -> e.kind() == TraceKind.STEPPED && e.machine() == 1 && e.timeNanos() == seconds(5)))
                .hasSizeGreaterThan(10);
        assertThat(run.result().failure()).isNull();
    }

    @Test
    void aKilledProcessComesBackAfterItsTime() {
        Recording run = Recording.of(1, quiet(""), on(1, FaultKind.KILL, 4, 1, 0));
        assertThat(steps(run, 1, 4, 5)).isEmpty();
        assertThat(run.where(e -> e.kind() == TraceKind.STARTED && e.machine() == 1))
                .extracting(TraceEvent::timeNanos)
                .containsExactly(0L, seconds(5));
    }

    @Test
    void aPowerCutEverywhereBringsEveryoneBackAtATimeOfItsOwn() {
        Recording run = Recording.of(1, quiet(""), on(-1, FaultKind.POWER_CUT_ALL, 4, 1, 0));
        assertThat(run.of(TraceKind.CRASHED)).hasSize(3).allSatisfy(
                event -> assertThat(event.timeNanos()).isEqualTo(seconds(4)));
        assertThat(run.where(e -> e.kind() == TraceKind.STARTED && e.timeNanos() > 0))
                .extracting(TraceEvent::timeNanos)
                .hasSize(3)
                .doesNotHaveDuplicates()
                .allMatch(time -> time >= seconds(4) && time <= seconds(5));
    }

    @Test
    void aCrashStrikesBetweenTwoEffectsOrTwoDiskOperations() {
        Recording run = Recording.of(
                1, quiet(""), on(1, FaultKind.CRASH_AT_CALL, 4, 0.2, 3),
                on(2, FaultKind.CRASH_AT_DISK, 4, 0.2, 5));
        assertThat(run.of(TraceKind.CRASHED))
                .extracting(TraceEvent::detail)
                .containsExactlyInAnyOrder("killed between two effects", "power lost at a disk operation");
        assertThat(run.result().counters().get(Group.DISK, DiskFault.POWER_CUT.name())).isEqualTo(1);
    }

    @Test
    void aFailedSyncEndsTheProcess() {
        Recording run = Recording.of(1, quiet(""), on(1, FaultKind.SYNC_ERROR, 4, 0, 1));
        assertThat(run.of(TraceKind.CRASHED)).hasSize(1).allSatisfy(
                event -> assertThat(event.detail()).contains("halted").contains("input/output error"));
        assertThat(run.result().failure()).isNull();
    }

    @Test
    void aStuckDiskFinishesNothingAndASlowOneLittle() {
        Recording stuck = Recording.of(1, quiet(""), on(1, FaultKind.DISK_STUCK, 4, 2, 0));
        assertThat(disk(stuck, 4, 6)).isZero();
        assertThat(disk(stuck, 6, 7)).isPositive();
        Recording slow = Recording.of(1, quiet(""), on(1, FaultKind.DISK_SLOW, 4, 4, 1_000));
        assertThat(disk(slow, 4, 8)).isLessThan(disk(slow, 0, 4) / 2).isPositive();
    }

    private static int disk(Recording run, double from, double to) {
        return run.where(e -> e.kind() == TraceKind.DISK
                && e.machine() == 1
                && between(seconds(from), seconds(to)).test(e))
                .size();
    }

    @Test
    void aClockThatJumpsOrRunsFastWakesEarlier() {
        int usual = wakes(Recording.of(1, quiet("")), 4, 8);
        assertThat(wakes(Recording.of(1, quiet(""), on(1, FaultKind.CLOCK_RATE, 4, 0, 500_000)), 4, 8))
                .isBetween(usual * 14 / 10, usual * 16 / 10);
        Recording jumped = Recording.of(1, quiet(""), on(1, FaultKind.CLOCK_JUMP, 4, 60, 0));
        assertThat(jumped
                .where(e -> e.kind() == TraceKind.WOKEN && e.machine() == 1 && e.timeNanos() == seconds(4)))
                .hasSize(1);
    }

    private static int wakes(Recording run, double from, double to) {
        return run.where(e -> e.kind() == TraceKind.WOKEN
                && e.machine() == 1
                && between(seconds(from), seconds(to)).test(e))
                .size();
    }

    @Test
    void anOverloadIsACrowdThatAsksOnce() {
        Recording run = Recording.of(1, quiet(""), on(1, FaultKind.OVERLOAD, 4, 0.1, 200));
        assertThat(run.where(e -> e.kind() == TraceKind.REQUEST && between(seconds(4), seconds(4.2)).test(e)))
                .hasSizeGreaterThan(190);
        assertThat(run.result().counters().get(Group.CLIENT, "overload done")).isEqualTo(200);
    }

    @Test
    void aFaultWithoutAPlaceInTheWorldDoesNotStrike() {
        Recording run = Recording.of(
                1,
                quiet(""),
                on(17, FaultKind.KILL, 4, 1, 0),
                on(-1, FaultKind.KILL, 4, 1, 0),
                on(1, FaultKind.CLOG, 4, 1, 0),
                on(1, FaultKind.PARTITION, 4, 1, 0),
                on(-1, FaultKind.WANT_VOTERS, 4, 0, 4));
        assertThat(run.result().faults()).isEmpty();
        assertThat(run.result().traceHash()).isEqualTo(Recording.of(1, quiet("")).result().traceHash());
    }

    @Test
    void aWipedMachineComesBackEmptyAndIsNeverAFirstVoterAgain() {
        Recording run = Recording.of(1, quiet(""), on(1, FaultKind.WIPE, 4, 0.5, 0));
        assertThat(
                run.where(e -> e.kind() == TraceKind.ADMIN && e.machine() == 1 && e.timeNanos() > seconds(4)))
                .isEmpty();
        assertThat(
                run.where(e -> e.kind() == TraceKind.SENT && e.machine() == 1 && e.timeNanos() > seconds(4)))
                .isEmpty();
    }
}
