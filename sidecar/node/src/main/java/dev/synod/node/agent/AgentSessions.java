package dev.synod.node.agent;

import dev.synod.coordination.v1.AttachSessionRequest.Attach;
import dev.synod.node.api.Errors;
import dev.synod.node.api.LocalSessions;
import io.netty.channel.EventLoop;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sessions of the applications beside this agent. */
final class AgentSessions implements LocalSessions {
    private static final Duration GRACE_DEFAULT = Duration.ofMillis(500);
    private static final long GRACE_SECONDS_MAX = 3_600;

    private final Upstream upstream;
    private final EventLoop eventLoop;
    private final Map<Long, AgentSession> bySession = new HashMap<>();

    AgentSessions(Upstream upstream, EventLoop eventLoop) {
        this.upstream = upstream;
        this.eventLoop = eventLoop;
    }

    @Override
    public boolean guarantees(long session) {
        AgentSession here = bySession.get(session);
        return here != null && here.isGuaranteed();
    }

    int count() {
        return bySession.size();
    }

    @Nullable
    AgentSession find(long session) {
        return bySession.get(session);
    }

    /** Attaches an application; null when that failed, and its stream knows. */
    @Nullable
    AgentSession attach(Attach attach, AppStream app) {
        Duration grace = attach.hasOnDisconnectGrace()
                ? Duration.ofSeconds(
                        Math.clamp(attach.getOnDisconnectGrace().getSeconds(), 0, GRACE_SECONDS_MAX),
                        Math.max(0, attach.getOnDisconnectGrace().getNanos()))
                : GRACE_DEFAULT;
        AgentSession session = bySession.get(attach.getSessionId());
        if (session == null) {
            session = new AgentSession(
                    attach.getSessionId(), attach.getSecret(), grace, this, upstream, eventLoop);
            bySession.put(session.id(), session);
        } else if (!MessageDigest.isEqual(
                session.secret().toByteArray(), attach.getSecret().toByteArray())) {
            app.fail(Errors.secretWrong(attach.getSessionId()));
            return null;
        }
        session.join(app, grace);
        return session;
    }

    void remove(AgentSession session) {
        bySession.remove(session.id(), session);
    }

    void linkChanged() {
        List.copyOf(bySession.values()).forEach(AgentSession::linkChanged);
    }

    void drain(Duration stopsWithin) {
        List.copyOf(bySession.values()).forEach(session -> session.draining(stopsWithin));
    }

    void close() {
        List.copyOf(bySession.values()).forEach(AgentSession::stop);
    }
}
