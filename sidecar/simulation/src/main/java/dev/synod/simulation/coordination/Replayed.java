package dev.synod.simulation.coordination;

import dev.synod.paxos.Entry;
import dev.synod.paxos.Payload;
import dev.synod.simulation.check.ChosenLog;
import dev.synod.simulation.check.ExactlyOnce;
import dev.synod.simulation.check.WatchStream.Change;
import dev.synod.state.Applied;
import dev.synod.state.Claimant;
import dev.synod.state.Command;
import dev.synod.state.CommandCodec;
import dev.synod.state.Event;
import dev.synod.state.Reply;
import dev.synod.state.Request;
import dev.synod.state.StateMachine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The decided log, applied to a state machine without planted bugs, and what came of each entry. */
final class Replayed {
    /** A command of a session's request where it was decided, the first time or again. */
    record Occurrence(long index, Command.OfClient command, long revision, Reply reply) {}

    /** A grant of a lock, or of leadership. */
    record Grant(long index, String name, Claimant claimant, long token) {}

    /** The end of a grant. */
    record Loss(long index, String name, Claimant claimant) {}

    /** A key that was changed, by its tag or to nothing. */
    record Put(long index, long revision, String key, String tag) {}

    private final StateMachine state;
    private final Map<Request, List<Occurrence>> byRequest = new HashMap<>();
    private final Map<Long, Long> opened = new HashMap<>();
    private final Map<Long, Long> ended = new HashMap<>();
    private final List<Grant> grants = new ArrayList<>();
    private final List<Loss> losses = new ArrayList<>();
    private final List<Put> puts = new ArrayList<>();
    private final TreeMap<Long, List<Change>> changes = new TreeMap<>();
    private final ExactlyOnce once = new ExactlyOnce();

    Replayed(UUID cluster) {
        state = new StateMachine(cluster);
    }

    /**
     * Applies the log.
     *
     * @param after told each index when the state stands there
     */
    void apply(ChosenLog chosen, LongConsumer after) {
        after.accept(0);
        for (long index = 1; index <= chosen.last(); index++) {
            Entry entry = chosen.entry(index);
            if (entry.payload() instanceof Payload.Command command) {
                Applied applied = state.apply(index, command.body());
                if (CommandCodec.decode(command.body()) instanceof Command decoded) {
                    note(index, decoded, applied);
                }
            } else {
                state.skip(index);
            }
            after.accept(index);
        }
    }

    private void note(long index, Command command, Applied applied) {
        if (command instanceof Command.OfClient ofClient && ofClient.request().isRemembered()) {
            Request key = key(ofClient.request());
            byRequest.computeIfAbsent(key, any -> new ArrayList<>(1))
                    .add(new Occurrence(index, ofClient, applied.revision(), applied.reply()));
        }
        for (Event event : applied.events()) {
            switch (event) {
                case Event.SessionAttached e -> opened.putIfAbsent(e.session(), index);
                case Event.SessionEnded e -> ended.put(e.session(), index);
                case Event.LockGranted e -> grants.add(new Grant(index, e.name(), e.holder().claimant(),
                        e.holder().token()));
                case Event.LeaderElected e -> grants.add(new Grant(index, e.name(), e.leader().claimant(),
                        e.leader().token()));
                case Event.LockLeft e -> left(index, e.name(), e.claimant(), e.token());
                case Event.ElectionLeft e -> left(index, e.name(), e.claimant(), e.token());
                case Event.ValuePut e -> put(index, e, AppCommands.text(e.value().value()));
                case Event.ValueDeleted e -> puts.add(new Put(index, e.revision(), e.key(), ""));
                default -> {}
            }
        }
        List<Change> changed = Listening.changes(applied.events());
        if (!changed.isEmpty()) {
            changes.put(changed.getFirst().revision(), changed);
        }
    }

    private void put(long index, Event.ValuePut event, String tag) {
        once.effect(tag + " on " + event.key(), index);
        puts.add(new Put(index, event.revision(), event.key(), tag));
    }

    private void left(long index, String name, Claimant claimant, long token) {
        if (token != 0) {
            losses.add(new Loss(index, name, claimant));
        }
    }

    private static Request key(Request request) {
        return new Request(request.session(), request.id(), 0);
    }

    /** The state as far as it was applied. */
    StateMachine state() {
        return state;
    }

    /** Where a request was decided; empty when it never was. */
    List<Occurrence> of(Request request) {
        return byRequest.getOrDefault(key(request), List.of());
    }

    /** All requests of sessions that were decided. */
    Iterable<Map.Entry<Request, List<Occurrence>>> requests() {
        return byRequest.entrySet();
    }

    /** Where a session was opened; null when it never was. */
    @Nullable
    Long opened(long session) {
        return opened.get(session);
    }

    /** Where a session ended; null when it did not. */
    @Nullable
    Long ended(long session) {
        return ended.get(session);
    }

    /** The grant by that token; null when there is none. */
    @Nullable
    Grant grant(String name, Claimant claimant, long token) {
        for (Grant grant : grants) {
            if (grant.token() == token && grant.name().equals(name) && grant.claimant().equals(claimant)) {
                return grant;
            }
        }
        return null;
    }

    /** In the order of the log. */
    List<Grant> grants() {
        return grants;
    }

    /** In the order of the log. */
    List<Loss> losses() {
        return losses;
    }

    /** In the order of the log. */
    List<Put> puts() {
        return puts;
    }

    /** All changes of values, by revision. */
    NavigableMap<Long, List<Change>> changes() {
        return changes;
    }
}
