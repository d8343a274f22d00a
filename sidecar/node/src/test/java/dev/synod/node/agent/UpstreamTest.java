package dev.synod.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.synod.node.api.ServedCoordinator;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UpstreamTest {
    /** For its event loop. */
    private final ServedCoordinator served = new ServedCoordinator();
    private final ScriptedMember member = new ScriptedMember(served.group());
    /** Look-ups that hang until the test says that the member was found. */
    private final LinkedBlockingQueue<CompletableFuture<InetAddress[]>> lookUps = new LinkedBlockingQueue<>();
    private Upstream upstream;

    @BeforeEach
    void open() {
        upstream = new Upstream(
                List.of(InetSocketAddress.createUnresolved("member", member.address().getPort())),
                this::addresses, () -> null, served.loop(), () -> {});
        served.coordinator.play(upstream::begin);
    }

    private InetAddress[] addresses(String name) {
        var lookUp = new CompletableFuture<InetAddress[]>();
        lookUps.add(lookUp);
        return lookUp.join();
    }

    @AfterEach
    void close() {
        served.coordinator.play(upstream::close);
        member.close();
        served.close();
        assertThat(served.defects()).isEmpty();
    }

    private CompletableFuture<InetAddress[]> lookUp() throws InterruptedException {
        CompletableFuture<InetAddress[]> next = lookUps.poll(10, TimeUnit.SECONDS);
        assertThat(next).as("a look-up within 10 s").isNotNull();
        return next;
    }

    private static void find(CompletableFuture<InetAddress[]> lookUp) {
        lookUp.complete(new InetAddress[] {InetAddress.getLoopbackAddress()});
    }

    private boolean connected() {
        return CompletableFuture.supplyAsync(() -> upstream.current() != null, served.group()).join();
    }

    @Test
    void a_look_up_that_hung_until_another_was_made_leaves_no_connection_behind() throws Exception {
        find(lookUp());
        ScriptedMember.Watch taken = member.watch();
        taken.say(ServingStatus.SERVING);
        await().until(this::connected);
        taken.say(ServingStatus.NOT_SERVING);
        CompletableFuture<InetAddress[]> hung = lookUp();
        taken.say(ServingStatus.SERVING);
        await().until(this::connected);
        taken.say(ServingStatus.NOT_SERVING);
        find(lookUp());
        ScriptedMember.Watch tried = member.watch();

        find(hung);

        tried.awaitGone();
    }
}
