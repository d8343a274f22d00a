package dev.synod.operator.model;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;

/**
 * The headless Service by which members and agents find members. It names pods that are not ready too:
 * members find
 * each other before they are ready, and are ready only then (nats-io/k8s#441).
 */
final class PeerService {
    private PeerService() {}

    static Service of(Blueprint blueprint) {
        var ports = blueprint.spec().sidecar().ports();
        return new ServiceBuilder()
                .withMetadata(blueprint.meta(blueprint.names().peers()))
                .withNewSpec()
                .withType("ClusterIP")
                .withClusterIP("None")
                .withSessionAffinity("None")
                .withInternalTrafficPolicy("Cluster")
                .withPublishNotReadyAddresses(true)
                .withSelector(blueprint.selector())
                .withPorts(port("peers", ports.peers()), port("admin", ports.admin()),
                        port("probes", ports.probes()))
                .endSpec()
                .build();
    }

    private static ServicePort port(String name, int number) {
        return new ServicePortBuilder().withName(name).withPort(number)
                .withTargetPort(new IntOrString(number))
                .withProtocol("TCP").build();
    }
}
