package dev.synod.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.synod.coordination.v1.AcquireLockRequest;
import dev.synod.coordination.v1.CreateSessionRequest;
import dev.synod.coordination.v1.GetLockRequest;
import dev.synod.coordination.v1.GetValueRequest;
import dev.synod.coordination.v1.LockServiceGrpc;
import dev.synod.coordination.v1.PutValueRequest;
import dev.synod.coordination.v1.WatchLockRequest;
import dev.synod.coordination.v1.WatchLockResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateTest {
    private static final GetLockRequest GET = GetLockRequest.newBuilder().setName("orders").build();

    private ServedCoordinator served = new ServedCoordinator();

    @AfterEach
    void close() throws InterruptedException {
        served.close();
        assertThat(served.defects()).isEmpty();
    }

    private void serve(ApiSettings settings) throws InterruptedException {
        served.close();
        served = new ServedCoordinator(settings);
    }

    private static ApiSettings limits(int sessions, int watches) {
        return new ApiSettings("c", "m", null, Duration.ofSeconds(5), sessions, watches, 1_000, 1 << 20);
    }

    private Received<WatchLockResponse> watch(ManagedChannel channel) {
        var received = new Received<WatchLockResponse>();
        LockServiceGrpc.newStub(channel).watchLock(
                WatchLockRequest.newBuilder().setName("orders").build(), received);
        return received;
    }

    private CompletableFuture<Void> drain() {
        return CompletableFuture.supplyAsync(
                () -> served.api.drain(Duration.ofSeconds(20)), served.group()).join();
    }

    private ServingStatus health(String service) {
        return HealthGrpc.newBlockingStub(served.channel).check(
                HealthCheckRequest.newBuilder().setService(service).build()).getStatus();
    }

    // Limits of a connection.

    @Test
    void a_connection_has_as_many_watches_as_are_allowed_and_another_has_its_own() throws Exception {
        serve(limits(32, 2));
        var first = watch(served.channel);
        first.next();
        watch(served.channel).next();

        Shown shown = Shown.of(watch(served.channel).error());

        assertThat(shown.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(shown.reason()).isEqualTo("CONNECTION_LIMIT");
        assertThat(shown.metadata()).containsEntry("current", "2");
        watch(served.connect()).next();
        first.cancel();
        await().until(() -> served.coordinator.watches() == 2);
        watch(served.channel).next();
    }

    @Test
    void a_connection_has_as_many_sessions_as_are_allowed() throws Exception {
        serve(limits(2, 256));
        AttachedSession first = served.session("a");
        first.received().next();
        served.sessions().createSession(CreateSessionRequest.getDefaultInstance());

        Shown shown = Shown.of(
                () -> served.sessions().createSession(CreateSessionRequest.getDefaultInstance()));

        assertThat(shown.reason()).isEqualTo("CONNECTION_LIMIT");
        served.coordinator.expire(first.id());
        first.received().next();
        served.sessions().createSession(CreateSessionRequest.getDefaultInstance());
    }

    @Test
    void a_request_that_is_too_large_is_refused_before_it_is_read() {
        Shown shown = Shown.of(() -> served.values().putValue(PutValueRequest.newBuilder().setKey("a")
                .setValue(ByteString.copyFrom(new byte[2 << 20])).build()));

        assertThat(shown.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(served.values().getValue(GetValueRequest.newBuilder().setKey("a").build()).getFound())
                .isFalse();
    }

    @Test
    void a_call_that_is_not_answered_ends_at_its_deadline() {
        served.coordinator.fallSilent();

        Shown shown = Shown.of(() -> served.values().withDeadlineAfter(100, TimeUnit.MILLISECONDS)
                .putValue(PutValueRequest.newBuilder().setKey("a").build()));

        assertThat(shown.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }

    // Drain.

    @Test
    void new_calls_are_refused_while_the_sidecar_drains() {
        drain();

        Shown shown = Shown.of(() -> served.locks().getLock(GET));

        assertThat(shown.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(shown.reason()).isEqualTo("DRAINING");
        assertThat(shown.retryable()).isTrue();
    }

    @Test
    void attached_sessions_are_told_that_the_sidecar_drains_and_go_on() {
        AttachedSession session = served.session("a");
        session.received().next();

        CompletableFuture<Void> drained = drain();

        assertThat(session.received().next().getDraining().getStopsWithin().getSeconds()).isEqualTo(20);
        session.heartbeat(1);
        assertThat(session.received().next().getHeartbeatReply().getSequence()).isEqualTo(1);
        assertThat(drained).isNotDone();
        session.requests().onCompleted();
        await().until(drained::isDone);
    }

    @Test
    void watches_end_when_the_sidecar_drains() {
        var watch = watch(served.channel);
        watch.next();

        CompletableFuture<Void> drained = drain();

        assertThat(Shown.of(watch.error()).reason()).isEqualTo("DRAINING");
        assertThat(served.coordinator.watches()).isZero();
        await().until(drained::isDone);
    }

    @Test
    void a_call_under_way_is_answered_while_the_sidecar_drains() throws Exception {
        AttachedSession holder = served.session("a");
        AttachedSession waits = served.session("b");
        var ask = AcquireLockRequest.newBuilder().setName("orders").setOwnerId("worker");
        served.locks().acquireLock(ask.setSessionId(holder.id()).build());
        var waiting = new Received<dev.synod.coordination.v1.AcquireLockResponse>();
        LockServiceGrpc.newStub(served.channel).acquireLock(ask.setSessionId(waits.id())
                .setWaitForever(Empty.getDefaultInstance()).build(), waiting);
        await().until(() -> !served.coordinator.look(s -> s.lock("default/orders")).queue().isEmpty());
        drain();

        served.coordinator.expire(holder.id());

        assertThat(waiting.next().getAcquired()).isTrue();
    }

    // Health and reflection.

    @Test
    void being_alive_never_depends_on_being_ready() {
        assertThat(health("")).isEqualTo(ServingStatus.SERVING);
        assertThat(health("ready")).isEqualTo(ServingStatus.SERVING);

        served.ready.set(false);
        served.coordinator.play(served.api::readinessChanged);

        assertThat(health("")).isEqualTo(ServingStatus.SERVING);
        assertThat(health("ready")).isEqualTo(ServingStatus.NOT_SERVING);
        assertThat(health(LockServiceGrpc.SERVICE_NAME)).isEqualTo(ServingStatus.NOT_SERVING);
    }

    @Test
    void a_sidecar_that_drains_is_alive_and_not_ready() {
        drain();

        assertThat(health("")).isEqualTo(ServingStatus.SERVING);
        assertThat(health("ready")).isEqualTo(ServingStatus.NOT_SERVING);
    }

    @Test
    void reflection_lists_every_service() {
        var received = new Received<ServerReflectionResponse>();
        var stream = ServerReflectionGrpc.newStub(served.channel).serverReflectionInfo(received);

        stream.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());

        assertThat(received.next().getListServicesResponse().getServiceList())
                .extracting(ServiceResponse::getName)
                .contains("synod.coordination.v1.SessionService", "synod.coordination.v1.LockService",
                        "synod.coordination.v1.ElectionService", "synod.coordination.v1.ValueService",
                        "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
                        "grpc.reflection.v1alpha.ServerReflection");
        stream.onCompleted();
    }

    @Test
    void the_sidecar_says_of_itself_how_it_is() {
        served.session("a").received().next();

        SidecarStatus status = CompletableFuture.supplyAsync(served.api::status, served.group()).join().join();

        assertThat(status.role()).isEqualTo("member");
        assertThat(status.cluster()).isEqualTo("orders");
        assertThat(status.ready()).isTrue();
        assertThat(status.sessions()).isEqualTo(1);
        assertThat(status.revision()).isPositive();
    }

    // The token.

    private LockServiceGrpc.LockServiceBlockingStub bearing(String header) {
        var headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), header);
        return LockServiceGrpc.newBlockingStub(served.channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    @Test
    void only_who_shows_the_token_is_let_in(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "one\n");
        serve(ApiSettings.of("c", "m", file));

        assertThat(bearing("Bearer one").getLock(GET).getRevision()).isPositive();
        for (String wrong : new String[] {"Bearer two", "Bearer ", "Basic one", "one"}) {
            Shown shown = Shown.of(() -> bearing(wrong).getLock(GET));
            assertThat(shown.code()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(shown.reason()).isEqualTo("UNAUTHENTICATED");
        }
        assertThat(Shown.of(() -> served.locks().getLock(GET)).text()).contains("authorization: Bearer");
    }

    @Test
    void health_is_told_without_a_token(@TempDir Path folder) throws Exception {
        serve(ApiSettings.of("c", "m", Files.writeString(folder.resolve("token"), "one")));

        assertThat(health("")).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void a_token_that_is_replaced_is_taken_up(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "one");
        serve(ApiSettings.of("c", "m", file));
        assertThat(bearing("Bearer one").getLock(GET).getRevision()).isPositive();

        Files.writeString(file, "two");

        await().ignoreExceptions().until(() -> bearing("Bearer two").getLock(GET).getRevision() > 0);
        await().until(() -> {
            try {
                bearing("Bearer one").getLock(GET);
                return false;
            } catch (io.grpc.StatusRuntimeException e) {
                return e.getStatus().getCode() == Status.Code.UNAUTHENTICATED;
            }
        });
    }

    @Test
    void an_empty_token_file_is_refused_at_the_start(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("token"), " \n");

        assertThatThrownBy(
                () -> new TokenFile(file, System::nanoTime))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString());
    }
}
