package dev.synod.cli.dev;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.Spans;
import dev.synod.cli.yaml.YamlObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code CoordinationCluster} file asks for, as far as it means something on one machine.
 *
 * @param name of the cluster
 * @param voters 1, 3, 5 or 7
 * @param observers 0 to 64
 * @param heartbeat between two heartbeats of a leader
 * @param electionTimeout silence after which a member asks for an election
 * @param unused fields that are right, and mean nothing without Kubernetes
 */
record ClusterFile(
        String name, int voters, int observers, Duration heartbeat, Duration electionTimeout,
        List<String> unused) {
    private static final List<Integer> VOTERS = List.of(1, 3, 5, 7);
    private static final int OBSERVERS_MAX = 64;
    private static final Duration HEARTBEAT = Duration.ofMillis(100);
    private static final Duration ELECTION_TIMEOUT = Duration.ofSeconds(1);
    private static final int HEARTBEATS_MIN = 5;
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
    private static final Pattern QUANTITY = Pattern.compile("[0-9]+(\\.[0-9]+)?(Ki|Mi|Gi|Ti|k|M|G|T)?");

    /** Reads a file. */
    static ClusterFile read(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new CommandException(ExitStatus.CONFIGURATION, file + " cannot be read: name a file that"
                    + " holds a CoordinationCluster, such as deploy/examples/minimal.yaml");
        }
        return parse(file.toString(), Files.readString(file));
    }

    /**
     * Parses the text of a file.
     *
     * @throws CommandException naming file, line, field and value, and what is allowed
     */
    static ClusterFile parse(String file, String text) {
        YamlObject root = YamlObject.parse(file, text).allowing("apiVersion", "kind", "metadata", "spec",
                "status");
        root.require("apiVersion", "synod.dev/v1alpha1");
        root.require("kind", "CoordinationCluster");
        YamlObject metadata = root.object("metadata");
        String name = metadata == null ? "synod" : name(metadata);
        YamlObject spec = root.object("spec");
        if (spec == null) {
            return new ClusterFile(name, 3, 0, HEARTBEAT, ELECTION_TIMEOUT, List.of());
        }
        spec.allowing("voters", "observers", "image", "storage", "template", "sidecar", "tls", "tuning",
                "scheduling");
        List<String> unused = new ArrayList<>();
        for (String field : List.of("image", "template", "sidecar", "tls", "scheduling")) {
            if (spec.has(field)) {
                unused.add("spec." + field);
            }
        }
        storage(spec.object("storage"), unused);
        YamlObject tuning = spec.object("tuning");
        Duration heartbeat = HEARTBEAT;
        Duration electionTimeout = ELECTION_TIMEOUT;
        if (tuning != null) {
            tuning.allowing("heartbeat", "electionTimeout");
            heartbeat = span(tuning, "heartbeat", HEARTBEAT, 10, 10_000);
            electionTimeout = span(tuning, "electionTimeout", ELECTION_TIMEOUT, 50, 60_000);
            if (electionTimeout.compareTo(heartbeat.multipliedBy(HEARTBEATS_MIN)) < 0) {
                throw tuning.wrong("electionTimeout", Spans.text(electionTimeout), "at least "
                        + HEARTBEATS_MIN + " heartbeats of " + Spans.text(heartbeat)
                        + ": one late heartbeat must not be an election");
            }
        }
        return new ClusterFile(name, voters(spec.object("voters")), observers(spec.object("observers")),
                heartbeat, electionTimeout, List.copyOf(unused));
    }

    private static String name(YamlObject metadata) {
        metadata.allowing("name", "namespace", "labels", "annotations");
        String name = metadata.required("name", "a name such as orders");
        if (!NAME.matcher(name).matches()) {
            throw metadata.wrong("name", name,
                    "1 to 253 of a-z, 0-9, '-' and '.', beginning and ending with a"
                            + " letter or digit");
        }
        return name;
    }

    private static int voters(@Nullable YamlObject voters) {
        if (voters == null) {
            return 3;
        }
        int replicas = number(voters.allowing("replicas"), 3, "1, 3, 5 or 7");
        if (!VOTERS.contains(replicas)) {
            throw voters.wrong("replicas", String.valueOf(replicas),
                    "1, 3, 5 or 7: an even number survives no"
                            + " more failures than one voter less");
        }
        return replicas;
    }

    private static int observers(@Nullable YamlObject observers) {
        if (observers == null) {
            return 0;
        }
        int replicas = number(observers.allowing("replicas"), 0, "0 to " + OBSERVERS_MAX);
        if (replicas < 0 || replicas > OBSERVERS_MAX) {
            throw observers.wrong("replicas", String.valueOf(replicas), "0 to " + OBSERVERS_MAX);
        }
        return replicas;
    }

    private static int number(YamlObject object, int fallback, String allowed) {
        String text = object.text("replicas");
        if (text == null) {
            return fallback;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw object.wrong("replicas", text, allowed);
        }
    }

    private static void storage(@Nullable YamlObject storage, List<String> unused) {
        if (storage == null) {
            return;
        }
        storage.allowing("size", "storageClassName", "retention", "existing");
        String size = storage.text("size");
        if (size != null && !QUANTITY.matcher(size).matches()) {
            throw storage.wrong("size", size, "an amount of bytes such as 1Gi");
        }
        String existing = storage.text("existing");
        if (existing != null && !List.of("Refuse", "Adopt").contains(existing)) {
            throw storage.wrong("existing", existing, "Refuse or Adopt");
        }
        storage.names().forEach(name -> unused.add("spec.storage." + name));
    }

    private static Duration span(
            YamlObject object, String field, Duration fallback, long minMillis, long maxMillis) {
        String text = object.text(field);
        if (text == null) {
            return fallback;
        }
        Duration span = Spans.parse(text);
        if (span == null || span.toMillis() < minMillis || span.toMillis() > maxMillis) {
            throw object.wrong(field, text, Spans.text(Duration.ofMillis(minMillis)) + " to "
                    + Spans.text(Duration.ofMillis(maxMillis)) + ", written as " + Spans.ALLOWED);
        }
        return span;
    }
}
