package dev.synod.node.transport;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * Frames that wait until a stream takes them, bounded by their bytes: what is over is dropped, the newest
 * first, for what waits already is what the peer misses first.
 */
final class FrameQueue {
    private final ArrayDeque<byte[]> frames = new ArrayDeque<>();
    private final int bytesMax;
    private long bytes;

    FrameQueue(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Returns false when there is no room; a queue that is empty has room for any one frame. */
    boolean add(byte[] frame) {
        if (!frames.isEmpty() && bytes + frame.length > bytesMax) {
            return false;
        }
        frames.add(frame);
        bytes += frame.length;
        return true;
    }

    boolean isEmpty() {
        return frames.isEmpty();
    }

    /** Hands the oldest to {@code sink}. */
    void next(Consumer<byte[]> sink) {
        byte[] frame = frames.removeFirst();
        bytes -= frame.length;
        sink.accept(frame);
    }

    long bytes() {
        return bytes;
    }

    void clear() {
        frames.clear();
        bytes = 0;
    }
}
