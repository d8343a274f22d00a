package dev.synod.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.synod.coordination.v1.ErrorReason;
import io.grpc.Status;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoordinationTest {
    private final ScriptedSidecar sidecar = new ScriptedSidecar();

    @AfterEach
    void stop() {
        sidecar.close();
    }

    @Test
    void waitsForASidecarThatStartsAfterIt() {
        sidecar.stop();
        CompletableFuture<Coordination> connecting =
                CompletableFuture.supplyAsync(() -> sidecar.client().connect());

        sidecar.startAgain();

        try (Coordination coordination = connecting.join()) {
            assertThat(coordination.session().id()).isEqualTo(1);
        }
    }

    @Test
    void givesUpOnASidecarThatDoesNotStart() {
        sidecar.stop();

        assertThatThrownBy(() -> sidecar.client().connectTimeout(Duration.ofMillis(300)).connect())
                .isInstanceOf(CoordinationException.class);
    }

    @Test
    void givesUpOnASidecarThatDoesNotKeepItsSessionAlive() {
        sidecar.refuseAttach(ScriptedSidecar.error(Status.Code.UNAVAILABLE, "NO_LEADER", false, 0));

        assertThatThrownBy(() -> sidecar.client().connectTimeout(Duration.ofSeconds(1)).connect())
                .isInstanceOf(CoordinationException.class).hasMessageContaining("session 1");
    }

    @Test
    void mayBeClosedByACallbackWhileItIsClosed() throws Exception {
        Coordination coordination = sidecar.client().connect();
        CompletableFuture<Void> returned = new CompletableFuture<>();
        coordination.lock("a").acquire().onLost(loss -> {
            coordination.close();
            returned.complete(null);
        });

        coordination.close();

        assertThat(returned).isCompleted();
        assertThat(sidecar.closed).hasSize(1);
    }

    @Test
    void saysWhoItIs() {
        sidecar.client().identity("pod-1").label("app", "shop").connect().close();

        assertThat(sidecar.created).singleElement().satisfies(request -> {
            assertThat(request.getIdentity()).isEqualTo("pod-1");
            assertThat(request.getLabelsMap()).containsEntry("app", "shop");
        });
    }

    @Test
    void showsTheTokenAsItIsNow(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "first\n");
        try (Coordination coordination = sidecar.client().tokenFile(file).connect()) {
            Files.writeString(file, "second\n");

            coordination.values().get("k");

            assertThat(sidecar.authorizations).contains("Bearer first").endsWith("Bearer second");
        }
    }

    @Test
    void saysThatItsTokenCannotBeRead(@TempDir Path folder) {
        assertThatThrownBy(() -> sidecar.client().tokenFile(folder.resolve("none")).connect())
                .isInstanceOfSatisfying(CoordinationException.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(ErrorReason.ERROR_REASON_UNAUTHENTICATED);
                    assertThat(failure).hasMessageContaining("SYNOD_TOKEN_FILE");
                });
    }

    @Test
    void reachesItsSidecarByAUnixSocket(@TempDir Path folder) {
        assumeTrue(Epoll.isAvailable(), "no epoll here");
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            Path socket = folder.resolve("s.sock");
            sidecar.listenOn(socket, group);

            try (Coordination coordination = sidecar.client().endpoint("unix://" + socket).connect()) {
                assertThat(coordination.session().state()).isEqualTo(SessionState.ACTIVE);
            }
        } finally {
            sidecar.close();
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    @Test
    void refusesANamespaceWithASlash() {
        assertThatThrownBy(() -> sidecar.client().namespace("a/b").connect())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("a/b");
    }

    @Test
    void hasNoLocksWithoutASession() {
        try (Coordination coordination = sidecar.client().withoutSession().connect()) {
            assertThatThrownBy(() -> coordination.lock("a").tryAcquire())
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("withoutSession");
        }
        assertThat(sidecar.created).isEmpty();
    }

    @Test
    void failsWhatIsUnderWayWhenItIsClosed() {
        Coordination coordination = sidecar.client().withoutSession().connect();
        sidecar.get.nextSilence();
        var pending = coordination.values().getAsync("k");
        await().until(() -> !sidecar.get.requests().isEmpty());

        coordination.close();

        assertThatThrownBy(pending::join).hasCauseInstanceOf(CoordinationException.class);
    }
}
