package dev.synod.e2e.kubernetes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rule by which an operator takes voters down: none that serves while another one is away, whoever took
 * that one. A voter is away from the moment its pod is deleted, or its member ends, until the member of that
 * place serves again; one that never served is not missed. That it serves again Kubernetes may tell seconds
 * late, so before a fault is found the member is asked. What the scenario does itself it announces, by UID:
 * the pod of the same name that comes after is the operator's again. Thread-safe by its caller.
 */
final class OneAtATime {
    /**
     * How old what the operator saw may be when it deletes: what the scenario took away in that time the
     * operator did not see. For its own deletions there is no such excuse.
     */
    static final Duration LOOK = Duration.ofSeconds(5);

    private final String cluster;
    private final Predicate<String> serves;
    private final Map<String, Place> places = new TreeMap<>();
    private final Set<String> announced = new HashSet<>();
    private final List<String> takenDown = new ArrayList<>();
    private final List<Found> found = new ArrayList<>();
    private int voters;
    private boolean recovering;

    /** What is known of a voter's place. */
    private static final class Place {
        private String uid = "";
        private boolean going;
        private boolean serves;
        private boolean hasServed;
        private boolean byOperator;
        private long awaySince;

        private boolean isAway() {
            return hasServed && (going || !serves);
        }

        private void leave(boolean operator, long nanos) {
            if (!isAway()) {
                awaySince = nanos;
            }
            byOperator |= operator;
        }
    }

    private record Found(String uid, String text) {}

    /** @param serves whether the member in a pod says by itself that it serves */
    OneAtATime(String cluster, int voters, Predicate<String> serves) {
        this.cluster = cluster;
        this.serves = serves;
        this.voters = voters;
    }

    /** How many voters are asked for from now on: places beyond are no voters' when they go. */
    void voters(int asked) {
        voters = asked;
        places.keySet().removeIf(name -> !isVoter(name)); // it does not come back
    }

    /** The scenario deletes this pod, or just did. */
    void announce(String uid) {
        announced.add(uid);
        found.removeIf(each -> each.uid().equals(uid)); // the event was here before the word
    }

    /** It did not. */
    void withdraw(String uid) {
        announced.remove(uid);
    }

    /** A person gives up the majority: pods may be made anew until no voter is away. */
    void recovers() {
        recovering = true;
    }

    /** A pod is there. */
    void there(String name, String uid, boolean serves, long nanos) {
        if (!isVoter(name)) {
            return;
        }
        Place place = places.computeIfAbsent(name, each -> new Place());
        if (!place.uid.isEmpty() && !place.uid.equals(uid) && !place.going) {
            gone(name, place.uid, nanos); // of which no event came
        }
        if (!serves && place.serves && !place.going) {
            place.leave(false, nanos);
        }
        place.uid = uid;
        place.going = false;
        place.serves = serves;
        if (serves) {
            place.hasServed = true;
            place.byOperator = false;
            recovering &= places.values().stream().anyMatch(Place::isAway);
        }
    }

    /** A pod is deleted; told again when it is gone, which changes nothing. */
    void gone(String name, String uid, long nanos) {
        Place place = isVoter(name) ? places.computeIfAbsent(name, each -> new Place()) : null;
        if (place == null || (place.uid.equals(uid) && place.going)
                || (!place.uid.isEmpty() && !place.uid.equals(uid))) {
            return;
        }
        boolean byOperator = !announced.contains(uid);
        boolean served = place.serves;
        place.uid = uid;
        place.leave(byOperator, nanos);
        place.going = true;
        place.serves = false;
        if (byOperator) {
            takenDown.add(name);
            String other = served && !recovering ? away(place, nanos) : null;
            if (other != null) {
                found.add(new Found(uid, name + " was taken down by the operator while " + other));
            }
        }
    }

    private @Nullable String away(Place but, long nanos) {
        for (Map.Entry<String, Place> each : places.entrySet()) {
            Place place = each.getValue();
            long millis = (nanos - place.awaySince) / 1_000_000;
            if (place != but && place.isAway() && (place.byOperator || millis > LOOK.toMillis())
                    && !serves.test(each.getKey())) {
                return each.getKey() + " was away since " + millis + " ms, "
                        + (place.byOperator ? "by the operator too" : "not by the operator");
            }
        }
        return null;
    }

    /** What broke the rule since this was asked last. */
    List<String> found() {
        List<String> all = found.stream().map(Found::text).toList();
        found.clear();
        return all;
    }

    /** Pods of voters that the operator took down so far, in order. */
    List<String> takenDown() {
        return List.copyOf(takenDown);
    }

    boolean isVoter(String pod) {
        return pod.matches(cluster + "-[0-9]+")
                && Integer.parseInt(pod.substring(cluster.length() + 1)) < voters;
    }
}
