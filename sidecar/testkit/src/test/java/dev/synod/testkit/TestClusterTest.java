package dev.synod.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.synod.client.Coordination;
import dev.synod.client.CoordinationException;
import dev.synod.client.KeyValue;
import dev.synod.client.LockHandle;
import dev.synod.client.Loss;
import dev.synod.client.SessionState;
import dev.synod.client.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("whole")
@Timeout(120)
final class TestClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration TTL = Duration.ofSeconds(1);

    private static String text(Optional<KeyValue> found) {
        return found.map(one -> one.value().text()).orElse("");
    }

    @Test
    void aLockOfAnApplicationBesideAPausedLeaderGoesToTheNextWithALargerToken() throws Exception {
        try (TestCluster cluster = TestCluster.start(3)) {
            TestMember first = cluster.leader();
            try (Coordination a = first.client().ttl(TTL).connect();
                    Coordination b = cluster.follower().connect()) {
                LockHandle held = a.lock("orders").acquire();
                CompletableFuture<LockHandle> waiting = b.lock("orders").acquireAsync();
                first.pause();
                TestMember second = cluster.leader();
                LockHandle next = waiting.get(30, TimeUnit.SECONDS);
                assertThat(second).isNotSameAs(first);
                assertThat(next.fencingToken().value()).isGreaterThan(held.fencingToken().value());
                assertThat(held.isHeld()).isFalse();
                first.resume();
                await().atMost(PATIENCE).until(() -> a.session().state() == SessionState.EXPIRED);
                assertThat(next.isHeld()).isTrue();
            }
        }
    }

    @Test
    void aPausedMemberAnswersOnceItIsResumed() throws Exception {
        try (TestCluster cluster = TestCluster.start(3)) {
            TestMember still = cluster.follower();
            try (Coordination here = still.client().callTimeout(PATIENCE).ttl(PATIENCE).connect();
                    Coordination there = cluster.leader().connect()) {
                still.pause();
                CompletableFuture<String> read =
                        CompletableFuture.supplyAsync(() -> text(here.values().get("a")));
                for (int i = 0; i < 100; i++) {
                    there.values().put("a", Value.of("v" + i));
                }
                assertThat(read).isNotDone();
                still.resume();
                assertThat(read.get(30, TimeUnit.SECONDS)).isEqualTo("v99");
            }
        }
    }

    @Test
    void aMemberThatIsCutOffRefusesAndFollowsOnceHealed() {
        try (TestCluster cluster = TestCluster.start(3)) {
            TestMember cut = cluster.leader();
            try (Coordination here = cut.client().callTimeout(TTL).ttl(PATIENCE).connect()) {
                here.values().put("a", Value.of("before"));
                cut.partition();
                assertThatThrownBy(() -> here.values().put("a", Value.of("alone")))
                        .isInstanceOf(CoordinationException.class);
                assertThat(cluster.leader()).isNotSameAs(cut);
                try (Coordination there = cluster.leader().connect()) {
                    there.values().put("a", Value.of("majority"));
                }
                cluster.heal();
                cluster.awaitReady();
            }
            try (Coordination here = cut.connect()) {
                assertThat(text(here.values().get("a"))).isEqualTo("majority");
            }
        }
    }

    @Test
    void anApplicationWhoseSessionIsExpiredIsTold() throws Exception {
        try (TestCluster cluster = TestCluster.start(1); Coordination c = cluster.connect(0)) {
            CompletableFuture<Loss> lost = new CompletableFuture<>();
            LockHandle held = c.lock("orders").acquire().onLost(lost::complete);
            cluster.expireSession(c.session());
            assertThat(lost.get(30, TimeUnit.SECONDS).kind()).isEqualTo(Loss.Kind.SESSION_EXPIRED);
            assertThat(held.isHeld()).isFalse();
            assertThat(c.session().state()).isEqualTo(SessionState.EXPIRED);
            long old = c.session().id();
            assertThat(c.renew().id()).isNotEqualTo(old);
        }
    }

    @Test
    void aSessionThatHasEndedCannotBeExpired() {
        try (TestCluster cluster = TestCluster.start(1); Coordination c = cluster.connect(0)) {
            assertThatThrownBy(() -> cluster.expireSession(4_711))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no session 4711")
                    .hasMessageContaining("[" + c.session().id() + "]");
        }
    }

    @Test
    void whatWasAcknowledgedIsThereWhenAllWereKilledAndStartedAgain() {
        try (TestCluster cluster = TestCluster.start(3);
                Coordination c = cluster.member(0).client().callTimeout(PATIENCE).connect()) {
            c.values().put("a", Value.of("1"));
            cluster.members().forEach(TestMember::kill);
            cluster.members().forEach(TestMember::restart);
            cluster.awaitReady();
            assertThat(text(c.values().get("a"))).isEqualTo("1");
        }
    }

    @Test
    void aPausedMemberCanBeKilledAndStartedAgain() {
        try (TestCluster cluster = TestCluster.start(3)) {
            TestMember member = cluster.leader();
            member.pause();
            member.kill();
            assertThat(member.state()).isEqualTo(TestMember.State.DOWN);
            member.restart();
            cluster.awaitReady();
            assertThat(member.state()).isEqualTo(TestMember.State.RUNNING);
        }
    }

    @Test
    void aLeaderThatIsStoppedHasToldItsApplicationsAndHandedOver() throws Exception {
        try (TestCluster cluster = TestCluster.start(3)) {
            TestMember first = cluster.leader();
            try (Coordination c = first.client().callTimeout(TTL).connect()) {
                CompletableFuture<Duration> told = new CompletableFuture<>();
                c.session().onDraining(told::complete);
                first.stop();
                assertThat(told.get(30, TimeUnit.SECONDS)).isPositive();
            }
            assertThat(cluster.members()).filteredOn(TestMember::leads).hasSize(1).doesNotContain(first);
        }
    }

    @Test
    void mendingUndoesWhateverWasDone() {
        try (TestCluster cluster = TestCluster.start(3)) {
            cluster.member(0).pause();
            cluster.member(1).partition();
            cluster.member(2).kill();
            cluster.mend();
            assertThat(cluster.members()).allMatch(one -> one.state() == TestMember.State.RUNNING)
                    .noneMatch(TestMember::isPartitioned);
            try (Coordination c = cluster.connect(1)) {
                c.values().put("a", Value.of("1"));
            }
        }
    }

    @Test
    void twoClustersKnowNothingOfEachOther() {
        try (TestCluster one = TestCluster.start(1);
                TestCluster other = TestCluster.start(1);
                Coordination toOne = one.connect(0);
                Coordination toOther = other.connect(0)) {
            toOne.values().put("a", Value.of("1"));
            assertThat(toOther.values().get("a")).isEmpty();
        }
    }

    @Test
    void nothingIsLeftOfAClusterThatIsClosed() {
        Path folder;
        try (TestCluster cluster = TestCluster.start(1)) {
            folder = cluster.folder();
            assertThat(folder.resolve("member-0")).isNotEmptyDirectory();
        }
        assertThat(folder).doesNotExist();
    }

    // ---- what cannot be -----------------------------------------------------------------------------------

    @Test
    void aSizeThatIsNotAllowedIsRefused() {
        for (int size : new int[] {-1, 0, 4}) {
            assertThatThrownBy(() -> TestCluster.start(size)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a cluster of " + size + " members: allowed is 1 to 3");
        }
    }

    @Test
    void whatCannotBeDoneToAMemberIsRefusedWithTheWayOut() {
        try (TestCluster cluster = TestCluster.start(1)) {
            TestMember alone = cluster.member(0);
            assertThatThrownBy(() -> cluster.member(1))
                    .hasMessageContaining("no member 1: this cluster has 1");
            assertThatThrownBy(alone::partition).hasMessageContaining("start a cluster of 3");
            assertThatThrownBy(alone::restart).hasMessageContaining("kill() or stop() it first");
            alone.pause();
            assertThatThrownBy(alone::stop).hasMessageContaining("resume() it first");
            alone.kill();
            assertThatThrownBy(alone::pause).hasMessageContaining("restart() it first");
        }
    }

    @Test
    void withoutAMajorityThereIsNothingToWaitFor() {
        try (TestCluster cluster = TestCluster.start(3)) {
            cluster.member(0).kill();
            cluster.member(1).pause();
            assertThatThrownBy(cluster::leader).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("it takes 2 members of 3")
                    .hasMessageContaining("member-0 DOWN").hasMessageContaining("member-1 PAUSED");
        }
    }

    @Test
    void aClusterThatIsClosedSaysSo() {
        TestCluster cluster = TestCluster.start(1);
        cluster.close();
        assertThatThrownBy(cluster::leader).hasMessage("this cluster is closed");
        assertThatThrownBy(cluster.member(0)::restart).hasMessage("this cluster is closed");
    }

    @Test
    void aMemberWhoseDiskFailedIsToldOf() throws Exception {
        try (TestCluster cluster = TestCluster.start(1)) {
            breakTheDisk(cluster);
            assertThatThrownBy(cluster::check).isInstanceOf(MemberHalted.class)
                    .hasMessageContaining("member-0 has halted");
            assertThatThrownBy(cluster::leader).isInstanceOf(MemberHalted.class);
        }
    }

    /** Takes its volume away and writes until it needs another file there. */
    static void breakTheDisk(TestCluster cluster) throws Exception {
        TestMember member = cluster.member(0);
        try (Coordination c = member.client().callTimeout(PATIENCE).withoutSession().connect()) {
            Volumes.remove(cluster.folder());
            List<Value> large = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                large.add(Value.of("x".repeat(900_000)));
            }
            for (Value value : large) {
                if (member.state() == TestMember.State.RUNNING) {
                    try {
                        c.values().put("large", value);
                    } catch (CoordinationException e) {
                        break; // it has halted
                    }
                }
            }
        }
        await().atMost(PATIENCE).until(() -> member.state() == TestMember.State.DOWN);
        assertThat(Files.exists(cluster.folder())).isFalse();
    }
}
