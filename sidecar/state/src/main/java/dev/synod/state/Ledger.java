package dev.synod.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What all parts of the state share: the index of the command being applied, the one revision, the events of
 * that command, and the books.
 */
final class Ledger {
    /** Before the first grant and the first change of a value; 0 stays free to mean "none" or "current". */
    private static final long FIRST_REVISION = 1;

    private final Tally tally = new Tally();
    private long index;
    private long revision = FIRST_REVISION;
    private List<Event> events = new ArrayList<>();

    /** Index of the command being applied, or applied last. */
    long index() {
        return index;
    }

    /** The revision of the last grant or change of a value. */
    long revision() {
        return revision;
    }

    /** What {@link #advance()} would make it. */
    long nextRevision() {
        return revision + 1;
    }

    /** The revision of one more grant, or of one more commit that changed something. */
    long advance() {
        revision++;
        return revision;
    }

    /** Goes on from far ahead: nothing that a lost end of the log may have granted is granted again. */
    void leap(long by) {
        revision += by;
    }

    /** Goes to the next entry. */
    void begin(long entry) {
        if (entry != index + 1) {
            throw new IllegalArgumentException("entry " + entry + " after " + index
                    + ": every entry is applied once, in order; one that holds no command is skipped");
        }
        index = entry;
    }

    /** Puts the state where a snapshot was taken. */
    void restore(Element.Header header) {
        index = header.index();
        revision = header.revision();
    }

    void report(Event event) {
        events.add(event);
    }

    /** What the command did, with all events reported since the last call. */
    Applied applied(Reply reply) {
        List<Event> reported = events.isEmpty() ? List.of() : Collections.unmodifiableList(events);
        if (!reported.isEmpty()) {
            events = new ArrayList<>();
        }
        return new Applied(index, revision, reply, reported);
    }

    Tally tally() {
        return tally;
    }

    void add(Element element) {
        tally.add(element);
    }

    void remove(Element element) {
        tally.remove(element);
    }
}
