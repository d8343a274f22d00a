package dev.synod.operator.reconcile;

import dev.synod.crd.CoordinationCluster;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events on a cluster's object, for people. The same one within ten minutes is not sent again, and later
 * counts one more; so a failure that stays is one event. An event that does not get through is logged, and
 * holds up nothing. Any thread.
 */
final class ClusterEvents {
    /** An event's note may have 1,024 bytes. */
    private static final int NOTE_MAX = 1_000;
    private static final Duration QUIET = Duration.ofMinutes(10);
    private static final int REMEMBERED_MAX = 4_096;
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final Logger LOG = LoggerFactory.getLogger(ClusterEvents.class);

    private final KubernetesClient client;
    private final InstantSource clock;
    private final String instance;
    private final Map<String, Instant> sent = new ConcurrentHashMap<>();

    /** @param instance name of this operator's pod */
    ClusterEvents(KubernetesClient client, InstantSource clock, String instance) {
        this.client = client;
        this.clock = clock;
        this.instance = instance;
    }

    /** Something was done. */
    void normal(CoordinationCluster cluster, String reason, String action, String note) {
        send(cluster, "Normal", reason, action, note);
    }

    /** Something is in the way. */
    void warning(CoordinationCluster cluster, String reason, String action, String note) {
        send(cluster, "Warning", reason, action, note);
    }

    private void send(CoordinationCluster cluster, String type, String reason, String action, String note) {
        String text = shortened(note);
        String identity = String.join("\n", cluster.getMetadata().getUid(), type, reason, action, text);
        String name = cluster.getMetadata().getName() + "."
                + UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)).toString().substring(0,
                        18);
        String key = cluster.getMetadata().getNamespace() + "/" + name;
        Instant now = clock.instant();
        Instant before = sent.get(key);
        if (before != null && now.isBefore(before.plus(QUIET))) {
            return;
        }
        if (sent.size() >= REMEMBERED_MAX) {
            sent.values().removeIf(when -> !now.isBefore(when.plus(QUIET)));
        }
        sent.put(key, now);
        try {
            create(cluster, name, type, reason, action, text, now);
        } catch (KubernetesClientException e) {
            LOG.warn("{}/{}: the event {} ({}) was not accepted: {}", cluster.getMetadata().getNamespace(),
                    cluster.getMetadata().getName(), reason, text, e.getMessage());
        }
    }

    private void create(CoordinationCluster cluster, String name, String type, String reason, String action,
            String note, Instant now) {
        Event event = new EventBuilder()
                .withNewMetadata().withName(name).withNamespace(cluster.getMetadata().getNamespace())
                .endMetadata()
                .withEventTime(new MicroTime(MICROS.format(now)))
                .withReportingController("synod.dev/operator")
                .withReportingInstance(instance)
                .withType(type).withReason(reason).withAction(action).withNote(note)
                .withRegarding(new ObjectReferenceBuilder().withApiVersion(cluster.getApiVersion())
                        .withKind(cluster.getKind()).withName(cluster.getMetadata().getName())
                        .withNamespace(cluster.getMetadata().getNamespace())
                        .withUid(cluster.getMetadata().getUid()).build())
                .build();
        try {
            client.resource(event).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            countOneMore(cluster.getMetadata().getNamespace(), name, now);
        }
    }

    private void countOneMore(String namespace, String name, Instant now) {
        client.events().v1().events().inNamespace(namespace).withName(name).edit(event -> {
            int count = event.getSeries() == null ? 1 : event.getSeries().getCount();
            return new EventBuilder(event).withNewSeries().withCount(count + 1)
                    .withLastObservedTime(new MicroTime(MICROS.format(now))).endSeries().build();
        });
    }

    private static String shortened(String note) {
        byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= NOTE_MAX) {
            return note;
        }
        int length = NOTE_MAX;
        while ((bytes[length] & 0xC0) == 0x80) {
            length--; // not within a character
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8) + "…";
    }
}
