package dev.synod.architecture;

import static dev.synod.architecture.Room.MEMBER;
import static dev.synod.architecture.Room.PAXOS;
import static dev.synod.architecture.Room.SIMULATION;
import static dev.synod.architecture.Room.STATE;
import static dev.synod.architecture.Room.STORAGE;

import java.util.EnumSet;
import java.util.List;

/**
 * What no code may call that has to take the same steps for the same seed, and what a room may not reach. A
 * run that cannot be repeated hides the fault it found; a core that reads a clock or a file decides by
 * something that the simulator does not control.
 */
final class Bans {

    private static final EnumSet<Room> EVERYWHERE = EnumSet.of(PAXOS, STATE, STORAGE, MEMBER, SIMULATION);
    private static final EnumSet<Room> WHAT_DECIDES = EnumSet.of(PAXOS, STATE, STORAGE, MEMBER);

    /**
     * The command line, which is the simulation's topmost package, and where a walk is spread over cores: all
     * of it starts whole runs and times them; no run sees what it sees.
     */
    private static final String ENTRY = "dev\\.synod\\.simulation\\.([\\w$]+|\\w+\\.ParallelRunner)";

    /** Finds the row that sent a frame; nothing depends on an order. */
    private static final String TIMELINE = "dev\\.synod\\.simulation\\.report\\.TimelineRecorder";

    /** Asks whether a state, which is a value, was met before; nothing depends on an order. */
    private static final String MEMORY = "dev\\.synod\\.simulation\\.check\\.Linearizability\\$Memory";

    /** The only code that touches files; it writes its process's number into a volume's lock. */
    private static final String REAL_DISK = "dev\\.synod\\.storage\\.\\w*(RealDisk|FileDisk)\\w*";

    /** Lets the simulator, and nothing else, plant its mutants. */
    private static final String DEFECTS = "dev\\.synod\\.paxos\\.Defects";

    /** Names a ByteOrder, which is a value. */
    private static final String LITTLE_ENDIAN = "dev\\.synod\\.paxos\\.LittleEndian";

    private static final String CLOCK = "time comes in from the edge";
    private static final String THREADS = "one thread, so that a seed is one history";
    private static final String SEEDED = "randomness comes from the run's seeded generator";
    private static final String SALTED = "iteration order is salted anew in each JVM (JDK-8201650)";
    private static final String HASHED =
            "iteration order depends on hash codes; use arrays by slot, EnumMap or TreeMap";
    private static final String IDENTITY = "identity hash codes differ from run to run";
    private static final String COLLECTOR =
            "whether it still holds an object depends on the garbage collector";
    private static final String NO_IO = "the core moves no bytes; it returns effects";
    private static final String DISK_PORT = "files are reached through the Disk port only";
    private static final String SETTINGS = "options come in by constructor, not from the process";

    static final List<Ban> TABLE = List.of(
            // Clocks and threads.
            Ban.in(EVERYWHERE, "java.time.*", CLOCK).except(ENTRY),
            Ban.in(EVERYWHERE, "java.lang.System", CLOCK).of("nanoTime", "currentTimeMillis").except(ENTRY),
            Ban.in(EVERYWHERE, "java.util.Date", CLOCK),
            Ban.in(EVERYWHERE, "java.util.Timer*", THREADS),
            Ban.in(EVERYWHERE, "java.lang.Thread*", THREADS).except(ENTRY),
            Ban.in(EVERYWHERE, "java.lang.InheritableThreadLocal", THREADS),
            Ban.in(EVERYWHERE, "java.util.concurrent.*", THREADS).except(ENTRY),
            Ban.in(EVERYWHERE, "java.util.*", THREADS).of("parallel", "parallelStream", "parallelSort",
                    "parallelPrefix", "parallelSetAll"),

            // Randomness.
            Ban.in(EVERYWHERE, "java.lang.Math", SEEDED).of("random"),
            Ban.in(EVERYWHERE, "java.lang.StrictMath", SEEDED).of("random"),
            Ban.in(EVERYWHERE, "java.util.Random", SEEDED),
            Ban.in(EVERYWHERE, "java.util.SplittableRandom", SEEDED),
            Ban.in(EVERYWHERE, "java.util.random.*", SEEDED),
            Ban.in(EVERYWHERE, "java.security.SecureRandom", SEEDED).except(ENTRY), // draws the seed itself
            Ban.in(EVERYWHERE, "java.util.UUID", SEEDED).of("randomUUID"),
            Ban.in(EVERYWHERE, "java.util.Collections", SEEDED).of("shuffle"),

            // Orders that differ between runs.
            Ban.in(EVERYWHERE, "java.util.Set", SALTED).of("of", "copyOf"),
            Ban.in(EVERYWHERE, "java.util.Map", SALTED).of("of", "ofEntries", "copyOf"),
            Ban.in(EVERYWHERE, "java.util.stream.Collectors", SALTED).of("toUnmodifiableSet",
                    "toUnmodifiableMap"),
            Ban.in(EVERYWHERE, "java.lang.System", IDENTITY).of("identityHashCode"),
            Ban.in(EVERYWHERE, "java.util.IdentityHashMap", IDENTITY).except(TIMELINE),
            Ban.in(EVERYWHERE, "java.lang.Object", IDENTITY).of("hashCode").except(MEMORY),
            Ban.in(EVERYWHERE, "java.lang.Enum", IDENTITY).of("hashCode"),
            Ban.in(EVERYWHERE, "java.lang.ref.*", COLLECTOR),
            Ban.in(EVERYWHERE, "java.util.WeakHashMap", COLLECTOR),
            Ban.in(WHAT_DECIDES, "java.util.HashMap", HASHED),
            Ban.in(WHAT_DECIDES, "java.util.HashSet", HASHED),
            Ban.in(WHAT_DECIDES, "java.util.LinkedHashMap", HASHED),
            Ban.in(WHAT_DECIDES, "java.util.LinkedHashSet", HASHED),
            Ban.in(WHAT_DECIDES, "java.util.Hashtable", HASHED),
            Ban.in(WHAT_DECIDES, "java.util.Objects", IDENTITY).of("hash", "hashCode"),
            Ban.in(WHAT_DECIDES, "java.util.stream.Collectors", HASHED).of("toSet", "toMap", "groupingBy"),

            // The world outside.
            Ban.in(EnumSet.of(PAXOS, STATE, MEMBER), "java.io.*", NO_IO),
            Ban.in(EnumSet.of(PAXOS, STATE, MEMBER), "java.nio.*", NO_IO).except(LITTLE_ENDIAN),
            Ban.in(EVERYWHERE, "java.net.*", NO_IO),
            Ban.in(EnumSet.of(STORAGE), "java.nio.file.*", DISK_PORT).except(REAL_DISK),
            Ban.in(EnumSet.of(STORAGE), "java.nio.channels.*", DISK_PORT).except(REAL_DISK),
            Ban.in(EnumSet.of(STORAGE), "java.io.File*", DISK_PORT).except(REAL_DISK),
            Ban.in(EnumSet.of(STORAGE), "java.io.RandomAccessFile", DISK_PORT).except(REAL_DISK),
            Ban.in(WHAT_DECIDES, "java.lang.System", SETTINGS).of("getenv", "getProperty", "getProperties"),
            Ban.in(WHAT_DECIDES, "java.lang.Boolean", SETTINGS).of("getBoolean").except(DEFECTS),
            Ban.in(WHAT_DECIDES, "java.lang.Integer", SETTINGS).of("getInteger"),
            Ban.in(WHAT_DECIDES, "java.lang.Long", SETTINGS).of("getLong"),
            Ban.in(WHAT_DECIDES, "java.lang.Runtime", SETTINGS),
            Ban.in(WHAT_DECIDES, "java.lang.Process*", NO_IO).except(REAL_DISK));

    private Bans() {}
}
