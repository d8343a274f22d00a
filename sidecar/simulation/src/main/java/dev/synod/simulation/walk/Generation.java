package dev.synod.simulation.walk;

import java.util.ArrayList;
import java.util.List;

/**
 * States at one depth, as rows of numbers: the id of each member's share, then the place of the state before.
 */
final class Generation {
    private static final int CHUNK_BITS = 14;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private final int width;
    private final List<int[]> chunks = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private int[] open = new int[0];
    private int openSize = CHUNK;
    private long size;

    Generation(int members) {
        width = members + 1;
    }

    /** Adds a state. For one thread. */
    void add(Share[] state, int parent) {
        if (openSize == CHUNK) {
            close();
            open = new int[CHUNK * width];
            openSize = 0;
        }
        int at = openSize * width;
        for (Share share : state) {
            open[at++] = share.id;
        }
        open[at] = parent;
        openSize++;
        size++;
    }

    private void close() {
        if (open.length > 0) {
            chunks.add(open);
            sizes.add(openSize);
        }
        open = new int[0];
        openSize = CHUNK;
    }

    /** Takes over all states of {@code other}, which must not be used again. */
    void addAll(Generation other) {
        close();
        other.close();
        chunks.addAll(other.chunks);
        sizes.addAll(other.sizes);
        size += other.size;
    }

    long size() {
        return size;
    }

    int chunkCount() {
        return chunks.size();
    }

    int chunkSize(int chunk) {
        return sizes.get(chunk);
    }

    /** The place of a state, to find it again. */
    static int place(int chunk, int row) {
        return chunk << CHUNK_BITS | row;
    }

    /** Copies the row at {@code place}: ids and the place before. */
    void read(int place, int[] row) {
        System.arraycopy(chunks.get(place >>> CHUNK_BITS), (place & CHUNK - 1) * width, row, 0, width);
    }
}
