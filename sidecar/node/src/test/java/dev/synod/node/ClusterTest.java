package dev.synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.member.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class ClusterTest {
    @TempDir
    Path folder;

    @Test
    void oneMemberAloneServesWritesAndReads() throws Exception {
        try (var cluster = new Cluster(folder, 1)) {
            cluster.awaitLeader();
            assertThat(cluster.put(0, "a", "1").get(30, TimeUnit.SECONDS)).isInstanceOf(Answer.Replied.class);
            assertThat(cluster.get(0, "a")).isEqualTo("1");
        }
    }

    @Test
    void whatIsWrittenThroughAnyMemberIsReadThroughEveryOther() throws Exception {
        try (var cluster = new Cluster(folder, 3)) {
            cluster.awaitLeader();
            for (int through = 0; through < 3; through++) {
                assertThat(cluster.put(through, "k" + through, "v").get(30, TimeUnit.SECONDS))
                        .isInstanceOf(Answer.Replied.class);
            }
            for (int through = 0; through < 3; through++) {
                assertThat(cluster.get(through, "k0") + cluster.get(through, "k1")
                        + cluster.get(through, "k2")).isEqualTo("vvv");
            }
            assertThat(cluster.halts).isEmpty();
        }
    }

    @Test
    void nothingAcknowledgedIsLostWhenTheLeaderDiesAndComesBack() throws Exception {
        try (var cluster = new Cluster(folder, 3)) {
            int first = cluster.awaitLeader();
            List<CompletableFuture<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                answers.add(cluster.put((first + 1) % 3, "key-" + i, "v" + i));
            }
            answers.get(20).join();
            cluster.nodes.get(first).abandon();
            List<Integer> acknowledged = new ArrayList<>();
            for (int i = 0; i < answers.size(); i++) {
                if (answers.get(i).get(60, TimeUnit.SECONDS) instanceof Answer.Replied) {
                    acknowledged.add(i);
                }
            }
            int second = cluster.awaitLeader(first);
            assertThat(second).isNotEqualTo(first);
            cluster.restart(first);
            cluster.awaitLeader();
            for (int i : acknowledged) {
                assertThat(cluster.get(first, "key-" + i)).isEqualTo("v" + i);
            }
            assertThat(acknowledged).hasSizeGreaterThan(20);
            assertThat(cluster.halts).isEmpty();
        }
    }
}
