package dev.synod.state;

import static java.util.stream.Collectors.joining;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The state machine as one would explain it: lists in the order of arrival, scanned from the start, and every
 * version of every value in one list. It knows nothing of limits, bytes, events or snapshots.
 */
final class NaiveState {
    private static final class Claimed {
        final long session;
        final String owner;
        final LockMode mode;
        final int most;
        long token;

        Claimed(long session, String owner, LockMode mode, int most) {
            this.session = session;
            this.owner = owner;
            this.mode = mode;
            this.most = most;
        }

        boolean is(long asked, String name) {
            return session == asked && owner.equals(name);
        }

        @Override
        public String toString() {
            return session + owner + (token == 0 ? "?" : token);
        }
    }

    private record Row(String key, long revision, @Nullable Bytes value, long created, long number,
            long session) {}

    private final TreeMap<Long, Long> generations = new TreeMap<>();
    private final TreeMap<String, List<Claimed>> locks = new TreeMap<>();
    private final TreeMap<String, List<Claimed>> elections = new TreeMap<>();
    private final List<Row> rows = new ArrayList<>();
    private long nextSession = 1;
    private Ballot term = Ballot.BOTTOM;
    long revision = 1;
    long compacted;

    /** What the reply must say: {@link #shown}. */
    String apply(Command command) {
        if (command instanceof Command.OfClient c && c.request().session() != 0
                && !generations.containsKey(c.request().session())) {
            return gone(c.request().session());
        }
        return switch (command) {
            case Command.OpenSession c -> {
                generations.put(nextSession, 1L);
                yield new Reply.Attached(nextSession++, 1, c.ttlMillis()).toString();
            }
            case Command.AttachSession c -> generations.containsKey(c.session())
                    ? "Attached " + generations.merge(c.session(), 1L, Long::sum)
                    : gone(c.session());
            case Command.CloseSession c -> {
                if (!generations.containsKey(c.session())) {
                    yield gone(c.session());
                }
                end(c.session());
                yield done(true);
            }
            case Command.ExpireSession c -> {
                Long generation = generations.get(c.session());
                boolean current = generation != null && generation == c.attachGeneration()
                        && term.equals(c.term());
                if (current) {
                    end(c.session());
                }
                yield done(current);
            }
            case Command.LeaderEstablished c -> {
                boolean later = c.term().compareTo(term) > 0;
                term = later ? c.term() : term;
                yield done(later);
            }
            case Command.AcquireLock c -> acquire(c);
            case Command.ReleaseLock c -> release(c);
            case Command.CancelLock c -> cancel(c.name(), c.request().session(), c.owner(), 0);
            case Command.WithdrawLock c -> {
                Long generation = generations.get(c.session());
                yield generation == null || generation != c.attachGeneration()
                        ? done(false)
                        : cancel(c.name(), c.session(), c.owner(), c.token());
            }
            case Command.BreakLock c -> breakUp(c);
            case Command.Campaign c -> campaign(c);
            case Command.Proclaim c -> leads(c.name(), c.request().session(), c.candidate())
                    ? done(true)
                    : "Refused NOT_LEADER";
            case Command.Resign c -> resign(c);
            case Command.TransferLeadership c -> transfer(c);
            case Command.Commit c -> commit(c);
            case Command.Compact c -> {
                if (c.revision() <= compacted) {
                    yield "Refused REVISION_COMPACTED";
                }
                if (c.revision() > revision) {
                    yield "Refused REVISION_FUTURE";
                }
                compacted = c.revision();
                yield done(true);
            }
            case Command.NewEra c -> {
                revision += 1_000_000_000;
                nextSession += 1_000_000_000;
                compacted = revision;
                term = Ballot.BOTTOM;
                yield done(true);
            }
        };
    }

    private String gone(long session) {
        return session < nextSession ? "Refused SESSION_ENDED" : "Refused SESSION_NOT_FOUND";
    }

    private static String done(boolean changed) {
        return new Reply.Done(changed).toString();
    }

    /** A reply as far as this model foretells it. */
    static String shown(Reply reply) {
        return switch (reply) {
            case Reply.Refused r -> "Refused " + r.reason();
            case Reply.Attached r when r.attachGeneration() > 1 -> "Attached " + r.attachGeneration();
            case Reply.Busy r -> "Busy " + r.position();
            case Reply.Committed r -> "Committed " + r.revision() + r.succeeded() + r.outcomes();
            default -> reply.toString();
        };
    }

    // Locks.

    private static @Nullable Claimed find(List<Claimed> claims, long session, String owner) {
        return claims.stream().filter(claim -> claim.is(session, owner)).findFirst().orElse(null);
    }

    private static int waitersUpTo(List<Claimed> claims, Claimed last) {
        return (int) claims.subList(0, claims.indexOf(last) + 1).stream().filter(c -> c.token == 0).count();
    }

    private String acquire(Command.AcquireLock c) {
        List<Claimed> claims = locks.computeIfAbsent(c.name(), name -> new ArrayList<>());
        boolean permit = c.mode() == LockMode.PERMIT;
        for (Claimed claim : claims) {
            if ((claim.mode == LockMode.PERMIT) != permit || permit && claim.most != c.holdersMax()) {
                return "Refused LOCK_KIND_MISMATCH";
            }
        }
        Claimed claim = find(claims, c.request().session(), c.owner());
        boolean isNew = claim == null;
        if (claim == null) {
            claim = new Claimed(c.request().session(), c.owner(), c.mode(), c.holdersMax());
            claims.add(claim);
            settle(claims);
        }
        if (claim.mode != c.mode()) {
            return "Refused LOCK_MODE_MISMATCH";
        }
        if (claim.token != 0) {
            return new Reply.Granted(claim.token).toString();
        }
        int position = waitersUpTo(claims, claim);
        if (!c.queue() && isNew) {
            claims.remove(claim);
        }
        return c.queue() ? new Reply.Queued(position).toString() : "Busy " + position;
    }

    /** From the first on: whoever fits beside those granted is granted; the first who does not ends it. */
    private void settle(List<Claimed> claims) {
        for (Claimed claim : claims) {
            if (claim.token != 0) {
                continue;
            }
            List<Claimed> granted = claims.stream().filter(other -> other.token != 0).toList();
            boolean fits = granted.isEmpty() || switch (claim.mode) {
                case EXCLUSIVE -> false;
                case SHARED -> granted.stream().allMatch(other -> other.mode == LockMode.SHARED);
                case PERMIT -> granted.size() < claim.most;
            };
            if (!fits) {
                return;
            }
            claim.token = ++revision;
        }
    }

    private String release(Command.ReleaseLock c) {
        List<Claimed> claims = locks.getOrDefault(c.name(), new ArrayList<>());
        Claimed claim = find(claims, c.request().session(), c.owner());
        if (claim == null || claim.token == 0) {
            return "Refused LOCK_NOT_HELD";
        }
        if (c.token() != 0 && c.token() != claim.token) {
            return "Refused FENCING_TOKEN_STALE";
        }
        claims.remove(claim);
        settle(claims);
        return done(true);
    }

    private String cancel(String name, long session, String owner, long token) {
        List<Claimed> claims = locks.getOrDefault(name, new ArrayList<>());
        Claimed claim = find(claims, session, owner);
        if (claim == null || (token != 0 && token != claim.token)) {
            return done(false);
        }
        if (claim.token != 0 && token == 0) {
            return new Reply.Granted(claim.token).toString();
        }
        claims.remove(claim);
        settle(claims);
        return done(true);
    }

    private String breakUp(Command.BreakLock c) {
        List<Claimed> claims = locks.getOrDefault(c.name(), new ArrayList<>());
        if (claims.isEmpty()) {
            return "Refused LOCK_NOT_HELD";
        }
        boolean any = claims.removeIf(
                claim -> claim.token != 0 && (c.token() == 0 || c.token() == claim.token));
        if (!any) {
            return "Refused FENCING_TOKEN_STALE";
        }
        settle(claims);
        return done(true);
    }

    // Elections: the first in the list leads.

    private boolean leads(String name, long session, String candidate) {
        List<Claimed> claims = elections.getOrDefault(name, List.of());
        return !claims.isEmpty() && claims.getFirst().is(session, candidate);
    }

    private void electFirst(List<Claimed> claims) {
        claims.stream().skip(1).forEach(claim -> claim.token = 0);
        if (!claims.isEmpty() && claims.getFirst().token == 0) {
            claims.getFirst().token = ++revision;
        }
    }

    private String campaign(Command.Campaign c) {
        List<Claimed> claims = elections.computeIfAbsent(c.name(), name -> new ArrayList<>());
        Claimed claim = find(claims, c.request().session(), c.candidate());
        if (claim == null) {
            claim = new Claimed(c.request().session(), c.candidate(), LockMode.EXCLUSIVE, 1);
            claims.add(claim);
            electFirst(claims);
        }
        return claim.token != 0
                ? new Reply.Granted(claim.token).toString()
                : new Reply.Queued(claims.indexOf(claim)).toString();
    }

    private String resign(Command.Resign c) {
        List<Claimed> claims = elections.getOrDefault(c.name(), new ArrayList<>());
        if (!claims.removeIf(claim -> claim.is(c.request().session(), c.candidate()))) {
            return "Refused CANDIDATE_NOT_FOUND";
        }
        electFirst(claims);
        return done(true);
    }

    private String transfer(Command.TransferLeadership c) {
        List<Claimed> claims = elections.getOrDefault(c.name(), new ArrayList<>());
        Claimed next =
                claims.stream().filter(claim -> claim.owner.equals(c.candidate())).findFirst().orElse(null);
        if (next == null) {
            return "Refused CANDIDATE_NOT_FOUND";
        }
        if (next != claims.getFirst()) {
            claims.add(claims.removeFirst());
            claims.remove(next);
            claims.addFirst(next);
            electFirst(claims);
        }
        return new Reply.Granted(next.token).toString();
    }

    // Values.

    private @Nullable Row at(String key, long when) {
        Row found = null;
        for (Row row : rows) {
            if (row.key.equals(key) && row.revision <= when) {
                found = row;
            }
        }
        return found == null || found.value == null ? null : found;
    }

    private SortedSet<String> keysAt(long when) {
        var keys = new TreeSet<String>();
        for (Row row : rows) {
            if (at(row.key, when) != null) {
                keys.add(row.key);
            }
        }
        return keys;
    }

    private String commit(Command.Commit c) {
        for (Fence fence : c.fences()) {
            boolean held = locks.getOrDefault(fence.name(), List.of()).stream()
                    .anyMatch(claim -> claim.token != 0 && claim.token == fence.token());
            if (!held) {
                return fence.token() < 1
                        ? "Refused FENCING_TOKEN_UNKNOWN"
                        : "Refused FENCING_TOKEN_STALE";
            }
        }
        boolean holds = c.compares().stream().allMatch(this::holds);
        List<Operation> operations = holds ? c.success() : c.failure();
        for (Operation operation : operations) {
            if (operation instanceof Operation.Put p && p.session() != 0
                    && !generations.containsKey(p.session())) {
                return gone(p.session());
            }
        }
        int before = rows.size();
        List<Outcome> outcomes = operations.stream().map(this::carryOut).toList();
        revision += rows.size() > before ? 1 : 0;
        return "Committed " + revision + holds + outcomes;
    }

    private boolean holds(Compare compare) {
        Row row = at(compare.key(), revision);
        return switch (compare) {
            case Compare.Exists c -> (row != null) == c.exists();
            case Compare.OfValue c -> row != null && row.value != null
                    && is(Arrays.compareUnsigned(row.value.array(), c.value().array()), c.relation());
            case Compare.OfNumber c -> {
                long number = row == null ? 0 : switch (c.target()) {
                    case CREATE_REVISION -> row.created;
                    case MOD_REVISION -> row.revision;
                    case VERSION -> row.number;
                };
                yield is(Long.compare(number, c.number()), c.relation());
            }
        };
    }

    private static boolean is(int order, Compare.Relation relation) {
        return switch (relation) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case GREATER -> order > 0;
        };
    }

    private Outcome carryOut(Operation operation) {
        long next = revision + 1;
        return switch (operation) {
            case Operation.Put p -> {
                Row before = at(p.key(), next);
                rows.add(new Row(p.key(), next, p.value(), before == null ? next : before.created,
                        before == null ? 1 : before.number + 1, p.session()));
                yield new Outcome.Stored();
            }
            case Operation.Delete d -> {
                List<String> keys = keysAt(next).stream().filter(d.range()::contains).toList();
                keys.forEach(key -> rows.add(new Row(key, next, null, 0, 0, 0)));
                yield new Outcome.Deleted(keys.size());
            }
            case Operation.Range r -> range(r, next);
        };
    }

    /** What a range must find at a revision. */
    Outcome.Found range(Operation.Range wanted, long when) {
        List<KeyValue> all = new ArrayList<>();
        for (String key : keysAt(when)) {
            Row row = at(key, when);
            if (row != null && row.value != null && wanted.range().contains(key)) {
                all.add(new KeyValue(key, row.value, row.created, row.revision, row.number, row.session));
            }
        }
        int told = wanted.limit() == 0 ? all.size() : Math.min(wanted.limit(), all.size());
        return new Outcome.Found(all.subList(0, told), all.size(), told < all.size());
    }

    /** What a replay must tell, from a revision on. */
    String changesFrom(long from) {
        return rows.stream().filter(row -> row.revision >= from)
                .sorted((a, b) -> a.revision != b.revision
                        ? Long.compare(a.revision, b.revision)
                        : a.key.compareTo(b.key))
                .map(row -> row.key + "@" + row.revision + (row.value == null ? "-" : "+"))
                .collect(joining(" "));
    }

    private void end(long session) {
        generations.remove(session);
        List<String> bound = keysAt(revision).stream().filter(key -> {
            Row row = at(key, revision);
            return row != null && row.session == session;
        }).toList();
        if (!bound.isEmpty()) {
            revision++;
            bound.forEach(key -> rows.add(new Row(key, revision, null, 0, 0, 0)));
        }
        locks.values().forEach(claims -> {
            if (claims.removeIf(claim -> claim.session == session)) {
                settle(claims);
            }
        });
        elections.values().forEach(claims -> {
            if (claims.removeIf(claim -> claim.session == session)) {
                electFirst(claims);
            }
        });
    }

    /** All claims on a lock: those granted by session and owner, then those waiting in order. */
    String lock(String name) {
        List<Claimed> claims = new ArrayList<>(locks.getOrDefault(name, List.of()));
        claims.sort((a, b) -> {
            if (a.token == 0 || b.token == 0) {
                return Boolean.compare(a.token == 0, b.token == 0);
            }
            return a.session != b.session
                    ? Long.compare(a.session, b.session)
                    : a.owner.compareTo(b.owner);
        });
        return claims.toString();
    }

    String election(String name) {
        return elections.getOrDefault(name, List.of()).toString();
    }
}
