package dev.synod.simulation.port;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Watches a run and objects by throwing {@link dev.synod.simulation.check.Violation}. One instance watches
 * one run. An oracle sees everything and changes nothing; it is told only of the machine that something
 * happened to, and must be quick.
 */
public interface Oracle {
    /** The run begins. */
    default void begin(WorldFacts facts) {}

    /**
     * A process handed a frame to the network.
     *
     * @param from index of the machine
     * @param sender identity of its volume, as far as the world knows it
     */
    default void onFrameSent(int from, @Nullable UUID sender, UUID to, byte[] frame) {}

    /**
     * A frame is about to be handed to a process.
     *
     * @param damaged the network changed it on its way
     */
    default void onFrameDelivered(int from, int to, byte[] frame, boolean damaged) {}

    /** A piece of work on the disk's thread of {@code machine} is done, and the program has dealt with it. */
    default void onDurable(int machine, ProgramView view) {}

    /** The program on {@code machine} has been called, whatever for, and has returned. */
    default void afterStep(int machine, ProgramView view) {}

    /**
     * The process on {@code machine} ended. {@code view} is what it last knew, possibly in the middle of a
     * step.
     *
     * @param powerLost what the disk had not made durable is at risk as well
     */
    default void onCrash(int machine, ProgramView view, boolean powerLost) {}

    /** A process started on {@code machine}, and has recovered. */
    default void onStart(int machine, ProgramView view) {}

    /** The first phase is over: the core is whole from now on. */
    default void onHealed() {}

    /** The run is over. */
    default void atEnd(History history) {}
}
