package dev.synod.state;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What of a command is well-formed, whatever the state: the edge asks before it proposes, and decoding asks
 * again, because the edge of another member may be an older or a broken one.
 */
public final class Validity {
    private Validity() {}

    /** Why {@code command} is not well-formed; null when it is. */
    public static Reply.@Nullable Refused refusalOf(Command command) {
        return switch (command) {
            case Command.OpenSession c -> first(
                    ttl(c.ttlMillis()), text("identity", c.identity()), labels(c.labels()),
                    secret(c.secretHash()));
            case Command.AttachSession c -> first(natural("session", c.session()), secret(c.secretHash()));
            case Command.CloseSession c -> natural("session", c.session());
            case Command.ExpireSession c -> first(
                    natural("session", c.session()), natural("attach generation", c.attachGeneration()),
                    term(c.term()));
            case Command.LeaderEstablished c -> term(c.term());
            case Command.Compact c -> natural("revision", c.revision());
            case Command.NewEra c -> null;
            case Command.OfClient c -> first(request(c), ofClient(c));
        };
    }

    private static Reply.@Nullable Refused ofClient(Command.OfClient command) {
        return switch (command) {
            case Command.AcquireLock c -> first(
                    name("lock", c.name()), name("owner", c.owner()), holders(c.mode(), c.holdersMax()));
            case Command.CancelLock c -> first(name("lock", c.name()), name("owner", c.owner()));
            case Command.ReleaseLock c -> first(
                    name("lock", c.name()), name("owner", c.owner()), natural("token", c.token()));
            case Command.BreakLock c -> first(
                    name("lock", c.name()), natural("token", c.token()), text("reason", c.reason()));
            case Command.Campaign c -> first(
                    name("election", c.name()), name("candidate", c.candidate()), value(c.value()));
            case Command.Proclaim c -> first(
                    name("election", c.name()), name("candidate", c.candidate()),
                    natural("token", c.token()), value(c.value()));
            case Command.Resign c -> first(name("election", c.name()), name("candidate", c.candidate()));
            case Command.TransferLeadership c -> first(
                    name("election", c.name()), name("candidate", c.candidate()),
                    natural("token", c.token()));
            case Command.Commit c -> commit(c);
        };
    }

    private static Reply.@Nullable Refused request(Command.OfClient command) {
        Request request = command.request();
        if (request.session() == 0) {
            if (command.needsSession()) {
                return new Reply.Refused(Refusal.SESSION_NOT_FOUND,
                        "the command names no session; open one first");
            }
            return request.equals(Request.NONE)
                    ? null
                    : invalid("request " + request.id() + " has no session", "an id needs one");
        }
        if (request.session() < 0 || request.ackedBelow() < 0 || request.ackedBelow() > request.id()) {
            return invalid("request " + request, "0 <= ackedBelow <= id and a session above 0 are allowed");
        }
        return null;
    }

    private static Reply.@Nullable Refused commit(Command.Commit commit) {
        int most = Math.max(commit.compares().size(), commit.fences().size());
        most = Math.max(most, Math.max(commit.success().size(), commit.failure().size()));
        if (most > Limits.OPERATIONS_MAX) {
            return invalid(most + " compares, operations or fences",
                    Limits.OPERATIONS_MAX + " of each are allowed");
        }
        for (Compare compare : commit.compares()) {
            Reply.Refused refused = compare(compare);
            if (refused != null) {
                return refused;
            }
        }
        for (Fence fence : commit.fences()) {
            Reply.Refused refused = first(name("fence", fence.name()), natural("token", fence.token()));
            if (refused != null) {
                return refused;
            }
        }
        return first(branch(commit.success()), branch(commit.failure()));
    }

    private static Reply.@Nullable Refused compare(Compare compare) {
        Reply.Refused refused = name("key", compare.key());
        return switch (compare) {
            case Compare.OfNumber c -> first(refused, natural("number", c.number()));
            case Compare.OfValue c -> first(refused, value(c.value()));
            case Compare.Exists c -> refused;
        };
    }

    /** One revision has one change of a key, or watches could not tell which was the last (etcd's rule). */
    private static Reply.@Nullable Refused branch(List<Operation> operations) {
        var put = new TreeSet<String>();
        for (Operation operation : operations) {
            Reply.Refused refused = operation(operation);
            if (refused != null) {
                return refused;
            }
            if (operation instanceof Operation.Put p && !put.add(p.key())) {
                return duplicate(p.key());
            }
        }
        for (Operation operation : operations) {
            if (operation instanceof Operation.Delete d) {
                String key = put.ceiling(d.range().from());
                if (key != null && d.range().contains(key)) {
                    return duplicate(key);
                }
            }
        }
        return null;
    }

    private static Reply.Refused duplicate(String key) {
        return new Reply.Refused(Refusal.DUPLICATE_KEY,
                "key \"" + key + "\" is put twice, or put and deleted, in one branch; once is allowed");
    }

    private static Reply.@Nullable Refused operation(Operation operation) {
        return switch (operation) {
            case Operation.Put o -> first(
                    name("key", o.key()), value(o.value()), natural("session", o.session()));
            case Operation.Delete o -> range(o.range());
            case Operation.Range o -> first(range(o.range()), natural("limit", o.limit()));
        };
    }

    /** Why {@code range} bounds no keys; null when it does. */
    public static Reply.@Nullable Refused range(KeyRange range) {
        return Names.isBound(range.from()) && Names.isBound(range.end())
                ? null
                : new Reply.Refused(Refusal.NAME_INVALID, "a bound of a range of keys is too long or not"
                        + " ASCII; " + Limits.BOUND_BYTES_MAX + " characters below U+0080 are allowed");
    }

    /**
     * Why {@code name} is no name; null when it is.
     *
     * @param what it names, for the text
     */
    public static Reply.@Nullable Refused name(String what, String name) {
        return Names.isName(name)
                ? null
                : new Reply.Refused(Refusal.NAME_INVALID, what + " " + quoted(name) + " is no name; 1 to "
                        + Limits.NAME_BYTES_MAX + " characters of [A-Za-z0-9._/-] are allowed");
    }

    /** Shown as far as it can be printed: a hostile name does not reach anybody's terminal. */
    private static String quoted(String name) {
        int shown = Math.min(name.length(), 64);
        var text = new StringBuilder("\"");
        for (int i = 0; i < shown; i++) {
            char c = name.charAt(i);
            text.append(c >= ' ' && c < 0x7F ? c : '?');
        }
        return text.append(shown < name.length() ? "...\"" : "\"").toString();
    }

    private static Reply.@Nullable Refused value(Bytes value) {
        return value.length() <= Limits.VALUE_BYTES_MAX
                ? null
                : new Reply.Refused(Refusal.VALUE_TOO_LARGE, "the value has " + value.length() + " bytes; "
                        + Limits.VALUE_BYTES_MAX + " are allowed");
    }

    private static Reply.@Nullable Refused ttl(int ttlMillis) {
        return ttlMillis >= Limits.TTL_MILLIS_MIN && ttlMillis <= Limits.TTL_MILLIS_MAX
                ? null
                : invalid("a TTL of " + ttlMillis + " ms",
                        Limits.TTL_MILLIS_MIN + " to " + Limits.TTL_MILLIS_MAX + " ms are allowed");
    }

    private static Reply.@Nullable Refused text(String what, String text) {
        return Names.isText(text)
                ? null
                : invalid(what, Limits.TEXT_BYTES_MAX + " bytes of UTF-8 are allowed");
    }

    private static Reply.@Nullable Refused labels(List<Label> labels) {
        if (labels.size() > Limits.LABELS_MAX) {
            return invalid(labels.size() + " labels", Limits.LABELS_MAX + " are allowed");
        }
        for (int i = 0; i < labels.size(); i++) {
            Label label = labels.get(i);
            if (i > 0 && labels.get(i - 1).key().compareTo(label.key()) >= 0) {
                return invalid("the order of labels", "each key once, ascending, is allowed");
            }
            Reply.Refused refused = first(text("label", label.key()), text("label", label.value()));
            if (refused != null) {
                return refused;
            }
        }
        return null;
    }

    private static Reply.@Nullable Refused secret(Bytes hash) {
        return hash.length() == Limits.SECRET_HASH_BYTES
                ? null
                : invalid("a secret's hash of " + hash.length() + " bytes",
                        Limits.SECRET_HASH_BYTES + " are allowed");
    }

    private static Reply.@Nullable Refused holders(LockMode mode, int holdersMax) {
        boolean fits = switch (mode) {
            case EXCLUSIVE -> holdersMax == 1;
            case SHARED -> holdersMax == 0;
            case PERMIT -> holdersMax >= 1 && holdersMax <= Limits.HOLDERS_MAX;
        };
        return fits
                ? null
                : invalid(holdersMax + " holders of a lock held " + mode,
                        "1 for EXCLUSIVE, 0 for SHARED, 1 to " + Limits.HOLDERS_MAX
                                + " for PERMIT are allowed");
    }

    private static Reply.@Nullable Refused term(Ballot term) {
        return term.epoch() >= 0 && term.round() >= 0 && term.member() >= 0
                ? null
                : invalid("term " + term, "no part of it may be negative");
    }

    private static Reply.@Nullable Refused natural(String what, long number) {
        return number >= 0 ? null : invalid(what + " " + number, "0 and more are allowed");
    }

    private static Reply.Refused invalid(String what, String allowed) {
        return new Reply.Refused(Refusal.ARGUMENT_INVALID, what + " is not valid; " + allowed);
    }

    private static Reply.@Nullable Refused first(Reply.@Nullable Refused... refusals) {
        for (Reply.Refused refused : refusals) {
            if (refused != null) {
                return refused;
            }
        }
        return null;
    }
}
