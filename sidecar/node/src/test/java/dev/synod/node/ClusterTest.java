package dev.synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.member.Answer;
import dev.synod.member.Failure;
import dev.synod.node.loop.NodeStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class ClusterTest {
    @TempDir Path folder;

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

    @Test
    void aLeaderThatDrainsHasHandedOverBeforeItEnds() throws Exception {
        try (var cluster = new Cluster(folder, 3)) {
            int leader = cluster.awaitLeader();
            cluster.put(leader, "a", "1").get(30, TimeUnit.SECONDS);
            cluster.nodes.get(leader).drain();
            int other = (leader + 1) % 3;
            UUID successor = cluster.nodes.get(other).status().leader();
            assertThat(successor).isNotNull().isNotEqualTo(cluster.uuids.get(leader));
            assertThat(cluster.get(other, "a")).isEqualTo("1");
            assertThat(cluster.halts).isEmpty();
        }
    }

    @Test
    void aMemberThatStandsStillAnswersOnceItGoesOn() throws Exception {
        try (var cluster = new Cluster(folder, 3)) {
            int leader = cluster.awaitLeader();
            int still = (leader + 1) % 3;
            Standstill standstill = cluster.nodes.get(still).standStill();
            CompletableFuture<Answer> answer = cluster.put(still, "a", "1");
            cluster.put(leader, "b", "1").get(30, TimeUnit.SECONDS);
            assertThat(answer).isNotDone();
            standstill.end();
            assertThat(answer.get(30, TimeUnit.SECONDS)).isInstanceOf(Answer.Replied.class);
            assertThat(cluster.halts).isEmpty();
        }
    }

    @Test
    void aMemberThatIsEndedWhileItStandsStillDoesNothingMore() throws Exception {
        try (var cluster = new Cluster(folder, 3)) {
            int leader = cluster.awaitLeader();
            Node still = cluster.nodes.get(leader);
            still.standStill();
            CompletableFuture<Answer> answer = cluster.put(leader, "a", "1");
            still.abandon();
            assertThat(answer.get(30, TimeUnit.SECONDS))
                    .isEqualTo(new Answer.Failed(Failure.UNAVAILABLE, false, null, 0));
            cluster.restart(leader);
            cluster.awaitLeader();
            assertThat(cluster.get(leader, "a")).isEmpty();
            assertThat(cluster.halts).isEmpty();
        }
    }

    @Test
    void aMemberWhoseVolumeIsDamagedIsSilentButTellsWhy() throws Exception {
        try (var cluster = new Cluster(folder, 3)) {
            int leader = cluster.awaitLeader();
            int hurt = (leader + 1) % 3;
            for (int i = 0; i < 20; i++) {
                cluster.put(leader, "k" + i, "v").get(30, TimeUnit.SECONDS);
            }
            cluster.nodes.get(hurt).close();
            damageTheLog(folder.resolve("member-" + hurt));
            cluster.restart(hurt);
            var status = cluster.nodes.get(hurt).status();
            assertThat(status.phase()).isEqualTo(NodeStatus.Phase.FAULTY);
            assertThat(status.fault()).isNotEmpty();
            assertThat(status.ready()).isFalse();
            assertThat(cluster.put(hurt, "a", "1").get(30, TimeUnit.SECONDS))
                    .isEqualTo(new Answer.Failed(Failure.UNAVAILABLE, false, null, 0));
            assertThat(cluster.put(leader, "a", "1").get(30, TimeUnit.SECONDS))
                    .isInstanceOf(Answer.Replied.class);
        }
    }

    /**
     * Turns over a byte early in the newest segment that holds anything, behind which much was acknowledged.
     */
    private static void damageTheLog(Path volume) throws IOException {
        try (var names = Files.list(volume)) {
            Path newest =
                    names.filter(name -> name.toString().endsWith(".wal")).max(Comparator.naturalOrder())
                            .orElseThrow();
            byte[] bytes = Files.readAllBytes(newest);
            bytes[600] ^= 0x55;
            Files.write(newest, bytes);
        }
    }

    @Test
    void manySnapshotsLaterAMemberThatWasAwayCatchesUp() throws Exception {
        try (var cluster = new Cluster(folder, 3)) {
            int leader = cluster.awaitLeader();
            int away = (leader + 1) % 3;
            cluster.nodes.get(away).abandon();
            List<CompletableFuture<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                answers.add(cluster.put(leader, "key-" + i % 50, "v" + i));
                if (i % 100 == 99) {
                    answers.getLast().get(60, TimeUnit.SECONDS);
                }
            }
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
            assertThat(cluster.nodes.get(leader).status().base()).isPositive();
            cluster.restart(away);
            cluster.awaitLeader();
            assertThat(cluster.get(away, "key-49")).isEqualTo("v1999");
            assertThat(cluster.nodes.get(away).status().digest())
                    .isEqualTo(cluster.nodes.get(leader).status().digest());
        }
    }
}
