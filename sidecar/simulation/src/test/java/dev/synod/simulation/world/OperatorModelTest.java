package dev.synod.simulation.world;

import static dev.synod.simulation.world.Recording.quiet;
import static dev.synod.simulation.world.Recording.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.simulation.port.Fault;
import dev.synod.simulation.port.FaultKind;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.TraceEvent;
import dev.synod.simulation.port.TraceKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OperatorModelTest {
    private static List<String> admin(Recording run) {
        List<String> told = new ArrayList<>();
        for (TraceEvent event : run.events) {
            if (event.kind() == TraceKind.ADMIN) {
                told.add(event.detail().substring(0, event.detail().indexOf('[')));
            } else if (event.kind() == TraceKind.OPERATOR && event.detail().equals("latched")) {
                told.add("latched");
            }
        }
        return told;
    }

    @Test
    void allVolumesAreFormattedBeforeTheLatchAndNoneActivatedBeforeIt() {
        List<String> told = admin(Recording.of(1, quiet("safety=4s")));
        assertThat(told.subList(0, 7))
                .containsExactly("Format", "Format", "Format", "latched", "Activate", "Activate", "Activate");
    }

    @Test
    void interruptedAnywhereItComesToTheSameEnd() {
        Knobs slow = quiet("safety=20s bootstrapRest=300ms operatorTick=100ms");
        for (int cut = 0; cut < 60; cut++) {
            Fault crash =
                    new Fault(cut * seconds(0.02), FaultKind.OPERATOR_CRASH, -1, -1, seconds(0.3), 0, 0);
            Fault kill =
                    new Fault(cut * seconds(0.017), FaultKind.POWER_CUT, cut % 3, -1, seconds(0.5), 0, 0);
            Recording run = Recording.of(cut, slow, crash, kill);
            assertThat(run.result().failure()).as("cut %d", cut).isNull();
            List<String> told = admin(run);
            int latch = told.indexOf("latched");
            assertThat(told.subList(0, latch)).doesNotContain("Activate");
            assertThat(told.subList(latch + 1, told.size())).contains("Activate").doesNotContain("Format",
                    "latched");
        }
    }

    @Test
    void aLostLatchBesideActiveVolumesRefusesToBootstrap() {
        Fault wipe = new Fault(seconds(4), FaultKind.WIPE, 1, -1, seconds(0.1), 0, 0);
        Fault lost = new Fault(seconds(4), FaultKind.LATCH_LOST, -1, -1, seconds(3), 0, 0);
        Recording run = Recording.of(1, quiet(""), wipe, lost);
        assertThat(run.where(e -> e.detail().equals("refuses to bootstrap beside active volumes")))
                .isNotEmpty();
        assertThat(
                run.where(e -> e.kind() == TraceKind.ADMIN && e.machine() == 1 && e.timeNanos() > seconds(4)))
                .isEmpty();
    }

    @Test
    void anActiveVolumeIsNotLostBeforeAllAreActive() {
        Knobs slow = quiet("bootstrapRest=3s safety=30s");
        for (int at = 0; at < 60; at++) {
            Fault wipe = new Fault(at * seconds(0.25), FaultKind.WIPE, 0, -1, seconds(0.1), 0, 0);
            Recording run = Recording.of(at, slow, wipe);
            for (TraceEvent event : run.of(TraceKind.CRASHED)) {
                boolean allActive = run.where(e -> e.kind() == TraceKind.ADMIN
                        && e.detail().startsWith("Activate")
                        && e.timeNanos() < event.timeNanos())
                        .size()
                        >= 3;
                boolean wasActive = run.where(e -> e.kind() == TraceKind.ADMIN
                        && e.machine() == 0
                        && e.detail().startsWith("Activate")
                        && e.timeNanos() < event.timeNanos())
                        .size()
                        > 0;
                assertThat(allActive || !wasActive).isTrue();
            }
        }
    }
}
