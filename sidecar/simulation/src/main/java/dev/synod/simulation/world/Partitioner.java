package dev.synod.simulation.world;

import dev.synod.paxos.SeededRandom;
import java.util.ArrayList;
import java.util.List;

/** The shapes in which a network falls apart. */
final class Partitioner {
    /** Which directed links a shape cuts; {@code modes()} many. */
    enum Mode {
        /** Two groups whose sizes are drawn evenly. */
        UNIFORM_SIZE,
        /** One machine alone. */
        ISOLATE_ONE,
        /** A ring in which each machine reaches a majority, and no two the same one (Jepsen). */
        MAJORITIES_RING,
        /** Two halves, and one machine that reaches both (Jepsen). */
        BRIDGE,
        /** Each link is cut with a chance of a third. */
        RANDOM_LINKS
    }

    private static final Mode[] MODES = Mode.values();
    private static final int SYMMETRIC = 8;

    private Partitioner() {}

    /** {@link dev.synod.simulation.port.Fault#amount} for a mode. */
    static long amountOf(Mode mode, boolean symmetric) {
        return (long) mode.ordinal() + (symmetric ? SYMMETRIC : 0);
    }

    /** Number of modes. */
    static int modes() {
        return MODES.length;
    }

    /** Name of what {@code amount} stands for. */
    static String name(long amount) {
        return "partition " + modeOf(amount) + (isSymmetric(amount) ? "" : ", one way");
    }

    /** All names that {@link #name} can return. */
    static List<String> names() {
        List<String> names = new ArrayList<>();
        for (int mode = 0; mode < MODES.length; mode++) {
            names.add(name(mode));
            names.add(name(mode | SYMMETRIC));
        }
        return names;
    }

    private static Mode modeOf(long amount) {
        return MODES[(int) ((amount & 7) % MODES.length)];
    }

    private static boolean isSymmetric(long amount) {
        return (amount & SYMMETRIC) != 0;
    }

    /**
     * Which links are cut among {@code count} machines, as {@code [from][to]}. When not symmetric, of each
     * pair that the shape parts only one direction is cut: the same for all pairs between two sides, so that
     * one side hears the other.
     */
    static boolean[][] cuts(long amount, int count, SeededRandom random) {
        int[] order = shuffled(count, random);
        boolean[][] cuts = new boolean[count][count];
        switch (modeOf(amount)) {
            case UNIFORM_SIZE ->
                    split(cuts, order, count < 2 ? count : (int) random.between(1, count - 1), -1);
            case ISOLATE_ONE -> split(cuts, order, Math.min(1, count), -1);
            case MAJORITIES_RING -> ring(cuts, order);
            case BRIDGE -> split(cuts, order, count / 2, count - 1);
            case RANDOM_LINKS -> links(cuts, random);
        }
        if (!isSymmetric(amount)) {
            oneWay(cuts, order, random);
        }
        return cuts;
    }

    private static int[] shuffled(int count, SeededRandom random) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int other = random.below(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    /** Parts the first {@code size} of the order from the rest, but for the one at place {@code bridge}. */
    private static void split(boolean[][] cuts, int[] order, int size, int bridge) {
        for (int a = 0; a < order.length; a++) {
            for (int b = 0; b < order.length; b++) {
                cuts[order[a]][order[b]] = a < size != b < size && a != bridge && b != bridge;
            }
        }
    }

    /**
     * Each machine reaches its neighbours on the ring, as many on each side as make a majority with itself.
     */
    private static void ring(boolean[][] cuts, int[] order) {
        int count = order.length;
        int reach = (count / 2 + 1) / 2;
        for (int a = 0; a < count; a++) {
            for (int b = 0; b < count; b++) {
                int around = Math.floorMod(b - a, count);
                cuts[order[a]][order[b]] = Math.min(around, count - around) > reach;
            }
        }
        if (count == 3) {
            // Three on a ring are all neighbours: cut one link, so that one of them is between the others.
            cuts[order[0]][order[2]] = true;
            cuts[order[2]][order[0]] = true;
        }
    }

    private static void links(boolean[][] cuts, SeededRandom random) {
        for (int a = 0; a < cuts.length; a++) {
            for (int b = 0; b < a; b++) {
                boolean cut = random.chance(1.0 / 3);
                cuts[a][b] = cut;
                cuts[b][a] = cut;
            }
        }
    }

    private static void oneWay(boolean[][] cuts, int[] order, SeededRandom random) {
        boolean forward = random.chance(0.5);
        for (int a = 0; a < order.length; a++) {
            for (int b = 0; b < a; b++) {
                int from = forward ? order[b] : order[a];
                int to = forward ? order[a] : order[b];
                cuts[from][to] = false;
            }
        }
    }
}
