package dev.synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.synod.node.api.AttachedSession;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A whole member by plain HTTP, on the door's port and on that of probes. */
@Tag("whole")
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WholeDoorTest {
    @TempDir static Path folder;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private LoneMember member;
    private LoneMember alone;

    @BeforeAll
    void start() throws Exception {
        member = new LoneMember(folder.resolve("member"), 1);
        alone = new LoneMember(folder.resolve("alone"), 3);
    }

    @AfterAll
    void stop() {
        http.close();
        member.close();
        alone.close();
    }

    private HttpResponse<String> send(int port, String method, String path, String body) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30)).method(method, BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return send(member.node.ports().ofHttp(), method, path, body);
    }

    private static JsonObject json(HttpResponse<String> response) {
        return JsonParser.parseString(response.body()).getAsJsonObject();
    }

    @Test
    void whoLeadsHereIsToldAtTheDoorAndToProbes() throws Exception {
        int door = member.node.ports().ofHttp();
        int probes = member.node.ports().ofProbes();
        assertThat(send(door, "GET", "/v1/elections/boss/is-leader", "").statusCode()).isEqualTo(409);
        assertThat(send(probes, "GET", "/v1/elections/boss/is-leader", "").statusCode()).isEqualTo(409);
        AttachedSession session = LoneMember.session(member.channel);
        long token = LoneMember.lead(member.channel, session, "boss", "one");
        assertThat(send(door, "GET", "/v1/elections/boss/is-leader", "").statusCode()).isEqualTo(200);
        assertThat(send(probes, "GET", "/v1/elections/boss/is-leader", "").statusCode()).isEqualTo(200);
        assertThat(send(probes, "GET", "/v1/elections/boss/is-leader?identity=two", "").statusCode())
                .isEqualTo(409);
        assertThat(json(send(door, "GET", "/v1/elections/boss", "")).get("token").getAsLong())
                .isEqualTo(token);
        assertThat(send(probes, "GET", "/v1/values/a", "").statusCode()).isEqualTo(404);
        send("POST", "/v1/SessionService/CloseSession", "{\"sessionId\":\"" + session.id() + "\"}");
        assertThat(send(door, "GET", "/v1/elections/boss/is-leader", "").statusCode()).isEqualTo(409);
        assertThat(send(probes, "GET", "/v1/elections/boss/is-leader", "").statusCode()).isEqualTo(409);
    }

    @Test
    void aValueIsPutReadAndDeleted() throws Exception {
        assertThat(send("PUT", "/v1/values/config/level?if_mod_revision=0", "debug").statusCode())
                .isEqualTo(200);
        assertThat(json(send("GET", "/v1/values/config/level", "")).get("value").getAsString())
                .isEqualTo("debug");
        assertThat(send("PUT", "/v1/values/config/level?if_mod_revision=0", "info").statusCode())
                .isEqualTo(409);
        assertThat(send("DELETE", "/v1/values/config/level", "").statusCode()).isEqualTo(200);
        assertThat(send("GET", "/v1/values/config/level", "").statusCode()).isEqualTo(404);
    }

    @Test
    void aLockIsTakenShownAndGivenBackWithItsSession() throws Exception {
        String session = json(send("POST", "/v1/SessionService/CreateSession", "{\"ttl\":\"30s\"}"))
                .get("sessionId").getAsString();
        String token = json(send("POST", "/v1/LockService/AcquireLock", "{\"sessionId\":\"" + session
                + "\",\"name\":\"nightly\",\"ownerId\":\"curl\",\"noWait\":{}}"))
                .get("fencingToken").getAsString();
        assertThat(send("GET", "/v1/locks/nightly", "").body()).contains("\"ownerId\":\"curl\"", token);
        String check = "/v1/locks/nightly/check-token?token=" + token;
        assertThat(send("POST", check, "").statusCode()).isEqualTo(200);
        send("POST", "/v1/SessionService/CloseSession", "{\"sessionId\":\"" + session + "\"}");
        HttpResponse<String> stale = send("POST", check, "");
        assertThat(stale.statusCode()).isEqualTo(409);
        assertThat(stale.body()).contains("\"valid\":false", "STALE");
    }

    private static void assertRefused(HttpResponse<String> response, int status, String reason, String said) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonObject error = json(response).getAsJsonObject("error");
        assertThat(error.get("reason").getAsString()).isEqualTo(reason);
        for (String part : said.split("\\|", -1)) {
            assertThat(error.get("message").getAsString()).contains(part.strip()).doesNotContain("default/");
        }
    }

    // spotless:off
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = ';', quoteCharacter = '\0', value = {
        "PUT;  /v1/values/a%20b; x; 400; NAME_INVALID; a b | is no name",
        "PUT;  /v1/values/a?namespace=x%2Fy; x; 400; NAME_INVALID; x/y",
        "PUT;  /v1/values/a?if_mod_revision=-1; x; 400; ARGUMENT_INVALID; -1",
        "PUT;  /v1/values/a?if_mod_revision=99; x; 409; REVISION_MISMATCH; 99",
        "GET;  /v1/locks/a%20b; ''; 400; NAME_INVALID; a b",
        "POST; /v1/LockService/BreakLock; {'name':'nope','reason':'r'}; 409; LOCK_NOT_HELD;"
                + " lock nope is held by nobody",
        "POST; /v1/SessionService/GetSession; {'sessionId':'999'}; 404; SESSION_NOT_FOUND; session 999",
        "POST; /v1/LockService/AcquireLock; {'sessionId':'999','name':'a','ownerId':'b','noWait':{}}; 409;"
                + " SESSION_NOT_ATTACHED; call AttachSession first",
        "POST; /v1/ElectionService/TransferLeadership; {'name':'boss','targetCandidateId':'x'}; 404;"
                + " CANDIDATE_NOT_FOUND; x",
    })
    void aMistakeIsToldByStatusReasonAndText(String method, String path, String body, int status,
            String reason, String said) throws Exception {
        assertRefused(send(method, path, body), status, reason, said);
    }
    // spotless:on

    @Test
    void anOversizedValueIsToldWithItsSize() throws Exception {
        assertRefused(send("PUT", "/v1/values/a", "x".repeat((1 << 20) + 1)), 400, "VALUE_TOO_LARGE",
                "1048577 bytes | 1048576 are allowed");
    }

    @Test
    void withoutAQuorumItSaysSoWith503() throws Exception {
        int port = alone.node.ports().ofHttp();
        assertRefused(send(port, "GET", "/v1/values/a", ""), 503, "NO_LEADER", "no quorum | try again");
        assertRefused(send(port, "PUT", "/v1/values/a", "x"), 503, "NO_LEADER", "no quorum | try again");
        assertThat(send(port, "GET", "/v1/elections/boss/is-leader", "").statusCode()).isNotEqualTo(200);
        assertThat(send(port, "GET", "/v1/status", "").body()).contains("\"ready\":false");
    }
}
