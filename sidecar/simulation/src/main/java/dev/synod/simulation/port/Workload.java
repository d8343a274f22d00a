package dev.synod.simulation.port;

import dev.synod.paxos.SeededRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What clients ask and how they read the answers. The bytes mean nothing to the world. One instance serves
 * one run.
 */
public interface Workload {
    /** What an answer tells a client. */
    sealed interface Verdict {
        /** Done: the history records the answer. */
        record Done() implements Verdict {}

        /** This attempt had no effect and never will have one, and asking again is pointless. */
        record Failed() implements Verdict {}

        /** This attempt may have had, or may still have, its effect. */
        record Unknown() implements Verdict {}

        /** This attempt had no effect; ask this member, or any if none is named. */
        record Elsewhere(@Nullable UUID member) implements Verdict {}

        /** This attempt had no effect; ask again a little later. */
        record Later() implements Verdict {}
    }

    /**
     * The next request of a client.
     *
     * @param client its number, from 1
     * @param request its number for this client, from 1
     */
    byte[] next(long client, long request, SeededRandom random);

    /**
     * A request that a client makes when the run is over and the core healed: one whose answer proves
     * progress, so a write.
     */
    byte[] last(long client, long request, SeededRandom random);

    /** What {@code reply} says of {@code request}. */
    Verdict interpret(byte[] request, byte[] reply);

    /** Whether a request whose fate is unknown may be sent again under the same number. */
    boolean mayRepeat(byte[] request);
}
