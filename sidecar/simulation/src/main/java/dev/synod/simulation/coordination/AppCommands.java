package dev.synod.simulation.coordination;

import dev.synod.member.Answer;
import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.SeededRandom;
import dev.synod.state.Command;
import dev.synod.state.Compare;
import dev.synod.state.Domain;
import dev.synod.state.Event;
import dev.synod.state.Fence;
import dev.synod.state.KeyRange;
import dev.synod.state.Leader;
import dev.synod.state.Limits;
import dev.synod.state.LockMode;
import dev.synod.state.Operation;
import dev.synod.state.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands that answer what applications ask, and words for what comes of them. */
final class AppCommands {
    /** All keys of values begin so. */
    static final String VALUE = "value-";

    static final KeyRange VALUES = KeyRange.prefix(VALUE);

    private AppCommands() {}

    static Command.OpenSession open(Ask ask) {
        return new Command.OpenSession((int) ask.number(), "app-" + ask.app(), List.of(),
                hash(ask.secret()));
    }

    static Command.AttachSession attach(Ask ask) {
        return new Command.AttachSession(ask.session(), hash(ask.secret()));
    }

    private static Bytes hash(long secret) {
        ByteWriter writer = new ByteWriter(Limits.SECRET_HASH_BYTES);
        for (int i = 0; i < Limits.SECRET_HASH_BYTES / Long.BYTES; i++) {
            writer.writeLong(SeededRandom.mix(secret + i));
        }
        return Bytes.of(writer.toArray());
    }

    static Command.AcquireLock acquire(Ask ask) {
        LockMode mode = ask.permits() == 0
                ? LockMode.SHARED
                : ask.permits() == 1 ? LockMode.EXCLUSIVE : LockMode.PERMIT;
        return new Command.AcquireLock(ask.request(), ask.name(), Ask.OWNER, mode, ask.permits(),
                ask.kind() == Ask.Kind.WAIT);
    }

    static Command.Campaign campaign(Ask ask) {
        return new Command.Campaign(ask.request(), ask.name(), candidate(ask.app()), bytes(ask.value()));
    }

    /** Name of an application as a candidate. */
    static String candidate(long app) {
        return "app-" + app;
    }

    /** The command of any other question. */
    static Command of(Ask ask) {
        return switch (ask.kind()) {
            case CLOSE -> new Command.CloseSession(ask.session());
            case RELEASE -> new Command.ReleaseLock(ask.request(), ask.name(), Ask.OWNER, ask.token());
            case BREAK -> new Command.BreakLock(ask.request(), ask.name(), ask.token(), "broken by an app");
            case RESIGN -> new Command.Resign(ask.request(), ask.name(), candidate(ask.app()));
            case PROCLAIM -> new Command.Proclaim(ask.request(), ask.name(), candidate(ask.app()),
                    ask.token(), bytes(ask.value()));
            case TRANSFER -> new Command.TransferLeadership(ask.request(), ask.name(), ask.token(),
                    ask.value());
            case PUT -> commit(ask, put(ask.name(), ask, 0));
            case BOUND_PUT -> commit(ask, put(ask.name(), ask, ask.session()));
            case PAIR -> commit(ask, put(ask.name(), ask, 0), put(VALUE + "pair", ask, 0));
            case DELETE -> commit(ask, new Operation.Delete(KeyRange.of(ask.name())));
            case SWAP -> new Command.Commit(ask.request(),
                    List.of(new Compare.OfNumber(ask.name(), Compare.Target.MOD_REVISION,
                            Compare.Relation.EQUAL, ask.number())),
                    List.of(put(ask.name(), ask, 0)),
                    List.of(new Operation.Range(KeyRange.of(ask.name()), 0, false)), List.of());
            case GUARDED_PUT -> new Command.Commit(ask.request(), List.of(),
                    List.of(put(VALUE + "guarded", ask, 0)), List.of(),
                    List.of(new Fence(Domain.LOCK, ask.name(), ask.token())));
            default -> throw new IllegalArgumentException(ask.kind() + " is no command");
        };
    }

    private static Command.Commit commit(Ask ask, Operation... operations) {
        return Command.Commit.of(ask.request(), operations);
    }

    private static Operation put(String key, Ask ask, long session) {
        return new Operation.Put(key, bytes(ask.value()), session);
    }

    static Bytes bytes(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(Bytes bytes) {
        return new String(bytes.array(), StandardCharsets.UTF_8);
    }

    /** A change in words that tell it from any other. */
    static String text(Event.OfValue event) {
        return switch (event) {
            case Event.ValuePut put -> text(put.value().value()) + " v" + put.value().version() + " since "
                    + put.value().createRevision() + " of " + put.value().session();
            case Event.ValueDeleted deleted -> "deleted";
        };
    }

    /** A leader in words. */
    static String text(@Nullable Leader leader) {
        return leader == null
                ? "nobody"
                : leader.claimant() + " by " + leader.token() + " proclaims " + text(leader.value());
    }

    /** Name of an answer's kind, for the table. */
    static String nameOf(Answer answer) {
        return switch (answer) {
            case Answer.Replied replied -> replied.reply() instanceof Reply.Refused refused
                    ? "refused " + refused.reason()
                    : "reply " + replied.reply().getClass().getSimpleName();
            case Answer.Failed failed -> "failed " + failed.reason();
            case Answer.MayRead read -> "may read";
            case Answer.Changed changed -> "changed";
            case Answer.NotAllowed refused -> "not allowed";
        };
    }
}
