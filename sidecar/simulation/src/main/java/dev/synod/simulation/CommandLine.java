package dev.synod.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code sidecar/simulation/run} was asked to do. */
final class CommandLine {
    /** What kind of work. */
    enum Mode {
        /** Fresh seeds, until a limit. */
        BATCH,
        /** One seed, again. */
        REPLAY,
        /** Planted bugs, each to be found. */
        MUTANTS,
        /** Every interleaving of a small cluster. */
        EXHAUSTIVE,
        /** The same seeds several times, to the same end. */
        DETERMINISM,
        /** Trace hashes of seeds, for another process to compare. */
        HASHES,
        /** The text below. */
        HELP
    }

    static final String HELP =
            """
                    Runs the consensus core and the whole member in a world that tries to break them.

                    What to do (one of):
                      --seconds S          fresh seeds for S seconds
                      --seeds N            N fresh seeds; with --seconds whichever limit comes first
                      --seed X             one seed again, in decimal or 0x...
                      --mutants [ID...]    plant each known bug (or those named) and demand that it is found
                      --exhaustive         walk through every interleaving of a small cluster
                      --determinism        run 50 seeds twice here and once in another process, and compare
                      --help               this text

                    How:
                      --subject WHAT       register (the consensus core by itself) or coordination (the whole
                                           member); if not given even seeds take the one, odd the other
                      --from X             first seed of a batch. Fresh if not given; for mutants 1
                      --knobs 'K=V ...'    knobs that replace the drawn ones
                      --faults FILE        with --seed: the faults in FILE, one a line, instead of drawn ones
                      --plant ID           plant a bug of the catalogue
                      --share K/N          with --mutants: the K-th of N shares of the catalogue
                      --threads N          runs at the same time; the number of cores if not given
                      --failures N         end a batch after N failed seeds; 5 if not given
                      --shrink             cut the first failure down to few faults, as far as a minute takes
                      --shrink-seconds S   how long --shrink may take

                    What to show:
                      --trace              with --seed: a line an event
                      --trace-last N       with --seed: only the last N lines of it
                      --trace-all          also timers, disk work and steps
                      --html FILE          the seed, or the first that failed, as a page for the browser
                      --json FILE          figures, hits and failures as JSON; - for standard output

                    Examples:
                      sidecar/simulation/run --seconds 60
                      sidecar/simulation/run --seed 0x1f3a --trace | less
                      sidecar/simulation/run --seed 0x1f3a --shrink --html run.html
                      sidecar/simulation/run --seed 0x1f3a --knobs 'members=3' --faults FILE --trace
                      sidecar/simulation/run --mutants M01 E04_REMOVED_MEMBERS_COUNTED
                      sidecar/simulation/run --mutants --share 2/7

                    The last line is 'N passed, M failed'. Exit status: 0 if nothing failed, 1 if so, 64 for
                    a wrong command line.
                    """;

    private Mode mode = Mode.HELP;
    private boolean modeGiven;
    private long seconds;
    private long seeds;
    private long seed;
    private @Nullable Long from;
    private @Nullable SubjectKind subject;
    private String knobs = "";
    private @Nullable String faultsFile;
    private @Nullable String plant;
    private final List<String> mutants = new ArrayList<>();
    private int share = 1;
    private int shares = 1;
    private int threads = Runtime.getRuntime().availableProcessors();
    private int failuresMax = 5;
    private boolean shrink;
    private long shrinkSeconds = 60;
    private boolean trace;
    private boolean traceAll;
    private long traceLast = Long.MAX_VALUE;
    private @Nullable String htmlFile;
    private @Nullable String jsonFile;

    private CommandLine() {}

    /**
     * Reads the arguments.
     *
     * @throws UsageException when they make no sense; the message says what and what would
     */
    static CommandLine parse(List<String> arguments) throws UsageException {
        CommandLine line = new CommandLine();
        List<String> rest = new ArrayList<>(arguments);
        while (!rest.isEmpty()) {
            line.take(rest);
        }
        line.check();
        return line;
    }

    private void take(List<String> rest) throws UsageException {
        String flag = rest.removeFirst();
        int equals = flag.indexOf('=');
        if (flag.startsWith("--") && equals > 0) {
            rest.addFirst(flag.substring(equals + 1));
            flag = flag.substring(0, equals);
        }
        switch (flag) {
            case "--seconds" -> {
                seconds = positive(flag, rest);
                batch(flag);
            }
            case "--seeds" -> {
                seeds = positive(flag, rest);
                batch(flag);
            }
            case "--seed" -> {
                seed = seed(flag, value(flag, rest));
                mode(Mode.REPLAY, flag);
            }
            case "--mutants" -> {
                mode(Mode.MUTANTS, flag);
                while (!rest.isEmpty() && !rest.getFirst().startsWith("-")) {
                    mutants.add(rest.removeFirst());
                }
            }
            case "--exhaustive" -> mode(Mode.EXHAUSTIVE, flag);
            case "--determinism" -> mode(Mode.DETERMINISM, flag);
            case "--hashes" -> mode(Mode.HASHES, flag);
            case "--help", "-h" -> {
                mode = Mode.HELP;
                modeGiven = true;
                rest.clear();
            }
            default -> takeOption(flag, rest);
        }
    }

    private void takeOption(String flag, List<String> rest) throws UsageException {
        switch (flag) {
            case "--subject" -> subject = subject(value(flag, rest));
            case "--from" -> from = seed(flag, value(flag, rest));
            case "--knobs" -> knobs = value(flag, rest);
            case "--faults" -> faultsFile = value(flag, rest);
            case "--plant" -> plant = value(flag, rest);
            case "--share" -> takeShare(value(flag, rest));
            case "--threads" -> threads = Math.toIntExact(Math.min(1_024, positive(flag, rest)));
            case "--failures" ->
                    failuresMax = Math.toIntExact(Math.min(Integer.MAX_VALUE, positive(flag, rest)));
            case "--shrink" -> shrink = true;
            case "--shrink-seconds" -> shrinkSeconds = positive(flag, rest);
            case "--trace" -> trace = true;
            case "--trace-last" -> {
                trace = true;
                traceLast = positive(flag, rest);
            }
            case "--trace-all" -> {
                trace = true;
                traceAll = true;
            }
            case "--html" -> htmlFile = value(flag, rest);
            case "--json" -> jsonFile = value(flag, rest);
            default -> throw new UsageException("'" + flag + "' is not known; --help lists what is");
        }
    }

    private void mode(Mode wanted, String flag) throws UsageException {
        if (modeGiven && mode != wanted && mode != Mode.BATCH) {
            throw new UsageException(
                    flag + " and --" + mode.name().toLowerCase(Locale.ROOT).replace("replay", "seed")
                            + " exclude each other");
        }
        mode = wanted;
        modeGiven = true;
    }

    /** A limit makes a batch, or limits whatever else is asked for. */
    private void batch(String flag) throws UsageException {
        if (!modeGiven) {
            mode(Mode.BATCH, flag);
        }
    }

    private void takeShare(String text) throws UsageException {
        int slash = text.indexOf('/');
        try {
            share = Integer.parseInt(text.substring(0, Math.max(0, slash)));
            shares = Integer.parseInt(text.substring(slash + 1));
        } catch (NumberFormatException e) {
            throw new UsageException("--share wants K/N such as 2/7, not '" + text + "'");
        }
        if (share < 1 || share > shares) {
            throw new UsageException("--share " + text + ": K must lie between 1 and N");
        }
    }

    private static SubjectKind subject(String text) throws UsageException {
        SubjectKind kind = SubjectKind.named(text);
        if (kind == null) {
            throw new UsageException("--subject wants register or coordination, not '" + text + "'");
        }
        return kind;
    }

    private static String value(String flag, List<String> rest) throws UsageException {
        if (rest.isEmpty()) {
            throw new UsageException(flag + " needs a value");
        }
        return rest.removeFirst();
    }

    private static long positive(String flag, List<String> rest) throws UsageException {
        String text = value(flag, rest);
        try {
            long number = Long.parseLong(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new UsageException(flag + " wants a whole number from 1 on, not '" + text + "'");
    }

    private static long seed(String flag, String text) throws UsageException {
        try {
            return text.startsWith("0x")
                    ? Long.parseUnsignedLong(text.substring(2), 16)
                    : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new UsageException(flag + " wants a number such as 4711 or 0x1f3a, not '" + text + "'");
        }
    }

    private void check() throws UsageException {
        if (!modeGiven) {
            throw new UsageException(
                    "nothing to do: give --seconds, --seeds, --seed, --mutants, --exhaustive or"
                            + " --determinism");
        }
        require(!trace || mode == Mode.REPLAY, "--trace needs --seed");
        require(faultsFile == null || mode == Mode.REPLAY, "--faults needs --seed");
        require(shares == 1 || mode == Mode.MUTANTS, "--share needs --mutants");
        require(plant == null || mode == Mode.REPLAY || mode == Mode.BATCH,
                "--plant needs --seed, --seeds or --seconds");
        require(
                mode == Mode.REPLAY || mode == Mode.BATCH || (!shrink && htmlFile == null),
                "--shrink and --html need --seed, --seeds or --seconds");
        require(mode != Mode.REPLAY || (seconds == 0 && seeds == 0 && from == null),
                "--seed is one seed; no limit fits to it");
        require(seconds == 0 || mode == Mode.BATCH, "--seconds is for fresh seeds alone");
        require(subject == null || (mode != Mode.MUTANTS && mode != Mode.EXHAUSTIVE),
                "--subject does not go with --mutants, which names each one's, or --exhaustive");
        require(mode != Mode.EXHAUSTIVE || (seeds == 0 && from == null && knobs.isEmpty()),
                "--exhaustive takes every way there is: no seeds, no knobs");
        require(jsonFile == null || mode == Mode.REPLAY || mode == Mode.BATCH || mode == Mode.MUTANTS,
                "--json needs --seed, --seeds, --seconds or --mutants");
        require(mode != Mode.HASHES || (seeds > 0 && from != null), "--hashes needs --from and --seeds");
    }

    private static void require(boolean holds, String message) throws UsageException {
        if (!holds) {
            throw new UsageException(message);
        }
    }

    Mode mode() {
        return mode;
    }

    /** 0: no limit. */
    long seconds() {
        return seconds;
    }

    /** 0: no limit. */
    long seeds() {
        return seeds;
    }

    long seed() {
        return seed;
    }

    @Nullable
    Long from() {
        return from;
    }

    /** Null: each in turn. */
    @Nullable
    SubjectKind subject() {
        return subject;
    }

    String knobs() {
        return knobs;
    }

    @Nullable
    String faultsFile() {
        return faultsFile;
    }

    @Nullable
    String plant() {
        return plant;
    }

    List<String> mutants() {
        return mutants;
    }

    int share() {
        return share;
    }

    int shares() {
        return shares;
    }

    int threads() {
        return threads;
    }

    int failuresMax() {
        return failuresMax;
    }

    boolean shrink() {
        return shrink;
    }

    long shrinkSeconds() {
        return shrinkSeconds;
    }

    boolean trace() {
        return trace;
    }

    /** How many lines of the trace are wanted. */
    long traceLast() {
        return traceLast;
    }

    boolean traceAll() {
        return traceAll;
    }

    @Nullable
    String htmlFile() {
        return htmlFile;
    }

    @Nullable
    String jsonFile() {
        return jsonFile;
    }
}
