package dev.synod.operator.model;

import dev.synod.operator.plan.Observed;
import dev.synod.operator.plan.Slot;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster decides once, in an owned ConfigMap: who it is, who its first voters are, and whether they
 * may vote; and beside that which image it is pinned to. The status may be lost; this must not be.
 *
 * @param latch identity, first voters and whether they may vote
 * @param image of the sidecar: the one asked for that all members ran last; before that, the operator's at
 *     the first reconciliation
 */
public record BootstrapRecord(Observed.Latch latch, String image) {
    private static final String CLUSTER = "clusterId";
    private static final String INITIAL = "initialVoters";
    private static final String INITIALISED = "initialised";
    private static final String IMAGE = "image";
    private static final String RECOVERY_ORDINAL = "recoveryVoter";
    private static final String RECOVERY_SURVIVOR = "recoveryFromMember";
    private static final String RECOVERY_CLUSTER = "recoveryClusterId";
    private static final String RECOVERY_MEMBER = "recoveryMemberId";
    private static final String RECOVERY_WRITING = "recoveryWriting";
    private static final String WISH_REFUSED = "recoveryRefused";
    private static final String WISH_DONE = "recoveryDone";
    private static final String AWAY_SINCE = "noQuorumSince";
    private static final String AWAY_SEEN = "noQuorumSeen";

    /** As it is stored. */
    public ConfigMap toConfigMap(Blueprint blueprint) {
        Map<String, String> data = new TreeMap<>(Map.of(
                CLUSTER, latch.cluster().toString(),
                INITIAL, String.join("\n", latch.initial().stream().map(UUID::toString).toList()),
                INITIALISED, String.valueOf(latch.initialised()),
                IMAGE, image));
        Observed.Recovery recovery = latch.recovery();
        if (recovery != null) {
            data.put(RECOVERY_ORDINAL, String.valueOf(recovery.slot().ordinal()));
            data.put(RECOVERY_SURVIVOR, recovery.survivor().toString());
            data.put(RECOVERY_CLUSTER, recovery.cluster().toString());
            data.put(RECOVERY_MEMBER, recovery.member().toString());
            data.put(RECOVERY_WRITING, String.valueOf(recovery.writing()));
        }
        Observed.Notes notes = latch.notes();
        put(data, WISH_REFUSED, notes.refused());
        put(data, WISH_DONE, notes.done());
        put(data, AWAY_SINCE, notes.away() == null ? null : notes.away().since());
        put(data, AWAY_SEEN, notes.away() == null ? null : notes.away().seen());
        return new ConfigMapBuilder().withMetadata(blueprint.meta(blueprint.names().bootstrap()))
                .withData(data)
                .build();
    }

    private static void put(Map<String, String> data, String name, @Nullable Object value) {
        if (value != null) {
            data.put(name, value.toString());
        }
    }

    /**
     * As it was stored.
     *
     * @throws IllegalArgumentException naming the ConfigMap, the field and what is allowed: somebody changed
     *     it
     */
    public static BootstrapRecord of(ConfigMap stored) {
        String initialised = field(stored, INITIALISED);
        if (!initialised.equals("true") && !initialised.equals("false")) {
            throw wrong(stored, INITIALISED, initialised, "true or false");
        }
        List<UUID> initial = Stream.of(field(stored, INITIAL).split("\n")).filter(line -> !line.isBlank())
                .map(line -> uuid(stored, INITIAL, line)).toList();
        Observed.Latch latch = new Observed.Latch(uuid(stored, CLUSTER, field(stored, CLUSTER)), initial,
                initialised.equals("true"), recovery(stored), notes(stored));
        return new BootstrapRecord(latch, field(stored, IMAGE));
    }

    /** Whether a recovery is under way. */
    public static boolean notesRecovery(ConfigMap stored) {
        return stored.getData() != null && stored.getData().containsKey(RECOVERY_ORDINAL);
    }

    private static Observed.@Nullable Recovery recovery(ConfigMap stored) {
        String ordinal = stored.getData().get(RECOVERY_ORDINAL);
        if (ordinal == null) {
            return null;
        }
        if (!ordinal.matches("[0-9]{1,5}")) {
            throw wrong(stored, RECOVERY_ORDINAL, ordinal, "the number of a voter's pod");
        }
        return new Observed.Recovery(Slot.voter(Integer.parseInt(ordinal)),
                uuid(stored, RECOVERY_SURVIVOR, field(stored, RECOVERY_SURVIVOR)),
                uuid(stored, RECOVERY_CLUSTER, field(stored, RECOVERY_CLUSTER)),
                uuid(stored, RECOVERY_MEMBER, field(stored, RECOVERY_MEMBER)),
                // Missing in one that an older operator wrote, or a person: a Job that is there counts as
                // well.
                !stored.getData().getOrDefault(RECOVERY_WRITING, "false").equals("false"));
    }

    private static Observed.Notes notes(ConfigMap stored) {
        Instant since = instant(stored, AWAY_SINCE);
        Instant seen = instant(stored, AWAY_SEEN);
        return new Observed.Notes(optionalUuid(stored, WISH_REFUSED), optionalUuid(stored, WISH_DONE),
                since == null || seen == null ? null : new Observed.Away(since, seen));
    }

    private static @Nullable UUID optionalUuid(ConfigMap stored, String name) {
        String text = stored.getData().get(name);
        return text == null ? null : uuid(stored, name, text);
    }

    private static @Nullable Instant instant(ConfigMap stored, String name) {
        String text = stored.getData().get(name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw wrong(stored, name, text, "a time such as 2026-11-23T12:00:00Z");
        }
    }

    private static String field(ConfigMap stored, String name) {
        String value = stored.getData() == null ? null : stored.getData().get(name);
        if (value == null) {
            throw wrong(stored, name, "missing", "what the operator wrote when the cluster began");
        }
        return value;
    }

    private static UUID uuid(ConfigMap stored, String name, String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw wrong(stored, name, text, "a UUID");
        }
    }

    private static IllegalArgumentException wrong(ConfigMap stored, String name, String value,
            String allowed) {
        return new IllegalArgumentException("the field " + name + " of ConfigMap"
                + " " + stored.getMetadata().getName()
                + " is '" + value + "'; allowed is " + allowed + ". Put it back as it was: without it nobody"
                + " can tell"
                + " whether this cluster ever began");
    }
}
