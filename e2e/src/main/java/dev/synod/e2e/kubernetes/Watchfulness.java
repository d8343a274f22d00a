package dev.synod.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;

/**
 * Looks on for as long as a cluster lives: never is a voter taken down by the operator that should not be
 * ({@link OneAtATime}), never is a volume deleted that nobody asked to be deleted, and never does a member
 * begin after its application or end before it ({@link Sidecars}). What a scenario does itself it announces.
 */
final class Watchfulness implements AutoCloseable {
    private static final int PROBE_MILLIS = 1_000;

    private final OneAtATime rule;
    private final Sidecars sidecars = new Sidecars();
    private final Set<String> announcedClaims = new ConcurrentSkipListSet<>();
    private final List<String> found = new ArrayList<>();
    private final SharedIndexInformer<Pod> pods;
    private final SharedIndexInformer<PersistentVolumeClaim> claims;

    /** @param seen told each pod of the cluster whenever it has changed, and as it was last */
    Watchfulness(KubernetesClient client, String namespace, String cluster, int voters, Consumer<Pod> seen) {
        rule = new OneAtATime(cluster, voters, this::saysThatItServes);
        pods = client.pods().inNamespace(namespace).withLabel("synod.dev/cluster", cluster)
                .inform(new Changes<>(pod -> {
                    seen.accept(pod);
                    podChanged(pod);
                }, pod -> {
                    seen.accept(pod);
                    podGone(pod);
                }));
        claims = client.persistentVolumeClaims().inNamespace(namespace)
                .withLabel("synod.dev/cluster", cluster)
                .inform(new Changes<>(this::claimChanged, this::claimChanged));
    }

    /** How many voters are asked for from now on: places beyond are no voters' when they go. */
    synchronized void voters(int asked) {
        rule.voters(asked);
    }

    /** All that was asked for is done: so many voters, and no volume is to go any more. */
    synchronized void settled(int asked) {
        voters(asked);
        announcedClaims.clear();
    }

    /** The scenario is about to take down the pod of this UID, or just did. */
    synchronized void announcePod(String uid) {
        rule.announce(uid);
    }

    /** It did not. */
    synchronized void withdrawPod(String uid) {
        rule.withdraw(uid);
    }

    /** A person gives up the majority: pods may be made anew until no voter is away. */
    synchronized void announceRecovery() {
        rule.recovers();
    }

    /** The scenario is about to delete this claim, or asked for that. */
    void announceClaim(String claim) {
        announcedClaims.add(claim);
    }

    /** What should not have happened since this was asked last; empty when nothing did. */
    synchronized List<String> found() {
        List<String> all = new ArrayList<>(found);
        found.clear();
        all.addAll(rule.found());
        all.addAll(sidecars.found());
        return all;
    }

    /** Pods of voters that the operator took down so far, in order. */
    synchronized List<String> takenDown() {
        return rule.takenDown();
    }

    /** Pods whose containers were seen to begin, and to end. */
    synchronized Sidecars.Seen sidecars() {
        return sidecars.seen();
    }

    private synchronized void podChanged(Pod pod) {
        sidecars.seen(pod);
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            podGone(pod);
        } else {
            rule.there(pod.getMetadata().getName(), pod.getMetadata().getUid(), memberHasStarted(pod),
                    System.nanoTime());
        }
    }

    /**
     * Whether the member serves, as the kubelet saw by its startup probe. The pod's readiness has the
     * application in it, and the operator does not wait for that.
     */
    private static boolean memberHasStarted(Pod pod) {
        return PodView.status(pod, ClusterUnderTest.SIDECAR)
                .filter(status -> Boolean.TRUE.equals(status.getStarted())).isPresent();
    }

    /** What the kubelet asks, too, and tells the API server when it comes to it. */
    private boolean saysThatItServes(String name) {
        return pods.getStore().list().stream()
                .filter(pod -> pod.getMetadata().getName().equals(name)
                        && pod.getMetadata().getDeletionTimestamp() == null
                        && pod.getStatus() != null && pod.getStatus().getPodIP() != null)
                .findAny().filter(Watchfulness::answersItsProbe).isPresent();
    }

    private static boolean answersItsProbe(Pod pod) {
        HTTPGetAction probe =
                PodView.container(pod, ClusterUnderTest.SIDECAR).getStartupProbe().getHttpGet();
        String door = "http://" + pod.getStatus().getPodIP() + ":" + probe.getPort().getIntVal();
        try {
            URLConnection ready = URI.create(door + "/healthz/ready").toURL().openConnection();
            ready.setConnectTimeout(PROBE_MILLIS);
            ready.setReadTimeout(PROBE_MILLIS);
            return ((HttpURLConnection) ready).getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false;
        }
    }

    private synchronized void podGone(Pod pod) {
        sidecars.seen(pod);
        rule.gone(pod.getMetadata().getName(), pod.getMetadata().getUid(), System.nanoTime());
    }

    private synchronized void claimChanged(PersistentVolumeClaim claim) {
        String name = claim.getMetadata().getName();
        boolean goes = claim.getMetadata().getDeletionTimestamp() != null;
        boolean announced = announcedClaims.contains(name) || !rule.isVoter(name.replaceFirst("^synod-", ""));
        if (goes && !announced) {
            found.add("the claim " + name + " was deleted, which nobody asked for");
        }
    }

    @Override
    public void close() {
        pods.close();
        claims.close();
    }

    private record Changes<T extends HasMetadata>(Consumer<T> changed, Consumer<T> gone)
            implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T object) {
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
