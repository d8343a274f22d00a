package dev.synod.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.cli.Run;
import dev.synod.cli.TestMember;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DemoCommandTest {
    private static final Pattern STORED = Pattern.compile("token ([0-9]+): stored ([0-9]+)");

    @TempDir static Path folder;

    private final List<TestMember> members = new ArrayList<>();

    @BeforeAll
    void start() throws Exception {
        members.add(TestMember.serving(folder.resolve("volume")));
    }

    @AfterAll
    void stop() {
        members.forEach(TestMember::close);
    }

    private Run demo(String name, int rounds) {
        return Run.of("demo", name, "--every", "1ms", "--rounds", rounds, "--identity", "test", "--endpoint",
                members.getFirst().endpoint());
    }

    private static List<List<Long>> stored(Run run) {
        List<List<Long>> all = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            Matcher stored = STORED.matcher(line);
            assertThat(stored.lookingAt()).as(line).isTrue();
            all.add(List.of(Long.parseLong(stored.group(1)), Long.parseLong(stored.group(2))));
        }
        return all;
    }

    @Test
    void itCountsAndTheTokenOfTheTurnBeforeIsRefused() {
        Run run = demo("alone", 3);
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(stored(run)).extracting(List::getLast).containsExactly(1L, 2L, 3L);
        assertThat(run.out().lines().skip(1)).hasSize(2).allMatch(line -> line.endsWith(": refused"));
    }

    @Test
    void twoThatCountTogetherLoseNoTurnAndTokensRiseWithTheNumber() {
        CompletableFuture<Run> other = CompletableFuture.supplyAsync(() -> demo("shared", 10));
        Run run = demo("shared", 10);
        List<List<Long>> all = new ArrayList<>(stored(run));
        all.addAll(stored(other.join()));
        all.sort((a, b) -> Long.compare(a.getLast(), b.getLast()));
        assertThat(all).extracting(List::getLast).doesNotHaveDuplicates().hasSize(20).endsWith(20L);
        assertThat(all).extracting(List::getFirst).isSorted();
    }

    @Test
    void aValueThatIsNoNumberIsLeftAsItIs() {
        String here = members.getFirst().endpoint();
        Run.of("kv", "put", "greeting", "hello", "--endpoint", here);
        Run run = demo("greeting", 1);
        assertThat(run.status()).isEqualTo(65);
        assertThat(Run.of("kv", "get", "greeting", "--endpoint", here).out()).isEqualTo("hello");
    }
}
