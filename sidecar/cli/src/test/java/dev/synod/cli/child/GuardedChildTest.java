package dev.synod.cli.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.cli.CommandException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class GuardedChildTest {
    private static final Duration TTL = Duration.ofSeconds(3);

    @TempDir private Path folder = Path.of("");

    /** Guaranteed until something happens, then for a while longer, and never renewed. */
    private record Ending(BooleanSupplier happened, long[] since, boolean over)
            implements GuardedChild.Guarantee {
        Ending(BooleanSupplier happened, boolean over) {
            this(happened, new long[1], over);
        }

        @Override
        public Duration guaranteedFor() {
            if (!happened.getAsBoolean()) {
                return TTL;
            }
            if (since[0] == 0) {
                since[0] = System.nanoTime();
            }
            Duration left = Duration.ofMillis(900).minusNanos(System.nanoTime() - since[0]);
            return left.isNegative() ? Duration.ZERO : left;
        }

        @Override
        public boolean isOver() {
            return over && happened.getAsBoolean();
        }
    }

    private static GuardedChild.Guarantee forEver() {
        return new Ending(() -> false, false);
    }

    private GuardedChild shell(String script) {
        return new GuardedChild(List.of("sh", "-c", script), Map.of("TOKEN", "17", "HERE", folder.toString()),
                TTL);
    }

    private BooleanSupplier there(String name) {
        return () -> Files.exists(folder.resolve(name));
    }

    @Test
    void theStatusIsTheChilds() throws Exception {
        assertThat(shell("exit 7").run(forEver())).hasValue(7);
    }

    @Test
    void theChildSeesItsVariables() throws Exception {
        assertThat(shell("test \"$TOKEN\" = 17").run(forEver())).hasValue(0);
    }

    @Test
    void aChildIsAskedToEndBeforeTheGuaranteeDoes() throws Exception {
        OptionalInt status = shell("trap 'touch $HERE/asked; exit 0' TERM; touch $HERE/up;"
                + " while true; do sleep 0.02; done").run(new Ending(there("up"), false));
        assertThat(status).isEmpty();
        assertThat(folder.resolve("asked")).exists();
    }

    @Test
    void aChildThatWillNotEndIsKilled() throws Exception {
        OptionalInt status = shell("trap '' TERM; touch $HERE/up; while true; do sleep 0.02; done")
                .run(new Ending(there("up"), false));
        assertThat(status).isEmpty();
    }

    @Test
    void aChildIsStoppedWhenWhatItDependsOnIsTakenAway() throws Exception {
        OptionalInt status = shell("touch $HERE/up; while true; do sleep 0.02; done")
                .run(new Ending(there("up"), true));
        assertThat(status).isEmpty();
    }

    @Test
    void whatTheChildStartedIsStoppedToo() throws Exception {
        shell("sh -c 'echo $$ > $HERE/pid; touch $HERE/up; while true; do sleep 0.02; done' & wait")
                .run(new Ending(there("up"), true));
        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        ProcessHandle.of(pid).ifPresent(handle -> handle.onExit().join());
        assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)).isFalse();
    }

    /** A child, its guarantee, and a clock that only the test moves. */
    private static final class Scene implements GuardedChild.ToBeEnded, GuardedChild.Guarantee {
        private final GuardedChild child;
        private final long until;
        private long now;
        private boolean over;
        private @Nullable Duration leftAtTerm;
        private @Nullable Duration leftAtKill;
        private long killedAt;

        Scene(Duration ttl) {
            child = new GuardedChild(List.of("none"), Map.of(), ttl, () -> now);
            until = ttl.toNanos();
        }

        @Override
        public void end(boolean force) {
            if (force) {
                killedAt = leftAtKill == null ? now : killedAt;
                leftAtKill = leftAtKill == null ? guaranteedFor() : leftAtKill;
            } else {
                assertThat(leftAtTerm).as("it is asked once").isNull();
                leftAtTerm = guaranteedFor();
            }
        }

        @Override
        public Duration guaranteedFor() {
            return Duration.ofNanos(Math.max(0, over ? 0 : until - now));
        }

        @Override
        public boolean isOver() {
            return over;
        }

        /** Looks as often as it does, until it is killed or well past the end. */
        void play() {
            while (leftAtKill == null && now <= 2 * until) {
                child.look(this, this);
                now += GuardedChild.LOOK_MILLIS * 1_000_000;
            }
        }
    }

    @ParameterizedTest(name = "{0} ms")
    @ValueSource(longs = {1_000, 3_000, 10_000, 60_000})
    void theGuaranteeStillStandsWhenItIsAskedToEndAndWhenItIsKilled(long ttlMillis) {
        Scene scene = new Scene(Duration.ofMillis(ttlMillis));
        scene.play();
        assertThat(scene.leftAtKill).isNotNull().isPositive();
        assertThat(scene.leftAtTerm).isNotNull().isGreaterThan(scene.leftAtKill);
    }

    @Test
    void itIsLeftAloneWhileThereIsTime() {
        Scene scene = new Scene(Duration.ofSeconds(3));
        scene.now = Duration.ofMillis(1_900).toNanos();
        scene.child.look(scene, scene);
        assertThat(scene.leftAtTerm).isNull();
    }

    @Test
    void whatWasTakenAwayIsKilledAMomentAfterItWasAsked() {
        Scene scene = new Scene(Duration.ofSeconds(3));
        scene.over = true;
        scene.child.look(scene, scene);
        assertThat(scene.leftAtTerm).isNotNull();
        assertThat(scene.leftAtKill).isNull();
        scene.play();
        assertThat(scene.leftAtKill).isNotNull();
        assertThat(Duration.ofNanos(scene.killedAt)).isBetween(Duration.ofMillis(300),
                Duration.ofMillis(400));
    }

    @Test
    void aCommandThatDoesNotExistIsSaidSo() {
        assertThatThrownBy(() -> new GuardedChild(List.of("/no/such/command"), Map.of(), TTL).run(forEver()))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("/no/such/command");
    }
}
