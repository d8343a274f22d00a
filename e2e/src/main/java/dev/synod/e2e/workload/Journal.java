package dev.synod.e2e.workload;

import java.io.PrintStream;
import java.util.UUID;

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

    /** A number for an operation. */
    synchronized long next() {
        return ++operations;
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
