package dev.synod.simulation.world;

import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.TraceKind;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Directed links between machines. Each pair has two connections each way, one for consensus and one for
 * snapshots; each keeps its frames in order, unless a frame may overtake by the knobs or the connection was
 * closed in between. Bandwidth is without limit.
 */
final class SimNetwork {
    private static final long CALM_DELAY_NANOS = 300_000;
    private static final long TAIL_NANOS_MAX = 2_000_000_000;

    private final World world;
    private final Journal journal;
    private final SeededRandom random;
    private final long delayNanos;
    private final double tail;
    private final double loss;
    private final double duplication;
    private final double reordering;
    private final double corruption;
    private Link[][] links = new Link[0][0];

    /** One direction between two machines. */
    private static final class Link {
        /** How many partitions cut it. */
        int cuts;
        /** Nothing arrives before. */
        long cloggedUntilNanos;
        /** When the connection was last closed: what was sent before may be lost. */
        long closedAtNanos = -1;
        /** Arrival of the last frame in order; for consensus, then for snapshots. */
        long consensusNanos;

        long bulkNanos;
        /** Whether anything was ever sent. */
        boolean used;
    }

    /** A frame on its way. */
    private final class Transit implements Runnable {
        final SimMachine from;
        final SimMachine to;
        final UUID sender;
        final byte[] frame;
        final boolean damaged;
        final boolean news;
        final long sentNanos;

        Transit(SimMachine from, SimMachine to, UUID sender, byte[] frame, boolean damaged, boolean news) {
            this.from = from;
            this.to = to;
            this.sender = sender;
            this.frame = frame;
            this.damaged = damaged;
            this.news = news;
            this.sentNanos = journal.nowNanos();
        }

        @Override
        public void run() {
            arrive(this);
        }
    }

    SimNetwork(World world, Knobs knobs, SeededRandom random) {
        this.world = world;
        this.journal = world.journal();
        this.random = random;
        delayNanos = knobs.get(Knob.DELAY);
        tail = knobs.chance(Knob.DELAY_TAIL);
        loss = knobs.chance(Knob.LOSS);
        duplication = knobs.chance(Knob.DUPLICATION);
        reordering = knobs.chance(Knob.REORDERING);
        corruption = knobs.chance(Knob.CORRUPTION);
    }

    private Link link(int from, int to) {
        int needed = Math.max(from, to) + 1;
        if (needed > links.length) {
            grow(Math.max(needed, 2 * links.length));
        }
        return links[from][to];
    }

    private void grow(int size) {
        int before = links.length;
        links = Arrays.copyOf(links, size);
        for (int from = 0; from < size; from++) {
            links[from] = from < before ? Arrays.copyOf(links[from], size) : new Link[size];
            for (int to = from < before ? before : 0; to < size; to++) {
                links[from][to] = new Link();
            }
        }
    }

    /** A process on {@code from} sends to whatever machines hold the volume {@code to}. */
    void send(SimMachine from, UUID sender, UUID to, byte[] frame, boolean bulk) {
        for (int holder : world.holdersOf(to)) {
            if (holder != from.index()) {
                transmit(from, sender, world.machine(holder), frame, bulk);
            }
        }
    }

    private void transmit(SimMachine from, UUID sender, SimMachine to, byte[] frame, boolean bulk) {
        journal.note(TraceKind.SENT, from.index(), to.index(), bulk ? 1 : 0, frame, "", null);
        Link link = link(from.index(), to.index());
        link.used = true;
        if (link.cuts > 0) {
            lost(from, to, frame, "partition");
            return;
        }
        if (world.quarantine().blocks(from, to, journal.nowNanos())) {
            lost(from, to, frame, "cut off from its identity");
            return;
        }
        boolean noisy = !(from.isCalm() && to.isCalm());
        if (noisy && random.chance(loss)) {
            lost(from, to, frame, "lost");
            return;
        }
        boolean damaged = noisy && random.chance(corruption);
        Transit transit =
                new Transit(from, to, sender, damaged ? damage(frame) : frame, damaged, world.isNews(from));
        long arrival = arrivalOn(link, noisy);
        if (noisy && random.chance(reordering)) {
            world.count(Consequence.FRAME_REORDERED);
            arrival += random.below(4 * delayNanos + 1);
        } else if (bulk) {
            arrival = Math.max(arrival, link.bulkNanos + 1);
            link.bulkNanos = arrival;
        } else {
            arrival = Math.max(arrival, link.consensusNanos + 1);
            link.consensusNanos = arrival;
        }
        world.at(arrival, transit);
        if (noisy && random.chance(duplication)) {
            world.count(Consequence.FRAME_DUPLICATED);
            world.at(arrival + 1 + random.below(20 * delayNanos + 1), transit);
        }
    }

    private long arrivalOn(Link link, boolean noisy) {
        long leaves = Math.max(journal.nowNanos(), link.cloggedUntilNanos);
        if (!noisy) {
            return leaves + CALM_DELAY_NANOS;
        }
        long delay = delayNanos / 2 + random.below(delayNanos + 1);
        if (random.chance(tail)) {
            // Pareto with exponent 1: no mean of its own, hence the bound.
            delay = (long) Math.min(TAIL_NANOS_MAX, 4 * delayNanos / (1 - random.unit()));
            world.count(Consequence.FRAME_LONG_DELAYED);
        }
        return leaves + delay;
    }

    private byte[] damage(byte[] frame) {
        world.count(Consequence.FRAME_DAMAGED);
        byte[] copy = frame.clone();
        if (copy.length > 1 && random.chance(0.2)) {
            return Arrays.copyOf(copy, random.below(copy.length));
        }
        if (copy.length > 0) {
            for (int flips = 1 + random.below(4); flips > 0; flips--) {
                copy[random.below(copy.length)] ^= (byte) (1 << random.below(8));
            }
            if (Arrays.equals(copy, frame)) {
                copy[0] ^= 1; // two flips of one bit
            }
        }
        return copy;
    }

    private void lost(SimMachine from, SimMachine to, byte[] frame, String why) {
        world.count(loss(why));
        journal.note(TraceKind.LOST, from.index(), to.index(), 0, frame, why, null);
    }

    private static Consequence loss(String why) {
        return switch (why) {
            case "lost" -> Consequence.FRAME_LOST;
            case "partition" -> Consequence.FRAME_CUT_OFF_BY_PARTITION;
            case "no process" -> Consequence.FRAME_TO_NOBODY;
            case "closed" -> Consequence.FRAME_LOST_WITH_ITS_CONNECTION;
            default -> Consequence.FRAME_CUT_OFF_FOR_ITS_IDENTITY;
        };
    }

    private void arrive(Transit transit) {
        SimMachine from = transit.from;
        SimMachine to = transit.to;
        Link link = link(from.index(), to.index());
        SimProcess process = to.process();
        if (link.cuts > 0 && random.chance(0.5)) {
            lost(from, to, transit.frame, "partition");
        } else if (link.closedAtNanos >= transit.sentNanos && random.chance(0.5)) {
            lost(from, to, transit.frame, "closed");
        } else if (world.quarantine().blocks(from, to, transit.sentNanos)) {
            lost(from, to, transit.frame, "cut off from its identity");
        } else if (process == null) {
            lost(from, to, transit.frame, "no process");
        } else {
            process.receive(from, transit.sender, transit.frame, transit.damaged, transit.news,
                    transit.sentNanos);
        }
    }

    /** Cuts the links marked in {@code cuts} among {@code machines}, until they are {@link #join}ed. */
    void cut(boolean[][] cuts, int[] machines) {
        change(cuts, machines, 1);
    }

    /** Takes back one {@link #cut}. */
    void join(boolean[][] cuts, int[] machines) {
        change(cuts, machines, -1);
    }

    private void change(boolean[][] cuts, int[] machines, int by) {
        for (int a = 0; a < machines.length; a++) {
            for (int b = 0; b < machines.length; b++) {
                if (cuts[a][b]) {
                    link(machines[a], machines[b]).cuts += by;
                }
            }
        }
    }

    /** Cuts one direction for good. */
    void cut(int from, int to) {
        link(from, to).cuts++;
    }

    /** Whether a partition cuts this direction. */
    boolean isCut(int from, int to) {
        return link(from, to).cuts > 0;
    }

    /** Removes everything that stands between two machines, in both directions. */
    void mend(int a, int b) {
        for (Link link : new Link[] {link(a, b), link(b, a)}) {
            link.cuts = 0;
            link.cloggedUntilNanos = 0;
        }
    }

    /** Holds frames back until then. */
    void clog(int from, int to, long untilNanos) {
        link(from, to).cloggedUntilNanos = untilNanos;
    }

    /** Closes the connection between two machines and tells both ends. */
    void close(SimMachine a, SimMachine b) {
        reset(a.index(), b.index());
        tell(a, b.identity());
        tell(b, a.identity());
    }

    private void reset(int a, int b) {
        for (Link link : new Link[] {link(a, b), link(b, a)}) {
            link.closedAtNanos = journal.nowNanos();
            link.consensusNanos = 0;
            link.bulkNanos = 0;
        }
    }

    /**
     * The process on {@code machine} is no more. Its operating system, if that still runs and reaches them,
     * closes its connections at the other ends.
     */
    void closeAll(SimMachine machine, boolean told) {
        for (int other = 0; other < world.machines(); other++) {
            if (other == machine.index()) {
                continue;
            }
            boolean known = link(machine.index(), other).used || link(other, machine.index()).used;
            reset(machine.index(), other);
            if (told && known && !isCut(machine.index(), other)) {
                tell(world.machine(other), machine.identity());
            }
        }
    }

    private void tell(SimMachine machine, @Nullable UUID peer) {
        SimProcess process = machine.process();
        if (process != null && peer != null) {
            long delay = machine.isCalm() ? CALM_DELAY_NANOS : delayNanos;
            world.at(journal.nowNanos() + delay, () -> process.linkClosed(peer));
        }
    }
}
