package dev.synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.rpc.ErrorInfo;
import dev.synod.node.api.Errors;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A whole member, and somebody who knows nothing of it but its port: what works, and what a mistake is told.
 */
@Tag("whole")
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GenericCallerTest {
    @TempDir static Path folder;

    private LoneMember member;
    private LoneMember alone;
    private ReflectedCalls calls;
    private String stale;

    @BeforeAll
    void start() throws Exception {
        member = new LoneMember(folder.resolve("member"), 1);
        alone = new LoneMember(folder.resolve("alone"), 3);
        calls = new ReflectedCalls(member.channel, 30);
        stale = token("fenced");
        token("fenced");
    }

    @AfterAll
    void stop() {
        member.close();
        alone.close();
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    /** The token of a grant that is over. */
    private String token(String lock) throws Exception {
        String session = json(calls.call("SessionService/CreateSession", "{'ttl': '30s'}"))
                .get("sessionId").getAsString();
        String acquired = calls.call("LockService/AcquireLock",
                "{'sessionId': '" + session + "', 'name': '" + lock + "', 'ownerId': 'me', 'noWait': {}}");
        assertThat(json(acquired).get("acquired").getAsBoolean()).isTrue();
        String held = calls.call("LockService/GetLock", "{'name': '" + lock + "'}");
        assertThat(held).contains("\"sessionId\":\"" + session + "\"", "\"ownerId\":\"me\"");
        calls.call("SessionService/CloseSession", "{'sessionId': '" + session + "'}");
        return json(acquired).get("fencingToken").getAsString();
    }

    @Test
    void reflectionListsEveryServiceOfAWholeMember() {
        assertThat(calls.services()).contains("synod.coordination.v1.SessionService",
                "synod.coordination.v1.LockService", "synod.coordination.v1.ElectionService",
                "synod.coordination.v1.ValueService", "grpc.health.v1.Health");
    }

    @Test
    void aValueIsPutAndReadByWhatReflectionTells() throws Exception {
        String put = calls.call("ValueService/PutValue", "{'key': 'colour', 'value': 'cmVk'}");
        String got = calls.call("ValueService/GetValue", "{'key': 'colour'}");
        assertThat(json(got).getAsJsonObject("value").get("value").getAsString()).isEqualTo("cmVk");
        assertThat(json(got).getAsJsonObject("value").get("modRevision"))
                .isEqualTo(json(put).get("revision"));
    }

    @Test
    void tokensOfALockRiseFromGrantToGrant() throws Exception {
        assertThat(Long.parseLong(token("rising"))).isLessThan(Long.parseLong(token("rising")));
    }

    @Test
    void theUnixSocketServesTheSame() throws Exception {
        var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ManagedChannel channel = NettyChannelBuilder
                .forAddress(UnixDomainSocketAddress.of(member.socket))
                .channelType(NioDomainSocketChannel.class).eventLoopGroup(group).usePlaintext().build();
        try {
            var bySocket = new ReflectedCalls(channel, 30);
            assertThat(bySocket.services()).isEqualTo(calls.services());
            bySocket.call("ValueService/PutValue", "{'key': 'by-socket', 'value': 'cmVk'}");
            assertThat(calls.call("ValueService/GetValue", "{'key': 'by-socket'}")).contains("cmVk");
        } finally {
            channel.shutdownNow();
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    private void assertRefused(ReflectedCalls asked, String method, String request, String code,
            String said) {
        StatusRuntimeException refused = Assertions.catchThrowableOfType(StatusRuntimeException.class,
                () -> asked.call(method, request.replace("{stale}", stale)));
        ErrorInfo info = Objects.requireNonNull(Errors.info(refused));
        assertThat(refused.getStatus().getCode() + " " + info.getReason()).isEqualTo(code);
        assertThat(info.getDomain()).isEqualTo("coordination.synod.dev");
        for (String part : said.split("\\|", -1)) {
            assertThat(refused.getStatus().getDescription()).contains(part.strip().replace("{stale}", stale))
                    .doesNotContain("default/");
        }
    }

    // spotless:off
    @ParameterizedTest(name = "{0} {2}")
    @CsvSource(delimiter = ';', quoteCharacter = '"', value = {
        "ValueService/PutValue; {'key': 'a b'}; INVALID_ARGUMENT NAME_INVALID; key | a b | A-Za-z0-9",
        "ValueService/PutValue; {'key': 'a', 'namespace': 'x/y'}; INVALID_ARGUMENT NAME_INVALID; x/y",
        "ValueService/GetValue; {'key': ''}; INVALID_ARGUMENT NAME_INVALID; key",
        "ValueService/PutValue; {'key': 'a', 'ifModRevision': '-1'}; INVALID_ARGUMENT ARGUMENT_INVALID; -1",
        "ValueService/GetValue; {'key': 'a', 'atRevision': '999999'}; OUT_OF_RANGE REVISION_FUTURE; 999999",
        "LockService/GetLock; {'name': 'a b'}; INVALID_ARGUMENT NAME_INVALID; name | a b",
        "SessionService/CreateSession; {'ttl': '0.001s'}; INVALID_ARGUMENT ARGUMENT_INVALID; ttl is 1 ms |"
                + " 1000",
        "SessionService/GetSession; {'sessionId': '999'}; NOT_FOUND SESSION_NOT_FOUND; session 999",
        "SessionService/CloseSession; {'sessionId': '999'}; NOT_FOUND SESSION_NOT_FOUND; session 999",
        "LockService/AcquireLock; {'sessionId': '999', 'name': 'a', 'ownerId': 'b', 'noWait': {}};"
                + " FAILED_PRECONDITION SESSION_NOT_ATTACHED; call AttachSession first",
        "LockService/BreakLock; {'name': 'nope', 'reason': 'r'}; FAILED_PRECONDITION LOCK_NOT_HELD;"
                + " lock nope is held by nobody",
        "LockService/BreakLock; {'name': 'fenced', 'fencingToken': '{stale}', 'reason': 'r'};"
                + " FAILED_PRECONDITION LOCK_NOT_HELD; lock fenced",
        "ValueService/PutValue; {'key': 'a', 'fences': [{'kind': 'CLAIM_KIND_LOCK', 'name': 'fenced',"
                + " 'fencingToken': '{stale}'}]}; FAILED_PRECONDITION FENCING_TOKEN_STALE;"
                + " token {stale} of LOCK fenced | no longer valid",
        "ValueService/PutValue; {'key': 'a', 'fences': [{'kind': 'CLAIM_KIND_LOCK', 'name': 'fenced',"
                + " 'fencingToken': '999999'}]}; FAILED_PRECONDITION FENCING_TOKEN_UNKNOWN;"
                + " token 999999 of LOCK fenced",
        "ElectionService/TransferLeadership; {'name': 'boss', 'targetCandidateId': 'x'};"
                + " NOT_FOUND CANDIDATE_NOT_FOUND; election boss | campaign first",
    })
    void aMistakeIsToldByStatusReasonAndText(String method, String request, String code, String said) {
        assertRefused(calls, method, request, code, said);
    }
    // spotless:on

    @Test
    void anOversizedValueIsToldWithItsSize() {
        String value = Base64.getEncoder().encodeToString(new byte[(1 << 20) + 1]);
        assertRefused(calls, "ValueService/PutValue", "{'key': 'a', 'value': '" + value + "'}",
                "INVALID_ARGUMENT VALUE_TOO_LARGE", "1048577 bytes | 1048576 are allowed");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '"', value = {
        "ValueService/PutValue; {'key': 'a', 'value': 'cmVk'}",
        "ValueService/GetValue; {'key': 'a'}",
        "SessionService/CreateSession; {}",
        "LockService/GetLock; {'name': 'a'}",
    })
    void withoutAQuorumEveryCallSaysSo(String method, String request) {
        assertRefused(new ReflectedCalls(alone.channel, 2), method, request, "UNAVAILABLE NO_LEADER",
                "the cluster has no quorum | try again");
    }
}
