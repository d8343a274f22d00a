package dev.synod.e2e.workload;

import dev.synod.client.Candidacy;
import dev.synod.client.Coordination;
import dev.synod.client.CoordinationException;
import dev.synod.client.Leadership;
import dev.synod.client.Operation;
import dev.synod.client.Value;
import dev.synod.e2e.workload.Entry.Kind;
import dev.synod.e2e.workload.Entry.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/** Stands in an election, leads for a while, resigns, and stands again; and observes who leads. */
final class LeaderWork implements Work {
    private static final String ELECTION = "leader";
    private static final String STORE = "store/" + ELECTION;
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int TERM_MILLIS_MIN = 500;
    private static final int TERM_MILLIS_SPREAD = 2_500;
    private static final long AGAIN_MILLIS = 50;

    private final Journal journal;
    private final Journalled journalled;
    private final Stopping stopping;
    private final String pod;
    private final Random random = new Random();

    LeaderWork(Journal journal, Stopping stopping, String pod) {
        this.journal = journal;
        this.stopping = stopping;
        this.pod = pod;
        journalled = new Journalled(journal);
    }

    @Override
    public void begin(Coordination coordination) {
        // It ends with its session's client.
        coordination.election(ELECTION).observe(view -> view.leader().ifPresent(
                leader -> journal.write(new Entry.LedBy(ELECTION, leader.value().text(),
                        leader.claimant().sessionId(), leader.fencingToken().value()))));
    }

    @Override
    public long once(Coordination coordination) throws InterruptedException {
        long operation = journal.call(number -> new Entry.Call(number, Kind.STAND, ELECTION, pod, 0, 0));
        try (Candidacy candidacy = coordination.election(ELECTION).candidate(pod)
                .proclaiming(Value.of(pod)).start()) {
            Optional<Leadership> elected = Optional.empty();
            while (elected.isEmpty() && !stopping.isAsked() && !candidacy.ended().isDone()) {
                elected = candidacy.await(LOOK);
            }
            if (elected.isEmpty()) {
                journal.write(new Entry.Return(operation, Outcome.UNKNOWN, false, 0, "", 0, "never elected"));
                return AGAIN_MILLIS;
            }
            lead(coordination, operation, elected.get());
        }
        return AGAIN_MILLIS;
    }

    private void lead(Coordination coordination, long operation, Leadership leadership)
            throws InterruptedException {
        long token = leadership.fencingToken().value();
        journal.write(new Entry.Return(operation, Outcome.OK, true, 0, "", token, ""));
        Belief belief = new Belief(journal, operation, ELECTION, token, leadership::isHeld);
        try {
            int millis = TERM_MILLIS_MIN + random.nextInt(TERM_MILLIS_SPREAD);
            for (long led = 0; led < millis && belief.look() && !stopping.isAsked(); led += LOOK.toMillis()) {
                journalled.guarded(coordination, STORE, token, value -> coordination.values().commit()
                        .whileHeld(leadership).then(Operation.put(STORE, value)).run());
                stopping.pauseMillis(LOOK.toMillis());
            }
        } catch (CoordinationException stale) {
            // Journalled where it happened; it leads no longer, or cannot tell.
        } finally {
            belief.end();
        }
    }
}
