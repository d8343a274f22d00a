package dev.synod.simulation.world;

import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.Defects;
import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.Machine;
import dev.synod.simulation.port.Oracle;
import dev.synod.simulation.port.Program;
import dev.synod.simulation.port.Subject;
import dev.synod.simulation.port.Workload;
import java.util.List;

/** Puts {@link EchoProgram} into the world, with oracles of the test's choice. */
final class EchoSubject implements Subject {
    private static final List<String> TYPES = List.of("ECHO", "ACK", "BEAT", "damaged");

    private final List<Oracle> oracles;

    EchoSubject(Oracle... oracles) {
        this.oracles = List.of(oracles);
    }

    @Override
    public Program program(Machine machine, Knobs knobs, Defects defects) {
        return new EchoProgram(machine, knobs);
    }

    @Override
    public Workload workload(Knobs knobs, SeededRandom random) {
        return new EchoWorkload();
    }

    @Override
    public List<Oracle> oracles(Knobs knobs, Defects defects) {
        return oracles;
    }

    @Override
    public String frameType(byte[] frame) {
        return frame.length == 0 ? "damaged" : TYPES.get(Math.min(3, frame[0] & 0xFF));
    }

    @Override
    public List<String> frameTypes() {
        return TYPES.subList(0, 3);
    }

    @Override
    public List<String> effects() {
        return List.of();
    }

    @Override
    public List<String> failpoints() {
        return List.of("skipped-beat");
    }

    @Override
    public boolean vouches(byte[] frame) {
        return frameType(frame).equals("ACK");
    }

    /** Requests that carry their own number and nothing else. */
    private static final class EchoWorkload implements Workload {
        @Override
        public byte[] next(long client, long request, SeededRandom random) {
            ByteWriter writer = new ByteWriter(16);
            writer.writeLong(client);
            writer.writeLong(request);
            return writer.toArray();
        }

        @Override
        public byte[] last(long client, long request, SeededRandom random) {
            byte[] body = new byte[EchoProgram.LAST_BYTES];
            System.arraycopy(next(client, request, random), 0, body, 0, 16);
            return body;
        }

        @Override
        public Verdict interpret(byte[] request, byte[] reply) {
            return reply[0] == 1 ? new Verdict.Done() : new Verdict.Later();
        }

        @Override
        public boolean mayRepeat(byte[] request) {
            return true;
        }
    }
}
