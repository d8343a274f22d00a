package dev.synod.e2e.judge;

import dev.synod.e2e.workload.Entry;
import dev.synod.e2e.workload.Line;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The lines of all runs of the workload, from wherever they were collected, each once. Thread-safe.
 *
 * <p>What is lost with a pod is the end of a run: what it had asked by then is of unknown fate, and what
 * it was told is no promise, because nobody heard it. A hole before the end is the collector's fault, and
 * nothing is judged.
 */
public final class History {
    private final Map<String, TreeMap<Long, Line>> runs = new LinkedHashMap<>();
    private long acknowledged;

    /** Nothing yet. */
    public History() {}

    /** Adds what a container wrote; what is no line of a history is left out. */
    public synchronized void add(String text) {
        Line line = Line.decode(text);
        if (line == null) {
            return;
        }
        Line before = runs.computeIfAbsent(line.run(), run -> new TreeMap<>())
                .putIfAbsent(line.sequence(), line);
        if (before == null && line.entry() instanceof Entry.Return answer && answer.done()) {
            acknowledged++;
        }
    }

    /** Operations of all runs that were answered with success so far. */
    public synchronized long acknowledged() {
        return acknowledged;
    }

    /** Runs that ended in order so far. */
    public synchronized long ended() {
        return runs().stream().filter(Run::ended).count();
    }

    /** As far as it was collected. */
    synchronized List<Run> runs() {
        List<Run> all = new ArrayList<>();
        runs.forEach((run, lines) -> all.add(new Run(run, List.copyOf(lines.values()))));
        return all;
    }
}
