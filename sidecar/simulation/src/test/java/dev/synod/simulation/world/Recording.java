package dev.synod.simulation.world;

import dev.synod.paxos.Defects;
import dev.synod.simulation.port.Fault;
import dev.synod.simulation.port.FaultFamily;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.Oracle;
import dev.synod.simulation.port.RunResult;
import dev.synod.simulation.port.TraceEvent;
import dev.synod.simulation.port.TraceKind;
import dev.synod.simulation.port.TraceSink;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** One run of the echo program with its whole trace. */
final class Recording implements TraceSink {
    private static final long SECOND_NANOS = 1_000_000_000;

    final List<TraceEvent> events = new ArrayList<>();
    private RunResult result = run(0, quiet("safety=1s members=1"), List.of());

    private Recording() {}

    @Override
    public void record(TraceEvent event) {
        events.add(event);
    }

    /** Runs with just these faults. */
    static Recording of(long seed, Knobs knobs, Fault... faults) {
        Recording recording = new Recording();
        recording.result =
                SimulationRun.run(seed, knobs, List.of(faults), Defects.NONE, recording, new EchoSubject());
        return recording;
    }

    static RunResult run(long seed, Knobs knobs, List<Fault> faults, Oracle... oracles) {
        return SimulationRun.run(seed, knobs, faults, Defects.NONE, null, new EchoSubject(oracles));
    }

    /** Three members in a world in which nothing happens by chance, but for what {@code changes} say. */
    static Knobs quiet(String changes) {
        Knobs knobs = Knobs.draw(1);
        for (FaultFamily family : FaultFamily.values()) {
            knobs = knobs.without(family);
        }
        return knobs.with(
                "members=3 clients=3 safety=10s offered=40 electionTimeout=1s heartbeat=100ms"
                        + " clientTimeout=1s"
                        + " attempts=100 delay=1ms diskLatency=500us failpoints=0 operatorTick=400ms"
                        + " bootstrapRest=1ms"
                        + " healAll=1 healRestart=0")
                .with(changes);
    }

    RunResult result() {
        return result;
    }

    List<TraceEvent> of(TraceKind kind) {
        return where(event -> event.kind() == kind);
    }

    List<TraceEvent> where(Predicate<TraceEvent> wanted) {
        return events.stream().filter(wanted).toList();
    }

    static Predicate<TraceEvent> between(long fromNanos, long toNanos) {
        return event -> event.timeNanos() > fromNanos && event.timeNanos() < toNanos;
    }

    static long seconds(double seconds) {
        return (long) (seconds * SECOND_NANOS);
    }
}
