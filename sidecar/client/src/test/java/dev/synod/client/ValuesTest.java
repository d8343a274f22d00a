package dev.synod.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.coordination.v1.CommitRequest;
import dev.synod.coordination.v1.ErrorReason;
import dev.synod.coordination.v1.GetValueResponse;
import dev.synod.coordination.v1.ListValuesRequest;
import dev.synod.coordination.v1.ListValuesResponse;
import dev.synod.coordination.v1.PutValueRequest;
import dev.synod.coordination.v1.PutValueResponse;
import io.grpc.Status;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ValuesTest {
    private final ScriptedSidecar sidecar = new ScriptedSidecar();
    private Coordination coordination;

    @BeforeEach
    void connect() {
        coordination = sidecar.client().connect();
    }

    @AfterEach
    void stop() {
        coordination.close();
        sidecar.close();
    }

    @Test
    void findsWhatIsThere() {
        sidecar.get.nextAnswer(GetValueResponse.newBuilder().setFound(true)
                .setValue(dev.synod.coordination.v1.KeyValue.newBuilder().setKey("k").setModRevision(9)
                        .setValue(Value.of("v").proto()))
                .build());

        assertThat(coordination.values().get("k")).hasValueSatisfying(found -> {
            assertThat(found.value()).isEqualTo(Value.of("v"));
            assertThat(found.modRevision()).isEqualTo(9);
        });
        assertThat(coordination.values().get("other")).isEmpty();
    }

    @Test
    void readsAtTheLevelAskedFor() {
        coordination.values().get("k", ReadLevel.atLeast(12));
        coordination.values().get("k", ReadLevel.stale());

        assertThat(sidecar.get.requests().get(0).getRead().getAtLeastRevision()).isEqualTo(12);
        assertThat(sidecar.get.requests().get(1).getRead().hasStale()).isTrue();
    }

    @Test
    void readsAgainAfterABreak() {
        sidecar.get.nextFailure(Status.UNAVAILABLE.asRuntimeException());

        coordination.values().get("k");

        assertThat(sidecar.get.requests()).hasSize(2);
    }

    @Test
    void putsAgainUnderTheSameRequestIdAfterABreak() {
        sidecar.put.nextFailure(ScriptedSidecar.error(Status.Code.UNAVAILABLE, "LEADER_CHANGED", true, 0));

        assertThat(coordination.values().put("k", Value.of("v"))).isEqualTo(7);

        assertThat(sidecar.put.requests()).hasSize(2);
        assertThat(sidecar.put.requests().get(0)).isEqualTo(sidecar.put.requests().get(1));
    }

    @Test
    void putsOnceAndSaysSoWithoutASession() {
        try (Coordination bare = sidecar.client().withoutSession().connect()) {
            sidecar.put
                    .nextFailure(ScriptedSidecar.error(Status.Code.UNAVAILABLE, "LEADER_CHANGED", true, 0));

            assertThatThrownBy(() -> bare.values().put("k", Value.of("v")))
                    .isInstanceOfSatisfying(CoordinationException.class, failure -> {
                        assertThat(failure.maybeApplied()).isTrue();
                        assertThat(failure.reason()).isEqualTo(ErrorReason.ERROR_REASON_LEADER_CHANGED);
                    });
            assertThat(sidecar.put.requests()).singleElement()
                    .satisfies(request -> assertThat(request.getRequest().getRequestId()).isZero());
        }
    }

    @Test
    void remembersThatAnEarlierAttemptMayHaveBeenApplied() {
        sidecar.put.nextFailure(ScriptedSidecar.error(Status.Code.UNAVAILABLE, "NO_LEADER", true, 0))
                .nextFailure(ScriptedSidecar.error(Status.Code.RESOURCE_EXHAUSTED, "STATE_QUOTA", false, 5));

        assertThatThrownBy(() -> coordination.values().put("k", Value.of("v")))
                .isInstanceOfSatisfying(CoordinationException.class, failure -> {
                    assertThat(failure.maybeApplied()).isTrue();
                    assertThat(failure.current()).isEqualTo(5);
                });
    }

    @Test
    void givesUpWithItsTime() {
        try (Coordination hurried = sidecar.client().callTimeout(Duration.ofMillis(200)).connect()) {
            sidecar.put.nextSilence();

            assertThatThrownBy(() -> hurried.values().put("k", Value.EMPTY))
                    .isInstanceOfSatisfying(CoordinationException.class,
                            failure -> assertThat(failure.maybeApplied()).isTrue());
        }
    }

    @Test
    void putsOnlyWhatNobodyChangedSince() {
        sidecar.put.nextAnswer(PutValueResponse.newBuilder().setRevision(8).build())
                .nextFailure(ScriptedSidecar.error(Status.Code.ABORTED, "REVISION_MISMATCH", false, 11));

        assertThat(coordination.values().putIf("k", Value.EMPTY, 5)).hasValue(8);
        assertThat(coordination.values().putIf("k", Value.EMPTY, 5)).isEmpty();
        assertThat(sidecar.put.requests()).allSatisfy(request -> {
            assertThat(request.hasIfModRevision()).isTrue();
            assertThat(request.getIfModRevision()).isEqualTo(5);
        });
    }

    @Test
    void bindsAValueToItsSession() {
        coordination.values().putBound("k", Value.EMPTY);

        assertThat(sidecar.put.requests()).extracting(PutValueRequest::getBoundSessionId)
                .containsExactly(coordination.session().id());
    }

    @Test
    void listsPageAfterPage() {
        sidecar.list.nextAnswer(page("a", "next", 20)).nextAnswer(page("b", "", 20));

        Listing listing = coordination.values().list(KeyRange.prefix(""));

        assertThat(listing.values()).extracting(KeyValue::key).containsExactly("a", "b");
        assertThat(listing.revision()).isEqualTo(20);
        assertThat(sidecar.list.requests()).extracting(ListValuesRequest::getPageToken)
                .containsExactly("", "next");
    }

    @Test
    void commitsOnlyWhileTheLockIsHeld() throws Exception {
        LockHandle handle = coordination.lock("a").acquire();
        sidecar.commit.nextFailure(
                ScriptedSidecar.error(Status.Code.FAILED_PRECONDITION, "FENCING_TOKEN_STALE", false, 300));

        assertThatThrownBy(() -> coordination.values().commit().whileHeld(handle)
                .when(Condition.missing("k"), Condition.version("l", Condition.Is.GREATER, 2))
                .then(Operation.put("k", Value.of("v")), Operation.read(KeyRange.key("l")))
                .otherwise(Operation.delete(KeyRange.prefix("m/")))
                .run())
                .isInstanceOfSatisfying(CoordinationException.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(ErrorReason.ERROR_REASON_FENCING_TOKEN_STALE);
                    assertThat(failure.current()).isEqualTo(300);
                });
        CommitRequest sent = sidecar.commit.requests().get(0);
        assertThat(sent.getFences(0).getFencingToken()).isEqualTo(handle.fencingToken().value());
        assertThat(sent.getComparesCount()).isEqualTo(2);
        assertThat(sent.getSuccessCount()).isEqualTo(2);
        assertThat(sent.getFailureCount()).isEqualTo(1);
    }

    private static ListValuesResponse page(String key, String next, long revision) {
        return ListValuesResponse.newBuilder().setNextPageToken(next).setRevision(revision)
                .addValues(dev.synod.coordination.v1.KeyValue.newBuilder().setKey(key)).build();
    }
}
