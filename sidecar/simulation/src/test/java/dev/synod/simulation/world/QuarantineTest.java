package dev.synod.simulation.world;

import static dev.synod.simulation.world.Recording.quiet;
import static dev.synod.simulation.world.Recording.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.simulation.port.Counters.Group;
import dev.synod.simulation.port.Fault;
import dev.synod.simulation.port.FaultKind;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.TraceEvent;
import dev.synod.simulation.port.TraceKind;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class QuarantineTest {
    /** One client, so that now and then all acknowledgements of a while go to one machine. */
    private static final Knobs ONE_CLIENT = quiet("clients=1 offered=10 safety=20s");

    private static final Fault ROLLBACK =
            new Fault(seconds(5), FaultKind.ROLLBACK, 1, -1, seconds(0.5), 0, 3);

    @ParameterizedTest
    @EnumSource(names = {"FORK_LIVE", "FORK_STOPPED"})
    void anOldProcessReachesOnlyThoseThatHeardTheNewOneSinceTheyStarted(FaultKind kind) {
        boolean joined = false;
        for (long seed = 0; seed < 40; seed++) {
            Fault fork = new Fault(seconds(5), kind, 1, -1, seconds(10), 0, 3);
            Fault restart = new Fault(seconds(8), FaultKind.KILL, 2, -1, seconds(0.1), 0, 0);
            Recording run = Recording.of(seed, quiet("safety=20s loss=0.3"), fork, restart);
            joined |= keepsTheRule(run);
        }
        assertThat(joined).as("the old process is heard again in some run").isTrue();
    }

    /** Walks through the trace; true when the old process was heard by someone who had heard the new one. */
    private static boolean keepsTheRule(Recording run) {
        int old = 1;
        int heir = 3;
        BitSet heard = new BitSet();
        boolean joined = false;
        for (TraceEvent event : run.events) {
            if (event.timeNanos() <= seconds(5)) {
                continue;
            }
            if (event.kind() == TraceKind.CRASHED) {
                heard.clear(event.machine());
            }
            if (event.kind() == TraceKind.DELIVERED && event.value() == 0 && event.peer() == heir) {
                heard.set(event.machine());
            }
            boolean fromOld = event.kind() == TraceKind.DELIVERED && event.peer() == old;
            boolean toOld = event.kind() == TraceKind.DELIVERED && event.machine() == old;
            if (fromOld && event.timeNanos() > seconds(5.1)) {
                assertThat(heard.get(event.machine())).isTrue();
                joined = true;
            }
            if (toOld) {
                assertThat(heard.get(event.peer())).isTrue();
            }
        }
        return joined;
    }

    @Test
    void aPeerWithWritesUnderWayIsNotJoinedWithTheOldProcess() {
        Fault stuck = new Fault(seconds(4.5), FaultKind.DISK_STUCK, 2, -1, seconds(4), 0, 0);
        Fault fork = new Fault(seconds(5), FaultKind.FORK_LIVE, 1, -1, seconds(10), 0, 3);
        Recording run = Recording.of(1, quiet("safety=20s"), stuck, fork);
        List<TraceEvent> fromPeer = run.where(e -> e.kind() == TraceKind.DELIVERED
                && e.machine() == 1
                && e.peer() == 2
                && e.timeNanos() > seconds(5.1));
        assertThat(run.where(e -> e.kind() == TraceKind.DELIVERED && e.machine() == 2 && e.peer() == 3))
                .anyMatch(event -> event.timeNanos() < seconds(8));
        assertThat(fromPeer).isNotEmpty().allMatch(event -> event.timeNanos() > seconds(8.5));
    }

    @Test
    void theOldProcessIsGoneWhenItsTimeIsOver() {
        Fault fork = new Fault(seconds(5), FaultKind.FORK_LIVE, 1, -1, seconds(3), 0, 3);
        Recording run = Recording.of(1, quiet(""), fork);
        assertThat(run.where(e -> e.machine() == 1 && e.timeNanos() > seconds(8))).isEmpty();
        assertThat(run.where(e -> e.kind() == TraceKind.STARTED && e.machine() == 3)).hasSize(1);
        assertThat(run.result().failure()).isNull();
    }

    @Test
    void aRolledBackMemberTalksToItsWitnessFirst() {
        int struck = 0;
        for (long seed = 0; seed < 30; seed++) {
            Recording run = Recording.of(seed, ONE_CLIENT, ROLLBACK);
            List<TraceEvent> mounted =
                    run.where(e -> e.kind() == TraceKind.FAULT_ENDED && e.detail().equals("rolled back"));
            if (mounted.isEmpty()) {
                continue;
            }
            struck++;
            int witness = mounted.getFirst().peer();
            int heard = 0;
            for (TraceEvent event : run.events) {
                boolean after = event.kind() == TraceKind.DELIVERED && event.timeNanos() >= seconds(5.5);
                if (after && event.peer() == 1 && heard == 0) {
                    assertThat(event.machine()).isEqualTo(witness);
                }
                if (after && event.machine() == 1 && event.peer() != witness) {
                    assertThat(heard).isGreaterThan(10);
                }
                heard += after && event.machine() == 1 && event.peer() == witness ? 1 : 0;
            }
        }
        assertThat(struck).isGreaterThan(3);
    }

    @Test
    void aWitnessThatForgetsCondemnsTheRolledBackMember() {
        Fault everyone = new Fault(seconds(5.501), FaultKind.POWER_CUT_ALL, -1, -1, seconds(0.1), 0, 3);
        long condemned = 0;
        for (long seed = 0; seed < 30; seed++) {
            Recording run = Recording.of(seed, ONE_CLIENT, ROLLBACK, everyone);
            condemned += run.result().counters().get(Group.CONSEQUENCE, "rolled back member condemned");
        }
        assertThat(condemned).isGreaterThan(3);
    }

    @Test
    void aLoneVoterIsNeverForkedOrRolledBack() {
        Knobs lone = quiet("members=1");
        for (FaultKind kind : List.of(
                FaultKind.FORK_LIVE,
                FaultKind.FORK_STOPPED,
                FaultKind.ROLLBACK,
                FaultKind.WIPE,
                FaultKind.BIT_ROT,
                FaultKind.READ_ERROR,
                FaultKind.MISDIRECTED_WRITE,
                FaultKind.LOST_WRITE,
                FaultKind.FOREIGN_VOLUME)) {
            Fault fault = new Fault(seconds(5), kind, 0, -1, seconds(1), 1, 3);
            assertThat(Recording.of(1, lone, fault).result().faults()).as("%s", kind).isEmpty();
        }
    }
}
