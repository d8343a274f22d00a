package dev.synod.operator.model;

import dev.synod.crd.Annotations;
import dev.synod.crd.PodTemplate;
import dev.synod.crd.Scheduling;
import dev.synod.operator.plan.PodSet;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A member's pod: alone, or the application's pod with the sidecar in it. What the application says of its
 * pod stays
 * unless it would break the member.
 */
final class MemberPod {
    /** Kubernetes' own default; the sidecar needs 10 s of it after the application is gone. */
    private static final long GRACE_SECONDS = 30;
    private static final int READABLE_BY_GROUP = 0440;

    private MemberPod() {}

    static PodTemplateSpec of(Blueprint blueprint, PodSet set) {
        PodTemplate template = blueprint.spec().template();
        PodSpec asked = template == null ? new PodSpec() : new PodSpecBuilder(template.spec()).build();
        PodSpecBuilder pod = new PodSpecBuilder(asked)
                .withRestartPolicy("Always")
                .withSchedulerName(or(asked.getSchedulerName(), "default-scheduler"))
                .withDnsPolicy(or(asked.getDnsPolicy(), "ClusterFirst"))
                .withTerminationGracePeriodSeconds(
                        or(asked.getTerminationGracePeriodSeconds(), GRACE_SECONDS))
                // Variables of Services called synod-something would be taken for settings.
                .withEnableServiceLinks(or(asked.getEnableServiceLinks(), false))
                .withSecurityContext(security(asked.getSecurityContext(), template == null))
                .withVolumes(volumes(blueprint, asked.getVolumes()));
        if (template == null) {
            pod.withContainers(SidecarContainer.alone(blueprint)).withAutomountServiceAccountToken(false);
        } else {
            List<Container> first = new ArrayList<>();
            first.add(SidecarContainer.beside(blueprint));
            asked.getInitContainers().forEach(container -> first.add(connected(blueprint, container)));
            pod.withInitContainers(first).withContainers(asked.getContainers().stream()
                    .map(container -> connected(blueprint, container)).toList());
        }
        schedule(blueprint, set, asked, pod);
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels(blueprint, set, template))
                .withAnnotations(annotations(blueprint, template))
                .endMetadata()
                .withSpec(pod.build())
                .build();
    }

    private static <T> T or(@Nullable T asked, T otherwise) {
        return asked == null ? otherwise : asked;
    }

    /** A container of the application, and how it reaches the sidecar. What it sets itself stays. */
    private static Container connected(Blueprint blueprint, Container container) {
        Map<String, String> values = new TreeMap<>(Map.of(
                "SYNOD_ENDPOINT", "127.0.0.1:" + blueprint.spec().sidecar().ports().api(),
                "SYNOD_NAMESPACE", blueprint.spec().sidecar().namespace(),
                "SYNOD_TOKEN_FILE", SidecarContainer.TOKEN_FILE));
        container.getEnv().forEach(variable -> values.remove(variable.getName()));
        List<EnvVar> added = values.entrySet().stream().map(entry -> new EnvVarBuilder()
                .withName(entry.getKey()).withValue(entry.getValue()).build()).toList();
        ContainerBuilder result = new ContainerBuilder(container).addAllToEnv(added);
        boolean mounted = container.getVolumeMounts().stream()
                .anyMatch(mount -> SidecarContainer.TOKEN_FOLDER.equals(mount.getMountPath()));
        return mounted
                ? result.build()
                : result.addToVolumeMounts(SidecarContainer.mount(
                        SidecarContainer.TOKEN_VOLUME, SidecarContainer.TOKEN_FOLDER, true)).build();
    }

    private static List<Volume> volumes(Blueprint blueprint, List<Volume> asked) {
        List<Volume> volumes = new ArrayList<>(asked);
        volumes.add(secret(SidecarContainer.TLS_VOLUME, blueprint.names().memberTls()));
        volumes.add(secret(SidecarContainer.TOKEN_VOLUME, blueprint.names().token()));
        return volumes;
    }

    private static Volume secret(String name, String secret) {
        return new VolumeBuilder().withName(name).withNewSecret().withSecretName(secret)
                .withDefaultMode(READABLE_BY_GROUP).endSecret().build();
    }

    /**
     * The group makes volume and Secrets readable for the sidecar's user. The rest of the level restricted is
     * set for
     * the whole pod only where no application is, which may be made otherwise; the sidecar's container has it
     * anyway.
     */
    static PodSecurityContext security(@Nullable PodSecurityContext asked, boolean alone) {
        PodSecurityContext base = asked == null ? new PodSecurityContext() : asked;
        PodSecurityContextBuilder context = new PodSecurityContextBuilder(base)
                .withFsGroup(or(base.getFsGroup(), SidecarContainer.USER))
                .withFsGroupChangePolicy(or(base.getFsGroupChangePolicy(), "OnRootMismatch"));
        if (alone) {
            context.withRunAsNonRoot(true).withRunAsUser(SidecarContainer.USER)
                    .withRunAsGroup(SidecarContainer.USER)
                    .withNewSeccompProfile().withType("RuntimeDefault").endSeccompProfile();
        }
        return context.build();
    }

    static void schedule(Blueprint blueprint, PodSet set, PodSpec asked, PodSpecBuilder pod) {
        Scheduling scheduling = blueprint.spec().scheduling();
        Affinity affinity = scheduling.affinity() == null ? asked.getAffinity() : scheduling.affinity();
        pod.withAffinity(affinity == null ? apart(blueprint, set) : affinity);
        List<TopologySpreadConstraint> spread = scheduling.topologySpreadConstraints();
        if (spread == null) {
            spread = asked.getTopologySpreadConstraints().isEmpty()
                    ? List.of(overZones(blueprint, set))
                    : asked.getTopologySpreadConstraints();
        }
        pod.withTopologySpreadConstraints(spread);
        if (!scheduling.tolerations().isEmpty()) {
            pod.withTolerations(scheduling.tolerations());
        }
        if (!scheduling.nodeSelector().isEmpty()) {
            pod.withNodeSelector(new TreeMap<>(scheduling.nodeSelector()));
        }
        if (scheduling.priorityClassName() != null) {
            pod.withPriorityClassName(scheduling.priorityClassName());
        }
    }

    /** Preferred, not required: on a small cluster a required one leaves pods pending. */
    private static Affinity apart(Blueprint blueprint, PodSet set) {
        return new AffinityBuilder().withNewPodAntiAffinity()
                .addNewPreferredDuringSchedulingIgnoredDuringExecution()
                .withWeight(100)
                .withNewPodAffinityTerm()
                .withTopologyKey("kubernetes.io/hostname")
                .withNewLabelSelector().withMatchLabels(blueprint.selector(set)).endLabelSelector()
                .endPodAffinityTerm()
                .endPreferredDuringSchedulingIgnoredDuringExecution()
                .endPodAntiAffinity().build();
    }

    private static TopologySpreadConstraint overZones(Blueprint blueprint, PodSet set) {
        return new TopologySpreadConstraintBuilder().withMaxSkew(1)
                .withTopologyKey("topology.kubernetes.io/zone")
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withNewLabelSelector().withMatchLabels(blueprint.selector(set)).endLabelSelector().build();
    }

    private static Map<String, String> labels(Blueprint blueprint, PodSet set,
            @Nullable PodTemplate template) {
        Map<String, String> labels = new TreeMap<>();
        if (template != null) {
            labels.putAll(template.metadata().labels());
        }
        labels.putAll(blueprint.labels());
        labels.putAll(blueprint.selector(set));
        return labels;
    }

    private static Map<String, String> annotations(Blueprint blueprint, @Nullable PodTemplate template) {
        Map<String, String> annotations = new TreeMap<>();
        if (template != null) {
            annotations.putAll(template.metadata().annotations());
        }
        if (!blueprint.restart().isEmpty()) {
            annotations.put(Annotations.RESTART, blueprint.restart());
        }
        return annotations;
    }
}
