package dev.synod.node.api;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.ServerTransportFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What one connection has open. */
final class Connection {
    private static final Attributes.Key<Connection> ATTRIBUTE = Attributes.Key.create("synod-connection");
    private static final Context.Key<Connection> CONTEXT = Context.key("synod-connection");

    private final int sessionsMax;
    private final int watchesMax;
    private final Set<Attachment> sessions = new HashSet<>();
    private int watches;
    private int sessionsAsked;

    Connection(int sessionsMax, int watchesMax) {
        this.sessionsMax = sessionsMax;
        this.watchesMax = watchesMax;
    }

    /** Gives every connection its count; {@code left} is told each session that it leaves behind. */
    static ServerTransportFilter filter(ApiSettings settings, Consumer<Attachment> left) {
        return new ServerTransportFilter() {
            @Override
            public Attributes transportReady(Attributes attributes) {
                var connection = new Connection(settings.sessionsMax(), settings.watchesMax());
                return attributes.toBuilder().set(ATTRIBUTE, connection).build();
            }

            @Override
            public void transportTerminated(@Nullable Attributes attributes) {
                // None when its TLS failed: it never was ready.
                Connection connection = attributes == null ? null : attributes.get(ATTRIBUTE);
                if (connection != null) {
                    List<Attachment> rest = new ArrayList<>(connection.sessions);
                    rest.forEach(left);
                }
            }
        };
    }

    /** The connection that {@code attributes} of a call speak of; one of its own for a call without. */
    static Connection of(Attributes attributes, ApiSettings settings) {
        Connection connection = attributes.get(ATTRIBUTE);
        return connection == null
                ? new Connection(settings.sessionsMax(), settings.watchesMax())
                : connection;
    }

    /** The context of a call on it. */
    Context context() {
        return Context.current().withValue(CONTEXT, this);
    }

    /** The connection of the present call. */
    static Connection current() {
        Connection connection = CONTEXT.get();
        if (connection == null) {
            throw new IllegalStateException("a call that came past the gate");
        }
        return connection;
    }

    /** Whether there is room for a watch, which is counted then. */
    boolean beginsWatch() {
        if (watches == watchesMax) {
            return false;
        }
        watches++;
        return true;
    }

    void endsWatch() {
        watches--;
    }

    /** Ends the call if there is no room for a session; one that is asked for counts until it came or not. */
    void asksForSession() {
        if (sessions.size() + sessionsAsked >= sessionsMax) {
            throw Errors.connectionLimit("sessions", sessionsMax);
        }
        sessionsAsked++;
    }

    /** What was asked for has come, or will not. */
    void asked() {
        sessionsAsked--;
    }

    void add(Attachment session) {
        sessions.add(session);
    }

    void remove(Attachment session) {
        sessions.remove(session);
    }
}
