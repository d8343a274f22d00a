package dev.synod.node.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.synod.coordination.v1.AcquireLockRequest;
import dev.synod.coordination.v1.CampaignRequest;
import dev.synod.coordination.v1.CampaignResponse;
import dev.synod.coordination.v1.ElectionServiceGrpc;
import dev.synod.coordination.v1.PutValueRequest;
import dev.synod.member.Failure;
import dev.synod.member.SessionStatus;
import dev.synod.node.api.ApiSettings;
import dev.synod.node.api.AttachedSession;
import dev.synod.node.api.Received;
import dev.synod.node.api.ServedCoordinator;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoorTest {
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private ServedCoordinator served;
    private Door door;
    private int port;

    @BeforeEach
    void open() {
        open(ApiSettings.of("orders", "orders-0", null));
    }

    private void open(ApiSettings settings) {
        served = new ServedCoordinator(settings);
        door = CompletableFuture.supplyAsync(() -> new Door(served.api), served.group()).join();
        var channel = door.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), served.group(),
                NioServerSocketChannel.class).syncUninterruptibly().channel();
        port = ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @AfterEach
    void close() throws InterruptedException {
        http.close();
        served.close();
        assertThat(served.defects()).isEmpty();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(to(path).GET());
    }

    private HttpResponse<String> put(String path, String body) throws Exception {
        return send(to(path).PUT(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(to(path).POST(BodyPublishers.ofString(body)));
    }

    private long lead(AttachedSession session, String election, String candidate) {
        var received = new Received<CampaignResponse>();
        ElectionServiceGrpc.newStub(served.channel).campaign(CampaignRequest.newBuilder()
                .setSessionId(session.id()).setName(election).setCandidateId(candidate)
                .setValue(ByteString.copyFromUtf8("http://" + candidate)).build(), received);
        return received.next().getElected().getFencingToken();
    }

    @Test
    void a_leader_is_told_with_its_token_and_whether_it_is_here() throws Exception {
        AttachedSession session = served.session("pod-1");
        session.received().next();
        long token = lead(session, "scheduler", "one");

        HttpResponse<String> response = get("/v1/elections/scheduler");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.body()).contains("\"leader\":\"one\"", "\"identity\":\"pod-1\"", "\"self\":true",
                "\"token\":" + token, "\"value\":\"http://one\"");
    }

    @Test
    void an_election_without_a_leader_says_so() throws Exception {
        assertThat(get("/v1/elections/scheduler").body()).contains("\"leader\":null", "\"self\":false");
    }

    @Test
    void who_leads_here_is_asked_by_the_status_alone() throws Exception {
        AttachedSession session = served.session("pod-1");
        session.received().next();
        assertThat(get("/v1/elections/a/b/is-leader").statusCode()).isEqualTo(409);

        lead(session, "a/b", "one");

        assertThat(get("/v1/elections/a/b/is-leader").statusCode()).isEqualTo(200);
        assertThat(get("/v1/elections/a/b/is-leader?identity=one").statusCode()).isEqualTo(200);
        assertThat(get("/v1/elections/a/b/is-leader?identity=two").statusCode()).isEqualTo(409);
        assertThat(get("/v1/elections/a/b/is-leader?namespace=n").statusCode()).isEqualTo(409);
    }

    @Test
    void who_is_in_jeopardy_does_not_lead_here() throws Exception {
        AttachedSession session = served.session("pod-1");
        session.received().next();
        lead(session, "scheduler", "one");

        served.coordinator.stand(session.id(), SessionStatus.JEOPARDY, Duration.ZERO);

        assertThat(get("/v1/elections/scheduler/is-leader").statusCode()).isEqualTo(409);
    }

    @Test
    void a_value_is_put_read_and_deleted() throws Exception {
        assertThat(get("/v1/values/colour").statusCode()).isEqualTo(404);
        assertThat(get("/v1/values/colour").body()).contains("KEY_NOT_FOUND");

        HttpResponse<String> stored = put("/v1/values/colour", "r\"ed");

        assertThat(stored.statusCode()).isEqualTo(200);
        assertThat(get("/v1/values/colour").body()).contains("\"key\":\"colour\"", "\"value\":\"r\\\"ed\"",
                "\"valueBase64\":\"ciJlZA==\"", "\"version\":1");
        assertThat(send(to("/v1/values/colour").DELETE()).body()).contains("\"deleted\":true");
        assertThat(send(to("/v1/values/colour").DELETE()).body()).contains("\"deleted\":false");
    }

    @Test
    void a_value_that_is_no_text_is_told_in_base64_alone() throws Exception {
        served.values().putValue(PutValueRequest.newBuilder().setKey("raw")
                .setValue(ByteString.copyFrom(new byte[] {(byte) 0xff, 0})).build());

        assertThat(get("/v1/values/raw").body()).contains("\"valueBase64\":\"/wA=\"")
                .doesNotContain("\"value\":");
    }

    @Test
    void a_put_may_be_bound_to_a_revision() throws Exception {
        assertThat(put("/v1/values/colour?if_mod_revision=0", "red").statusCode()).isEqualTo(200);

        HttpResponse<String> again = put("/v1/values/colour?if_mod_revision=0", "blue");

        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("REVISION_MISMATCH", "\"current\":\"");
        assertThat(put("/v1/values/colour?if_mod_revision=x", "blue").statusCode()).isEqualTo(400);
    }

    @Test
    void a_lock_is_shown() throws Exception {
        AttachedSession session = served.session("pod-1");
        long token = served.locks().acquireLock(AcquireLockRequest.newBuilder().setSessionId(session.id())
                .setName("orders/42").setOwnerId("worker").build()).getFencingToken();

        HttpResponse<String> response = get("/v1/locks/orders/42");

        assertThat(response.body()).contains("\"name\":\"orders/42\"", "\"ownerId\":\"worker\"",
                "\"fencingToken\":\"" + token + "\"");
    }

    @Test
    void a_token_is_checked() throws Exception {
        AttachedSession session = served.session("pod-1");
        long token = served.locks().acquireLock(AcquireLockRequest.newBuilder().setSessionId(session.id())
                .setName("orders").setOwnerId("worker").build()).getFencingToken();

        assertThat(post("/v1/locks/orders/check-token", "{\"token\":" + token + "}").statusCode())
                .isEqualTo(200);
        assertThat(post("/v1/locks/orders/check-token?token=" + token, "").body()).contains("\"valid\":true");
        HttpResponse<String> unknown = post("/v1/locks/orders/check-token", "{\"token\":\"99999\"}");
        assertThat(unknown.statusCode()).isEqualTo(409);
        assertThat(unknown.body()).contains("\"state\":\"UNKNOWN\"");
        for (String wrong : new String[] {"", "{\"token\":1.5}", "{\"token\":\"x\"}", "[]"}) {
            assertThat(post("/v1/locks/orders/check-token", wrong).statusCode()).isEqualTo(400);
        }
    }

    @Test
    void the_sidecar_says_how_it_is() throws Exception {
        assertThat(get("/v1/status").body()).contains("\"role\":\"member\"", "\"cluster\":\"orders\"",
                "\"ready\":true", "\"sessions\":0");
    }

    @Test
    void every_unary_method_is_called_by_its_name() throws Exception {
        HttpResponse<String> put = post("/v1/ValueService/PutValue",
                "{\"key\":\"colour\",\"value\":\"cmVk\"}");
        HttpResponse<String> get = post("/v1/ValueService/GetValue", "{\"key\":\"colour\"}");

        assertThat(put.statusCode()).isEqualTo(200);
        assertThat(get.body()).contains("\"found\":true", "\"value\":\"cmVk\"");
        assertThat(post("/v1/LockService/ListLocks", "").body()).contains("\"locks\":[]");
    }

    @Test
    void a_session_without_a_stream_holds_a_lock_for_its_ttl() throws Exception {
        String created = post("/v1/SessionService/CreateSession", "{\"ttl\":\"1s\"}").body();
        String id = created.replaceFirst("(?s).*\"sessionId\":\"(\\d+)\".*", "$1");

        HttpResponse<String> acquired = post("/v1/LockService/AcquireLock",
                "{\"sessionId\":\"" + id + "\",\"name\":\"orders\",\"ownerId\":\"curl\"}");

        assertThat(acquired.body()).contains("\"acquired\":true");
        await().until(() -> served.coordinator.look(s -> s.lock("default/orders")).holders().isEmpty());
    }

    @Test
    void an_error_is_told_with_status_reason_and_fields() throws Exception {
        HttpResponse<String> response = post("/v1/LockService/GetLock", "{\"name\":\"not a name\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("\"code\":\"INVALID_ARGUMENT\"", "\"reason\":\"NAME_INVALID\"",
                "\"fields\":[{\"field\":\"name\"");
    }

    @Test
    void want_of_a_quorum_is_503() throws Exception {
        served.coordinator.failNext(Failure.NO_LEADER, true, null, 0);

        HttpResponse<String> response = put("/v1/values/colour", "red");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("NO_LEADER", "\"maybe_applied\":\"true\"");
    }

    @Test
    void a_body_that_is_not_json_is_refused() throws Exception {
        assertThat(post("/v1/LockService/GetLock", "{").statusCode()).isEqualTo(400);
        assertThat(post("/v1/LockService/GetLock", "{\"nome\":\"x\"}").body()).contains("nome");
    }

    @Test
    void streams_are_for_grpc() throws Exception {
        assertThat(post("/v1/LockService/WatchLock", "{}").statusCode()).isEqualTo(501);
    }

    @Test
    void unknown_paths_are_404_and_wrong_methods_405() throws Exception {
        for (String path : new String[] {"/", "/v1", "/v2/status", "/v1/status/x", "/v1/LockService/Nothing",
            "/v1/Health/Check"}) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(404);
        }
        for (String path : new String[] {"/v1/status", "/v1/elections/x", "/v1/locks/x", "/v1/values/x"}) {
            assertThat(post(path, "").statusCode()).as(path).isEqualTo(405);
        }
        assertThat(get("/v1/LockService/GetLock").statusCode()).isEqualTo(405);
        assertThat(get("/v1/locks/x/check-token").statusCode()).isEqualTo(405);
    }

    @Test
    void a_body_that_is_too_large_is_413() throws Exception {
        HttpResponse<String> response = put("/v1/values/colour", "x".repeat(3 << 20));

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("REQUEST_TOO_LARGE");
    }

    @Test
    void a_value_that_is_too_large_is_400_with_its_size() throws Exception {
        HttpResponse<String> response = put("/v1/values/colour", "x".repeat((1 << 20) + 1));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("VALUE_TOO_LARGE", "1048577");
    }

    @Test
    void a_page_of_another_origin_is_kept_out() throws Exception {
        assertThat(send(to("/v1/status").header("Origin", "http://example.org").GET()).statusCode())
                .isEqualTo(403);
        assertThat(
                raw("GET /v1/status HTTP/1.1\r\nHost: rebound.example.org:80\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403");
        assertThat(raw("GET /v1/status HTTP/1.1\r\nHost: [::1]:7404\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void requests_that_come_together_are_answered_in_order() throws IOException {
        String one = "GET /v1/values/a HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String other = "GET /v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        String answers = raw(one + other);

        assertThat(answers).startsWith("HTTP/1.1 404").contains("HTTP/1.1 200");
    }

    @Test
    void what_is_no_http_is_400() throws IOException {
        assertThat(raw("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400");
    }

    @Test
    void who_asks_before_sending_too_much_is_told_so() throws IOException {
        String head = "PUT /v1/values/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n";
        assertThat(raw(head + "Expect: 100-continue\r\n\r\n")).startsWith("HTTP/1.1 413")
                .contains("REQUEST_TOO_LARGE");
        assertThat(raw(head + "Expect: a present\r\n\r\n")).startsWith("HTTP/1.1 417")
                .contains("MALFORMED", "100-continue");
    }

    @Test
    void who_breaks_off_in_the_middle_harms_nobody() throws Exception {
        String put = "PUT /v1/values/a HTTP/1.1\r\nHost: localhost\r\n";
        for (String cut : List.of(put + "Content-Length: 10\r\n\r\nabc",
                put + "Content-Length: 3000000\r\n\r\nabc",
                put + "Content-Length: 3000000\r\nExpect: 100-continue\r\n\r\n",
                put + "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
                put + "Transfer-Encoding: chunked\r\n\r\nzz\r\n")) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream().write(cut.getBytes(StandardCharsets.US_ASCII));
                socket.shutdownOutput();
                socket.setSoTimeout(10_000);
                socket.getInputStream().readAllBytes(); // its end, or a refusal
            }
        }

        assertThat(get("/v1/status").statusCode()).isEqualTo(200);
        assertThat(served.defects()).isEmpty();
    }

    private String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void who_hangs_up_leaves_the_queue_that_it_waited_in() throws IOException {
        AttachedSession holder = served.session("a");
        AttachedSession waits = served.session("b");
        served.locks().acquireLock(AcquireLockRequest.newBuilder().setSessionId(holder.id())
                .setName("orders").setOwnerId("worker").build());
        String body = "{\"sessionId\":\"" + waits.id() + "\",\"name\":\"orders\",\"ownerId\":\"curl\","
                + "\"waitForever\":{}}";
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(("POST /v1/LockService/AcquireLock HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.US_ASCII));
            await().until(() -> served.coordinator.look(s -> s.lock("default/orders")).queue().size() == 1);
        }

        await().until(() -> served.coordinator.look(s -> s.lock("default/orders")).queue().isEmpty());
    }

    @Test
    void the_token_is_asked_for_here_and_not_by_probes(@TempDir Path folder) throws Exception {
        served.close();
        open(ApiSettings.of("c", "m", Files.writeString(folder.resolve("token"), "secret")));

        assertThat(get("/v1/values/colour").statusCode()).isEqualTo(401);
        assertThat(send(to("/v1/values/colour").header("Authorization", "Bearer secret").GET()).statusCode())
                .isEqualTo(404);
        assertThat(probe("GET", "/v1/elections/x/is-leader").status()).isEqualTo(409);
    }

    private DoorReply probe(String method, String uri) {
        return CompletableFuture.supplyAsync(() -> door.probe(method, uri), served.group()).join().join();
    }

    @Test
    void probes_see_whether_it_leads_here_and_nothing_else() throws Exception {
        AttachedSession session = served.session("pod-1");
        session.received().next();
        lead(session, "x", "one");

        DoorReply leads = probe("GET", "/v1/elections/x/is-leader");

        assertThat(leads.status()).isEqualTo(200);
        assertThat(new String(leads.json().array(), StandardCharsets.UTF_8))
                .isEqualToIgnoringWhitespace("{\"isLeader\":true}");
        assertThat(probe("GET", "/v1/elections/x").status()).isEqualTo(404);
        assertThat(probe("POST", "/v1/elections/x/is-leader").status()).isEqualTo(405);
        assertThat(probe("GET", "/v1/values/x").status()).isEqualTo(404);
        assertThat(probe("GET", "/v1/status").status()).isEqualTo(404);
        assertThat(probe("GET", "/v1/elections/%zz/is-leader").status()).isEqualTo(400);
    }

    @Test
    void the_door_opens_on_loopback_alone() {
        assertThatThrownBy(() -> door.listen(new InetSocketAddress("0.0.0.0", 0), served.group(),
                NioServerSocketChannel.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("127.0.0.1");
    }
}
