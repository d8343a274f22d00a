package dev.synod.client;

import dev.synod.coordination.v1.Request;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A client of the sidecar on this machine. One for an application is enough: it may be used by any number of
 * threads, and has one {@link Session} that owns all that is taken through it.
 *
 * <p>Close it last. {@link #close} first deposes every candidacy and tells every holder of a lock, waits for
 * those callbacks, and then ends the session, which gives all of it to the next at one revision.
 */
public final class Coordination implements AutoCloseable {
    private final Client client;
    private final Session.@Nullable Settings settings;
    private final Duration connectTimeout;
    private final ReentrantLock renewing = new ReentrantLock();
    private volatile @Nullable Session session;
    private volatile boolean closed;

    private Coordination(Client client, Session.@Nullable Settings settings, Duration connectTimeout) {
        this.client = client;
        this.settings = settings;
        this.connectTimeout = connectTimeout;
    }

    /**
     * Connects as the environment says, and waits until the sidecar is ready: {@code SYNOD_ENDPOINT} ({@code
     * 127.0.0.1:7400} by default, or {@code unix:///path}), {@code SYNOD_NAMESPACE} ({@code default}), {@code
     * SYNOD_TOKEN_FILE} (none).
     *
     * @throws CoordinationException when the sidecar was not ready within 30 s, or refused
     */
    public static Coordination connect() {
        return builder().connect();
    }

    /** To connect in another way. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The session of now.
     *
     * @throws IllegalStateException in a client without a session
     */
    public Session session() {
        Session now = session;
        if (now == null) {
            throw new IllegalStateException(
                    "this client was built withoutSession(), and what was called needs one; "
                            + "build it with a session");
        }
        return now;
    }

    /**
     * Opens another session, once the one of now has ended. What the old one held stays lost, and its
     * listeners stay with it.
     *
     * @throws IllegalStateException when the session of now has not ended, as far as is known
     */
    public Session renew() {
        renewing.lock();
        try {
            Session.Settings wanted = settings;
            Session old = session();
            if (old.state() != SessionState.EXPIRED || wanted == null || closed) {
                throw new IllegalStateException(
                        old + " has not ended, or the client is closed; renew() is for a session"
                                + " that is EXPIRED");
            }
            Session fresh = opened(wanted);
            session = fresh;
            return fresh;
        } finally {
            renewing.unlock();
        }
    }

    /**
     * A lock.
     *
     * @param name letters, digits and {@code ._/-} of ASCII; with the namespace at most 256 characters
     */
    public NamedLock lock(String name) {
        return new NamedLock(this, Names.checked("lock", name, client.namespace()));
    }

    /**
     * An election.
     *
     * @param name as of a lock; elections and locks have names of their own
     */
    public Election election(String name) {
        return new Election(this, Names.checked("election", name, client.namespace()));
    }

    /** Small values. */
    public Values values() {
        return new Values(this);
    }

    /** Ends the session and all that it owns, and the connection; see the class. Never throws. */
    @Override
    public void close() {
        if (closed) {
            return; // a callback that the first close waits for, say
        }
        renewing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            Session now = session;
            if (now != null) {
                boolean inside = client.callbacks().isInside();
                finish(now.close(() -> inside
                        ? CompletableFuture.completedFuture(null)
                        : client.callbacks().idle().orTimeout(client.callNanos(), TimeUnit.NANOSECONDS)));
            }
            client.link().close();
            client.loop().close();
            client.callbacks().close();
        } finally {
            renewing.unlock();
        }
    }

    Client client() {
        return client;
    }

    /** A command of this client: under its session's request id, or once and without one. */
    <Q, R> CompletableFuture<R> changing(
            MethodDescriptor<Q, R> method, BiFunction<Long, Request, Q> maker) {
        Session now = session;
        return now == null
                ? Attempts.once(client, method, maker.apply(0L, Request.getDefaultInstance()))
                : now.command(method, request -> maker.apply(now.id(), request));
    }

    private Session opened(Session.Settings wanted) {
        return Client.awaitBriefly(Session.open(client, wanted, Times.nanos(connectTimeout)), false);
    }

    private void finish(CompletableFuture<Void> closing) {
        try {
            closing.get(2 * client.callNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt(); // the session ends by itself, after its grace time
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException late) {
            // the session ends by itself, after its grace time
        }
    }

    /** How to connect. For one thread. */
    public static final class Builder {
        private String endpoint = environment("SYNOD_ENDPOINT", "127.0.0.1:7400");
        private String namespace = environment("SYNOD_NAMESPACE", "default");
        private @Nullable Path tokenFile;
        private @Nullable ManagedChannel channel;
        private Duration ttl = Duration.ofSeconds(10);
        private Duration grace = Duration.ofMillis(500);
        private Duration callTimeout = Duration.ofSeconds(5);
        private Duration connectTimeout = Duration.ofSeconds(30);
        private String identity = HostName.current();
        private final Map<String, String> labels = new LinkedHashMap<>();
        private boolean withSession = true;
        private Time time = Time.SYSTEM;

        private Builder() {
            String file = environment("SYNOD_TOKEN_FILE", "");
            tokenFile = file.isEmpty() ? null : Path.of(file);
        }

        /** Where the sidecar listens: {@code host:port}, or {@code unix:///path}. */
        public Builder endpoint(String address) {
            endpoint = address;
            return this;
        }

        /**
         * A channel of the caller's making, for another transport; it is shut down with the client. It has to
         * take messages of 20 MiB.
         */
        public Builder channel(ManagedChannel made) {
            channel = made;
            return this;
        }

        /** The prefix of all names that this client speaks of. */
        public Builder namespace(String name) {
            namespace = name;
            return this;
        }

        /** A file with the token to show, read again at each call. */
        public Builder tokenFile(Path file) {
            tokenFile = file;
            return this;
        }

        /** How long the session outlives its last renewal: 1 s to 1 h; 10 s unless set. */
        public Builder ttl(Duration asked) {
            ttl = asked;
            return this;
        }

        /**
         * How long this process may be away, once its connection was closed, before its session is ended: 0
         * to the TTL; 500 ms unless set.
         */
        public Builder disconnectGrace(Duration asked) {
            grace = asked;
            return this;
        }

        /**
         * Who this is, for others to read: at most 256 bytes of UTF-8; the pod's name ({@code POD_NAME}) or
         * else the host's unless set.
         */
        public Builder identity(String name) {
            identity = name;
            return this;
        }

        /** What else others shall read; at most 16. */
        public Builder label(String key, String value) {
            labels.put(key, value);
            return this;
        }

        /** How long a call that waits for nobody may take, attempts included; 5 s unless set. */
        public Builder callTimeout(Duration atMost) {
            callTimeout = atMost;
            return this;
        }

        /** How long {@link #connect} and {@link Coordination#renew} wait for the sidecar; 30 s unless set. */
        public Builder connectTimeout(Duration atMost) {
            connectTimeout = atMost;
            return this;
        }

        /** For who only reads, or writes values and can do without repeats: no locks, no elections. */
        public Builder withoutSession() {
            withSession = false;
            return this;
        }

        Builder time(Time other) {
            time = other;
            return this;
        }

        /** Connects, and waits until the sidecar is ready and the session guaranteed. */
        public Coordination connect() {
            if (namespace.isEmpty() || namespace.indexOf('/') >= 0) {
                throw new IllegalArgumentException("the namespace (SYNOD_NAMESPACE) is \"" + namespace
                        + "\"; it is one name without a /");
            }
            Names.checked("namespace", namespace, "");
            ManagedChannel connection = channel != null
                    ? channel
                    : Grpc.newChannelBuilder(endpoint, InsecureChannelCredentials.create())
                            .proxyDetector(address -> null) // the sidecar is on this machine
                            .maxInboundMessageSize(Link.MESSAGE_BYTES_MAX)
                            .build();
            Loop loop = new Loop();
            Client client = new Client(new Link(connection, tokenFile, loop), loop, new Callbacks(), time,
                    namespace, Times.nanos(callTimeout));
            Session.Settings settings =
                    withSession ? new Session.Settings(ttl, grace, identity, Map.copyOf(labels)) : null;
            Coordination made = new Coordination(client, settings, connectTimeout);
            if (settings != null) {
                try {
                    made.session = made.opened(settings);
                } catch (RuntimeException | Error failed) {
                    made.close();
                    throw failed;
                }
            }
            return made;
        }

        private static String environment(String name, String otherwise) {
            String value = System.getenv(name);
            return value == null || value.isEmpty() ? otherwise : value;
        }
    }
}
