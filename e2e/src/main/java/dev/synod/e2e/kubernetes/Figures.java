package dev.synod.e2e.kubernetes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What was measured, for the table at the end of a run. */
public final class Figures {
    private record Row(String scenario, String what, String figure) {}

    private static final List<Row> ROWS = new ArrayList<>();

    private Figures() {}

    /** Adds a figure. */
    public static synchronized void add(String scenario, String what, String figure) {
        ROWS.add(new Row(scenario, what, figure));
        Progress.say("    " + what + ": " + figure);
    }

    /** Adds a time. */
    public static void add(String scenario, String what, Duration time) {
        add(scenario, what, String.format("%.1f s", time.toMillis() / 1e3));
    }

    /** The table, by scenarios. */
    public static synchronized String table() {
        Map<String, List<Row>> scenarios =
                ROWS.stream().collect(
                        Collectors.groupingBy(Row::scenario, LinkedHashMap::new, Collectors.toList()));
        StringBuilder table = new StringBuilder();
        scenarios.forEach((scenario, rows) -> {
            table.append(scenario).append('\n');
            rows.forEach(row -> table.append(String.format("    %-50s %s%n", row.what(), row.figure())));
        });
        return table.toString();
    }
}
