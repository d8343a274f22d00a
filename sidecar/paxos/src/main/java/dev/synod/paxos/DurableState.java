package dev.synod.paxos;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a member's log of records amounts to: the fold that gives {@link WalRecord}s their meaning. Storage
 * uses it to recover and to open segments with a STATE; the simulator, to know what a member may not forget.
 */
public final class DurableState {
    private boolean activated;
    private Ballot promised;
    private Ballot accepted;
    private Seal seal;
    private Configuration configuration;
    private long configurationIndex;
    private @Nullable Snapshot snapshot;
    private final long floor;
    private long base;
    private long last;
    private List<Entry> log;
    private long decided;

    /** A freshly formatted volume. */
    public DurableState(Configuration initial, boolean activated) {
        this(activated, Ballot.BOTTOM, Ballot.BOTTOM, Seal.NONE, initial, 0, null, 0, 0);
    }

    /** A volume whose first segment opens with these values; its log continues after {@code base}. */
    public DurableState(
            boolean activated,
            Ballot promised,
            Ballot accepted,
            Seal seal,
            Configuration configuration,
            long configurationIndex,
            @Nullable Snapshot snapshot,
            long base,
            long decided) {
        this(
                activated,
                promised,
                accepted,
                seal,
                configuration,
                configurationIndex,
                snapshot,
                base,
                base,
                decided,
                List.of(),
                0);
    }

    /**
     * A volume one of whose segments opens with these values, when it is known that entries up to
     * {@code floor} are of no more use: those are counted but not kept, because a later record drops them, or
     * the caller wants none of them ({@link Long#MAX_VALUE}).
     *
     * @param log the entries above both {@code base} and {@code floor}, up to {@code last}
     */
    public DurableState(
            boolean activated,
            Ballot promised,
            Ballot accepted,
            Seal seal,
            Configuration configuration,
            long configurationIndex,
            @Nullable Snapshot snapshot,
            long base,
            long last,
            long decided,
            List<Entry> log,
            long floor) {
        if (base > last || log.size() != Math.max(0, last - Math.max(base, floor))) {
            throw new InvariantViolation("I2",
                    log.size() + " entries for " + base + ".." + last + " above " + floor);
        }
        this.activated = activated;
        this.promised = promised;
        this.accepted = accepted;
        this.seal = seal;
        this.configuration = configuration;
        this.configurationIndex = configurationIndex;
        this.snapshot = snapshot;
        this.base = base;
        this.last = last;
        this.decided = decided;
        this.log = new ArrayList<>(log);
        this.floor = floor;
    }

    /**
     * Applies one record.
     *
     * @throws InvariantViolation when it does not follow from the state: the records are not a member's
     */
    public void apply(WalRecord record) {
        switch (record) {
            case WalRecord.Promised p -> promised = Ballot.max(promised, p.ballot());
            case WalRecord.Appended a -> append(a.entry());
            case WalRecord.Adopted a -> {
                truncate(a.from());
                accepted = a.ballot();
                promised = Ballot.max(promised, a.ballot());
            }
            case WalRecord.Decided d -> decided = Math.max(decided, d.index());
            case WalRecord.SnapshotTaken s -> {
                snapshot = s.snapshot();
                anchor(s.snapshot().configuration(), s.snapshot().index());
                dropUpTo(s.base());
                decided = Math.max(decided, s.snapshot().index());
            }
            case WalRecord.SnapshotInstalled s -> {
                snapshot = s.snapshot();
                anchor(s.snapshot().configuration(), s.snapshot().index());
                log = new ArrayList<>();
                base = s.snapshot().index();
                last = base;
                decided = Math.max(decided, base);
            }
            case WalRecord.EpochEntered e -> enter(e);
            case WalRecord.Activated activation -> activated = true;
        }
    }

    private void enter(WalRecord.EpochEntered e) {
        Ballot bottom = Ballot.bottomOf(e.next().epoch());
        seal = e.seal();
        truncate(e.last());
        promised = Ballot.max(promised, bottom);
        accepted = bottom;
        anchor(e.next(), e.seal().index());
        decided = Math.max(decided, e.seal().index());
    }

    private void anchor(Configuration next, long index) {
        if (index >= configurationIndex) {
            configuration = next;
            configurationIndex = index;
        }
    }

    private void append(Entry entry) {
        if (entry.index() != last + 1) {
            throw new InvariantViolation("I2", "entry " + entry.index() + " recorded after " + last);
        }
        last = entry.index();
        if (last > floor) {
            log.add(entry);
        }
    }

    private void truncate(long to) {
        if (to < base || to > last) {
            throw new InvariantViolation("I6", "truncation to " + to + " of " + base + ".." + last);
        }
        last = to;
        log.subList(countUpTo(to), log.size()).clear();
    }

    private void dropUpTo(long index) {
        if (index > base) {
            if (index > last) {
                throw new InvariantViolation("I2", "base " + index + " beyond last " + last);
            }
            log = new ArrayList<>(log.subList(countUpTo(index), log.size()));
            base = index;
        }
    }

    /** How many of the kept entries lie at or below {@code index}. */
    private int countUpTo(long index) {
        return (int) Math.max(0, index - Math.max(base, floor));
    }

    /** Whether the member may vote. */
    public boolean activated() {
        return activated;
    }

    /** Highest ballot promised. */
    public Ballot promised() {
        return promised;
    }

    /** Ballot of the log. */
    public Ballot accepted() {
        return accepted;
    }

    /** Where the epoch before this one ended. */
    public Seal seal() {
        return seal;
    }

    /** The configuration after {@link #configurationIndex()}. */
    public Configuration configuration() {
        return configuration;
    }

    /** Newest of: start of the epoch, snapshot, 0. */
    public long configurationIndex() {
        return configurationIndex;
    }

    /** Newest snapshot. */
    public @Nullable Snapshot snapshot() {
        return snapshot;
    }

    /** The log holds entries above this. */
    public long base() {
        return base;
    }

    /** Entries above {@link #base()}, and above the floor if one was given; not to be changed. */
    public List<Entry> log() {
        return log;
    }

    /** Index of the last entry, or the base. */
    public long last() {
        return last;
    }

    /**
     * Known decided, as far as the records tell; may lie beyond {@link #last()} only between the records of a
     * batch.
     */
    public long decided() {
        return decided;
    }
}
