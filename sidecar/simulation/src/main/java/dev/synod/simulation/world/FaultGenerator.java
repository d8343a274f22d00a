package dev.synod.simulation.world;

import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.port.Fault;
import dev.synod.simulation.port.FaultFamily;
import dev.synod.simulation.port.FaultKind;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Knobs;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Draws faults: each family at its own rate, targets that are worth it, and now and then a second fault close
 * behind one that makes it worse. Reads the world, changes only itself.
 */
final class FaultGenerator {
    private static final long MILLISECOND_NANOS = 1_000_000;
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final double MINUTE_NANOS = 60e9;
    private static final FaultFamily[] FAMILIES = FaultFamily.values();
    /** While the cluster is being made, what interrupts that comes this much more often. */
    private static final double HASTE = 12;

    private final World world;
    private final Knobs knobs;
    private final SeededRandom random;
    private final double[] perNano = new double[FAMILIES.length];
    private final ArrayDeque<Fault> followers = new ArrayDeque<>();
    private long nextNanos;
    private boolean hasty = true;

    FaultGenerator(World world, SeededRandom random) {
        this.world = world;
        this.knobs = world.knobs();
        this.random = random;
        for (Knob knob : Knob.values()) {
            FaultFamily family = knob.family();
            if (family != null && knob.unit() == Knob.Unit.RATE) {
                perNano[family.ordinal()] = knobs.get(knob) / 1_000.0 / MINUTE_NANOS;
            }
        }
        drawNext(0);
    }

    private double rateOf(FaultFamily family) {
        double rate = perNano[family.ordinal()];
        return hasty && (family == FaultFamily.OPERATOR || family == FaultFamily.CRASH
                || family == FaultFamily.VOLUME)
                        ? HASTE * rate
                        : rate;
    }

    private void drawNext(long fromNanos) {
        double total = 0;
        for (FaultFamily family : FAMILIES) {
            total += rateOf(family);
        }
        nextNanos = total == 0
                ? Long.MAX_VALUE
                : fromNanos + 1 + (long) Math.min(3_600e9, -StrictMath.log(1 - random.unit()) / total);
    }

    /** When the next fault is due. */
    long nextNanos() {
        Fault follower = followers.peek();
        return follower == null ? nextNanos : Math.min(nextNanos, follower.atNanos());
    }

    /** The fault that is due now; null when the one drawn has no target. */
    @Nullable
    Fault next() {
        Fault follower = followers.peek();
        if (follower != null && follower.atNanos() <= nextNanos) {
            return followers.poll();
        }
        long now = nextNanos;
        FaultFamily family = drawFamily();
        hasty = !world.operator().isBootstrapped() && now < 10 * SECOND_NANOS;
        drawNext(now);
        return draw(family, now);
    }

    private FaultFamily drawFamily() {
        double total = 0;
        for (FaultFamily family : FAMILIES) {
            total += rateOf(family);
        }
        double drawn = random.unit() * total;
        FaultFamily last = FaultFamily.CRASH;
        for (FaultFamily family : FAMILIES) {
            if (rateOf(family) > 0) {
                last = family;
                drawn -= rateOf(family);
                if (drawn < 0) {
                    break;
                }
            }
        }
        return last;
    }

    private @Nullable Fault draw(FaultFamily family, long now) {
        return switch (family) {
            case CRASH -> crash(now);
            case PAUSE -> target(now, FaultKind.PAUSE, duration(10, 5_000), 0);
            case PARTITION -> partition(now);
            case CLOG -> pair(now, FaultKind.CLOG, duration(20, 5_000));
            case CLOSE -> pair(now, FaultKind.CLOSE_LINK, 0);
            case CLOCK -> clock(now);
            case SLOW_DISK -> random.chance(0.5)
                    ? target(now, FaultKind.DISK_SLOW, duration(100, 10_000), random.between(2, 100))
                    : target(now, FaultKind.DISK_STUCK, duration(50, 10_000), 0);
            case FULL_DISK -> target(now, FaultKind.DISK_FULL, duration(100, 10_000), random.below(8_192));
            case DISK_ERROR -> diskError(now);
            case ROT -> random.chance(0.2) && perNano[FaultFamily.CRASH.ordinal()] > 0
                    ? calamity(now, true)
                    : rot(now);
            case VOLUME -> volume(now);
            case IDENTITY -> random.chance(0.6)
                    ? target(now, FaultKind.FORK_LIVE, duration(500, 15_000), 0)
                    : target(now, FaultKind.FORK_STOPPED, duration(500, 15_000), 0);
            case OPERATOR -> operator(now);
            case MEMBERSHIP -> membership(now);
            case TRANSFER -> target(now, FaultKind.TRANSFER, 0, 0);
            case OVERLOAD -> target(now, FaultKind.OVERLOAD, duration(20, 500), random.between(20, 250));
            case NOISE -> null;
        };
    }

    private @Nullable Fault crash(long now) {
        long down = duration(5, knobs.get(Knob.DOWNTIME) / MILLISECOND_NANOS);
        double which = random.unit();
        if (which < 0.25) {
            return target(now, FaultKind.KILL, down, 0);
        }
        if (which < 0.5) {
            return target(now, FaultKind.POWER_CUT, down, 0);
        }
        if (which < 0.62) {
            return target(now, FaultKind.CRASH_AT_DISK, down, random.between(1, 30));
        }
        if (which < 0.74) {
            return target(now, FaultKind.CRASH_AT_FILE, down, random.below(6));
        }
        if (which < 0.92) {
            return target(now, FaultKind.CRASH_AT_CALL, down, random.between(1, 30));
        }
        return fault(now, FaultKind.POWER_CUT_ALL, -1, -1, down, 0);
    }

    private Fault partition(long now) {
        long longest = knobs.get(Knob.PARTITION_TIME) / MILLISECOND_NANOS;
        boolean symmetric = random.chance(knobs.chance(Knob.PARTITION_SYMMETRY));
        Partitioner.Mode mode = Partitioner.Mode.values()[random.below(Partitioner.modes())];
        return fault(now, FaultKind.PARTITION, -1, -1, duration(50, longest),
                Partitioner.amountOf(mode, symmetric));
    }

    private @Nullable Fault clock(long now) {
        if (random.chance(0.5)) {
            return target(now, FaultKind.CLOCK_JUMP, duration(10, 20_000), 0);
        }
        long drift = Math.max(100, knobs.get(Knob.CLOCK_DRIFT));
        return target(now, FaultKind.CLOCK_RATE, 0, random.between(-drift, drift));
    }

    private @Nullable Fault diskError(long now) {
        double which = random.unit();
        FaultKind kind = which < 0.6
                ? FaultKind.SYNC_ERROR
                : which < 0.85 ? FaultKind.WRITE_ERROR : FaultKind.READ_ERROR;
        // Half the failed syncs are followed by a power cut, before a later write can put things right.
        long powerCut = kind == FaultKind.SYNC_ERROR && random.chance(0.5) ? duration(1, 60) : 0;
        return target(now, kind, powerCut, random.between(1, 8));
    }

    private @Nullable Fault rot(long now) {
        if (random.chance(0.35)) {
            FaultKind kind = random.chance(0.5) ? FaultKind.MISDIRECTED_WRITE : FaultKind.LOST_WRITE;
            return target(now, kind, duration(10, 500), random.chance(0.4) ? 0 : random.between(1, 8));
        }
        long read = random.chance(0.7) ? VolumeFaults.ROT_READ : 0;
        long fresh = random.chance(0.4) ? VolumeFaults.ROT_FRESH : 0;
        return target(now, FaultKind.BIT_ROT, duration(10, 500), read | fresh);
    }

    private @Nullable Fault volume(long now) {
        double which = random.unit();
        if (which < 0.25 && perNano[FaultFamily.CRASH.ordinal()] > 0) {
            return calamity(now, false);
        }
        if (which < 0.4) {
            Fault wipe = target(now, FaultKind.WIPE, duration(10, 1_000), 0);
            if (random.chance(0.35)) {
                follow(FaultKind.POWER_CUT_ALL, now + duration(1, 2_000), duration(50, 5_000));
            }
            return wipe;
        }
        if (which < 0.85) {
            return target(now, FaultKind.ROLLBACK, duration(50, 10_000), 0);
        }
        return target(now, FaultKind.FOREIGN_VOLUME, duration(10, 1_000), 0);
    }

    /**
     * What it takes for a member that lost something to do harm: one voter lags, another loses what it holds,
     * and a power cut leaves those two alone with each other for a while. If that member came back as if
     * nothing had happened, it would complete a quorum that knows too little.
     *
     * @param rotten the loss is a bit of what was written last, and not the whole volume
     */
    private @Nullable Fault calamity(long now, boolean rotten) {
        int leader = world.leadingMachine();
        int laggard = world.anyMachine(random);
        int victim = world.anyMachine(random);
        if (leader < 0 || laggard == victim || leader == laggard || leader == victim) {
            return null;
        }
        long lost = now + duration(200, 2_000);
        long hidden = duration(4_000, 12_000);
        long dark = lost + (rotten ? duration(600, 1_500) : duration(100, 2_000));
        if (rotten) {
            // The leader goes first, so that it cannot make good what is lost.
            queue(fault(lost - 1, FaultKind.KILL, leader, -1, hidden, 0));
            long amount = VolumeFaults.ROT_FRESH | VolumeFaults.ROT_READ;
            queue(fault(lost, FaultKind.BIT_ROT, victim, -1, duration(5, 50), amount));
        } else {
            if (perNano[FaultFamily.OPERATOR.ordinal()] > 0 && random.chance(0.4)) {
                queue(fault(lost - 1, FaultKind.LATCH_LOST, -1, -1, duration(5_000, 20_000), 0));
            }
            queue(fault(lost, FaultKind.WIPE, victim, -1, duration(10, 50), 0));
            queue(fault(dark - 1, FaultKind.KILL, leader, -1, hidden, 0));
        }
        queue(fault(dark, FaultKind.POWER_CUT_ALL, -1, -1, duration(10, 500), 0));
        return fault(now, FaultKind.PAUSE, laggard, -1, dark - now + SECOND_NANOS, 0);
    }

    private Fault operator(long now) {
        if (random.chance(0.7)) {
            return fault(now, FaultKind.OPERATOR_CRASH, -1, -1, duration(10, 5_000), 0);
        }
        if (knobs.get(Knob.VOLUMES) > 0 && random.chance(0.6)) {
            // The worst hour to lose the latch is one in which a volume is lost too (etcd#12227).
            int target = world.anyMachine(random);
            if (target >= 0) {
                queue(fault(now + duration(1, 500), FaultKind.WIPE, target, -1, duration(10, 500), 0));
                if (random.chance(0.5)) {
                    follow(FaultKind.POWER_CUT_ALL, now + duration(500, 2_000), duration(50, 3_000));
                }
            }
        }
        return fault(now, FaultKind.LATCH_LOST, -1, -1, duration(500, 10_000), 0);
    }

    private void follow(FaultKind kind, long atNanos, long durationNanos) {
        if (perNano[FaultFamily.CRASH.ordinal()] > 0) {
            queue(fault(atNanos, kind, -1, -1, durationNanos, 0));
        }
    }

    private void queue(Fault fault) {
        List<Fault> all = new ArrayList<>(followers);
        all.add(fault);
        all.sort((a, b) -> Long.compare(a.atNanos(), b.atNanos()));
        followers.clear();
        followers.addAll(all);
    }

    private @Nullable Fault membership(long now) {
        double which = random.unit();
        if (which < 0.45) {
            long voters = new long[] {1, 3, 3, 3, 3, 5, 5, 7}[random.below(8)];
            return fault(now, FaultKind.WANT_VOTERS, -1, -1, 0, voters);
        }
        if (which < 0.75) {
            return fault(now, FaultKind.WANT_OBSERVERS, -1, -1, 0,
                    random.chance(0.6) ? 0 : random.between(1, 2));
        }
        return target(now, FaultKind.WANT_REPLACED, 0, 0);
    }

    /** A fault on one machine: the leader's a third of the time. */
    private @Nullable Fault target(long now, FaultKind kind, long durationNanos, long amount) {
        int leader = world.leadingMachine();
        int target = leader >= 0 && random.chance(1.0 / 3) ? leader : world.anyMachine(random);
        return target < 0 ? null : fault(now, kind, target, -1, durationNanos, amount);
    }

    private @Nullable Fault pair(long now, FaultKind kind, long durationNanos) {
        Fault one = target(now, kind, durationNanos, 0);
        int other = world.anyMachine(random);
        return one == null || other < 0 || other == one.target()
                ? null
                : fault(now, kind, one.target(), other, durationNanos, 0);
    }

    private Fault fault(long now, FaultKind kind, int target, int other, long durationNanos, long amount) {
        return new Fault(now, kind, target, other, durationNanos, amount, random.nextLong() >>> 16);
    }

    /** On a logarithmic scale, because both the short and the long find something. */
    private long duration(long lowMilliseconds, long highMilliseconds) {
        double high = Math.max(lowMilliseconds + 1, highMilliseconds);
        double scale = StrictMath.exp(random.unit() * StrictMath.log(high / lowMilliseconds));
        return (long) (lowMilliseconds * scale * MILLISECOND_NANOS);
    }
}
