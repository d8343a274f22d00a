package dev.synod.node;

import dev.synod.member.MemberOptions;
import dev.synod.node.api.ApiSettings;
import dev.synod.node.tls.CertificateFiles;
import dev.synod.node.tls.PeerSecurity;
import dev.synod.paxos.Options;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The values of all {@link Setting}s, checked. Immutable. */
public final class Settings {
    private static final int HEARTBEATS_MIN = 5;

    private final EnumMap<Setting, String> values;

    private Settings(EnumMap<Setting, String> values) {
        this.values = values;
    }

    /** Nothing set: all by default. */
    public static Settings defaults() {
        return new Settings(new EnumMap<>(Setting.class));
    }

    /**
     * What flags, environment and file say, in this order of weight.
     *
     * @param environment of the process; variables that are not of the table are none of its business, for
     *     applications and {@code synodctl} have some that begin with {@code SYNOD_} too
     * @throws StartException naming setting, value, what is allowed and what to do
     */
    public static Settings of(List<String> arguments, Map<String, String> environment)
            throws StartException {
        EnumMap<Setting, String> flags = fromFlags(arguments);
        EnumMap<Setting, String> variables = fromEnvironment(environment);
        String file = flags.getOrDefault(Setting.CONFIG, variables.get(Setting.CONFIG));
        EnumMap<Setting, String> values =
                file == null || file.isEmpty() ? new EnumMap<>(Setting.class) : fromFile(Path.of(file));
        values.putAll(variables);
        values.putAll(flags);
        Settings settings = new Settings(values);
        settings.checkTogether();
        return settings;
    }

    /** The same with one value more; checked alone, as {@link #of} does at last with all together. */
    public Settings with(Setting setting, String value) throws StartException {
        EnumMap<Setting, String> more = new EnumMap<>(Setting.class);
        more.putAll(values);
        put(more, setting, value, setting.key());
        return new Settings(more);
    }

    private static EnumMap<Setting, String> fromFlags(List<String> arguments) throws StartException {
        EnumMap<Setting, String> values = new EnumMap<>(Setting.class);
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf('=');
            String flag = equals < 0 ? argument : argument.substring(0, equals);
            Setting setting = flagged(flag);
            String value;
            if (equals >= 0) {
                value = argument.substring(equals + 1);
            } else if (setting.kind() instanceof Kind.Flag) {
                value = "true";
            } else if (i + 1 < arguments.size()) {
                value = arguments.get(++i);
            } else {
                throw new StartException(ExitCode.USAGE, flag + " has no value: " + setting.description()
                        + "; allowed is " + setting.kind().allowed());
            }
            put(values, setting, value, flag);
        }
        return values;
    }

    private static Setting flagged(String flag) throws StartException {
        for (Setting setting : Setting.values()) {
            if (setting.flag().equals(flag)) {
                return setting;
            }
        }
        throw new StartException(ExitCode.USAGE,
                "there is no setting " + flag + "; --help lists them all");
    }

    private static EnumMap<Setting, String> fromEnvironment(Map<String, String> environment)
            throws StartException {
        EnumMap<Setting, String> values = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            String value = environment.get(setting.variable());
            if (value != null) {
                put(values, setting, value, setting.variable());
            }
        }
        return values;
    }

    private static EnumMap<Setting, String> fromFile(Path file) throws StartException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new StartException(ExitCode.CONFIGURATION, Setting.CONFIG.flag() + " " + file
                    + " cannot be read: " + e + "; name a file of lines `name = value`", e);
        }
        EnumMap<Setting, String> values = new EnumMap<>(Setting.class);
        for (String key : properties.stringPropertyNames()) {
            Setting setting = flagged(file, key);
            put(values, setting, properties.getProperty(key), key + " in " + file);
        }
        return values;
    }

    private static Setting flagged(Path file, String key) throws StartException {
        for (Setting setting : Setting.values()) {
            if (setting.key().equals(key) && setting != Setting.CONFIG) {
                return setting;
            }
        }
        throw new StartException(ExitCode.USAGE,
                file + " sets " + key + ", which is no setting of a file; --help lists them all");
    }

    private static void put(EnumMap<Setting, String> values, Setting setting, String value, String where)
            throws StartException {
        String wrong = isBlankDefault(setting, value) ? null : setting.kind().wrong(value);
        if (wrong != null) {
            throw new StartException(ExitCode.USAGE, where + " is \"" + value + "\": " + wrong
                    + ". It sets: " + setting.description() + ". Allowed is " + setting.kind().allowed());
        }
        values.put(setting, value);
    }

    private static boolean isBlankDefault(Setting setting, String value) {
        String fallback = setting.fallback();
        return value.isEmpty() && (fallback == null || fallback.isEmpty());
    }

    /**
     * What only shows when all values are known.
     *
     * @throws StartException as {@link #of}
     */
    public void checkTogether() throws StartException {
        Duration heartbeat = duration(Setting.HEARTBEAT);
        Duration timeout = duration(Setting.ELECTION_TIMEOUT);
        if (timeout.compareTo(heartbeat.multipliedBy(HEARTBEATS_MIN)) < 0) {
            throw new StartException(ExitCode.USAGE, Setting.ELECTION_TIMEOUT.flag() + " is "
                    + text(Setting.ELECTION_TIMEOUT) + " at a heartbeat of " + text(Setting.HEARTBEAT)
                    + ": one late heartbeat must not be an election; make it at least " + HEARTBEATS_MIN
                    + " times as long");
        }
        checkSecurity();
        if (isAgent() && members().isEmpty()) {
            throw new StartException(ExitCode.USAGE, "an agent without " + Setting.MEMBERS.flag()
                    + " has nobody to forward to: name at least one member's peer port");
        }
    }

    private void checkSecurity() throws StartException {
        boolean insecure = flag(Setting.INSECURE_PEERS);
        List<Setting> files = List.of(Setting.TLS_CERT, Setting.TLS_KEY, Setting.TLS_CA);
        for (Setting file : files) {
            if (!insecure && path(file) == null) {
                throw new StartException(ExitCode.USAGE, file.flag()
                        + " is not set: members and administration need TLS; name the three files "
                        + "--tls-cert, --tls-key and --tls-ca, or try things out on loopback with "
                        + Setting.INSECURE_PEERS.flag());
            }
            if (insecure && path(file) != null) {
                throw new StartException(ExitCode.USAGE, Setting.INSECURE_PEERS.flag() + " and "
                        + file.flag() + " exclude each other: leave one out");
            }
        }
        for (Setting port : List.of(Setting.LISTEN_PEERS, Setting.LISTEN_ADMIN)) {
            if (insecure && !address(port).isLoopback()) {
                throw new StartException(ExitCode.USAGE, port.flag() + " is " + text(port) + " with "
                        + Setting.INSECURE_PEERS.flag() + ": without TLS only addresses of loopback are "
                        + "allowed; listen on 127.0.0.1, or set the three files of TLS");
            }
        }
        for (HostPort member : insecure ? members() : List.<HostPort>of()) {
            if (!member.isLoopback()) {
                throw new StartException(ExitCode.USAGE, Setting.MEMBERS.flag() + " names " + member
                        + " with " + Setting.INSECURE_PEERS.flag() + ": without TLS only addresses of "
                        + "loopback are allowed");
            }
        }
    }

    /** The text of a setting; empty when there is none. */
    public String text(Setting setting) {
        String value = values.get(setting);
        String fallback = setting.fallback();
        return value != null ? value : fallback == null ? "" : fallback;
    }

    /** A path; null when none is set. */
    public @Nullable Path path(Setting setting) {
        String text = text(setting);
        return text.isEmpty() ? null : Path.of(text);
    }

    /** Of a {@link Kind.Flag}. */
    public boolean flag(Setting setting) {
        return text(setting).equals("true");
    }

    /** Of a {@link Kind.Span}. */
    public Duration duration(Setting setting) {
        if (setting.kind() instanceof Kind.Span span) {
            return span.parse(text(setting));
        }
        throw new IllegalArgumentException(setting + " is no span of time");
    }

    /** Of a {@link Kind.Whole} or {@link Kind.Size}. */
    public int count(Setting setting) {
        return switch (setting.kind()) {
            case Kind.Whole number -> Math.toIntExact(number.parse(text(setting)));
            case Kind.Size size -> Math.toIntExact(size.parse(text(setting)));
            default -> throw new IllegalArgumentException(setting + " is no number");
        };
    }

    /** Of a {@link Kind.Address}. */
    public HostPort address(Setting setting) {
        HostPort address = HostPort.parse(text(setting));
        if (address == null) {
            throw new IllegalArgumentException(setting + " is no address");
        }
        return address;
    }

    /** Whether this process is an agent. */
    public boolean isAgent() {
        return text(Setting.FORM).equals("agent");
    }

    /**
     * Whom an agent connects to.
     *
     * @throws StartException when one of them is no {@code host:port}
     */
    public List<HostPort> members() throws StartException {
        List<HostPort> members = new ArrayList<>();
        for (String text : text(Setting.MEMBERS).split(",", -1)) {
            if (text.isBlank()) {
                continue;
            }
            HostPort member = HostPort.parse(text.strip());
            if (member == null) {
                throw new StartException(ExitCode.USAGE, Setting.MEMBERS.flag() + " names \""
                        + text.strip() + "\", which is not host:port; allowed is a list such as "
                        + "db-0.db:7401,db-1.db:7401");
            }
            members.add(member);
        }
        return members;
    }

    // ---- what they amount to ------------------------------------------------------------------------------

    /** What this process is called. */
    public String memberName() {
        String name = text(Setting.MEMBER_NAME);
        String host = System.getenv("HOSTNAME");
        return name.isEmpty() ? host == null || host.isEmpty() ? "synod" : host : name;
    }

    /** Where the volume is. */
    Path volume() {
        return Path.of(text(Setting.VOLUME));
    }

    /**
     * How connections between processes are secured.
     *
     * @throws StartException when the files of TLS cannot be used
     */
    PeerSecurity security() throws StartException {
        Path certificate = path(Setting.TLS_CERT);
        Path key = path(Setting.TLS_KEY);
        Path authorities = path(Setting.TLS_CA);
        return flag(Setting.INSECURE_PEERS) || certificate == null || key == null || authorities == null
                ? PeerSecurity.NONE
                : PeerSecurity.of(new CertificateFiles(certificate, key, authorities));
    }

    /** Of the member. */
    MemberOptions memberOptions() {
        Options timing = new Options(
                duration(Setting.HEARTBEAT).toNanos(),
                duration(Setting.ELECTION_TIMEOUT).toNanos(),
                Options.DEFAULT.windowEntries(),
                Options.DEFAULT.windowBytes(),
                Options.DEFAULT.frameBytesMax(),
                Options.DEFAULT.chunkBytes(),
                Options.DEFAULT.readsMax());
        MemberOptions usual = MemberOptions.of(timing);
        return new MemberOptions(timing, usual.driftPerMille(), usual.marginNanos(),
                usual.renewalNanosMax(), count(Setting.SNAPSHOT_ENTRIES), count(Setting.SNAPSHOT_BYTES),
                count(Setting.KEEP_ENTRIES), usual.digestEvery(), usual.historyRevisions(),
                usual.historyNanos(), usual.waitingMax(), usual.waitingBytesMax(), usual.bookmarkNanos(),
                usual.silenceNanos());
    }

    /** Of the native API. */
    ApiSettings api() {
        return ApiSettings.of(text(Setting.CLUSTER_NAME), memberName(), path(Setting.TOKEN_FILE));
    }
}
