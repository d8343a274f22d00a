package dev.synod.storage;

/**
 * Sizes of what a volume prepares and keeps.
 *
 * @param segmentBytes size of a segment of the log, zero-filled ahead; a larger batch gets a larger segment;
 *     default 8 MiB
 * @param reserveBytes size of the segments kept back for promises on a full disk; default 256 KiB
 * @param reserves how many of those are kept back; two are enough for endless promises, one more for a
 *     restart; default 3
 * @param snapshotsKept how many complete snapshots are kept at least, the newest ones; default 2, so that a
 *     peer can finish receiving one while the next is taken
 * @param snapshotBytesMax largest snapshot that is received; default 256 MiB
 */
public record VolumeLimits(
        int segmentBytes, int reserveBytes, int reserves, int snapshotsKept, int snapshotBytesMax) {
    /** What the product runs with. */
    public static final VolumeLimits DEFAULT = new VolumeLimits(8 << 20, 256 << 10, 3, 2, 256 << 20);

    private static final int SEGMENT_BYTES_MIN = 4 << 10;
    private static final int SEGMENT_BYTES_MAX = 1 << 28;

    /** Checks the bounds. */
    public VolumeLimits {
        if (segmentBytes < SEGMENT_BYTES_MIN || segmentBytes > SEGMENT_BYTES_MAX) {
            throw new IllegalArgumentException("segments of " + segmentBytes + " bytes; allowed are "
                    + SEGMENT_BYTES_MIN + " to " + SEGMENT_BYTES_MAX);
        }
        if (reserveBytes < SEGMENT_BYTES_MIN || reserveBytes > segmentBytes || reserves < 0) {
            throw new IllegalArgumentException(
                    reserves + " reserves of " + reserveBytes + " bytes; allowed are "
                            + SEGMENT_BYTES_MIN + " to " + segmentBytes + " bytes, and 0 reserves or more");
        }
        if (snapshotsKept < 1 || snapshotBytesMax < 1) {
            throw new IllegalArgumentException(snapshotsKept + " snapshots of up to " + snapshotBytesMax
                    + " bytes; at least one of at least one byte must be kept");
        }
    }

    /** The defaults with segments of {@code segmentBytes}, from 4 KiB, and reserves no larger than they. */
    public static VolumeLimits withSegments(int segmentBytes) {
        return new VolumeLimits(
                segmentBytes,
                Math.min(segmentBytes, DEFAULT.reserveBytes),
                DEFAULT.reserves,
                DEFAULT.snapshotsKept,
                DEFAULT.snapshotBytesMax);
    }
}
