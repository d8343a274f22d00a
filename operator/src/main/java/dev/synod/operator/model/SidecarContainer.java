package dev.synod.operator.model;

import dev.synod.crd.Sidecar;
import dev.synod.crd.Tuning;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The member's container, as docs/configuration.md, docs/node.md and docs/image.md describe it. */
final class SidecarContainer {
    static final String NAME = "synod";
    static final String TOKEN_FOLDER = "/var/run/synod/token";
    static final String TOKEN_FILE = TOKEN_FOLDER + "/token";
    static final String TOKEN_VOLUME = "synod-token";
    static final String TLS_VOLUME = "synod-tls";
    static final String DATA_FOLDER = "/var/lib/synod";
    /** Of the image; it owns nothing there. */
    static final long USER = 65_532;

    private static final String TLS_FOLDER = "/etc/synod/tls";

    private SidecarContainer() {}

    /** In a pod of its own. */
    static Container alone(Blueprint blueprint) {
        return builder(blueprint).build();
    }

    /** Beside an application: it starts before it, ends after it, and is started again whenever it ends. */
    static Container beside(Blueprint blueprint) {
        return builder(blueprint).withRestartPolicy("Always").build();
    }

    /** synodctl of the same image, with the volume alone. */
    static Container tool(Blueprint blueprint, String name, List<String> arguments) {
        return new ContainerBuilder()
                .withName(name)
                .withImage(blueprint.image())
                .withImagePullPolicy("IfNotPresent")
                .withCommand("/usr/bin/synodctl")
                .withArgs(arguments)
                .withResources(resources(blueprint.spec().sidecar().resources()))
                .withSecurityContext(restricted())
                .withTerminationMessagePath("/dev/termination-log")
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .withVolumeMounts(mount(Names.VOLUME, DATA_FOLDER, false))
                .build();
    }

    private static ContainerBuilder builder(Blueprint blueprint) {
        Sidecar.Ports ports = blueprint.spec().sidecar().ports();
        return new ContainerBuilder()
                .withName(NAME)
                .withImage(blueprint.image())
                .withImagePullPolicy("IfNotPresent")
                .withArgs(arguments(blueprint))
                .withEnv(environment(blueprint))
                .withPorts(port("synod-peers", ports.peers()), port("synod-admin", ports.admin()),
                        port("synod-probes", ports.probes()))
                // Reading back a large volume takes a while; nothing else of the pod starts before that.
                .withStartupProbe(probe("/healthz/started", ports.probes(), 1, 300))
                .withReadinessProbe(probe("/healthz/ready", ports.probes(), 5, 1))
                .withLivenessProbe(probe("/healthz/live", ports.probes(), 10, 3))
                .withResources(resources(blueprint.spec().sidecar().resources()))
                .withSecurityContext(restricted())
                .withTerminationMessagePath("/dev/termination-log")
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .withVolumeMounts(mount(Names.VOLUME, DATA_FOLDER, false),
                        mount(TLS_VOLUME, TLS_FOLDER, true),
                        mount(TOKEN_VOLUME, TOKEN_FOLDER, true));
    }

    /**
     * Settings of the sidecar that synodctl in this container needs as well, and those that it alone needs.
     */
    private static List<EnvVar> environment(Blueprint blueprint) {
        Sidecar.Ports ports = blueprint.spec().sidecar().ports();
        return List.of(field("SYNOD_MEMBER_NAME", "metadata.name"),
                variable("SYNOD_TOKEN_FILE", TOKEN_FILE),
                variable("SYNOD_TLS_CERT", TLS_FOLDER + "/tls.crt"),
                variable("SYNOD_TLS_KEY", TLS_FOLDER + "/tls.key"),
                variable("SYNOD_TLS_CA", TLS_FOLDER + "/ca.crt"),
                // Every member's certificate has it, so that no name has to be looked up to reach one.
                variable("SYNOD_TLS_SERVER_NAME", blueprint.names().peers()),
                variable("SYNOD_ENDPOINT", "127.0.0.1:" + ports.api()),
                variable("SYNOD_ADMIN", "127.0.0.1:" + ports.admin()));
    }

    private static EnvVar variable(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private static List<String> arguments(Blueprint blueprint) {
        Sidecar.Ports ports = blueprint.spec().sidecar().ports();
        Tuning tuning = blueprint.spec().tuning();
        return List.of(
                "--form=member",
                "--cluster-name=" + blueprint.names().cluster(),
                "--volume=" + DATA_FOLDER,
                "--listen-native=127.0.0.1:" + ports.api(),
                "--listen-http=127.0.0.1:" + ports.http(),
                "--listen-peers=0.0.0.0:" + ports.peers(),
                "--listen-admin=0.0.0.0:" + ports.admin(),
                "--listen-probes=0.0.0.0:" + ports.probes(),
                "--heartbeat=" + tuning.heartbeat(),
                "--election-timeout=" + tuning.electionTimeout());
    }

    static EnvVar field(String name, String path) {
        return new EnvVarBuilder().withName(name).withNewValueFrom()
                .withNewFieldRef().withApiVersion("v1").withFieldPath(path).endFieldRef().endValueFrom()
                .build();
    }

    private static ContainerPort port(String name, int number) {
        return new ContainerPortBuilder().withName(name).withContainerPort(number).withProtocol("TCP")
                .build();
    }

    private static Probe probe(String path, int port, int periodSeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet().withPath(path).withPort(new IntOrString(port)).withScheme("HTTP")
                .endHttpGet()
                .withPeriodSeconds(periodSeconds).withTimeoutSeconds(3)
                .withSuccessThreshold(1).withFailureThreshold(failures).build();
    }

    private static ResourceRequirements resources(Sidecar.Resources asked) {
        return new ResourceRequirementsBuilder().withRequests(quantities(asked.requests()))
                .withLimits(quantities(asked.limits())).build();
    }

    private static Map<String, Quantity> quantities(Map<String, String> asked) {
        Map<String, Quantity> quantities = new TreeMap<>();
        asked.forEach((resource, amount) -> quantities.put(resource, new Quantity(amount)));
        return quantities;
    }

    /** What the level restricted of Pod Security asks for, and a root that nothing is written to. */
    private static SecurityContext restricted() {
        return new SecurityContextBuilder()
                .withRunAsNonRoot(true).withRunAsUser(USER).withRunAsGroup(USER)
                .withAllowPrivilegeEscalation(false).withPrivileged(false).withReadOnlyRootFilesystem(true)
                .withNewCapabilities().withDrop("ALL").endCapabilities()
                .withNewSeccompProfile().withType("RuntimeDefault").endSeccompProfile()
                .build();
    }

    static VolumeMount mount(String volume, String path, boolean readOnly) {
        return new VolumeMountBuilder().withName(volume).withMountPath(path)
                .withReadOnly(readOnly ? true : null).build();
    }
}
