package dev.synod.simulation.port;

import dev.synod.paxos.Defects;
import dev.synod.paxos.SeededRandom;
import java.util.List;

/**
 * What a run puts to the test. The methods are called once a run, but for {@link #program}, and share
 * nothing.
 */
public interface Subject {
    /** The knobs of a seed. */
    default Knobs draw(long seed) {
        return Knobs.draw(seed);
    }

    /** A new process for {@code machine}; {@link Program#start} follows. */
    Program program(Machine machine, Knobs knobs, Defects defects);

    /** What the clients of a run ask; {@code random} is for the whole run's own draws. */
    Workload workload(Knobs knobs, SeededRandom random);

    /** What watches a run. */
    List<Oracle> oracles(Knobs knobs, Defects defects);

    /** Name of a frame's message type, for the counts; a constant such as {@code "ACCEPT"}. */
    String frameType(byte[] frame);

    /** All names that {@link #frameType} can return, so that the ones never sent are seen. */
    List<String> frameTypes();

    /** What {@link Machine#count} must have been given in any large batch of runs. */
    List<String> effects();

    /** What {@link Machine#buggify} is asked for. */
    List<String> failpoints();

    /**
     * Whether a frame shows its receiver which process of the sender's identity sent it, so that the receiver
     * can tell an older one from it.
     */
    default boolean introduces(byte[] frame) {
        return true;
    }

    /**
     * Whether a frame tells its receiver of something durable that the sender may never forget, and that the
     * receiver remembers: Promise and Accepted.
     */
    boolean vouches(byte[] frame);
}
