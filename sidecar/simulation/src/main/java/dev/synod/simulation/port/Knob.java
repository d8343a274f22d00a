package dev.synod.simulation.port;

import dev.synod.paxos.SeededRandom;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a run that is drawn from its seed and printed. Each knob draws from a stream named after
 * it, so that a new one leaves the others as they are. A draw may look at knobs that stand before it.
 */
public enum Knob {
    /** First voters: 1, 3, 5 or 7, mostly 3 and 5. */
    MEMBERS("members", Unit.COUNT,
            (r, k) -> Draw.weighted(r, new long[] {1, 3, 5, 7}, new int[] {11, 63, 21, 5})),
    /** Clients that ask all the time. */
    CLIENTS("clients", Unit.COUNT, (r, k) -> r.between(1, 12)),
    /** Keys that they contend for. */
    KEYS("keys", Unit.COUNT, (r, k) -> r.between(1, 5)),
    /** Length of the first phase. */
    SAFETY("safety", Unit.DURATION, (r, k) -> Draw.milliseconds(r, 30_000, 120_000)),
    /** Operations a second that all clients would make together if answers came at once. */
    OFFERED("offered", Unit.COUNT, (r, k) -> r.between(22, 42)),

    /** Silence after which a voter probes: 0.2 to 5 times the default. */
    ELECTION_TIMEOUT("electionTimeout", Unit.DURATION, (r, k) -> r.chance(0.3)
            ? Draw.milliseconds(r, 200, 1_000)
            : Draw.milliseconds(r, 1_000, 5_000)),
    /** Between heartbeats. */
    HEARTBEAT("heartbeat", Unit.DURATION, (r, k) -> Math.clamp(
            Draw.roundToMilliseconds(k.get(Knob.ELECTION_TIMEOUT) / r.between(3, 10)), 20_000_000L,
            500_000_000L)),
    /** How long a client waits for an answer before it asks elsewhere. */
    CLIENT_TIMEOUT("clientTimeout", Unit.DURATION,
            (r, k) -> Draw.roundToMilliseconds(k.get(Knob.ELECTION_TIMEOUT) * r.between(30, 250) / 100)),
    /** How often a client sends one request. */
    ATTEMPTS("attempts", Unit.COUNT, (r, k) -> r.between(1, 6)),

    /** Entries that may be proposed and undecided. */
    WINDOW_ENTRIES("windowEntries", Unit.COUNT, (r, k) -> r.chance(0.3) ? 256 : Draw.logarithmic(r, 2, 64)),
    /** The same in bytes. */
    WINDOW_BYTES("windowBytes", Unit.COUNT,
            (r, k) -> r.chance(0.3) ? 4 << 20 : Draw.logarithmic(r, 256, 64 << 10)),
    /** Most entry bytes in one frame. */
    FRAME_BYTES("frameBytes", Unit.COUNT,
            (r, k) -> r.chance(0.3) ? 1 << 20 : Draw.logarithmic(r, 256, 16 << 10)),
    /** Bytes of a snapshot in one chunk. */
    CHUNK_BYTES("chunkBytes", Unit.COUNT, (r, k) -> Draw.logarithmic(r, 256, 16 << 10)),
    /** Reads that may wait for a confirmation. */
    READS("reads", Unit.COUNT, (r, k) -> r.chance(0.3) ? 4_096 : Draw.logarithmic(r, 2, 256)),
    /** Size of a segment of the write-ahead log. */
    SEGMENT_BYTES("segmentBytes", Unit.COUNT, (r, k) -> Draw.logarithmic(r, 4 << 10, 64 << 10)),
    /** Rest after the last sync of a burst before the log is sealed; the product waits 10 ms. */
    SEAL_AFTER("sealAfter", Unit.DURATION, (r, k) -> Draw.milliseconds(r, 10, 500)),
    /** Entries between two snapshots. */
    SNAPSHOT_EVERY("snapshotEvery", Unit.COUNT, (r, k) -> Draw.logarithmic(r, 10, 400)),
    /** Entries kept in the log below the snapshot. */
    KEEP_ENTRIES("keepEntries", Unit.COUNT, (r, k) -> r.chance(0.3) ? 0 : Draw.logarithmic(r, 1, 200)),

    /** Mean delay of a frame. */
    DELAY("delay", Unit.DURATION, (r, k) -> Draw.microseconds(
            r, 50, Math.min(50_000, k.get(Knob.ELECTION_TIMEOUT) / 20_000))),
    /** Frames whose delay is drawn from a heavy tail. */
    DELAY_TAIL("delayTail", Unit.CHANCE, FaultFamily.NOISE, (r, k) -> Draw.chance(r, 0.5, 1_000, 50_000)),
    /** Frames lost. */
    LOSS("loss", Unit.CHANCE, FaultFamily.NOISE, (r, k) -> Draw.chance(r, 0.4, 500, 300_000)),
    /** Frames that arrive twice. */
    DUPLICATION("duplication", Unit.CHANCE, FaultFamily.NOISE, (r, k) -> Draw.chance(r, 0.4, 1_000, 500_000)),
    /** Frames that may overtake others. */
    REORDERING("reordering", Unit.CHANCE, FaultFamily.NOISE, (r, k) -> Draw.chance(r, 0.5, 5_000, 500_000)),
    /** Frames with damaged bytes. */
    CORRUPTION("corruption", Unit.CHANCE, FaultFamily.NOISE, (r, k) -> Draw.chance(r, 0.5, 200, 20_000)),

    /** Mean time that a sync takes. */
    DISK_LATENCY("diskLatency", Unit.DURATION, (r, k) -> Draw.microseconds(r, 50, 10_000)),
    /** Disk work whose time is drawn from a heavy tail of up to 1 s. */
    DISK_TAIL("diskTail", Unit.CHANCE, FaultFamily.SLOW_DISK, (r, k) -> Draw.chance(r, 0.5, 500, 20_000)),
    /** Clocks run at most this far off from the start. */
    CLOCK_DRIFT("clockDrift", Unit.CHANCE, FaultFamily.CLOCK, (r, k) -> Draw.chance(r, 0.3, 10, 50_000)),

    /** Faults of {@link FaultFamily#CRASH} a minute. */
    CRASHES("crashes", Unit.RATE, FaultFamily.CRASH, (r, k) -> Draw.logarithmic(r, 1_000, 12_000)),
    /** Longest downtime of a crash. */
    DOWNTIME("downtime", Unit.DURATION, (r, k) -> Draw.milliseconds(r, 200, 10_000)),
    /** Faults of {@link FaultFamily#PAUSE} a minute. */
    PAUSES("pauses", Unit.RATE, FaultFamily.PAUSE, (r, k) -> Draw.logarithmic(r, 500, 6_000)),
    /** Faults of {@link FaultFamily#PARTITION} a minute. */
    PARTITIONS("partitions", Unit.RATE, FaultFamily.PARTITION, (r, k) -> Draw.logarithmic(r, 500, 6_000)),
    /** Longest partition: short ones make an unstable network, long ones a stable split. */
    PARTITION_TIME("partitionTime", Unit.DURATION, (r, k) -> Draw.milliseconds(r, 300, 15_000)),
    /** Partitions that cut both directions. */
    PARTITION_SYMMETRY("partitionSymmetry", Unit.CHANCE, (r, k) -> r.between(0, 10) * 100_000),
    /** Faults of {@link FaultFamily#CLOG} a minute. */
    CLOGS("clogs", Unit.RATE, FaultFamily.CLOG, (r, k) -> Draw.logarithmic(r, 500, 6_000)),
    /** Faults of {@link FaultFamily#CLOSE} a minute. */
    CLOSES("closes", Unit.RATE, FaultFamily.CLOSE, (r, k) -> Draw.logarithmic(r, 1_000, 10_000)),
    /** Faults of {@link FaultFamily#CLOCK} a minute. */
    CLOCKS("clocks", Unit.RATE, FaultFamily.CLOCK, (r, k) -> Draw.logarithmic(r, 200, 3_000)),
    /** Faults of {@link FaultFamily#SLOW_DISK} a minute. */
    SLOW_DISKS("slowDisks", Unit.RATE, FaultFamily.SLOW_DISK, (r, k) -> Draw.logarithmic(r, 300, 4_000)),
    /** Faults of {@link FaultFamily#FULL_DISK} a minute. */
    FULL_DISKS("fullDisks", Unit.RATE, FaultFamily.FULL_DISK, (r, k) -> Draw.logarithmic(r, 200, 2_000)),
    /** Faults of {@link FaultFamily#DISK_ERROR} a minute. */
    DISK_ERRORS("diskErrors", Unit.RATE, FaultFamily.DISK_ERROR, (r, k) -> Draw.logarithmic(r, 300, 4_000)),
    /** Faults of {@link FaultFamily#ROT} a minute. */
    ROTS("rots", Unit.RATE, FaultFamily.ROT, (r, k) -> Draw.logarithmic(r, 300, 3_000)),
    /** Faults of {@link FaultFamily#VOLUME} a minute. */
    VOLUMES("volumes", Unit.RATE, FaultFamily.VOLUME, (r, k) -> Draw.logarithmic(r, 300, 4_000)),
    /** Faults of {@link FaultFamily#IDENTITY} a minute. */
    IDENTITIES("identities", Unit.RATE, FaultFamily.IDENTITY, (r, k) -> Draw.logarithmic(r, 300, 2_000)),
    /** Faults of {@link FaultFamily#OPERATOR} a minute. */
    OPERATORS("operators", Unit.RATE, FaultFamily.OPERATOR, (r, k) -> Draw.logarithmic(r, 300, 3_000)),
    /** Faults of {@link FaultFamily#MEMBERSHIP} a minute; 0 also keeps the operator from replacing anyone. */
    MEMBERSHIPS("memberships", Unit.RATE, FaultFamily.MEMBERSHIP, (r, k) -> Draw.logarithmic(r, 500, 5_000)),
    /** Faults of {@link FaultFamily#TRANSFER} a minute. */
    TRANSFERS("transfers", Unit.RATE, FaultFamily.TRANSFER, (r, k) -> Draw.logarithmic(r, 300, 5_000)),
    /** Faults of {@link FaultFamily#OVERLOAD} a minute. */
    OVERLOADS("overloads", Unit.RATE, FaultFamily.OVERLOAD, (r, k) -> Draw.logarithmic(r, 200, 1_000)),

    /**
     * Whether clocks run up to a fifth fast or slow, far beyond what members allow for: then guarantees must
     * be seen to fail. For subjects that have any.
     */
    WILD_CLOCKS("wildClocks", Unit.SWITCH, (r, k) -> r.chance(0.12) ? 1 : 0),
    /** How far members allow clocks to be off, in thousandths: at least as far as they are, if not wild. */
    RHO("rho", Unit.COUNT, (r, k) -> 1 + k.get(Knob.CLOCK_DRIFT) / 1_000 + (r.chance(0.5) ? 10 : 0)),
    /** What members take off a guarantee. */
    MARGIN("margin", Unit.DURATION, (r, k) -> r.chance(0.3) ? 0 : Draw.milliseconds(r, 1, 50)),
    /** Time to live of sessions. */
    SESSION_TTL("sessionTtl", Unit.DURATION, (r, k) -> Draw.milliseconds(r, 1_000, 20_000)),
    /** Longest time between two renewals. */
    RENEWAL("renewal", Unit.DURATION, (r, k) -> Draw.milliseconds(r, 50, 1_000)),
    /** How long an application may say nothing before its sidecar takes it for dead. */
    APP_SILENCE("appSilence", Unit.DURATION, (r, k) -> Draw.milliseconds(r, 2_000, 20_000)),
    /** How long it may then take to come back; often no time at all. */
    GRACE("grace", Unit.DURATION, (r, k) -> r.chance(0.4) ? 0 : Draw.milliseconds(r, 10, 3_000)),
    /** Entries between two comparisons of digests. */
    DIGEST_EVERY("digestEvery", Unit.COUNT, (r, k) -> Draw.logarithmic(r, 16, 1_024)),
    /** Revisions of values that are kept. */
    HISTORY_REVISIONS("historyRevisions", Unit.COUNT,
            (r, k) -> r.chance(0.4) ? 10_000 : Draw.logarithmic(r, 10, 400)),
    /** How long they are kept at least. */
    HISTORY_TIME("historyTime", Unit.DURATION, (r, k) -> Draw.milliseconds(r, 1_000, 100_000)),
    /** Between two bookmarks of a silent watch. */
    BOOKMARK("bookmark", Unit.DURATION, (r, k) -> Draw.milliseconds(r, 50, 1_000)),
    /** Silence after which a watch ends. */
    WATCH_SILENCE("watchSilence", Unit.DURATION,
            (r, k) -> k.get(Knob.BOOKMARK) + Draw.milliseconds(r, 500, 5_000)),
    /** Requests that may wait for a leader or for room in the window. */
    WAITING("waiting", Unit.COUNT, (r, k) -> r.chance(0.5) ? 4_096 : Draw.logarithmic(r, 4, 128)),

    /** Places named by {@link Machine#buggify} that are on. */
    FAILPOINTS("failpoints", Unit.CHANCE, (r, k) -> 250_000),

    /**
     * Between two looks of an operator that found nothing to do; while it is busy it looks five times as
     * often.
     */
    OPERATOR_TICK("operatorTick", Unit.DURATION, (r, k) -> Draw.milliseconds(r, 400, 4_000)),
    /** Longest rest of the operator between two steps of the bootstrap; long in a fifth of the runs. */
    BOOTSTRAP_REST("bootstrapRest", Unit.DURATION,
            (r, k) -> r.chance(0.2) ? Draw.milliseconds(r, 500, 3_000) : Draw.milliseconds(r, 1, 50)),
    /** How long a member may be empty or FAULTY before the operator replaces it. */
    PATIENCE("patience", Unit.DURATION, (r, k) -> Draw.milliseconds(r, 200, 10_000)),

    /** Whether the second phase heals everybody, and not only a majority. */
    HEAL_ALL("healAll", Unit.SWITCH, (r, k) -> r.chance(0.25) ? 1 : 0),
    /** Whether the core is restarted as it heals, all at once. */
    HEAL_RESTART("healRestart", Unit.SWITCH, (r, k) -> r.chance(0.5) ? 1 : 0);

    /** How a knob's value is kept and written. */
    public enum Unit {
        /** A whole number, written as it is. */
        COUNT,
        /** Nanoseconds, written {@code 1500ms}. */
        DURATION,
        /** Parts per million, written as a fraction: {@code 0.03}. */
        CHANCE,
        /** Thousandths of events a minute, written {@code 1.5}. */
        RATE,
        /** 0 or 1. */
        SWITCH
    }

    /** How a value is drawn. */
    interface Drawing {
        long draw(SeededRandom random, Knobs before);
    }

    private final String text;
    private final Unit unit;
    private final @Nullable FaultFamily family;
    @SuppressWarnings("ImmutableEnumChecker") // a lambda without state
    private final transient Drawing drawing;

    Knob(String text, Unit unit, Drawing drawing) {
        this(text, unit, null, drawing);
    }

    Knob(String text, Unit unit, @Nullable FaultFamily family, Drawing drawing) {
        this.text = text;
        this.unit = unit;
        this.family = family;
        this.drawing = drawing;
    }

    /** Name as it is written. */
    public String text() {
        return text;
    }

    /** How the value is kept and written. */
    public Unit unit() {
        return unit;
    }

    /** The family that is off when this is 0; null for knobs that belong to none. */
    public @Nullable FaultFamily family() {
        return family;
    }

    long draw(SeededRandom random, Knobs before) {
        return drawing.draw(random, before);
    }

    /** Shapes of draws. */
    private static final class Draw {
        private static final long MILLISECOND_NANOS = 1_000_000;

        static long weighted(SeededRandom random, long[] values, int[] weights) {
            int total = 0;
            for (int weight : weights) {
                total += weight;
            }
            int drawn = random.below(total);
            for (int i = 0; i < values.length; i++) {
                drawn -= weights[i];
                if (drawn < 0) {
                    return values[i];
                }
            }
            throw new IllegalStateException("weights do not add up");
        }

        /**
         * Between both, included, each power of two as likely as the next. StrictMath: the same bits on every
         * machine.
         */
        static long logarithmic(SeededRandom random, long low, long high) {
            double exponent = random.unit() * StrictMath.log((double) (high + 1) / low);
            return Math.clamp((long) (low * StrictMath.exp(exponent)), low, high);
        }

        static long milliseconds(SeededRandom random, long low, long high) {
            return logarithmic(random, low, high) * MILLISECOND_NANOS;
        }

        static long microseconds(SeededRandom random, long low, long high) {
            return logarithmic(random, low, high) * 1_000;
        }

        static long roundToMilliseconds(long nanos) {
            return Math.max(1, nanos / MILLISECOND_NANOS) * MILLISECOND_NANOS;
        }

        /** Zero with a chance of {@code never}; else parts per million on a logarithmic scale. */
        static long chance(SeededRandom random, double never, long low, long high) {
            return random.chance(never) ? 0 : logarithmic(random, low, high);
        }
    }
}
