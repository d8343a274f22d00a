package dev.synod.simulation.port;

import dev.synod.paxos.Configuration;
import java.util.List;
import java.util.UUID;

/** What an operator asks of a member. Every command may be repeated; a repetition changes nothing. */
public sealed interface Admin {
    /**
     * Makes an empty volume a member's. Answered {@link AdminOutcome.Done} when durable, also when the volume
     * already is just this member's; {@link AdminOutcome.Refused} when it is anyone else's.
     *
     * @param uuid identity of the volume
     * @param configuration the first voters; {@link Configuration#NONE} for one who joins
     * @param joining true: a newcomer to a cluster that stands, active from the start. False: one of the
     *     first voters, which may not vote before {@link Activate}
     */
    record Format(UUID cluster, UUID uuid, Configuration configuration, boolean joining) implements Admin {}

    /** The cluster's latch is set: this member may vote. Done when durable. */
    record Activate() implements Admin {}

    /** Changes the voters, if the epoch is still the expected one. Done when the change is decided. */
    record Reconfigure(int expectedEpoch, List<UUID> voters) implements Admin {}

    /** Adds an observer. Done when decided. */
    record AddObserver(UUID uuid, String address) implements Admin {}

    /** Removes an observer. Done when decided. */
    record RemoveObserver(UUID uuid) implements Admin {}

    /** Hands leadership over. Done when the hand-over has begun. */
    record TransferTo(UUID target) implements Admin {}

    /** Asks for {@link AdminOutcome.Status}, as of a linearizable read. */
    record Status() implements Admin {}
}
