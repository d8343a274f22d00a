package dev.synod.operator.act;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.synod.operator.members.MemberAdmin;
import dev.synod.operator.model.Blueprint;
import dev.synod.operator.model.BootstrapRecord;
import dev.synod.operator.model.Clusters;
import dev.synod.operator.model.RecoveryPod;
import dev.synod.operator.observe.Snapshot;
import dev.synod.operator.plan.Action;
import dev.synod.operator.plan.Observed;
import dev.synod.operator.plan.PodSet;
import dev.synod.operator.plan.Slot;
import dev.synod.operator.tls.KeyMaterial;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each step that writes to the API server, with an answer that says it failed: a look at what is stored then
 * finds it done or not begun, and whoever takes it again where it was not begun ends where all would have
 * gone well.
 */
final class FailedStepsTest {
    private static final String CORE = "/api/v1/namespaces/shop/";
    private static final String RECORD = CORE + "configmaps/orders-bootstrap";
    private static final String CLAIM = CORE + "persistentvolumeclaims/synod-orders-1";
    private static final String SET = "/apis/apps/v1/namespaces/shop/statefulsets/orders";
    private static final Observed.Recovery RECOVERY =
            new Observed.Recovery(Slot.voter(2), id(9), id(8), id(7));
    private static final Blueprint BLUEPRINT = Clusters.blueprint("""
            voters: {}
            storage: {size: 2Gi}
            template: {spec: {containers: [{name: app, image: "app:2"}, {name: log, image: "log:1"}]}}
            """);

    private static final Observed.Confirmed CONFIRMED = new Observed.Confirmed(1, true,
            List.of(new Observed.Configured(id(2), true, Slot.voter(0))), id(2), 1);

    enum Failure {
        CONFLICT, BUSY, FAILED_BEFORE, FAILED_AFTER
    }

    static Stream<Arguments> failures() {
        return Stream.of(new Action.WriteLatch(3), new Action.AdoptLatch(id(1)), new Action.SetLatch(),
                new Action.CreateSet(PodSet.OBSERVERS, 2), new Action.Scale(PodSet.VOTERS, 5),
                new Action.RecreateSet(PodSet.VOTERS), new Action.DeletePod(Slot.voter(1), "pod-1"),
                new Action.DeleteClaim(Slot.voter(1), "claim-1"),
                new Action.ResizeClaim(Slot.voter(1), 2L << 30), new Action.PinImage(),
                new Action.PatchAppImages(Slot.voter(1)),
                new Action.Remember(new Observed.Notes(id(5), null, null)),
                new Action.NoteRecovery(Slot.voter(2), id(9)), new Action.NoteWriting(),
                new Action.ForgetRecovery(), new Action.RunRecovery(RECOVERY),
                new Action.SwitchLatch(id(8)), new Action.FinishRecovery(),
                new Action.DeleteRecoveryJob("job-1"))
                .flatMap(action -> Stream.of(Failure.values())
                        .map(failure -> Arguments.of(action, failure)));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailedStepIsDoneOrNotBegunAndCanBeTakenAgain(Action action, Failure failure) throws IOException {
        Map<String, JsonNode> wanted;
        try (ScriptedApi api = before(action)) {
            take(api, action);
            wanted = api.stored();
        }
        try (ScriptedApi api = before(action)) {
            Map<String, JsonNode> before = api.stored();
            assertThat(wanted).isNotEqualTo(before);
            switch (failure) {
                case CONFLICT -> refuseAll(api, 409);
                case BUSY -> refuseAll(api, 429);
                case FAILED_BEFORE -> refuseAll(api, 500);
                case FAILED_AFTER -> api.losesTheAnswerAfter(0);
            }
            try {
                take(api, action);
            } catch (KubernetesClientException e) {
                assertThat(e.getCode()).as("the client itself tries all others again").isEqualTo(409);
            }
            assertThat(api.stored()).isIn(before, wanted);
            if (api.stored().equals(before)) {
                take(api, action);
            }
            assertThat(api.stored()).isEqualTo(wanted);
        }
    }

    private static void refuseAll(ScriptedApi api, int code) {
        Stream.of("POST", "PUT", "PATCH", "DELETE").forEach(method -> api.answers(method, code));
    }

    /** What there is when such a step is decided on. */
    private static ScriptedApi before(Action action) throws IOException {
        ScriptedApi api = new ScriptedApi();
        if (!(action instanceof Action.WriteLatch || action instanceof Action.AdoptLatch)) {
            boolean noted = action instanceof Action.NoteWriting || action instanceof Action.ForgetRecovery
                    || action instanceof Action.RunRecovery || action instanceof Action.SwitchLatch
                    || action instanceof Action.FinishRecovery;
            Observed.Latch latch = new Observed.Latch(id(1), List.of(id(2)), false);
            api.has(RECORD, versioned(new BootstrapRecord(noted ? latch.noting(RECOVERY) : latch,
                    "synod/sidecar:0").toConfigMap(BLUEPRINT), "record-1"));
        }
        api.has(SET, versioned(BLUEPRINT.set(PodSet.VOTERS, 3, "1Gi"), "set-1"));
        api.has(CORE + "pods/orders-1", versioned(new PodBuilder().withNewMetadata().withName("orders-1")
                .withNamespace("shop").endMetadata().withNewSpec().addNewContainer().withName("app")
                .withImage("app:1")
                .endContainer().addNewContainer().withName("log").withImage("log:1").endContainer().endSpec()
                .withNewStatus().addNewContainerStatus().withName("app").withContainerID("one")
                .endContainerStatus().endStatus().build(), "pod-1"));
        api.has(CLAIM, versioned(new PersistentVolumeClaimBuilder().withNewMetadata()
                .withName("synod-orders-1").endMetadata().withNewSpec().withNewResources()
                .addToRequests("storage", new Quantity("1Gi")).endResources().endSpec().build(), "claim-1"));
        if (action instanceof Action.DeleteRecoveryJob) {
            api.has("/apis/batch/v1/namespaces/shop/jobs/orders-recovery",
                    versioned(RecoveryPod.of(BLUEPRINT, RECOVERY), "job-1"));
        }
        return api;
    }

    private static <T extends HasMetadata> T versioned(T object, String uid) {
        object.getMetadata().setUid(uid);
        object.getMetadata().setResourceVersion("8");
        return object;
    }

    /** On what is stored now, and with identities that are the same each time. */
    private static void take(ScriptedApi api, Action action) {
        AtomicInteger drawn = new AtomicInteger(100);
        ConfigMap record = api.client.configMaps().inNamespace("shop").withName("orders-bootstrap").get();
        StatefulSet voters = api.client.apps().statefulSets().inNamespace("shop").withName("orders").get();
        Snapshot snapshot = new Snapshot(record, voters, null,
                api.client.pods().inNamespace("shop").list().getItems(),
                api.client.persistentVolumeClaims().inNamespace("shop").list().getItems(), null, List.of(),
                Instant.EPOCH);
        try (MemberAdmin members = new MemberAdmin()) {
            new Steps(api.client, members, () -> id(drawn.getAndIncrement())).take(action,
                    new Situation(BLUEPRINT, snapshot,
                            snapshot.observed(BLUEPRINT.names(), new TreeMap<>(), CONFIRMED),
                            new MemberAdmin.Target(BLUEPRINT.names(), id(1), 7402, 7401,
                                    new KeyMaterial("", ""), "", new TreeMap<>())));
        }
    }

    private static UUID id(int number) {
        return new UUID(0, number);
    }
}
