package dev.synod.e2e.judge;

/**
 * A moment in the process that judges.
 *
 * @param nanos by the monotonic clock
 * @param wallMillis by the machine's clock
 */
public record Moment(long nanos, long wallMillis) {
    /** Now. */
    public static Moment now() {
        return new Moment(System.nanoTime(), System.currentTimeMillis());
    }
}
