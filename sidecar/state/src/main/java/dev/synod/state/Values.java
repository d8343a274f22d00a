package dev.synod.state;

import dev.synod.paxos.Bytes;
import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import dev.synod.paxos.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Values with their history, as etcd has them: each change makes a version, compaction drops old ones. */
final class Values {
    /** What a key and its numbers count for in an answer, beside its value. */
    private static final int KEY_VALUE_BYTES = 64;

    /** Replayed at once: with one revision more, which a request bounds, it fits into any client's 4 MiB. */
    private static final long REPLAY_BYTES_ENOUGH = 1 << 20;

    private final Ledger ledger;
    private final Defects defects;
    private final TreeMap<String, History> keys = new TreeMap<>();
    /** Which keys changed when, above the compacted revision: what watches replay. */
    private final TreeMap<Long, TreeSet<String>> changes = new TreeMap<>();
    private final Belongings bound = new Belongings();
    private long compacted;

    Values(Ledger ledger, Defects defects) {
        this.ledger = ledger;
        this.defects = defects;
    }

    /** The lowest revision that can be read. */
    long compacted() {
        return compacted;
    }

    /** Sets a value as of {@code revision}, which is not below any other change. */
    void put(String key, Bytes value, long session, long revision) {
        Version before = newest(key);
        Version after = before == null || before.isDeletion()
                ? new Version(revision, revision, 1, value, session)
                : new Version(revision, before.createRevision(), before.number() + 1, value, session);
        add(key, after);
    }

    /** Deletes all keys in {@code range} as of {@code revision}, and says how many there were. */
    int delete(KeyRange range, long revision) {
        List<String> existing = new ArrayList<>();
        for (Map.Entry<String, History> entry : in(range).entrySet()) {
            Version newest = entry.getValue().newest();
            if (newest != null && !newest.isDeletion()) {
                existing.add(entry.getKey());
            }
        }
        for (String key : existing) {
            add(key, Version.deletion(revision));
        }
        return existing.size();
    }

    /** Deletes the keys bound to a session that ended, all at one revision. */
    void end(long session) {
        List<String> names = bound.namesOf(session);
        if (names.isEmpty()) {
            return;
        }
        long revision = ledger.advance();
        for (String key : names) {
            add(key, Version.deletion(revision));
        }
        report(revision);
    }

    /** Whether anything changed at {@code revision}. */
    boolean changedAt(long revision) {
        return changes.containsKey(revision);
    }

    /** Tells watches what changed at {@code revision}. */
    void report(long revision) {
        for (Event event : eventsAt(revision)) {
            ledger.report(event);
        }
    }

    /** Drops what only reads below {@code revision} need. */
    Reply compact(long revision) {
        if (revision <= compacted) {
            return new Reply.Refused(Refusal.REVISION_COMPACTED,
                    "history below " + compacted + " is compacted already", compacted);
        }
        if (revision > ledger.revision()) {
            return future(revision);
        }
        SortedMap<Long, TreeSet<String>> old = changes.headMap(revision, true);
        var touched = new TreeSet<String>();
        old.values().forEach(touched::addAll);
        old.clear();
        for (String key : touched) {
            compact(key, revision);
        }
        compacted = revision;
        return new Reply.Done(true);
    }

    private void compact(String key, long revision) {
        History history = keys.get(key);
        if (history == null) {
            return;
        }
        for (Version version : history.compact(revision)) {
            ledger.remove(new Element.OfVersion(key, version));
        }
        if (history.newest() == null) {
            keys.remove(key);
        }
    }

    /** Why nothing can be read at {@code revision}; null when it can. */
    Reply.@Nullable Refused refusalOf(long revision) {
        if (revision > ledger.revision()) {
            return future(revision);
        }
        return revision >= compacted ? null : compactedAway(revision);
    }

    private Reply.Refused future(long revision) {
        return new Reply.Refused(Refusal.REVISION_FUTURE,
                "revision " + revision + " has not come; the current one is " + ledger.revision(),
                ledger.revision());
    }

    private Reply.Refused compactedAway(long revision) {
        return new Reply.Refused(Refusal.REVISION_COMPACTED, "revision " + revision
                + " is compacted away; " + compacted + " is the lowest that can be read", compacted);
    }

    /** The key as it stood at {@code revision}; null when it was not there. */
    @Nullable
    KeyValue get(String key, long revision) {
        History history = keys.get(key);
        Version version = history == null ? null : history.at(revision);
        return version == null ? null : version.of(key);
    }

    /** The keys in a range as they stood at {@code revision}, told up to the limit and {@code bytesMax}. */
    Outcome.Found range(Operation.Range wanted, long revision, long bytesMax) {
        List<KeyValue> found = new ArrayList<>();
        int count = 0;
        long bytes = 0;
        boolean full = false;
        for (Map.Entry<String, History> entry : in(wanted.range()).entrySet()) {
            Version version = entry.getValue().at(revision);
            KeyValue value = version == null ? null : version.of(entry.getKey());
            if (value == null) {
                continue;
            }
            count++;
            KeyValue told = wanted.keysOnly() ? withoutValue(value) : value;
            long more = bytesOf(told);
            full = full
                    || wanted.limit() != 0 && found.size() == wanted.limit()
                    || bytes + more > bytesMax;
            if (!full) {
                found.add(told);
                bytes += more;
            }
        }
        return new Outcome.Found(List.copyOf(found), count, found.size() < count);
    }

    /** What the values of an answer count for. */
    static long bytesOf(Outcome.Found found) {
        long bytes = 0;
        for (KeyValue value : found.values()) {
            bytes += bytesOf(value);
        }
        return bytes;
    }

    private static long bytesOf(KeyValue value) {
        return (long) KEY_VALUE_BYTES + value.key().length() + value.value().length();
    }

    private static long bytesOf(Event.OfValue event) {
        return event instanceof Event.ValuePut put ? bytesOf(put.value()) : KEY_VALUE_BYTES;
    }

    private static KeyValue withoutValue(KeyValue value) {
        return new KeyValue(value.key(), Bytes.EMPTY, value.createRevision(), value.modRevision(),
                value.version(), value.session());
    }

    /** What changed in {@code range} from {@code from} on: whole revisions, until there are enough events. */
    Replay replay(KeyRange range, long from, int eventsEnough) {
        if (from <= compacted) {
            return compactedAway(from);
        }
        List<Event> events = new ArrayList<>();
        long bytes = 0;
        long first = defects.has(Defect.M33_WATCH_REVISION_SKIPPED) ? from + 1 : from;
        for (long revision : changes.tailMap(first).keySet()) {
            if (events.size() >= eventsEnough || bytes >= REPLAY_BYTES_ENOUGH) {
                return new Replay.Changes(List.copyOf(events), revision);
            }
            for (Event.OfValue event : eventsAt(revision)) {
                if (range.contains(event.key())) {
                    events.add(event);
                    bytes += bytesOf(event);
                }
            }
        }
        return new Replay.Changes(List.copyOf(events), Math.max(from, ledger.nextRevision()));
    }

    private List<Event.OfValue> eventsAt(long revision) {
        List<Event.OfValue> events = new ArrayList<>();
        for (String key : changes.getOrDefault(revision, new TreeSet<>())) {
            KeyValue value = get(key, revision);
            events.add(value == null ? new Event.ValueDeleted(key, revision) : new Event.ValuePut(value));
        }
        return events;
    }

    private SortedMap<String, History> in(KeyRange range) {
        if (range.isEmpty()) {
            return new TreeMap<>();
        }
        return range.end().isEmpty() ? keys.tailMap(range.from()) : keys.subMap(range.from(), range.end());
    }

    private @Nullable Version newest(String key) {
        History history = keys.get(key);
        return history == null ? null : history.newest();
    }

    private void add(String key, Version version) {
        Version before = newest(key);
        if (before != null && before.session() != 0) {
            bound.remove(before.session(), key, "");
        }
        if (version.session() != 0) {
            bound.add(version.session(), key, "");
        }
        keys.computeIfAbsent(key, name -> new History()).add(version);
        if (version.modRevision() > compacted) {
            changes.computeIfAbsent(version.modRevision(), revision -> new TreeSet<>()).add(key);
        }
        ledger.add(new Element.OfVersion(key, version));
    }

    void restore(Element.Header header) {
        compacted = header.compacted();
    }

    void restore(Element.OfVersion element) {
        if (element.version().modRevision() > ledger.revision()) {
            throw new MalformedException("a value from the future");
        }
        add(element.key(), element.version());
    }

    /** What can be seen only when all was restored. */
    void checkRestored(Sessions sessions) {
        if (!bound.belongTo(sessions)) {
            throw new MalformedException("a key is bound to a session that is not there");
        }
    }

    void forEach(Consumer<Element> sink) {
        keys.forEach((key, history) -> {
            for (Version version : history.versions()) {
                sink.accept(new Element.OfVersion(key, version));
            }
        });
    }
}
