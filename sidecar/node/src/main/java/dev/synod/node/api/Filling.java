package dev.synod.node.api;

import com.google.protobuf.MessageLite;

/** How full a page is: as many as were asked for, and no more than about 1 MiB beyond the first. */
final class Filling {
    private static final int BYTES_MAX = 1 << 20;

    private final int sizeMax;
    private int size;
    private long bytes;
    private String last = "";

    Filling(int sizeMax) {
        this.sizeMax = sizeMax;
    }

    /** Whether there is room for one more, which is counted then. */
    boolean takes(String name, MessageLite message) {
        int more = message.getSerializedSize();
        if (size == sizeMax || size > 0 && bytes + more > BYTES_MAX) {
            return false;
        }
        size++;
        bytes += more;
        last = name;
        return true;
    }

    /** The last that was taken. */
    String last() {
        return last;
    }
}
