package dev.synod.e2e.judge;

import dev.synod.client.Coordination;
import dev.synod.client.KeyRange;
import dev.synod.client.KeyValue;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the workload left behind. */
public final class Endings {
    private static final List<String> PREFIXES = List.of("own/", "shared/", "store/");

    private Endings() {}

    /** Every key of the workload with its value; linearizable. */
    public static Map<String, Stored> read(Coordination coordination) {
        Map<String, Stored> found = new TreeMap<>();
        for (String prefix : PREFIXES) {
            for (KeyValue each : coordination.values().list(KeyRange.prefix(prefix)).values()) {
                found.put(each.key(), new Stored(each.value().text(), each.modRevision()));
            }
        }
        return found;
    }
}
