package dev.synod.e2e.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.client.Coordination;
import dev.synod.e2e.judge.Findings;
import dev.synod.e2e.judge.History;
import dev.synod.e2e.judge.Judge;
import dev.synod.e2e.judge.Moment;
import dev.synod.e2e.judge.PlantedDefects;
import dev.synod.e2e.judge.Shown;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workload and the judge, tried on processes of this machine before they are let loose on pods. */
@Tag("whole")
final class WorkloadOnProcessesTest {
    private static final long SOME = 150;

    @TempDir private Path folder = Path.of("");

    @Test
    void aHistoryThroughKilledMembersIsAcceptedAndEachPlantedDefectInItIsNot() throws Exception {
        History history = new History();
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        Moment since = Moment.now();
        Shown now;
        try (LocalProcesses local = new LocalProcesses(folder, 3)) {
            for (int i = 0; i < 3; i++) {
                local.workload("pod-" + i, local.endpoints().get(i), history, lines);
            }
            Process cut = local.workload("pod-3", local.endpoints().getFirst(), history, lines);
            for (int member = 0; member < 3; member++) {
                long before = history.acknowledged();
                local.await("operations", () -> history.acknowledged() >= before + SOME);
                local.kill(member);
                local.await("operations", () -> history.acknowledged() >= before + 2 * SOME);
            }
            cut.toHandle().destroyForcibly();
            local.workload("pod-3", local.endpoints().getFirst(), history, lines);
            long before = history.acknowledged();
            local.await("operations", () -> history.acknowledged() >= before + SOME);
            local.endWorkloads();
            try (Coordination coordination = Coordination.builder().endpoint(local.endpoints().getFirst())
                    .withoutSession().connect()) {
                now = Shown.by(coordination);
            }
        }
        Findings findings = Judge.judge(history, since, now, 0);
        assertThat(findings.runs()).isEqualTo(5);
        assertThat(findings.cutRuns()).isEqualTo(1);
        assertThat(findings.grants()).isGreaterThan(20);
        assertThat(findings.exactTime()).isTrue();
        new PlantedDefects(lines, now).eachIsFound();
    }
}
