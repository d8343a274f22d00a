package dev.synod.e2e.workload;

import dev.synod.client.Coordination;
import dev.synod.client.CoordinationException;
import dev.synod.client.SessionExpiredException;
import dev.synod.client.SessionState;

/** A thread with a session of its own, and another one when that has ended. */
final class Worker {
    private static final long RETRY_MILLIS = 200;

    private final String name;
    private final Journal journal;
    private final Stopping stopping;
    private final Work work;

    Worker(String name, Journal journal, Stopping stopping, Work work) {
        this.name = name;
        this.journal = journal;
        this.stopping = stopping;
        this.work = work;
    }

    Thread start() {
        return Thread.ofPlatform().name("workload-" + name).start(this::run);
    }

    private void run() {
        try {
            while (!stopping.isAsked()) {
                try (Coordination coordination = Coordination.builder().label("workload", name).connect()) {
                    long session = coordination.session().id();
                    journal.write(new Entry.Session(session, "OPENED"));
                    coordination.session().onState(status -> journal.write(
                            new Entry.Session(session, status.state().name())));
                    work.begin(coordination);
                    through(coordination);
                } catch (CoordinationException noSidecar) {
                    stopping.pauseMillis(RETRY_MILLIS);
                }
            }
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("nobody interrupts " + name, never);
        }
    }

    /** Until the session has ended. */
    private void through(Coordination coordination) throws InterruptedException {
        while (!stopping.isAsked() && coordination.session().state() != SessionState.EXPIRED) {
            try {
                stopping.pauseMillis(work.once(coordination));
            } catch (SessionExpiredException over) {
                return;
            } catch (CoordinationException passing) {
                stopping.pauseMillis(RETRY_MILLIS); // journalled where it happened
            }
        }
    }
}
