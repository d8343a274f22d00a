package dev.synod.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.cli.CommandException;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Defects;
import dev.synod.storage.FileDisk;
import dev.synod.storage.Volume;
import dev.synod.storage.VolumeLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is decided before any process starts. */
final class BootstrapTest {
    private static final VolumeLimits LIMITS = VolumeLimits.withSegments(64 << 10);

    @TempDir
    private Path folder = Path.of("");

    private static final Plan PLAN = new Plan(new UUID(1, 1), "c", List.of(
            new MemberPlan("member-0", new UUID(1, 2), true, new Ports(1, 2, 3, 4, 5))));

    private void format(UUID cluster, boolean activated) throws Exception {
        try (FileDisk disk = FileDisk.open(folder.resolve("member-0"));
                Volume volume = Volume.open(disk, Defects.NONE, LIMITS)) {
            volume.format(cluster, new UUID(1, 2),
                    Configuration.initial(List.of(new UUID(1, 2)), List.of("a:1")), activated);
        }
    }

    private boolean check() throws Exception {
        try (StateFolder state = StateFolder.kept(folder)) {
            state.store(PLAN);
            return new Bootstrap(state, PLAN).check();
        }
    }

    @Test
    void aClusterBeginsWhereNothingIs() throws Exception {
        assertThat(check()).isTrue();
    }

    @Test
    void aClusterDoesNotBeginAgainOnceTheLatchIsSet() throws Exception {
        try (StateFolder state = StateFolder.kept(folder)) {
            state.store(PLAN);
            state.initialise(PLAN.cluster());
            assertThat(new Bootstrap(state, PLAN).check()).isFalse();
        }
    }

    @Test
    void aBeginningThatWasCutOffBeforeTheLatchGoesOn() throws Exception {
        check();
        format(PLAN.cluster(), false);
        assertThat(check()).isTrue();
    }

    @Test
    void aVolumeThatMayHaveVotedWithoutALatchRefusesTheBeginning() throws Exception {
        check();
        format(PLAN.cluster(), true);
        assertThatThrownBy(this::check).isInstanceOf(CommandException.class)
                .hasMessageContaining("latch").hasMessageContaining(PLAN.cluster().toString());
    }

    @Test
    void aVolumeOfAnotherClusterRefusesTheBeginning() throws Exception {
        check();
        format(new UUID(9, 9), false);
        assertThatThrownBy(this::check).isInstanceOf(CommandException.class);
    }

    @Test
    void aLatchOfAnotherClusterIsRefused() throws Exception {
        check();
        Files.writeString(folder.resolve("initialised"), new UUID(9, 9) + "\n");
        assertThatThrownBy(this::check).isInstanceOf(CommandException.class)
                .hasMessageContaining(new UUID(9, 9).toString());
    }

    @Test
    void aPlanIsReadAsItWasWritten() throws Exception {
        Path file = folder.resolve("plan");
        Plan plan = PLAN.withObservers(2);
        plan.write(file);
        assertThat(Plan.read(file)).isEqualTo(plan);
    }

    @Test
    void aFolderOfOtherThingsIsRefused() throws Exception {
        Files.writeString(folder.resolve("holiday.jpg"), "x");
        assertThatThrownBy(() -> StateFolder.kept(folder)).isInstanceOf(CommandException.class)
                .hasMessageContaining("holiday.jpg");
    }

    @Test
    void aFolderInUseIsRefused() throws Exception {
        try (StateFolder held = StateFolder.kept(folder)) {
            assertThat(held.isKept()).isTrue();
            assertThatThrownBy(() -> StateFolder.kept(folder)).isInstanceOf(CommandException.class)
                    .hasMessageContaining("in use");
        }
    }
}
