package dev.synod.simulation.coordination;

import dev.synod.member.Failure;
import dev.synod.member.MemberEffects.WatchNotice;
import dev.synod.simulation.check.WatchStream.Change;
import dev.synod.simulation.coordination.Told.Notice;
import dev.synod.state.Event;
import java.util.ArrayList;
import java.util.List;

/** A watch of an application, with what it heard until the application has it. */
final class Listening {
    private static final int NOTICES_MAX = 5_000;

    private final long id;
    private final long watch;
    private final long from;
    private final long app;
    private final List<Notice> notices = new ArrayList<>();
    private long heardNanos;
    private long last;

    /**
     * @param id of the watch at its member
     * @param watch told to the application; unique in a run
     * @param from the first revision wanted; 0 for from now on
     */
    Listening(long id, long watch, long from, long app) {
        this.id = id;
        this.watch = watch;
        this.from = from;
        this.app = app;
    }

    long id() {
        return id;
    }

    long watch() {
        return watch;
    }

    long from() {
        return from;
    }

    long app() {
        return app;
    }

    long heardNanos() {
        return heardNanos;
    }

    void heardNanos(long now) {
        heardNanos = now;
    }

    boolean isCrowded() {
        return notices.size() > NOTICES_MAX;
    }

    /** The application has the first {@code count}. */
    void drop(long count) {
        notices.removeIf(notice -> notice.number() <= count);
    }

    List<Notice> notices() {
        return List.copyOf(notices);
    }

    void heard(WatchNotice notice) {
        switch (notice) {
            case WatchNotice.Started n -> add(Notice.Kind.STARTED, n.revision(), List.of());
            case WatchNotice.Changes n -> add(Notice.Kind.CHANGES, n.revision(), changes(n.events()));
            case WatchNotice.Bookmark n -> add(Notice.Kind.BOOKMARK, n.revision(), List.of());
            case WatchNotice.Reset n -> add(Notice.Kind.RESET, n.revision(), List.of());
            case WatchNotice.Ended n -> add(
                    n.reason() == Failure.COMPACTED ? Notice.Kind.COMPACTED : Notice.Kind.ENDED, n.current(),
                    List.of());
        }
    }

    private void add(Notice.Kind kind, long revision, List<Change> changes) {
        notices.add(new Notice(++last, kind, revision, changes));
    }

    /** Events of values as their revision, key and what became of it. */
    static List<Change> changes(List<Event> events) {
        List<Change> changes = new ArrayList<>();
        for (Event event : events) {
            if (event instanceof Event.OfValue value) {
                changes.add(new Change(value.revision(), value.key(), AppCommands.text(value)));
            }
        }
        return changes;
    }
}
