package dev.synod.operator.model;

import dev.synod.operator.plan.PodSet;
import dev.synod.operator.plan.Slot;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How everything of a cluster is called. Names are keys: a place is found by its number, never by its
 * position in a
 * sorted list (etcd-operator#443).
 *
 * @param cluster name of the cluster
 * @param namespace it lives in
 */
public record Names(String cluster, String namespace) {
    /** The volume in a pod, and in claims before the pod's name. */
    static final String VOLUME = "synod";

    private static final Pattern ORDINAL = Pattern.compile("0|[1-9][0-9]{0,4}");

    /** The StatefulSet of a set of pods. */
    public String set(PodSet set) {
        return set == PodSet.VOTERS ? cluster : cluster + "-observers";
    }

    /** The headless Service by which members and agents find members. */
    public String peers() {
        return cluster + "-peers";
    }

    /** The ConfigMap that says whether the cluster began. */
    public String bootstrap() {
        return cluster + "-bootstrap";
    }

    /** The Secret with the authority's certificate and key. */
    public String authority() {
        return cluster + "-ca";
    }

    /** The Secret with the members' certificate. */
    public String memberTls() {
        return cluster + "-member-tls";
    }

    /** The Secret with the certificate that the operator shows to members. */
    public String operatorTls() {
        return cluster + "-operator-tls";
    }

    /** The Secret with the certificate of agents. */
    public String client() {
        return cluster + "-client";
    }

    /** The Secret with the token that the pods' own containers show. */
    public String token() {
        return cluster + "-token";
    }

    /** The Job of a recovery. */
    public String recovery() {
        return cluster + "-recovery";
    }

    /** The pod of a place. */
    public String pod(Slot slot) {
        return set(slot.set()) + "-" + slot.ordinal();
    }

    /** The claim of a place. */
    public String claim(Slot slot) {
        return VOLUME + "-" + pod(slot);
    }

    /** Where peers reach the member of a place: it stays, whatever member is there. */
    public String address(Slot slot, int port) {
        return pod(slot) + "." + peers() + "." + namespace + ".svc:" + port;
    }

    /** The place of a pod; null when it is none of this cluster's. */
    public @Nullable Slot slotOfPod(String pod) {
        Slot observer = slot(PodSet.OBSERVERS, pod);
        return observer == null ? slot(PodSet.VOTERS, pod) : observer;
    }

    /** The place that an address leads to; null when it is none of this cluster's. */
    public @Nullable Slot slotOfAddress(String address) {
        Matcher parts = Pattern.compile("([^.:]+)\\.([^.:]+)(\\..*)?").matcher(address);
        return parts.matches() && parts.group(2).equals(peers()) ? slotOfPod(parts.group(1)) : null;
    }

    private @Nullable Slot slot(PodSet set, String pod) {
        String prefix = set(set) + "-";
        if (!pod.startsWith(prefix) || !ORDINAL.matcher(pod.substring(prefix.length())).matches()) {
            return null;
        }
        return new Slot(set, Integer.parseInt(pod.substring(prefix.length())));
    }
}
