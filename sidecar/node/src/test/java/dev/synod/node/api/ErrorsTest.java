package dev.synod.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.coordination.v1.ErrorReason;
import dev.synod.coordination.v1.GetLockRequest;
import dev.synod.member.Answer;
import dev.synod.member.Failure;
import dev.synod.state.Cause;
import dev.synod.state.Refusal;
import dev.synod.state.Reply;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorsTest {
    /** The statuses that the comments of the published protos promise. */
    private static Map<ErrorReason, Status.Code> published() throws IOException {
        Path tree = Path.of(System.getProperty("synod.tree"));
        String proto = Files.readString(
                tree.resolve("sidecar/api/src/main/protobuf/synod/coordination/v1/common.proto"));
        Matcher rows = Pattern.compile("// ([A-Z_]+): [^;]*?(ERROR_REASON_[A-Z_]+) = \\d+;", Pattern.DOTALL)
                .matcher(proto.substring(proto.indexOf("enum ErrorReason")).replaceAll(";(?=[^\\n])", ","));
        Map<ErrorReason, Status.Code> published = new EnumMap<>(ErrorReason.class);
        while (rows.find()) {
            published.put(ErrorReason.valueOf(rows.group(2)), Status.Code.valueOf(rows.group(1)));
        }
        return published;
    }

    @ParameterizedTest
    @EnumSource
    void a_refusal_has_the_status_that_the_protos_promise(Refusal refusal) throws IOException {
        Errors.Row row = Errors.row(refusal);

        assertThat(published()).containsEntry(row.reason(), row.code());
    }

    @ParameterizedTest
    @EnumSource
    void a_failure_has_the_status_that_the_protos_promise(Failure failure) throws IOException {
        Errors.Row row = Errors.row(failure);

        assertThat(published()).containsEntry(row.reason(), row.code());
    }

    @ParameterizedTest
    @EnumSource
    void a_refusal_keeps_its_text_and_its_number(Refusal refusal) {
        var refused = new Reply.Refused(refusal, "what is wrong with it", 41);

        Shown shown = Shown.of(Errors.refused(refused));

        assertThat(shown.text()).isEqualTo("what is wrong with it");
        assertThat(shown.metadata()).containsKey("current");
        assertThat(shown.fields()).hasSize(shown.code() == Status.Code.INVALID_ARGUMENT ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource
    void a_failure_says_what_it_is_and_what_to_do(Failure failure) {
        var failed = new Answer.Failed(failure, false, Cause.BROKEN, 41);

        Shown shown = Shown.of(Errors.failed(failed));

        assertThat(shown.text().length()).isGreaterThan(40);
        assertThat(shown.metadata()).containsEntry("current", "41").containsEntry("cause", "BROKEN")
                .doesNotContainKey("maybe_applied");
        assertThat(shown.retryable()).isEqualTo(
                shown.code() == Status.Code.UNAVAILABLE || failure == Failure.BUSY);
    }

    @Test
    void a_failure_that_may_have_taken_effect_says_so() {
        Shown shown = Shown.of(Errors.failed(new Answer.Failed(Failure.NO_LEADER, true, null, 0)));

        assertThat(shown.metadata()).containsEntry("maybe_applied", "true").doesNotContainKey("current");
        assertThat(shown.text()).contains("same request id");
    }

    @Test
    void a_failure_reaches_the_client_with_all_its_details() throws Exception {
        try (var served = new ServedCoordinator()) {
            served.coordinator.failNext(Failure.NO_LEADER, true, null, 0);

            Shown shown = Shown.of(() -> served.locks().getLock(
                    GetLockRequest.newBuilder().setName("a").build()));

            assertThat(shown.code()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(shown.reason()).isEqualTo("NO_LEADER");
            assertThat(shown.metadata()).containsEntry("maybe_applied", "true");
            assertThat(shown.retryable()).isTrue();
        }
    }
}
