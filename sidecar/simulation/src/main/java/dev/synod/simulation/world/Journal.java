package dev.synod.simulation.world;

import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.port.Counters;
import dev.synod.simulation.port.ProgramView;
import dev.synod.simulation.port.TraceEvent;
import dev.synod.simulation.port.TraceKind;
import dev.synod.simulation.port.TraceSink;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Takes down everything that happens: into a running hash, so that two runs can be compared; into the
 * counters; and, if there is one, into the trace. Also holds true time and the number of the event, which
 * belong to every line.
 */
final class Journal {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private final Counters counters = new Counters();
    private final @Nullable TraceSink sink;
    private long hash;
    private long step;
    private long nowNanos;

    Journal(@Nullable TraceSink sink) {
        this.sink = sink;
    }

    /** The next event happens at {@code timeNanos}. */
    void step(long timeNanos) {
        step++;
        nowNanos = timeNanos;
    }

    /** Number of the event that is happening. */
    long step() {
        return step;
    }

    /** True time. */
    long nowNanos() {
        return nowNanos;
    }

    /** Running hash of all that was noted. */
    long hash() {
        return hash;
    }

    /** The counts. */
    Counters counters() {
        return counters;
    }

    /** Whether a trace is kept, and texts for it are worth making. */
    boolean isTraced() {
        return sink != null;
    }

    /** Notes something that has no bytes. */
    void note(TraceKind kind, int machine, int peer, long value, String detail, @Nullable ProgramView view) {
        mix(kind, machine, peer, value);
        if (sink != null) {
            sink.record(new TraceEvent(step, nowNanos, kind, machine, peer, value, null, detail, view));
        }
    }

    /** Notes something with the bytes that travel. */
    void note(
            TraceKind kind,
            int machine,
            int peer,
            long value,
            byte[] frame,
            String detail,
            @Nullable ProgramView view) {
        mix(kind, machine, peer, value ^ hashOf(frame));
        if (sink != null) {
            sink.record(new TraceEvent(step, nowNanos, kind, machine, peer, value, frame, detail, view));
        }
    }

    private void mix(TraceKind kind, int machine, int peer, long value) {
        long places = (long) kind.ordinal() << 40 ^ (long) (machine + 1) << 20 ^ (peer + 1);
        hash = SeededRandom.mix(hash ^ nowNanos * FACTOR ^ value) + places * FACTOR;
    }

    static long hashOf(byte[] bytes) {
        long sum = bytes.length;
        int at = 0;
        for (; at <= bytes.length - Long.BYTES; at += Long.BYTES) {
            sum = (sum ^ (long) LONGS.get(bytes, at)) * FACTOR;
            sum ^= sum >>> 32;
        }
        for (; at < bytes.length; at++) {
            sum = (sum ^ bytes[at]) * FACTOR;
        }
        return sum ^ sum >>> 29;
    }
}
