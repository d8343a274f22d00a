package dev.synod.e2e.judge;

import dev.synod.client.Coordination;
import dev.synod.client.KeyRange;
import dev.synod.client.KeyValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every key of the workload with its value, as a linearizable listing showed it to the process that judges.
 *
 * @param boot this start of this machine's kernel
 * @param called before it was asked
 * @param returned after it was answered
 * @param values by key; a key that is not there was not shown
 */
public record Shown(String boot, Moment called, Moment returned, Map<String, Stored> values) {
    private static final List<String> PREFIXES = List.of("own/", "shared/", "store/");

    /** Asks for it. */
    public static Shown by(Coordination coordination) {
        Map<String, Stored> found = new TreeMap<>();
        Moment called = Moment.now();
        for (String prefix : PREFIXES) {
            for (KeyValue each : coordination.values().list(KeyRange.prefix(prefix)).values()) {
                found.put(each.key(), new Stored(each.value().text(), each.modRevision()));
            }
        }
        return new Shown(bootOfHere(), called, Moment.now(), found);
    }

    Shown with(Map<String, Stored> other) {
        return new Shown(boot, called, returned, other);
    }

    private static String bootOfHere() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException elsewhere) {
            throw new UncheckedIOException("the judge runs on Linux, where /proc tells the kernel's start",
                    elsewhere);
        }
    }
}
