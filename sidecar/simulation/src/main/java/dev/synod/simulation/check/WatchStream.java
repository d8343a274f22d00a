package dev.synod.simulation.check;

import java.util.List;
import java.util.NavigableMap;
import java.util.function.Predicate;

/**
 * What one watch of values was told, held against all changes there were: in order, each once, all of one
 * revision together, none left out; and no bookmark ahead of what was not told. A watch that resumes goes on
 * where the one before it was.
 */
public final class WatchStream {
    /**
     * A change of a key.
     *
     * @param text what it became; any text that tells two changes apart
     */
    public record Change(long revision, String key, String text) {}

    private final String who;
    private final NavigableMap<Long, List<Change>> truth;
    private final Predicate<String> wanted;
    private long position;
    private long bookmark;
    private boolean started;
    private boolean ended;

    /**
     * A watch that was asked for.
     *
     * @param who for messages
     * @param truth all changes, by revision
     * @param wanted the keys that it watches
     * @param from the first revision to be told; 0 for what changes from now on
     */
    public WatchStream(String who, NavigableMap<Long, List<Change>> truth, Predicate<String> wanted,
            long from) {
        this.who = who;
        this.truth = truth;
        this.wanted = wanted;
        this.position = from - 1;
    }

    /** Everything up to here was told, or lies before the watch; -1 before it has begun. */
    public long position() {
        return position;
    }

    /** The watch has begun: nothing above {@code revision} was told. */
    public void started(long revision) {
        require(!started, "began twice");
        started = true;
        if (position < 0) {
            position = revision;
        }
    }

    /** Changes of whole revisions; after them nothing up to {@code revision} is missing. */
    public void changes(long revision, List<Change> events) {
        requireOpen();
        long last = position;
        int at = 0;
        while (at < events.size()) {
            long of = events.get(at).revision();
            require(of > last, "was told revision " + of + " after " + last);
            requireNothingBetween(last, of - 1);
            int end = at;
            while (end < events.size() && events.get(end).revision() == of) {
                end++;
            }
            List<Change> whole = truthAt(of);
            require(whole.equals(events.subList(at, end)), "was told of revision " + of + " "
                    + events.subList(at, end) + ", but it was " + whole);
            last = of;
            at = end;
        }
        require(revision >= last, "stands at " + revision + " behind what it was told, " + last);
        requireNothingBetween(last, revision);
        position = revision;
    }

    /** Everything up to {@code revision} was told. */
    public void bookmark(long revision) {
        requireOpen();
        require(revision >= bookmark, "went back from bookmark " + bookmark + " to " + revision);
        requireNothingBetween(position, revision);
        bookmark = revision;
        position = Math.max(position, revision);
    }

    /** No more comes. */
    public void ended() {
        require(!ended, "ended twice");
        ended = true;
    }

    private void requireOpen() {
        require(started && !ended, started ? "was told something after its end" : "was told too early");
    }

    private void requireNothingBetween(long after, long through) {
        if (through <= after) {
            return;
        }
        for (long revision : truth.subMap(after, false, through, true).keySet()) {
            List<Change> missed = truthAt(revision);
            require(missed.isEmpty(), "stands at " + through + " and was not told " + missed);
        }
    }

    private List<Change> truthAt(long revision) {
        return truth.getOrDefault(revision, List.of()).stream()
                .filter(change -> wanted.test(change.key()))
                .toList();
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            throw new Violation("watch", who + " " + what);
        }
    }
}
