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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void aCommandThatDoesNotExistIsSaidSo() {
        assertThatThrownBy(() -> new GuardedChild(List.of("/no/such/command"), Map.of(), TTL).run(forEver()))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("/no/such/command");
    }
}
