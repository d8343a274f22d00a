package dev.synod.log;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.event.Level;

/**
 * The queue of lines and the thread that writes them. Adding never waits: when the queue is full the line is
 * dropped and counted, and the count is logged once there is room. Any thread.
 */
public final class LogWriter {
    /** Lines that may wait. */
    static final int LINES_MAX = 4_096;

    private static final String LIBRARIES = "io.";

    private final ArrayBlockingQueue<Line> lines = new ArrayBlockingQueue<>(LINES_MAX);
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong added = new AtomicLong();
    private final PrintStream out;
    private final Thread thread;
    private volatile long written;
    private volatile Level level = Level.INFO;
    private volatile boolean json;
    private long droppedTold;

    /** Writes to {@code out}; what is added before {@link #start} waits. */
    LogWriter(PrintStream out) {
        this.out = out;
        this.thread = Thread.ofPlatform().name("synod-log").daemon(true).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Takes effect with the next line. */
    public void configure(Level least, boolean asJson) {
        level = least;
        json = asJson;
    }

    /** Libraries say nothing below a warning, unless everything is wanted. */
    boolean isEnabled(Level wanted, String logger) {
        Level least = level;
        if (least != Level.DEBUG && least.toInt() < Level.WARN.toInt() && logger.startsWith(LIBRARIES)) {
            least = Level.WARN;
        }
        return wanted.toInt() >= least.toInt();
    }

    void add(Line line) {
        if (lines.offer(line)) {
            added.incrementAndGet();
        } else {
            dropped.incrementAndGet();
        }
    }

    /** Lines dropped so far. */
    public long dropped() {
        return dropped.get();
    }

    /**
     * Waits until all that was added so far is written, but not for ever: whoever reads the log may be stuck.
     */
    public void flush(Duration within) {
        long target = added.get();
        long deadline = System.nanoTime() + within.toNanos();
        synchronized (this) {
            try {
                while (written < target && System.nanoTime() < deadline) {
                    TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        List<Line> batch = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        try {
            while (true) {
                batch.add(lines.take());
                lines.drainTo(batch);
                write(batch, text);
            }
        } catch (InterruptedException e) {
            out.flush(); // nobody interrupts it but a JVM that ends
        }
    }

    private void write(List<Line> batch, StringBuilder text) {
        for (Line line : batch) {
            put(line, text);
        }
        long lost = dropped.get();
        if (lost > droppedTold) {
            put(new Line(System.currentTimeMillis(), Level.WARN, LogWriter.class.getName(),
                    thread.getName(), (lost - droppedTold) + " lines were dropped: too much was logged",
                    null), text);
            droppedTold = lost;
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
        out.flush();
        text.setLength(0);
        synchronized (this) {
            written += batch.size();
            notifyAll();
        }
        batch.clear();
    }

    private void put(Line line, StringBuilder text) {
        if (json) {
            line.json(text);
        } else {
            line.logfmt(text);
        }
    }
}
