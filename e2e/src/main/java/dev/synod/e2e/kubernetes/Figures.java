package dev.synod.e2e.kubernetes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What was measured, for the table at the end of a run. */
public final class Figures {
    private record Row(String scenario, String what, String figure) {}

    private static final List<Row> ROWS = new ArrayList<>();

    private Figures() {}

    /** Adds a figure. */
    public static synchronized void add(String scenario, String what, String figure) {
        ROWS.add(new Row(scenario, what, figure));
        System.out.println("    " + what + ": " + figure);
    }

    /** Adds a time. */
    public static void add(String scenario, String what, Duration time) {
        add(scenario, what, String.format("%.1f s", time.toMillis() / 1e3));
    }

    /** The table. */
    public static synchronized String table() {
        StringBuilder table = new StringBuilder();
        String last = "";
        for (Row row : ROWS) {
            table.append(String.format("%-58s %-42s %s%n", row.scenario().equals(last) ? "" : row.scenario(),
                    row.what(), row.figure()));
            last = row.scenario();
        }
        return table.toString();
    }
}
