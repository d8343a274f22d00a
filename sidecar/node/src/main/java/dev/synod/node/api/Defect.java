package dev.synod.node.api;

/** What must not happen: nothing is swallowed, the process ends by its handler of uncaught exceptions. */
final class Defect {
    private Defect() {}

    /** Hands {@code cause} to whom uncaught exceptions of this thread go. */
    static void report(Throwable cause) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
    }
}
