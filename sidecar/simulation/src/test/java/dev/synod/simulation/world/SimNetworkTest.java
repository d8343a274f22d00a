package dev.synod.simulation.world;

import static dev.synod.simulation.world.Recording.between;
import static dev.synod.simulation.world.Recording.quiet;
import static dev.synod.simulation.world.Recording.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.simulation.port.Fault;
import dev.synod.simulation.port.FaultKind;
import dev.synod.simulation.port.TraceEvent;
import dev.synod.simulation.port.TraceKind;
import dev.synod.simulation.world.Partitioner.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SimNetworkTest {
    /** Frames that all differ: those that carry a number of their sender. */
    private static boolean isNumbered(TraceEvent event) {
        byte[] frame = event.frame();
        return frame != null && frame.length == 9 && frame[0] != EchoProgram.BEAT;
    }

    private static List<String> sent(Recording run, int from, int to) {
        return run
                .where(e -> e.kind() == TraceKind.SENT && e.machine() == from && e.peer() == to
                        && isNumbered(e))
                .stream()
                .map(e -> Arrays.toString(e.frame()))
                .toList();
    }

    private static List<String> delivered(Recording run, int from, int to) {
        return run
                .where(e -> e.kind() == TraceKind.DELIVERED && e.machine() == to && e.peer() == from
                        && isNumbered(e))
                .stream()
                .map(e -> Arrays.toString(e.frame()))
                .toList();
    }

    private static int lost(Recording run, long fromNanos, long toNanos) {
        return run.where(e -> e.kind() == TraceKind.LOST && between(fromNanos, toNanos).test(e)).size();
    }

    @Test
    void aLinkKeepsTheOrderAndLosesNothing() {
        Recording run = Recording.of(1, quiet(""));
        for (int from = 0; from < 3; from++) {
            for (int to = 0; to < 3; to++) {
                if (from != to) {
                    List<String> sent = sent(run, from, to);
                    List<String> delivered = delivered(run, from, to);
                    assertThat(delivered).hasSizeGreaterThan(50).isEqualTo(sent.subList(0, delivered.size()));
                }
            }
        }
    }

    @Test
    void aHeavyTailDelaysAllThatComesBehind() {
        Recording run = Recording.of(1, quiet("delayTail=0.05 delay=20ms"));
        List<String> delivered = delivered(run, 0, 1);
        assertThat(delivered).isEqualTo(sent(run, 0, 1).subList(0, delivered.size()));
    }

    @Test
    void aReorderedFrameOvertakes() {
        Recording run = Recording.of(1, quiet("reordering=0.5 delay=20ms offered=200"));
        List<String> delivered = new ArrayList<>(delivered(run, 0, 1));
        List<String> sent = sent(run, 0, 1).subList(0, delivered.size());
        assertThat(delivered).isNotEqualTo(sent);
    }

    @Test
    void aDuplicatedFrameArrivesTwice() {
        Recording run = Recording.of(1, quiet("duplication=1"));
        // Echoes only: their duplicates are acknowledged twice.
        List<String> delivered = delivered(run, 0, 1).stream().filter(text -> text.startsWith("[0")).toList();
        assertThat(delivered.stream().distinct().count()).isBetween(delivered.size() / 2 - 2L,
                delivered.size() / 2 + 2L);
    }

    @Test
    void aNetworkThatLosesEverythingDeliversNothing() {
        Recording run = Recording.of(1, quiet("loss=1"));
        assertThat(run.where(e -> e.kind() == TraceKind.DELIVERED && e.timeNanos() < seconds(10))).isEmpty();
        assertThat(run.of(TraceKind.LOST)).isNotEmpty();
    }

    @Test
    void aDamagedFrameArrivesMarkedAndChanged() {
        Recording run = Recording.of(1, quiet("corruption=1"));
        List<TraceEvent> delivered =
                run.where(e -> e.kind() == TraceKind.DELIVERED && e.timeNanos() < seconds(10));
        assertThat(delivered).isNotEmpty().allSatisfy(event -> assertThat(event.value()).isEqualTo(1));
        assertThat(delivered)
                .noneMatch(event -> Arrays.equals(event.frame(), new byte[] {2, 0, 0, 0, 0, 0, 0, 0, 0}));
    }

    @Test
    void aClogHoldsFramesBackAndLosesNone() {
        Fault clog = new Fault(seconds(4), FaultKind.CLOG, 0, 1, seconds(2), 0, 0);
        Recording run = Recording.of(1, quiet(""), clog);
        assertThat(run.where(e -> e.kind() == TraceKind.DELIVERED
                && e.machine() == 1
                && e.peer() == 0
                && between(seconds(4.01), seconds(6)).test(e)))
                .isEmpty();
        assertThat(run.where(e -> e.kind() == TraceKind.DELIVERED
                && e.machine() == 0
                && e.peer() == 1
                && between(seconds(4.01), seconds(6)).test(e)))
                .isNotEmpty();
        List<String> delivered = delivered(run, 0, 1);
        assertThat(delivered).isEqualTo(sent(run, 0, 1).subList(0, delivered.size()));
        assertThat(run.of(TraceKind.LOST)).isEmpty();
    }

    @Test
    void aClosedConnectionIsToldAtBothEnds() {
        Recording run =
                Recording.of(1, quiet(""), new Fault(seconds(4), FaultKind.CLOSE_LINK, 0, 2, 0, 0, 0));
        assertThat(run.of(TraceKind.LINK_CLOSED))
                .extracting(event -> event.machine() + " from " + event.peer())
                .containsExactlyInAnyOrder("0 from 2", "2 from 0");
    }

    @Test
    void theEndOfAProcessIsToldUnlessThePowerIsCut() {
        Recording killed =
                Recording.of(1, quiet(""), new Fault(seconds(4), FaultKind.KILL, 0, -1, seconds(1), 0, 0));
        assertThat(killed.of(TraceKind.LINK_CLOSED))
                .extracting(event -> event.machine() + " from " + event.peer())
                .containsExactlyInAnyOrder("1 from 0", "2 from 0");
        Recording cut =
                Recording.of(1, quiet(""),
                        new Fault(seconds(4), FaultKind.POWER_CUT, 0, -1, seconds(1), 0, 0));
        assertThat(cut.of(TraceKind.LINK_CLOSED)).isEmpty();
        assertThat(lost(cut, seconds(4), seconds(5))).isPositive();
    }

    @Test
    void aPartitionCutsWhatItsShapeSaysUntilItEnds() {
        Fault partition = new Fault(
                seconds(4), FaultKind.PARTITION, -1, -1, seconds(2),
                Partitioner.amountOf(Mode.ISOLATE_ONE, true), 5);
        Recording run = Recording.of(1, quiet(""), partition);
        int alone = -1;
        for (int machine = 0; machine < 3; machine++) {
            int here = machine;
            boolean silent = run.where(e -> e.kind() == TraceKind.DELIVERED
                    && (e.machine() == here || e.peer() == here)
                    && between(seconds(4.1), seconds(6)).test(e))
                    .isEmpty();
            if (silent) {
                assertThat(alone).isEqualTo(-1);
                alone = machine;
            }
        }
        assertThat(alone).isNotEqualTo(-1);
        int isolated = alone;
        assertThat(run.where(e -> e.kind() == TraceKind.DELIVERED
                && e.machine() == isolated
                && between(seconds(6), seconds(7)).test(e)))
                .isNotEmpty();
    }

    @Test
    void aOneWayPartitionLeavesTheOtherDirectionOpen() {
        Fault partition = new Fault(
                seconds(4), FaultKind.PARTITION, -1, -1, seconds(2),
                Partitioner.amountOf(Mode.ISOLATE_ONE, false), 5);
        Recording run = Recording.of(1, quiet(""), partition);
        int cut = 0;
        for (int from = 0; from < 3; from++) {
            for (int to = 0; to < 3; to++) {
                int sender = from;
                int receiver = to;
                cut += from != to
                        && run.where(e -> e.kind() == TraceKind.DELIVERED
                                && e.machine() == receiver
                                && e.peer() == sender
                                && between(seconds(4.1), seconds(6)).test(e))
                                .isEmpty()
                                        ? 1
                                        : 0;
            }
        }
        assertThat(cut).isEqualTo(2);
    }
}
