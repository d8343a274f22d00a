package dev.synod.member;

import dev.synod.member.MemberEffects.WatchNotice;
import dev.synod.state.Applied;
import dev.synod.state.Event;
import dev.synod.state.Replay;
import dev.synod.state.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Watches open at this member. One begins when a quorum has confirmed that this member has seen what was
 * acknowledged before; from there on it is fed by what is applied, all events of a command together. A
 * bookmark is told only of a revision that a quorum confirmed; without one for long the watch ends, so that
 * silence means that nothing changed (etcd#8980).
 */
final class Watches {
    private static final class Watch {
        final long id;
        final WatchTarget target;
        boolean started;
        /** To be told at the end of this step, with the state as it is then. */
        @Nullable LongFunction<WatchNotice> shows;

        Watch(long id, WatchTarget target) {
            this.id = id;
            this.target = target;
        }

        /** Lowest revision to be told; 0 for all. */
        long from() {
            return target instanceof WatchTarget.Values values ? values.from() : 0;
        }

        /** A lock or an election is shown whole, and told what changes from there on. */
        boolean isOfState() {
            return !(target instanceof WatchTarget.Values);
        }

        boolean wants(Event event) {
            return switch (target) {
                case WatchTarget.Values t -> event instanceof Event.OfValue e && t.range().contains(e.key())
                        && e.revision() >= t.from();
                case WatchTarget.OfLock t -> event instanceof Event.OfLock e && e.name().equals(t.name());
                case WatchTarget.OfElection t ->
                        event instanceof Event.OfElection e && e.name().equals(t.name());
            };
        }
    }

    /** So many events are replayed at once; a revision is never divided. */
    private static final int REPLAY_EVENTS = 256;

    /** More at a time are refused (I18). */
    private static final int WATCHES_MAX = 4_096;

    private final Member member;
    private final TreeMap<Long, Watch> watches = new TreeMap<>();
    private boolean asking;
    private long askAtNanos = Long.MAX_VALUE;
    /** When the last confirmation that came was asked for. */
    private long confirmedNanos;

    Watches(Member member) {
        this.member = member;
    }

    int size() {
        return watches.size();
    }

    long nextDeadlineNanos() {
        return watches.isEmpty() ? Long.MAX_VALUE : askAtNanos;
    }

    // ---- beginning ----------------------------------------------------------------------------------------

    void open(MemberEvent.Watch event) {
        if (member.fault() != null) {
            member.out().tell(new WatchNotice.Ended(event.id(), Failure.UNAVAILABLE, 0));
            return;
        }
        if (watches.size() >= WATCHES_MAX) {
            member.out().tell(new WatchNotice.Ended(event.id(), Failure.BUSY, 0));
            return;
        }
        if (watches.isEmpty()) {
            askAtNanos = member.nowNanos() + member.options().bookmarkNanos();
        }
        Watch watch = new Watch(event.id(), event.target());
        watches.put(watch.id, watch);
        long askedNanos = member.nowNanos();
        member.reads().linearizable(member.options().silenceNanos(), new Reads.Reader() {
            @Override
            public void readable() {
                confirmedNanos = Math.max(confirmedNanos, askedNanos);
                if (watches.get(watch.id) == watch && !watch.started) {
                    start(watch);
                }
            }

            @Override
            public void failed(Failure reason) {
                if (watches.get(watch.id) == watch && !watch.started) {
                    end(watch, Failure.UNAVAILABLE, 0);
                }
            }
        });
    }

    private void start(Watch watch) {
        watch.started = true;
        long revision = member.state().revision();
        if (watch.isOfState()) {
            watch.shows = now -> new WatchNotice.Started(watch.id, now);
            return;
        }
        boolean resumes = watch.from() > 0 && watch.from() <= revision;
        member.out().tell(new WatchNotice.Started(watch.id, resumes ? watch.from() - 1 : revision));
        if (resumes) {
            replay(watch, watch.from());
        }
    }

    /** Tells again what changed from {@code from} until now. */
    private void replay(Watch watch, long from) {
        WatchTarget.Values target = (WatchTarget.Values) watch.target;
        for (long next = from; next <= member.state().revision();) {
            Replay replay = member.state().replay(target.range(), next, REPLAY_EVENTS);
            if (!(replay instanceof Replay.Changes changes)) {
                end(watch, Failure.COMPACTED, member.state().compactedRevision());
                return;
            }
            next = changes.next();
            if (!changes.events().isEmpty()) {
                long told = Math.min(next - 1, member.state().revision());
                member.out().tell(new WatchNotice.Changes(watch.id, told, changes.events()));
            }
        }
    }

    void cancel(long id) {
        watches.remove(id);
    }

    private void end(Watch watch, Failure reason, long current) {
        watches.remove(watch.id);
        member.out().tell(new WatchNotice.Ended(watch.id, reason, current));
    }

    // ---- going on -----------------------------------------------------------------------------------------

    void applied(Applied applied) {
        if (watches.isEmpty() || applied.events().isEmpty()) {
            return;
        }
        for (Watch watch : watches.values()) {
            if (watch.started && watch.shows == null) {
                List<Event> wanted = wanted(watch, applied.events());
                if (!wanted.isEmpty()) {
                    member.out().tell(new WatchNotice.Changes(watch.id, applied.revision(), wanted));
                }
            }
        }
    }

    private static List<Event> wanted(Watch watch, List<Event> events) {
        List<Event> wanted = new ArrayList<>();
        for (Event event : events) {
            if (watch.wants(event)) {
                wanted.add(event);
            }
        }
        return wanted;
    }

    /**
     * The state was replaced by a snapshot's: values are told from their history, others show their state.
     */
    void restored(StateMachine before) {
        for (Watch watch : List.copyOf(watches.values())) {
            if (!watch.started) {
                continue;
            }
            if (!watch.isOfState()) {
                replay(watch, Math.max(watch.from(), before.revision() + 1));
            } else if (watch.shows == null) {
                watch.shows = now -> new WatchNotice.Reset(watch.id, now);
            }
        }
    }

    /** The step is over: whoever looks at the state now sees what these are told. */
    void show() {
        long revision = member.state().revision();
        for (Watch watch : watches.values()) {
            LongFunction<WatchNotice> shows = watch.shows;
            if (shows != null) {
                watch.shows = null;
                member.out().tell(shows.apply(revision));
            }
        }
    }

    /** Asks for the next confirmation when it is time, and ends watches that had none for long. */
    void tick() {
        if (watches.isEmpty()) {
            return;
        }
        for (Watch watch : List.copyOf(watches.values())) {
            if (watch.started && member.nowNanos() >= confirmedNanos + member.options().silenceNanos()) {
                end(watch, Failure.UNAVAILABLE, 0);
            }
        }
        if (member.nowNanos() >= askAtNanos) {
            askAtNanos = member.nowNanos() + member.options().bookmarkNanos();
            if (!asking) {
                ask();
            }
        }
    }

    private void ask() {
        asking = true;
        long askedNanos = member.nowNanos();
        member.reads().linearizable(member.options().silenceNanos(), new Reads.Reader() {
            @Override
            public void readable() {
                asking = false;
                confirmedNanos = Math.max(confirmedNanos, askedNanos);
                bookmark();
            }

            @Override
            public void failed(Failure reason) {
                asking = false;
            }
        });
    }

    private void bookmark() {
        long revision = member.state().revision();
        for (Watch watch : watches.values()) {
            if (watch.started && watch.shows == null) {
                member.out().tell(new WatchNotice.Bookmark(watch.id, revision));
            }
        }
    }

    /** This member serves nobody any more. */
    void failAll(Failure reason) {
        for (Watch watch : List.copyOf(watches.values())) {
            end(watch, reason, 0);
        }
    }
}
