package dev.synod.e2e.judge;

import dev.synod.e2e.workload.Entry;
import dev.synod.e2e.workload.Entry.Kind;
import dev.synod.e2e.workload.Line;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

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

    /**
     * Adds what a container wrote; what is no line of a history is left out.
     *
     * @return whether a run begins with it
     */
    public synchronized boolean add(String text) {
        Line line = Line.decode(text);
        if (line == null) {
            return false;
        }
        Line before = runs.computeIfAbsent(line.run(), run -> new TreeMap<>())
                .putIfAbsent(line.sequence(), line);
        if (before == null && line.entry() instanceof Entry.Return answer && answer.done()) {
            acknowledged++;
        }
        return line.entry() instanceof Entry.Begin;
    }

    /** Operations that were answered with success between two moments, by the clocks of who was answered. */
    public synchronized long acknowledged(Moment from, Moment to) {
        return lines().filter(line -> isBetween(line, from, to) && line.entry() instanceof Entry.Return answer
                && answer.done()).count();
    }

    /** Locks and elections that were granted since a moment, by name. */
    public Set<String> grantedSince(Moment from) {
        return granted(from, Moment.now());
    }

    /** Locks and elections that were granted between two moments, by name. */
    public synchronized Set<String> granted(Moment from, Moment to) {
        Map<String, String> claims = new HashMap<>();
        Set<String> granted = new TreeSet<>();
        lines().forEach(line -> {
            if (line.entry() instanceof Entry.Call call && (call.kind() == Kind.ACQUIRE
                    || call.kind() == Kind.STAND)) {
                claims.put(line.run() + "." + call.operation(), call.name());
            } else if (line.entry() instanceof Entry.Return answer && answer.done()
                    && line.wallMillis() > from.wallMillis() && line.wallMillis() <= to.wallMillis()) {
                String name = claims.get(line.run() + "." + answer.operation());
                if (name != null) {
                    granted.add(name);
                }
            }
        });
        return granted;
    }

    /** Sessions that had begun and not expired at that moment, and have expired since. */
    public synchronized List<Long> expiredSince(Moment from) {
        Set<Long> alive = new TreeSet<>();
        List<Long> expired = new ArrayList<>();
        lines().sorted(Comparator.comparingLong(Line::wallMillis)).forEach(line -> {
            if (line.entry() instanceof Entry.Session session) {
                boolean isOver = session.state().equals("EXPIRED");
                if (line.wallMillis() <= from.wallMillis() && !isOver) {
                    alive.add(session.session());
                } else if (isOver && alive.remove(session.session())
                        && line.wallMillis() > from.wallMillis()) {
                    expired.add(session.session());
                }
            }
        });
        return expired;
    }

    private Stream<Line> lines() {
        return runs.values().stream().flatMap(lines -> lines.values().stream());
    }

    private static boolean isBetween(Line line, Moment from, Moment to) {
        return line.wallMillis() > from.wallMillis() && line.wallMillis() <= to.wallMillis();
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
