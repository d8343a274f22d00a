package dev.synod.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.admin.v1.MemberStatus;
import dev.synod.cli.dev.LocalCluster.LocalMember;
import dev.synod.client.Coordination;
import dev.synod.client.LockHandle;
import dev.synod.client.SessionState;
import dev.synod.client.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three members and an agent as processes of their own, with real disks and sockets, under a load from the
 * Java client: killed, paused, cut off, started again. What applications were told is held against the
 * checkers of the simulation.
 */
@Tag("whole")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RealProcessesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SOME = 150;

    @TempDir static Path folder;

    private ProxiedCluster cluster;

    @BeforeAll
    void start() throws IOException, InterruptedException {
        cluster = new ProxiedCluster(folder);
    }

    @AfterAll
    void stop() throws IOException {
        cluster.close();
    }

    private void await(String what, BooleanSupplier condition) throws InterruptedException {
        cluster.local().await(what, PATIENCE, condition);
    }

    /** Runs a load through a fault: something before it, something after it, and all of it checked. */
    private void through(String name, Fault fault) throws InterruptedException {
        AppLoad load = new AppLoad(name, cluster.endpoints());
        try {
            await("operations before", () -> load.acknowledged() >= SOME);
            fault.strike();
            int before = load.acknowledged();
            await("operations after", () -> load.acknowledged() >= before + SOME);
            fault.mend();
            int mended = load.acknowledged();
            await("operations in the end", () -> load.acknowledged() >= mended + SOME && load.granted() > 0);
        } finally {
            fault.mend();
            load.end();
        }
        check(load);
    }

    private void check(AppLoad load) throws InterruptedException {
        try (Coordination coordination = cluster.connect()) {
            load.check(coordination);
        }
        awaitSameState();
    }

    private void awaitSameState() throws InterruptedException {
        await("equal states", () -> {
            List<Long> digests = new ArrayList<>();
            List<Long> applied = new ArrayList<>();
            for (MemberStatus status : cluster.local().statuses().values()) {
                if (status == null || !status.getFault().isEmpty()) {
                    return false;
                }
                digests.add(status.getDigest());
                applied.add(status.getAppliedIndex());
            }
            return applied.stream().distinct().count() == 1 && digests.stream().distinct().count() == 1;
        });
    }

    /** Something that goes wrong, and is put right. */
    private interface Fault {
        void strike() throws InterruptedException;

        void mend() throws InterruptedException;
    }

    @Test
    void theLeaderIsKilledUnderLoadAndStartedAgain() throws InterruptedException {
        LocalMember leader = cluster.leader();
        through("kill", new Fault() {
            @Override
            public void strike() {
                leader.process().kill();
            }

            @Override
            public void mend() {
                leader.process().startAgain();
            }
        });
    }

    @Test
    void theLeaderIsPausedUnderLoad() throws InterruptedException {
        LocalMember leader = cluster.leader();
        through("pause", new Fault() {
            @Override
            public void strike() throws InterruptedException {
                cluster.signal(leader, "STOP");
            }

            @Override
            public void mend() throws InterruptedException {
                cluster.signal(leader, "CONT");
            }
        });
    }

    @Test
    void theLeaderIsCutOffFromItsPeersUnderLoad() throws InterruptedException {
        LocalMember leader = cluster.leader();
        through("cut", new Fault() {
            @Override
            public void strike() {
                cluster.cut(leader);
            }

            @Override
            public void mend() {
                cluster.heal();
            }
        });
    }

    @Test
    void allMembersAreKilledAtOnceAndNothingAcknowledgedIsMissing() throws InterruptedException {
        AppLoad load = new AppLoad("all", cluster.endpoints());
        try {
            await("operations before", () -> load.acknowledged() >= SOME);
            cluster.local().members().forEach(member -> member.process().kill());
            await("all to be gone", () -> cluster.local().members().stream()
                    .noneMatch(member -> member.process().isAlive()));
            cluster.local().members().forEach(member -> member.process().startAgain());
            int before = load.acknowledged();
            await("operations after", () -> load.acknowledged() >= before + SOME);
        } finally {
            load.end();
        }
        check(load);
    }

    @Test
    void anApplicationBesideAnAgentKeepsItsLockWhileItsMemberIsKilled() throws InterruptedException {
        try (Coordination app = Coordination.builder().endpoint(cluster.agentEndpoint())
                .ttl(Duration.ofSeconds(10)).connect()) {
            LockHandle lock = app.lock("agent/lock").acquire(Duration.ofSeconds(10));
            LocalMember leader = cluster.leader();
            leader.process().kill();
            app.values().put("agent/value", Value.of("written after"));
            await("the session to be active", () -> app.session().state() == SessionState.ACTIVE);
            assertThat(lock.isHeld()).isTrue();
            leader.process().startAgain();
            lock.close();
        }
        awaitSameState();
    }
}
