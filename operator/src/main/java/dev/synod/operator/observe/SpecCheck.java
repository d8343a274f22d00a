package dev.synod.operator.observe;

import dev.synod.crd.CoordinationCluster;
import dev.synod.crd.CoordinationClusterSpec;
import dev.synod.crd.Sidecar;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The CRD's rules that matter most, once more: an object may have been stored before a rule existed, or while
 * an older CRD was installed. What breaks them is told and nothing of it is carried out.
 */
public final class SpecCheck {
    private static final Set<Integer> VOTERS = Set.of(1, 3, 5, 7);
    private static final int OBSERVERS_MAX = 64;
    private static final long VOLUME_BYTES_MIN = 256L << 20;
    private static final int PORT_MIN = 1_024;
    private static final int PORT_MAX = 65_535;

    private SpecCheck() {}

    /** What is wrong, one sentence each; empty when nothing is. */
    public static List<String> problems(CoordinationCluster cluster) {
        List<String> problems = new ArrayList<>();
        String name = cluster.getMetadata().getName();
        if (name.length() > CoordinationCluster.NAME_MAX || !name.matches("[a-z]([-a-z0-9]*[a-z0-9])?")
                || name.endsWith("-observers")) {
            problems.add("metadata.name is '" + name + "'; allowed are 1 to " + CoordinationCluster.NAME_MAX
                    + " of a-z, 0-9 and '-', not ending with -observers: make the cluster anew");
        }
        CoordinationClusterSpec spec = cluster.getSpec();
        if (!VOTERS.contains(spec.voters().replicas())) {
            problems.add("spec.voters.replicas is " + spec.voters().replicas() + "; allowed is 1, 3, 5 or 7");
        }
        int observers = spec.observers().replicas();
        if (observers < 0 || observers > OBSERVERS_MAX) {
            problems.add("spec.observers.replicas is " + observers + "; allowed is 0 to " + OBSERVERS_MAX);
        }
        size(spec.storage().size(), problems);
        ports(spec.sidecar().ports(), problems);
        if (spec.template() != null) {
            template(spec.template().spec(), problems);
        }
        return problems;
    }

    private static void size(String size, List<String> problems) {
        try {
            if (Wishes.bytes(size) >= VOLUME_BYTES_MIN) {
                return;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // told below
        }
        problems.add("spec.storage.size is '" + size + "'; allowed is 256Mi to 1Ti");
    }

    private static void ports(Sidecar.Ports ports, List<String> problems) {
        List<Integer> all = List.of(ports.api(), ports.http(), ports.peers(), ports.admin(), ports.probes());
        if (Set.copyOf(all).size() < all.size()
                || all.stream().anyMatch(port -> port < PORT_MIN || port > PORT_MAX)) {
            problems.add("spec.sidecar.ports are " + all + "; allowed are five different ports, each "
                    + PORT_MIN + " to " + PORT_MAX);
        }
    }

    private static void template(PodSpec pod, List<String> problems) {
        if (pod.getContainers().isEmpty()) {
            problems.add("spec.template.spec.containers is empty; at least one is needed");
        }
        if (Stream.concat(pod.getContainers().stream(), pod.getInitContainers().stream())
                .map(Container::getName).anyMatch("synod"::equals)) {
            problems.add("spec.template.spec names a container synod; the sidecar is called so");
        }
        if (Stream
                .of(pod.getHostNetwork(), pod.getHostPID(), pod.getHostIPC(), pod.getShareProcessNamespace())
                .anyMatch(Boolean.TRUE::equals)) {
            problems.add("spec.template.spec sets hostNetwork, hostPID, hostIPC or shareProcessNamespace; all"
                    + " must be false or left out");
        }
    }
}
