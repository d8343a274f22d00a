package dev.synod.e2e.kubernetes;

import dev.synod.e2e.standin.StandInKubelet;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The ways into pods that are processes of this machine. */
final class StandInDoors implements PodDoors {
    private final StandInKubelet kubelet;

    StandInDoors(StandInKubelet kubelet) {
        this.kubelet = kubelet;
    }

    private record Straight(String host, int port) implements Way {
        @Override
        public void close() {}
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }

    @Override
    public Way open(Pod pod, int port) throws IOException {
        String address = kubelet.address(uid(pod));
        if (address == null) {
            throw new IOException(pod.getMetadata().getName() + " does not run");
        }
        return new Straight(address, port);
    }

    @Override
    public boolean haveNetworks() {
        return false;
    }

    @Override
    public Optional<ProcessHandle> process(Pod pod, String container) {
        return kubelet.process(uid(pod), container);
    }

    @Override
    public Optional<InputStream> log(Pod pod, String container) {
        return kubelet.log(uid(pod), container);
    }

    @Override
    public String logBefore(Pod pod, String container) {
        return kubelet.logBefore(uid(pod), container);
    }
}
