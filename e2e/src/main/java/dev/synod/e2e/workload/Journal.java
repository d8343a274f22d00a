package dev.synod.e2e.workload;

import java.io.PrintStream;
import java.util.UUID;
import java.util.function.LongFunction;

/** Writes the history of this run. Thread-safe. */
final class Journal {
    private final PrintStream out;
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final String pod;
    private long lines;
    private long operations;

    Journal(PrintStream out, String pod) {
        this.out = out;
        this.pod = pod;
    }

    /**
     * Writes that something is asked for, under a number of its own. Both at once: the calls of a run stand
     * in order, so that no number up to the last one is of a call that lacks its line.
     */
    synchronized long call(LongFunction<Entry.Call> numbered) {
        Entry.Call call = numbered.apply(++operations);
        write(call);
        return call.operation();
    }

    /** A value that no other operation of any run writes. */
    String valueOf(long operation) {
        return run + "." + operation;
    }

    /** Writes a line; whoever was killed after that has written it. */
    synchronized void write(Entry entry) {
        Line line = new Line(run, pod, lines++, System.nanoTime(), System.currentTimeMillis(), entry);
        out.println(line.encode());
        out.flush();
    }
}
