package dev.synod.e2e.judge;

import dev.synod.e2e.workload.Entry;
import dev.synod.e2e.workload.Line;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One start of the workload's process.
 *
 * @param id of it
 * @param lines in order
 */
record Run(String id, List<Line> lines) {
    String pod() {
        return lines.getFirst().pod();
    }

    /** Which kernel's clock it goes by; its own when that line is missing. */
    String boot() {
        return lines.getFirst().entry() instanceof Entry.Begin begin ? begin.boot() : id;
    }

    /** Whether nothing of it is missing. */
    boolean ended() {
        return lines.getLast().entry() instanceof Entry.End;
    }

    /** Number of the last operation of which there is a line; calls stand in order. */
    long lastOperation() {
        return lines.stream()
                .mapToLong(line -> line.entry() instanceof Entry.Call call ? call.operation() : 0)
                .max().orElse(0);
    }

    /** Where lines are missing before the end; empty when none are. */
    String hole() {
        long expected = 0;
        for (Line line : lines) {
            if (line.sequence() != expected) {
                return "lines " + expected + " to " + (line.sequence() - 1) + " of run " + id + " in "
                        + pod();
            }
            expected++;
        }
        return "";
    }

    /** What was asked, with its answer if one is known. */
    List<Asked> asked(MachineTime time) {
        Map<Long, Line> calls = new LinkedHashMap<>();
        List<Asked> asked = new ArrayList<>();
        for (Line line : lines) {
            if (line.entry() instanceof Entry.Call call) {
                calls.put(call.operation(), line);
            } else if (line.entry() instanceof Entry.Return answer) {
                Line called = calls.remove(answer.operation());
                if (called != null && called.entry() instanceof Entry.Call call) {
                    asked.add(new Asked(id, call, answer, time.notAfter(called), time.notBefore(line)));
                }
            }
        }
        calls.forEach((operation, line) -> {
            if (line.entry() instanceof Entry.Call call) {
                asked.add(new Asked(id, call, null, time.notAfter(line), Long.MAX_VALUE));
            }
        });
        return asked;
    }
}
