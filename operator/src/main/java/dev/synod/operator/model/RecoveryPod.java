package dev.synod.operator.model;

import dev.synod.crd.PodTemplate;
import dev.synod.operator.plan.Observed.Recovery;
import dev.synod.operator.plan.PodSet;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The Job of a recovery: the sidecar's image with the survivor's claim, which runs {@code synodctl volume
 * recover
 * --in-place}. It may run any number of times. Its pod has none of the labels by which members are found.
 */
public final class RecoveryPod {
    /** On the Job: the cluster that it was made for. */
    public static final String CLUSTER = "synod.dev/recovery-cluster";

    /**
     * On the Job's pods, with the cluster's name: how those are found that may write, whatever became of
     * the Job.
     */
    public static final String LABEL = "synod.dev/recovery";

    private static final int RETRIES = 3;
    /** After these a Job that does not end has failed, and a person is told. */
    private static final long SECONDS_MAX = 3_600;
    /** A container that somebody adds beside it, and that never ends, would keep the Job from ending. */
    private static final Map<String, String> NOT_INJECTED =
            Map.of("sidecar.istio.io/inject", "false", "linkerd.io/inject", "disabled");

    private RecoveryPod() {}

    /** As it is to be made; nothing in it is ever changed. */
    public static Job of(Blueprint blueprint, Recovery recovery) {
        Names names = blueprint.names();
        Map<String, String> labels = new TreeMap<>(blueprint.labels());
        blueprint.selector().keySet().forEach(labels::remove);
        labels.put("app.kubernetes.io/component", "recovery");
        labels.put(LABEL, names.cluster());
        labels.put("sidecar.istio.io/inject", "false");
        return new JobBuilder()
                .withNewMetadataLike(blueprint.meta(names.recovery()))
                .addToAnnotations(CLUSTER, recovery.cluster().toString())
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(RETRIES)
                .withActiveDeadlineSeconds(SECONDS_MAX)
                .withNewTemplate()
                .withNewMetadata().withLabels(labels).withAnnotations(new TreeMap<>(NOT_INJECTED))
                .endMetadata()
                .withSpec(pod(blueprint, recovery))
                .endTemplate()
                .endSpec()
                .build();
    }

    private static PodSpec pod(Blueprint blueprint, Recovery recovery) {
        PodTemplate template = blueprint.spec().template();
        PodSpec asked = template == null ? new PodSpec() : new PodSpecBuilder(template.spec()).build();
        PodSpecBuilder pod = new PodSpecBuilder()
                // A pod for each attempt: the logs of those that failed stay.
                .withRestartPolicy("Never")
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withImagePullSecrets(asked.getImagePullSecrets())
                .withNodeSelector(asked.getNodeSelector())
                .withTolerations(asked.getTolerations())
                // As in members' pods: the files on the volume are that user's and group's.
                .withSecurityContext(MemberPod.security(asked.getSecurityContext(), true))
                .withContainers(container(blueprint, recovery))
                .withVolumes(new VolumeBuilder().withName(Names.VOLUME)
                        .withNewPersistentVolumeClaim()
                        .withClaimName(blueprint.names().claim(recovery.slot()))
                        .endPersistentVolumeClaim().build());
        MemberPod.schedule(blueprint, PodSet.VOTERS, asked, pod);
        return pod.build();
    }

    private static Container container(Blueprint blueprint, Recovery recovery) {
        int peers = blueprint.spec().sidecar().ports().peers();
        return SidecarContainer.tool(blueprint, "recover", List.of("volume", "recover",
                SidecarContainer.DATA_FOLDER, "--in-place",
                "--cluster-id=" + recovery.cluster(),
                "--member-id=" + recovery.member(),
                "--address=" + blueprint.names().address(recovery.slot(), peers),
                "--yes"));
    }
}
