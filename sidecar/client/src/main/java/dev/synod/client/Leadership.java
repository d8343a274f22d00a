package dev.synod.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One time of leading, from election to deposition. All methods may be called on any thread. */
public final class Leadership {
    private final Candidacy candidacy;
    private final long token;
    private volatile @Nullable Loss loss;
    private volatile boolean inJeopardy;

    Leadership(Candidacy candidacy, long token) {
        this.candidacy = candidacy;
        this.token = token;
    }

    /** Larger than that of every leader before; see {@link FencingToken}. */
    public FencingToken fencingToken() {
        return new FencingToken(token);
    }

    /** The name of the election. */
    public String election() {
        return candidacy.election();
    }

    /** The candidate that leads. */
    public String candidate() {
        return candidacy.candidate();
    }

    /** Whether it leads and that is guaranteed, by this process' own clock; see {@link LockHandle#isHeld}. */
    public boolean isHeld() {
        return loss == null && !inJeopardy && candidacy.session().isGuaranteed();
    }

    /** Throws {@link LockLostException} unless {@link #isHeld}. */
    public void ensureHeld() {
        Loss over = loss;
        if (over != null || !isHeld()) {
            throw new LockLostException(toString(), over == null ? Loss.GUARANTEE_ENDED : over);
        }
    }

    /** How long it is guaranteed from now; zero when it is not. */
    public Duration guaranteedFor() {
        return isHeld() ? candidacy.session().guaranteedFor() : Duration.ZERO;
    }

    /**
     * Changes what is proclaimed to observers.
     *
     * @throws CoordinationException NOT_LEADER when it leads no longer
     */
    public void proclaim(Value value) {
        Client.awaitBriefly(candidacy.proclaim(token, value), true);
    }

    /** As {@link Candidacy#close}, without waiting. */
    public CompletableFuture<Void> resign() {
        return candidacy.resign();
    }

    /**
     * Hands leadership to another candidate: pauses this one ({@link LeadershipListener#onJeopardy}), hands
     * over, and deposes it; it queues last then. When that fails, it goes on ({@link
     * LeadershipListener#onRestored}).
     *
     * @param otherCandidate by its name; of several, the one that waits longest
     * @return failed with {@link CoordinationException} CANDIDATE_NOT_FOUND when nobody of that name waits
     */
    public CompletableFuture<Void> transferTo(String otherCandidate) {
        return candidacy.transfer(this, Names.checked("candidate", otherCandidate, ""));
    }

    @Override
    public String toString() {
        return candidacy + ", token " + token;
    }

    long token() {
        return token;
    }

    boolean inJeopardy() {
        return inJeopardy;
    }

    void setInJeopardy(boolean jeopardy) {
        inJeopardy = jeopardy;
    }

    void end(Loss why) {
        loss = why;
    }

    boolean isOver() {
        return loss != null;
    }
}
