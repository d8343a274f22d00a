package dev.synod.node.api;

import dev.synod.member.MemberEffects.SessionNotice;
import dev.synod.member.SessionStatus;
import dev.synod.paxos.Bytes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A session whose application is attached to this process, or is about to be. */
final class Attachment {
    /** Losses kept for a stream that has not come yet. */
    private static final int UNHEARD_MAX = 1_000;

    final Bytes secretHash;
    private final ArrayDeque<SessionNotice.ClaimLost> unheard = new ArrayDeque<>();
    private final Attachments all;

    // Set once the member has said that it is attached.
    long session;
    long generation;
    int ttlMillis;

    Connection connection;
    Duration grace;
    SessionStatus status = SessionStatus.ACTIVE;
    /** Whether its end, when it comes, was asked for here. */
    boolean closing;
    /** Whether it has ended, moved away, or been given up. */
    boolean over;
    long heardNanos;
    @Nullable Future<?> silence;
    private @Nullable SessionStream stream;

    Attachment(Attachments all, Bytes secretHash, Duration grace, Connection connection) {
        this.all = all;
        this.secretHash = secretHash;
        this.grace = grace;
        this.connection = connection;
    }

    boolean hasStream() {
        return stream != null;
    }

    /** From here on its application hears what happens; first what it missed. */
    void join(SessionStream joining) {
        stream = joining;
        while (!unheard.isEmpty()) {
            joining.lost(unheard.remove());
        }
    }

    @Nullable SessionStream leave() {
        SessionStream left = stream;
        stream = null;
        return left;
    }

    @Nullable SessionStream stream() {
        return stream;
    }

    /** What the member says of it. */
    void hear(SessionNotice notice) {
        if (over) {
            return;
        }
        switch (notice) {
            case SessionNotice.Status n -> {
                if (n.status() != status && (generation == 0 || n.attachGeneration() == generation)) {
                    stand(n.status());
                }
            }
            case SessionNotice.ClaimLost n -> lose(n);
        }
    }

    private void stand(SessionStatus now) {
        status = now;
        SessionStream listening = stream;
        if (now == SessionStatus.EXPIRED || now == SessionStatus.MOVED) {
            all.forget(this);
        }
        if (listening != null) {
            listening.changed(now, closing);
        }
    }

    private void lose(SessionNotice.ClaimLost notice) {
        if (stream != null) {
            stream.lost(notice);
        } else if (unheard.size() < UNHEARD_MAX) {
            unheard.add(notice);
        } else {
            // What it held is gone without its knowing: it must not go on as if nothing were.
            all.giveUp(this, Duration.ZERO);
        }
    }
}
