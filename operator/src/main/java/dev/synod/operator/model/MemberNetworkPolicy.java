package dev.synod.operator.model;

import dev.synod.crd.Labels;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Who may connect to members' pods: to the peers' port pods of the namespace, for agents are anywhere in it;
 * to the administration's port the operator, and pods of the namespace that say that they make backups of
 * this cluster; to metrics and probes anybody. What the application listens on stays open: a policy that
 * names a pod closes all that it does not mention. TLS checks roles behind it in any case.
 */
final class MemberNetworkPolicy {
    private static final int PORT_MAX = 65_535;

    private MemberNetworkPolicy() {}

    static NetworkPolicy of(Blueprint blueprint) {
        var ports = blueprint.spec().sidecar().ports();
        List<NetworkPolicyIngressRule> rules = new ArrayList<>();
        rules.add(new NetworkPolicyIngressRuleBuilder().withPorts(tcp(ports.peers(), ports.peers()))
                .addNewFrom().withPodSelector(new LabelSelectorBuilder().build()).endFrom().build());
        rules.add(new NetworkPolicyIngressRuleBuilder().withPorts(tcp(ports.admin(), ports.admin()))
                .addNewFrom()
                .withNamespaceSelector(new LabelSelectorBuilder().withMatchLabels(
                        Map.of("kubernetes.io/metadata.name", blueprint.settings().namespace())).build())
                .withPodSelector(new LabelSelectorBuilder().withMatchLabels(blueprint.settings().podLabels())
                        .build())
                .endFrom()
                .addNewFrom()
                .withPodSelector(new LabelSelectorBuilder().withMatchLabels(
                        Map.of(Labels.BACKUP, blueprint.names().cluster())).build())
                .endFrom().build());
        rules.add(new NetworkPolicyIngressRuleBuilder().withPorts(blueprint.spec().template() == null
                ? List.of(tcp(ports.probes(), ports.probes()))
                : allBut(ports.peers(), ports.admin())).build());
        return new NetworkPolicyBuilder()
                .withMetadata(blueprint.meta(blueprint.names().cluster()))
                .withNewSpec()
                .withPodSelector(new LabelSelectorBuilder().withMatchLabels(blueprint.selector()).build())
                .withPolicyTypes("Ingress")
                .withIngress(rules)
                .endSpec()
                .build();
    }

    /** Ranges around the ports that are not for everybody. */
    private static List<NetworkPolicyPort> allBut(int... closed) {
        TreeSet<Integer> borders = new TreeSet<>();
        for (int port : closed) {
            borders.add(port);
        }
        List<NetworkPolicyPort> open = new ArrayList<>();
        int from = 1;
        for (int port : borders) {
            if (from < port) {
                open.add(tcp(from, port - 1));
            }
            from = port + 1;
        }
        if (from <= PORT_MAX) {
            open.add(tcp(from, PORT_MAX));
        }
        open.add(new NetworkPolicyPortBuilder().withProtocol("UDP").build());
        open.add(new NetworkPolicyPortBuilder().withProtocol("SCTP").build());
        return open;
    }

    private static NetworkPolicyPort tcp(int from, int to) {
        NetworkPolicyPortBuilder port =
                new NetworkPolicyPortBuilder().withProtocol("TCP").withPort(new IntOrString(from));
        return (from == to ? port : port.withEndPort(to)).build();
    }
}
