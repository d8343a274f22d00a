package dev.synod.node.api;

import dev.synod.member.Answer;
import dev.synod.member.SessionStatus;
import dev.synod.node.Coordinator;
import dev.synod.paxos.Bytes;
import dev.synod.state.Command;
import dev.synod.state.Reply;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The sessions attached here, and the first hop of their liveness: a stream that breaks detaches with the
 * grace that its application asked for, and one that is silent for the TTL at once, for an application that
 * hangs must not hold a lock for ever. By then nothing is guaranteed to it any more, as guarantees count from
 * its heartbeats.
 */
final class Attachments implements LocalSessions {
    private final Coordinator coordinator;
    private final Calls calls;
    private final ScheduledExecutorService eventLoop;
    private final Map<Long, Attachment> bySession = new HashMap<>();
    private boolean ending;

    Attachments(Coordinator coordinator, Calls calls, ScheduledExecutorService eventLoop) {
        this.coordinator = coordinator;
        this.calls = calls;
        this.eventLoop = eventLoop;
    }

    @Override
    public boolean guarantees(long session) {
        Attachment attachment = bySession.get(session);
        return attachment != null && attachment.hasStream()
                && (attachment.status == SessionStatus.ACTIVE
                        || attachment.status == SessionStatus.SUSPENDED);
    }

    int count() {
        return bySession.size();
    }

    /** Opens a session; its stream has the TTL to come. */
    CompletableFuture<Attachment> open(Command.OpenSession command, Duration grace, Connection connection) {
        return begin(command, new Attachment(this, command.secretHash(), grace, connection));
    }

    /**
     * Attaches to a session. One that was opened here and has no stream yet is attached already, which spares
     * the log a command.
     */
    CompletableFuture<Attachment> attach(Command.AttachSession command, Duration grace,
            Connection connection) {
        Attachment opened = bySession.get(command.session());
        if (opened != null && !opened.hasStream() && isEqual(opened.secretHash, command.secretHash())) {
            opened.connection.remove(opened);
            opened.connection = connection;
            opened.grace = atMostTtl(grace, opened);
            connection.add(opened);
            return CompletableFuture.completedFuture(opened);
        }
        return begin(command, new Attachment(this, command.secretHash(), grace, connection));
    }

    private static boolean isEqual(Bytes one, Bytes other) {
        return MessageDigest.isEqual(one.array(), other.array());
    }

    private CompletableFuture<Attachment> begin(Command command, Attachment attachment) {
        attachment.connection.asksForSession();
        return coordinator.attach(command, calls.firstTimeout(), attachment::hear).thenApply(answer -> {
            attachment.connection.asked();
            Answer.Replied replied = Calls.replied(answer);
            Reply.Attached attached = Calls.as(Reply.Attached.class, replied);
            attachment.session = attached.session();
            attachment.generation = attached.attachGeneration();
            attachment.ttlMillis = attached.ttlMillis();
            attachment.grace = atMostTtl(attachment.grace, attachment);
            enter(attachment);
            return attachment;
        });
    }

    private static Duration atMostTtl(Duration grace, Attachment attachment) {
        Duration ttl = Duration.ofMillis(attachment.ttlMillis);
        return grace.compareTo(ttl) < 0 ? grace : ttl;
    }

    private void enter(Attachment attachment) {
        Attachment before = bySession.put(attachment.session, attachment);
        if (before != null) {
            before.status = SessionStatus.MOVED;
            SessionStream stream = before.stream();
            leave(before);
            if (stream != null) {
                stream.changed(SessionStatus.MOVED, false);
            }
        }
        attachment.connection.add(attachment);
        attachment.heardNanos = System.nanoTime();
        listen(attachment, Duration.ofMillis(attachment.ttlMillis).toNanos());
    }

    private void listen(Attachment attachment, long nanos) {
        attachment.silence = eventLoop.schedule(() -> checkSilence(attachment), nanos, TimeUnit.NANOSECONDS);
    }

    private void checkSilence(Attachment attachment) {
        if (attachment.over) {
            return;
        }
        long ttlNanos = Duration.ofMillis(attachment.ttlMillis).toNanos();
        long silentNanos = System.nanoTime() - attachment.heardNanos;
        if (silentNanos < ttlNanos) {
            listen(attachment, ttlNanos - silentNanos);
            return;
        }
        SessionStream stream = attachment.stream();
        giveUp(attachment, Duration.ZERO);
        if (stream != null) {
            stream.fail(Errors.abandoned("no heartbeat of session " + attachment.session + " came for its TTL"
                    + " of " + attachment.ttlMillis + " ms, so its sidecar ended it; send one every tenth of"
                    + " the TTL"));
        }
    }

    /** Its application lives. */
    void heard(Attachment attachment) {
        attachment.heardNanos = System.nanoTime();
    }

    /** Its application is gone, and may come back within {@code grace}. */
    void giveUp(Attachment attachment, Duration grace) {
        if (!attachment.over) {
            forget(attachment);
            coordinator.detach(attachment.session, attachment.generation, grace);
        }
    }

    /** The connection that it came over is gone. */
    void disconnected(Attachment attachment) {
        if (ending) {
            forget(attachment);
        } else {
            giveUp(attachment, attachment.grace);
        }
    }

    /** See {@link NativeApi#ending}. */
    void ending() {
        ending = true;
    }

    /** Nothing happens to it here any more. */
    void forget(Attachment attachment) {
        bySession.remove(attachment.session, attachment);
        leave(attachment);
    }

    private static void leave(Attachment attachment) {
        attachment.over = true;
        attachment.connection.remove(attachment);
        attachment.leave();
        Future<?> silence = attachment.silence;
        if (silence != null) {
            silence.cancel(false);
        }
    }

    /** Whether a call is under way here that closes a session. */
    void closing(long session, boolean closing) {
        Attachment attachment = bySession.get(session);
        if (attachment != null) {
            attachment.closing = closing;
        }
    }

    /** Tells every application that the process is about to stop. */
    void drain(Duration stopsWithin) {
        List<Attachment> present = new ArrayList<>(bySession.values());
        for (Attachment attachment : present) {
            SessionStream stream = attachment.stream();
            if (stream != null) {
                stream.draining(stopsWithin);
            }
        }
    }
}
