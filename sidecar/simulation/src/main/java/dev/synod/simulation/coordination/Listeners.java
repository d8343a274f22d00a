package dev.synod.simulation.coordination;

import dev.synod.simulation.check.WatchStream;
import dev.synod.simulation.coordination.Told.Notice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Holds what the watches of all applications heard against what changed. */
final class Listeners {
    /** Where an application is with its watch. */
    private static final class Listener {
        final WatchStream stream;
        final long watch;
        long heard;

        Listener(WatchStream stream, long watch) {
            this.stream = stream;
            this.watch = watch;
        }
    }

    private final Replayed log;
    private final Map<Long, Listener> byApp = new HashMap<>();

    Listeners(Replayed log) {
        this.log = log;
    }

    /** @param all in the order of asking */
    void check(List<Seen> all) {
        for (Seen seen : all) {
            Told told = seen.told();
            if (seen.ask().kind() == Ask.Kind.POLL && told != null) {
                check(seen, told);
            }
        }
    }

    private void check(Seen seen, Told told) {
        Listener listener = byApp.get(seen.ask().app());
        if (listener == null || listener.watch != told.watch()) {
            listener = new Listener(new WatchStream("the watch of client " + seen.ask().app() + " from "
                    + told.from(), log.changes(), AppCommands.VALUES::contains, told.from()), told.watch());
            byApp.put(seen.ask().app(), listener);
        }
        for (Notice notice : told.notices()) {
            if (notice.number() > listener.heard) {
                listener.heard = notice.number();
                tell(listener.stream, notice);
            }
        }
    }

    private static void tell(WatchStream stream, Notice notice) {
        switch (notice.kind()) {
            case STARTED -> stream.started(notice.revision());
            case CHANGES -> stream.changes(notice.revision(), notice.changes());
            case BOOKMARK -> stream.bookmark(notice.revision());
            case RESET -> {}
            case COMPACTED, ENDED -> stream.ended();
        }
    }
}
