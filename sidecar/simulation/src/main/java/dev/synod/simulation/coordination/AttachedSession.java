package dev.synod.simulation.coordination;

import dev.synod.state.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A session attached to a machine's sidecar, and what its application was told that it holds. */
final class AttachedSession {
    /**
     * A lock held or an election led.
     *
     * @param token of the grant
     * @param permits as in {@link Ask#permits}
     */
    record Holding(long token, int permits) {}

    final long id;
    final long generation;
    final long app;
    /** What was granted up to here may have been told by the sidecar that it was attached to before. */
    final long sinceRevision;
    final TreeMap<String, Holding> holdings = new TreeMap<>();
    /** Claims that ended unasked, not told yet. */
    final List<String> lost = new ArrayList<>();
    /** Locks that its application waited for and gave up, and when, by the machine's clock. */
    final TreeMap<String, Long> givenUp = new TreeMap<>();
    /** When its application last spoke, by the machine's clock. */
    long heardNanos;

    AttachedSession(Reply.Attached reply, long app, long sinceRevision, long heardNanos) {
        this.id = reply.session();
        this.generation = reply.attachGeneration();
        this.app = app;
        this.sinceRevision = sinceRevision;
        this.heardNanos = heardNanos;
    }
}
