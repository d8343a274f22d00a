package dev.synod.node;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set: one table for flags, environment, file, help and {@code docs/configuration.md}. A
 * flag wins over the environment, that over the file named by {@code --config}, that over the default.
 */
public enum Setting {
    // spotless:off
    /** Named file of further settings. */
    CONFIG(new Kind.File(), null, "file of further settings: lines of `name = value`, names as in this table without dashes before them"),
    /** What the process is. */
    FORM(Kind.Choice.of("member", "agent"), "member", "`member`: a voter or observer with a volume; `agent`: no volume, serves its pod and forwards to members"),
    /** Where the volume is. */
    VOLUME(new Kind.File(), "/var/lib/synod", "folder of the member's volume: its own, on a local or block device"),
    /** Free text. */
    CLUSTER_NAME(new Kind.Text(), "synod", "name of the cluster, shown in status"),
    /** Free text. */
    MEMBER_NAME(new Kind.Text(), "", "name of this process, shown in status and logs; the host's name when empty"),
    /** Of an agent. */
    MEMBERS(new Kind.Text(), "", "members that an agent connects to: `host:port` of their peer ports, with commas between them; an agent needs at least one"),
    /** Native API. */
    LISTEN_NATIVE(Kind.Address.onLoopback(), "127.0.0.1:7400", "native gRPC for applications of this pod"),
    /** Native API, by a file. */
    NATIVE_SOCKET(new Kind.File(), null, "Unix socket of the native gRPC, beside the port; none when empty"),
    /** HTTP door. */
    LISTEN_HTTP(Kind.Address.onLoopback(), "127.0.0.1:7404", "HTTP/JSON for applications of this pod"),
    /** Peers. */
    LISTEN_PEERS(Kind.Address.anywhere(), "0.0.0.0:7401", "members and agents"),
    /** Admin. */
    LISTEN_ADMIN(Kind.Address.anywhere(), "0.0.0.0:7402", "operator and administration"),
    /** Probes. */
    LISTEN_PROBES(Kind.Address.anywhere(), "0.0.0.0:7403", "metrics and probes, HTTP"),
    /** Access to the native API. */
    TOKEN_FILE(new Kind.File(), null, "file whose content applications must send as bearer token to the loopback ports; no check when empty"),
    /** TLS. */
    TLS_CERT(new Kind.File(), null, "this process's certificate and the chain below the authority, PEM; read again when it changes"),
    /** TLS. */
    TLS_KEY(new Kind.File(), null, "its private key, PEM, PKCS#8"),
    /** TLS. */
    TLS_CA(new Kind.File(), null, "certificates of the authorities that peers and operators are checked against, PEM"),
    /** TLS off. */
    INSECURE_PEERS(new Kind.Flag(), "false", "peers and administration in the clear, without any check of who calls: for tests and the local mode; only on loopback addresses"),
    /** Timing. */
    HEARTBEAT(new Kind.Span(10, 10_000), "100ms", "between two heartbeats of a leader; the same on every member"),
    /** Timing. */
    ELECTION_TIMEOUT(new Kind.Span(50, 60_000), "1s", "silence of a leader after which a member asks for an election; at least five heartbeats, the same on every member"),
    /** Compaction. */
    SNAPSHOT_ENTRIES(new Kind.Number(100, 10_000_000), "10000", "entries between two snapshots"),
    /** Compaction. */
    SNAPSHOT_BYTES(new Kind.Size(64 << 10, 1 << 30), "4MiB", "bytes of entries between two snapshots"),
    /** Compaction. */
    KEEP_ENTRIES(new Kind.Number(0, 10_000_000), "5000", "entries kept behind a snapshot, for members that are a little behind"),
    /** Log size. */
    SEGMENT_BYTES(new Kind.Size(256 << 10, 256 << 20), "8MiB", "size of one file of the write-ahead log"),
    /** Backpressure. */
    PEER_QUEUE_BYTES(new Kind.Size(64 << 10, 256 << 20), "16MiB", "frames that may wait for one peer; what is over is dropped, and sent again later"),
    /** End. */
    DRAIN_TIMEOUT(new Kind.Span(0, 300_000), "10s", "time from SIGTERM within which the process hands over leadership, tells its applications and ends"),
    /** Logs. */
    LOG_FORMAT(Kind.Choice.of("logfmt", "json"), "logfmt", "how a line of the log looks"),
    /** Logs. */
    LOG_LEVEL(Kind.Choice.of("error", "warn", "info", "debug"), "info", "least severe lines that are logged");
    // spotless:on

    private final Kind kind;
    private final @Nullable String fallback;
    private final String description;

    Setting(Kind kind, @Nullable String fallback, String description) {
        this.kind = kind;
        this.fallback = fallback;
        this.description = description;
    }

    /** In the file, and in texts: {@code election-timeout}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** On the command line: {@code --election-timeout}. */
    public String flag() {
        return "--" + key();
    }

    /** In the environment: {@code SYNOD_ELECTION_TIMEOUT}. */
    public String variable() {
        return "SYNOD_" + name();
    }

    /** What values it takes. */
    public Kind kind() {
        return kind;
    }

    /** When nothing is said; null or empty for nothing. */
    public @Nullable String fallback() {
        return fallback;
    }

    /** What it does, one line. */
    public String description() {
        return description;
    }
}
