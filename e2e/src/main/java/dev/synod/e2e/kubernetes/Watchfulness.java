package dev.synod.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Looks on for as long as a cluster lives: never are two voters taken down at once by the operator, and
 * never is a volume deleted that nobody asked to be deleted. What a scenario does itself it announces.
 */
final class Watchfulness implements AutoCloseable {
    private final String cluster;
    private final Set<String> down = new TreeSet<>();
    private final Set<String> announcedPods = new ConcurrentSkipListSet<>();
    private final Set<String> announcedClaims = new ConcurrentSkipListSet<>();
    private final List<String> found = new ArrayList<>();
    private final SharedIndexInformer<Pod> pods;
    private final SharedIndexInformer<PersistentVolumeClaim> claims;
    private int voters;
    private final List<String> takenDown = new ArrayList<>();

    /** @param seen told each pod of the cluster when it is there */
    Watchfulness(KubernetesClient client, String namespace, String cluster, int voters, Consumer<Pod> seen) {
        this.cluster = cluster;
        this.voters = voters;
        pods = client.pods().inNamespace(namespace).withLabel("synod.dev/cluster", cluster)
                .inform(new Changes<>(seen, this::podChanged, this::podGone));
        claims = client.persistentVolumeClaims().inNamespace(namespace)
                .withLabel("synod.dev/cluster", cluster)
                .inform(new Changes<>(claim -> {}, this::claimChanged, this::claimChanged));
    }

    /** How many voters are asked for from now on: places beyond are no voters' when they go. */
    synchronized void voters(int asked) {
        voters = asked;
        down.removeIf(name -> !isVoter(name)); // it does not come back
    }

    /** All that was asked for is done: so many voters, and no volume is to go any more. */
    synchronized void settled(int asked) {
        voters(asked);
        announcedClaims.clear();
    }

    /** The scenario is about to take down this pod. */
    void announcePod(String pod) {
        announcedPods.add(pod);
    }

    /** It did not. */
    void withdrawPod(String pod) {
        announcedPods.remove(pod);
    }

    /** The scenario is about to delete this claim, or asked for that. */
    void announceClaim(String claim) {
        announcedClaims.add(claim);
    }

    /** What should not have happened since this was asked last; empty when nothing did. */
    synchronized List<String> found() {
        List<String> all = List.copyOf(found);
        found.clear();
        return all;
    }

    /** Pods of voters that the operator took down so far, in order. */
    synchronized List<String> takenDown() {
        return List.copyOf(takenDown);
    }

    private synchronized void podChanged(Pod pod) {
        String name = pod.getMetadata().getName();
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            podGone(pod);
        } else if (memberHasStarted(pod)) {
            down.remove(name);
            announcedPods.remove(name);
        }
    }

    /**
     * Whether the member serves, as the kubelet saw by its startup probe. The pod's readiness has the
     * application in it, and the operator does not wait for that.
     */
    private static boolean memberHasStarted(Pod pod) {
        return pod.getStatus() != null
                && Stream.concat(pod.getStatus().getInitContainerStatuses().stream(),
                        pod.getStatus().getContainerStatuses().stream())
                        .anyMatch(status -> status.getName().equals(ClusterUnderTest.SIDECAR)
                                && Boolean.TRUE.equals(status.getStarted()));
    }

    private synchronized void podGone(Pod pod) {
        String name = pod.getMetadata().getName();
        if (!isVoter(name) || announcedPods.contains(name) || !down.add(name)) {
            return;
        }
        takenDown.add(name);
        if (down.size() > 1) {
            found.add("voters " + down + " were taken down at once, and the scenario did it to none of them");
        }
    }

    private synchronized void claimChanged(PersistentVolumeClaim claim) {
        String name = claim.getMetadata().getName();
        boolean goes = claim.getMetadata().getDeletionTimestamp() != null;
        boolean announced = announcedClaims.contains(name) || !isVoter(name.replaceFirst("^synod-", ""));
        if (goes && !announced) {
            found.add("the claim " + name + " was deleted, which nobody asked for");
        }
    }

    private boolean isVoter(String pod) {
        return pod.matches(cluster + "-[0-9]+")
                && Integer.parseInt(pod.substring(cluster.length() + 1)) < voters;
    }

    static boolean isReady(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null && pod.getStatus() != null
                && pod.getStatus().getConditions().stream().anyMatch(
                        condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True"));
    }

    @Override
    public void close() {
        pods.close();
        claims.close();
    }

    private record Changes<T extends HasMetadata>(Consumer<T> seen, Consumer<T> changed, Consumer<T> gone)
            implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T object) {
            seen.accept(object);
            changed.accept(object);
        }

        @Override
        public void onUpdate(T before, T now) {
            changed.accept(now);
        }

        @Override
        public void onDelete(T object, boolean unknownState) {
            gone.accept(object);
        }
    }
}
