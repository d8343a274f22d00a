package dev.synod.simulation.report;

import dev.synod.simulation.port.Counters;
import dev.synod.simulation.port.Counters.Group;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How often everything that can happen did. What never happened was not tested: a large batch with a zero
 * fails.
 */
public final class HitTable {
    /** Batches below this many seeds print the table but do not fail by it. */
    public static final long GATE_SEEDS = 200;

    /** How operations ended is the members' doing, not the world's: a failed one need not occur. */
    private static final Set<Group> GATED = EnumSet.complementOf(EnumSet.of(Group.CLIENT));

    private static final int COLUMNS = 3;
    private static final int NAME_WIDTH = 34;
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    private final Counters counters;
    private final boolean colour;

    /** @param colour mark zeros in red, for a terminal */
    public HitTable(Counters counters, boolean colour) {
        this.counters = counters;
        this.colour = colour;
    }

    /** What must be hit and was not, as {@code group name}. */
    public List<String> missed() {
        List<String> missed = new ArrayList<>();
        for (Group group : Group.values()) {
            if (GATED.contains(group)) {
                counters.get(group).forEach((name, count) -> {
                    if (count == 0) {
                        missed.add(group.name().toLowerCase(Locale.ROOT) + " " + name);
                    }
                });
            }
        }
        return missed;
    }

    /** The table, one group after the other. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Group group : Group.values()) {
            Map<String, Long> counts = counters.get(group);
            if (group != Group.TOTAL && !counts.isEmpty()) {
                text.append("  ").append(group.name()).append('\n');
                rows(text, counts, GATED.contains(group));
            }
        }
        return text.toString();
    }

    private void rows(StringBuilder text, Map<String, Long> counts, boolean gated) {
        int column = 0;
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            text.append(column == 0 ? "    " : "  ");
            cell(text, count.getKey(), count.getValue(), gated);
            if (++column == COLUMNS) {
                text.append('\n');
                column = 0;
            }
        }
        if (column > 0) {
            text.append('\n');
        }
    }

    private void cell(StringBuilder text, String name, long count, boolean gated) {
        String number = count == 0 && gated ? "ZERO" : Numbers.grouped(count);
        boolean red = colour && count == 0 && gated;
        text.append(red ? RED : "")
                .append(name)
                .append(" ".repeat(Math.max(1, NAME_WIDTH + 12 - name.length() - number.length())))
                .append(number)
                .append(red ? PLAIN : "");
    }

    /** The counts as members of the object that is open, one object a group. */
    public void write(JsonText json) {
        for (Group group : Group.values()) {
            json.object(group.name().toLowerCase(Locale.ROOT));
            counters.get(group).forEach(json::put);
            json.end();
        }
    }
}
