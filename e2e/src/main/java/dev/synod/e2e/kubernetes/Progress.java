package dev.synod.e2e.kubernetes;

/**
 * Lines of progress, each with the scenarios that it is about in front: several run side by side, each on a
 * thread of its own. Thread-safe.
 */
public final class Progress {
    private static final ThreadLocal<String> WHO = ThreadLocal.withInitial(() -> "");

    private Progress() {}

    /** From now on this thread tells of these scenarios. */
    static void of(String who) {
        WHO.set(who);
    }

    /** Tells something, in one or more lines. */
    public static void say(String text) {
        text.lines().forEach(line -> System.out.printf("%-20s| %s%n", WHO.get(), line));
    }
}
