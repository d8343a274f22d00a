package dev.synod.node.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import dev.synod.coordination.v1.ErrorReason;
import dev.synod.member.Consistency;
import dev.synod.paxos.Bytes;
import dev.synod.state.Command;
import dev.synod.state.Domain;
import dev.synod.state.Fence;
import dev.synod.state.KeyRange;
import dev.synod.state.Label;
import dev.synod.state.Limits;
import dev.synod.state.Reply;
import dev.synod.state.Request;
import dev.synod.state.Validity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes a request apart, field by field, and collects what is wrong with it. What it returns for a wrong
 * field is harmless, and {@link #check} ends the call before it is used.
 */
final class Fields {
    private static final int PAGE_MAX = 1_000;
    private static final int PAGE_DEFAULT = 100;
    private static final long SECONDS_MAX = 365L * 24 * 3600;

    private final List<BadRequest.FieldViolation> wrong = new ArrayList<>();
    private ErrorReason reason = ErrorReason.ERROR_REASON_UNSPECIFIED;

    /** Ends the call if anything was wrong. */
    void check() {
        if (!wrong.isEmpty()) {
            throw Errors.invalid(reason, wrong);
        }
    }

    /** Ends the call if anything was wrong, or {@code command} as a whole is not well-formed. */
    <C extends Command> C checked(C command) {
        check();
        Reply.Refused refused = Validity.refusalOf(command);
        if (refused != null) {
            throw Errors.refused(Spoken.of(refused, command));
        }
        return command;
    }

    void violation(ErrorReason why, String field, String text) {
        if (wrong.isEmpty()) {
            reason = why;
        }
        wrong.add(Errors.violation(field, text));
    }

    void invalid(String field, String text) {
        violation(ErrorReason.ERROR_REASON_ARGUMENT_INVALID, field, field + " " + text);
    }

    /** The namespace of a request; empty is {@code default}. */
    Namespace namespace(String name) {
        if (name.isEmpty()) {
            return Namespace.DEFAULT;
        }
        if (!isName("namespace", name)) {
            return Namespace.DEFAULT;
        }
        if (name.indexOf('/') >= 0) {
            violation(ErrorReason.ERROR_REASON_NAME_INVALID, "namespace", "namespace \"" + name
                    + "\" has a '/'; 1 to " + Limits.NAME_BYTES_MAX + " characters of [A-Za-z0-9._-] are"
                    + " allowed");
            return Namespace.DEFAULT;
        }
        return new Namespace(name);
    }

    /** A name of a namespace, as it is stored. */
    String name(Namespace namespace, String field, String name) {
        String stored = namespace.stored(name);
        if (isName(field, name) && stored.length() > Limits.NAME_BYTES_MAX) {
            violation(ErrorReason.ERROR_REASON_NAME_INVALID, field, field + " has " + name.length()
                    + " characters, and " + stored.length() + " with \"" + namespace.stored("")
                    + "\" of its namespace before it; " + Limits.NAME_BYTES_MAX + " together are allowed");
        }
        return stored;
    }

    /** A name of no namespace: of an owner, or a candidate. */
    String name(String field, String name) {
        isName(field, name);
        return name;
    }

    private boolean isName(String field, String name) {
        Reply.Refused refused = Validity.name(field, name);
        if (refused != null) {
            violation(ErrorReason.ERROR_REASON_NAME_INVALID, field, refused.text());
        }
        return refused == null;
    }

    /** Names of a namespace that begin so; empty for all. */
    KeyRange prefix(Namespace namespace, String field, String prefix) {
        return prefix.isEmpty() ? namespace.all() : KeyRange.prefix(name(namespace, field, prefix));
    }

    /** Keys of a namespace; unset is all of them. */
    KeyRange range(Namespace namespace, String field, dev.synod.coordination.v1.KeyRange range) {
        return switch (range.getRangeCase()) {
            case KEY -> KeyRange.of(name(namespace, field + ".key", range.getKey()));
            case PREFIX -> prefix(namespace, field + ".prefix", range.getPrefix());
            case BOUNDS -> bounds(namespace, field + ".bounds", range.getBounds());
            case RANGE_NOT_SET -> namespace.all();
        };
    }

    /** Keys of a namespace, said outright: an empty request must not delete all of them. */
    KeyRange rangeSet(Namespace namespace, String field, dev.synod.coordination.v1.KeyRange range) {
        if (range.getRangeCase() == dev.synod.coordination.v1.KeyRange.RangeCase.RANGE_NOT_SET) {
            invalid(field, "is not set; name a key, bounds or a prefix, which may be empty for the whole"
                    + " namespace");
        }
        return range(namespace, field, range);
    }

    private KeyRange bounds(Namespace namespace, String field,
            dev.synod.coordination.v1.KeyRange.Bounds bounds) {
        String end = bounds.getEnd().isEmpty() ? namespace.all().end() : namespace.stored(bounds.getEnd());
        var range = new KeyRange(namespace.stored(bounds.getFrom()), end);
        Reply.Refused refused = Validity.range(range);
        if (refused != null) {
            violation(ErrorReason.ERROR_REASON_NAME_INVALID, field,
                    refused.text() + ", the namespace and a '/' included");
            return namespace.all();
        }
        return range;
    }

    /** Which request of which session; a session is needed. */
    Request request(long session, dev.synod.coordination.v1.Request request) {
        check();
        if (session == 0) {
            throw Errors.sessionNotFound(0);
        }
        return requestOrNone(session, request);
    }

    /** Which request of which session, or none. */
    Request requestOrNone(long session, dev.synod.coordination.v1.Request request) {
        natural("session_id", session);
        long id = request.getRequestId();
        long ackedBelow = request.getAckedBelow();
        if (session == 0 && (id != 0 || ackedBelow != 0)) {
            invalid("request",
                    "is set and session_id is not: what is remembered is remembered with a session;"
                            + " name one, or leave request out");
            return Request.NONE;
        }
        natural("request.request_id", id);
        natural("request.acked_below", ackedBelow);
        if (ackedBelow > id) {
            invalid("request.acked_below", "is " + ackedBelow + ", above request_id " + id
                    + "; at most request_id is allowed");
        }
        return new Request(session, id, ackedBelow);
    }

    long session(long session) {
        natural("session_id", session);
        check();
        if (session == 0) {
            throw Errors.sessionNotFound(0);
        }
        return session;
    }

    long natural(String field, long number) {
        if (number < 0) {
            invalid(field, "is " + number + "; 0 and more are allowed");
            return 0;
        }
        return number;
    }

    Bytes value(String field, ByteString value) {
        if (value.size() > Limits.VALUE_BYTES_MAX) {
            violation(ErrorReason.ERROR_REASON_VALUE_TOO_LARGE, field, field + " has " + value.size()
                    + " bytes; " + Limits.VALUE_BYTES_MAX + " are allowed");
            return Bytes.EMPTY;
        }
        return Bytes.of(value.toByteArray());
    }

    String text(String field, String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Limits.TEXT_BYTES_MAX) {
            invalid(field, "has " + bytes + " bytes of UTF-8; " + Limits.TEXT_BYTES_MAX + " are allowed");
            return "";
        }
        return text;
    }

    /** Labels of a session, in order. */
    List<Label> labels(Map<String, String> labels) {
        if (labels.size() > Limits.LABELS_MAX) {
            invalid("labels", "are " + labels.size() + "; " + Limits.LABELS_MAX + " are allowed");
            check();
        }
        List<Label> ordered = new ArrayList<>();
        new TreeMap<>(labels).forEach((key, value) -> ordered.add(
                new Label(text("labels key", key), text("labels[" + key + "]", value))));
        return ordered;
    }

    /** A time to live in milliseconds. */
    int ttlMillis(Duration ttl) {
        long millis = duration("ttl", ttl).toMillis();
        if (millis < Limits.TTL_MILLIS_MIN || millis > Limits.TTL_MILLIS_MAX) {
            invalid("ttl", "is " + millis + " ms; " + Limits.TTL_MILLIS_MIN + " to " + Limits.TTL_MILLIS_MAX
                    + " ms are allowed");
            return Limits.TTL_MILLIS_MIN;
        }
        return (int) millis;
    }

    /** A span of time, of at least 0. */
    java.time.Duration duration(String field, Duration duration) {
        if (duration.getSeconds() < 0 || duration.getNanos() < 0 || duration.getNanos() > 999_999_999) {
            invalid(field, "is negative or not normal; 0 s and more are allowed");
            return java.time.Duration.ZERO;
        }
        // A year is as good as for ever, and nanoseconds of it still fit into a long.
        return java.time.Duration.ofSeconds(Math.min(duration.getSeconds(), SECONDS_MAX),
                duration.getNanos());
    }

    Fence fence(Namespace namespace, String field, dev.synod.coordination.v1.Fence fence) {
        Domain domain = switch (fence.getKind()) {
            case CLAIM_KIND_ELECTION -> Domain.ELECTION;
            case CLAIM_KIND_LOCK -> Domain.LOCK;
            case CLAIM_KIND_UNSPECIFIED, UNRECOGNIZED -> {
                invalid(field + ".kind", "is " + fence.getKindValue()
                        + "; CLAIM_KIND_LOCK and CLAIM_KIND_ELECTION are allowed");
                yield Domain.LOCK;
            }
        };
        if (fence.getFencingToken() <= 0) {
            invalid(field + ".fencing_token", "is " + fence.getFencingToken() + "; 1 and more are allowed");
        }
        return new Fence(domain, name(namespace, field + ".name", fence.getName()), fence.getFencingToken());
    }

    List<Fence> fences(Namespace namespace, List<dev.synod.coordination.v1.Fence> fences) {
        atMost("fences", fences.size());
        List<Fence> all = new ArrayList<>();
        for (int i = 0; i < fences.size(); i++) {
            all.add(fence(namespace, "fences[" + i + "]", fences.get(i)));
        }
        return all;
    }

    /** Ends the call at once: nobody wants a violation for each of a million fields. */
    void atMost(String field, int count) {
        if (count > Limits.OPERATIONS_MAX) {
            invalid(field, "are " + count + "; " + Limits.OPERATIONS_MAX + " are allowed");
            check();
        }
    }

    Consistency consistency(dev.synod.coordination.v1.ReadOptions read) {
        return switch (read.getConsistencyCase()) {
            case LINEARIZABLE, CONSISTENCY_NOT_SET -> Consistency.linearizable();
            case AT_LEAST_REVISION -> new Consistency.AtLeast(
                    natural("read.at_least_revision", read.getAtLeastRevision()));
            case STALE -> Consistency.stale();
        };
    }

    /** How many on a page of names or sessions. */
    int pageSize(int pageSize) {
        int size = pageSizeOrAll(pageSize);
        return size == 0 ? PAGE_DEFAULT : size;
    }

    /** How many on a page; 0 for as many as fit. */
    int pageSizeOrAll(int pageSize) {
        if (pageSize < 0 || pageSize > PAGE_MAX) {
            invalid("page_size", "is " + pageSize + "; 0 to " + PAGE_MAX + " are allowed");
            return 0;
        }
        return pageSize;
    }

    /** The page to go on with; null for the first. */
    @Nullable
    Page page(String token, String listed) {
        if (token.isEmpty()) {
            return null;
        }
        Page page = Page.parse(token, listed);
        if (page == null) {
            invalid("page_token", "is not one that was given for this list; use next_page_token of the page"
                    + " before, with all else as it was, or none");
        }
        return page;
    }

    /**
     * What of {@code range} is left behind a page: a token leads nowhere else, even if somebody made it up.
     */
    KeyRange rest(KeyRange range, @Nullable Page page) {
        if (page == null) {
            return range;
        }
        if (!range.contains(page.after())) {
            invalid("page_token", "leads out of what is listed; use next_page_token of the page before");
            return range;
        }
        return range.after(page.after());
    }
}
