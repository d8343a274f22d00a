package dev.synod.simulation.port;

/** Takes down what happens in a run, in order. A run without one spends nothing on it. */
public interface TraceSink {
    /** Something happened. */
    void record(TraceEvent event);
}
