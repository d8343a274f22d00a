package dev.synod.client;

import dev.synod.coordination.v1.CampaignRequest;
import dev.synod.coordination.v1.CampaignResponse;
import dev.synod.coordination.v1.ElectionServiceGrpc;
import dev.synod.coordination.v1.ProclaimRequest;
import dev.synod.coordination.v1.Request;
import dev.synod.coordination.v1.ResignRequest;
import dev.synod.coordination.v1.TransferLeadershipRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A candidate that stands in an election until it is closed or its session ends, however often it is elected
 * and deposed. All methods may be called on any thread.
 */
public final class Candidacy implements AutoCloseable {
    private final Client client;
    private final Session session;
    private final Owned.Key key;
    private final Value value;
    private final LeadershipListener listener;
    private final Callbacks.Queue queue;
    private final Claim claim = new Claim();
    private final ResumingStream<CampaignRequest, CampaignResponse> stream;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile CompletableFuture<Leadership> elected = new CompletableFuture<>();

    Candidacy(
            Client client, Session session, Owned.Key key, Value value, LeadershipListener listener) {
        this.client = client;
        this.session = session;
        this.key = key;
        this.value = value;
        this.listener = listener;
        queue = client.callbacks().newQueue();
        stream = new ResumingStream<>(
                client, ElectionServiceGrpc.getCampaignMethod(), false, claim::next, claim);
    }

    Candidacy started() {
        client.link().track(ended);
        client.loop().execute(() -> {
            if (session.own(key, made -> claim) != claim) {
                claim.over(new IllegalStateException(
                        "candidate " + key.owner() + " of this session stands in election "
                                + key.name()
                                + " already; close that candidacy first, or give this one another name"));
                return;
            }
            stream.open();
        });
        return this;
    }

    /** The name of the election. */
    public String election() {
        return key.name();
    }

    /** The candidate's name. */
    public String candidate() {
        return key.owner();
    }

    /** This candidate's leadership, if it leads; look at {@link Leadership#isHeld}. */
    public Optional<Leadership> leadership() {
        CompletableFuture<Leadership> now = elected;
        return now.isDone() && !now.isCompletedExceptionally() ? Optional.of(now.join()) : Optional.empty();
    }

    /**
     * Waits until this candidate leads, at most for {@code atMost}.
     *
     * @return empty when it did not come to lead in time
     * @throws SessionExpiredException when the session ended
     * @throws CoordinationException when the sidecar refused the candidacy, or it was closed
     */
    public Optional<Leadership> await(Duration atMost) throws InterruptedException {
        try {
            return Optional.of(elected.get(Math.max(0, Times.nanos(atMost)), TimeUnit.NANOSECONDS));
        } catch (TimeoutException late) {
            return Optional.empty();
        } catch (ExecutionException failed) {
            throw Client.thrown(failed);
        }
    }

    /**
     * Completed when this candidate will not lead again: normally after {@link #close}, exceptionally when
     * the session ended ({@link SessionExpiredException}) or the candidacy was refused.
     */
    public CompletableFuture<Void> ended() {
        return client.handedOut(ended);
    }

    /**
     * Withdraws, without waiting. A leader is deposed first, and gives way in the election only when {@link
     * LeadershipListener#onDeposed} has returned.
     */
    public CompletableFuture<Void> resign() {
        client.loop().execute(claim::resign);
        return client.handedOut(ended).exceptionally(failure -> null);
    }

    /**
     * Withdraws as {@link #resign} does, and waits until that is done, for as long as a call may take; from
     * its own listener, it does not wait. Never throws.
     */
    @Override
    public void close() {
        CompletableFuture<Void> resigned = resign();
        if (queue.isCurrent()) {
            return;
        }
        try {
            resigned.get(client.callNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt(); // it goes on in the background
        } catch (ExecutionException | TimeoutException later) {
            // it goes on in the background, until the session ends
        }
    }

    @Override
    public String toString() {
        return "candidate " + key.owner() + " in election " + key.name() + " of session " + session.id();
    }

    Session session() {
        return session;
    }

    CompletableFuture<?> proclaim(long token, Value proclaimed) {
        return session.command(ElectionServiceGrpc.getProclaimMethod(),
                request -> ProclaimRequest.newBuilder()
                        .setNamespace(client.namespace()).setSessionId(session.id()).setRequest(request)
                        .setName(key.name()).setCandidateId(key.owner()).setFencingToken(token)
                        .setValue(proclaimed.proto()).build());
    }

    CompletableFuture<Void> transfer(Leadership from, String target) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        client.loop().execute(() -> claim.transfer(from, target, done));
        return client.handedOut(done);
    }

    /** What changes, on the loop. */
    private final class Claim implements Owned, ResumingStream.Handler<CampaignResponse> {
        private @Nullable Leadership current;
        /** Elected while the session was not guaranteed: told when it is again. */
        private long pendingToken;
        /** The stream told of the leadership since it last broke. */
        private boolean confirmed;
        /** Tokens rise, so whatever is not above this is over. */
        private long lostToken;
        private boolean handingOver;
        private boolean resigning;
        /** A campaign was heard of, or broke with its fate unknown: the cluster may have this candidate. */
        private boolean mayStand;
        /** Why it ends, when it was not closed. */
        private @Nullable CoordinationException refusal;
        private final Backoff resignBackoff = new Backoff();
        private long requestId;
        private boolean asked;
        private @Nullable Runnable whenAnswered;

        void next(Consumer<CampaignRequest> open) {
            if (requestId != 0 && session.window().isOpen(requestId)) {
                open.accept(request());
                return;
            }
            session.window().begin(true, id -> client.loop().execute(() -> {
                requestId = id;
                open.accept(request());
            }));
        }

        private CampaignRequest request() {
            asked = true;
            return CampaignRequest.newBuilder()
                    .setNamespace(client.namespace()).setSessionId(session.id())
                    .setRequest(Request.newBuilder().setRequestId(requestId)
                            .setAckedBelow(session.window().ackedBelow(requestId)))
                    .setName(key.name()).setCandidateId(key.owner()).setValue(value.proto()).build();
        }

        @Override
        public void heard(CampaignResponse message, Runnable more) {
            mayStand = true;
            answered();
            if (!resigning) {
                switch (message.getMessageCase()) {
                    case QUEUED -> queued();
                    case ELECTED -> elected(message.getElected().getFencingToken());
                    case DEPOSED -> deposed(message.getDeposed());
                    case MESSAGE_NOT_SET -> {} // of a newer sidecar
                }
            }
            more.run();
        }

        /** The request has its answer, and is not repeated under its id. */
        private void answered() {
            if (asked) {
                asked = false;
                session.window().end(requestId);
            }
            if (whenAnswered != null) {
                Runnable waiting = whenAnswered;
                whenAnswered = null;
                waiting.run();
            }
        }

        private void queued() {
            confirmed = true;
            pendingToken = 0;
            depose(new Loss(Loss.Kind.OTHER, "another candidate leads, and this one queues"));
        }

        private void elected(long token) {
            confirmed = true;
            Leadership leads = current;
            if (token <= lostToken) {
                return;
            }
            if (leads != null && leads.token() != token) {
                depose(new Loss(Loss.Kind.OTHER, "it was elected anew, with another token"));
            }
            pendingToken = token;
            settle();
        }

        private void deposed(CampaignResponse.Deposed message) {
            Loss loss = Loss.of(message.getCause(), "");
            lost(message.getFencingToken(), loss);
            if (loss.kind() != Loss.Kind.TRANSFERRED) {
                over(new LockLostException(Candidacy.this.toString(), loss));
            }
        }

        @Override
        public void lost(long token, Loss loss) {
            lostToken = Math.max(lostToken, token);
            if (pendingToken <= lostToken) {
                pendingToken = 0;
            }
            if (current != null && current.token() <= lostToken) {
                depose(loss);
            }
        }

        @Override
        public void sessionStands(SessionState state) {
            settle();
        }

        @Override
        public void reattached() {
            // the campaign's own stream is taken up again, and tells
        }

        @Override
        public void sessionEnded(Loss loss) {
            depose(loss);
            over(loss.kind() == Loss.Kind.SESSION_CLOSED ? null : session.expired(false));
        }

        @Override
        public void broken(CoordinationException failure) {
            mayStand = true;
            confirmed = false;
            if (whenAnswered != null) {
                answered();
            }
        }

        @Override
        public boolean outlasts(CoordinationException shut) {
            return mayStand && shut.isShutOut();
        }

        /** The cluster may have this candidate all the same: it leaves, or it would lead with nobody told. */
        @Override
        public void refused(CoordinationException failure) {
            depose(new Loss(Loss.Kind.OTHER, String.valueOf(failure.getMessage())));
            if (session.state() == SessionState.EXPIRED || failure instanceof SessionExpiredException) {
                over(failure);
                return;
            }
            boolean leaves = resigning;
            resigning = true;
            answered();
            if (!leaves) {
                refusal = failure;
                leave();
            }
        }

        /** Brings what the listener knows in line with what is. */
        private void settle() {
            boolean guaranteed = session.isGuaranteed();
            Leadership leads = current;
            if (leads == null) {
                if (guaranteed && pendingToken != 0 && !resigning) {
                    elect(pendingToken);
                }
            } else if (!leads.inJeopardy() && (!guaranteed || handingOver)) {
                leads.setInJeopardy(true);
                queue.add(() -> listener.onJeopardy(leads));
            } else if (leads.inJeopardy() && guaranteed && confirmed && !handingOver) {
                leads.setInJeopardy(false);
                queue.add(() -> listener.onRestored(leads));
            }
        }

        private void elect(long token) {
            Leadership leads = new Leadership(Candidacy.this, token);
            current = leads;
            queue.add(() -> listener.onElected(leads));
            CompletableFuture<Leadership> future = elected;
            client.callbacks().execute(() -> future.complete(leads));
        }

        private void depose(Loss why) {
            Leadership leads = current;
            if (leads == null) {
                return;
            }
            current = null;
            pendingToken = 0;
            leads.end(why);
            elected = new CompletableFuture<>();
            queue.add(() -> listener.onDeposed(leads, why));
        }

        private void transfer(Leadership from, String target, CompletableFuture<Void> done) {
            if (from != current || handingOver) {
                done.completeExceptionally(new LockLostException(from.toString(), new Loss(Loss.Kind.OTHER,
                        handingOver ? "it is handed over already" : "this leadership is over")));
                return;
            }
            handingOver = true;
            settle();
            queue.add(() -> Futures.whenDone(sendTransfer(from, target), (answer, failure) -> client.loop()
                    .execute(() -> transferred(from, target, failure, done))));
        }

        private CompletableFuture<?> sendTransfer(Leadership from, String target) {
            return session.command(ElectionServiceGrpc.getTransferLeadershipMethod(),
                    request -> TransferLeadershipRequest.newBuilder()
                            .setNamespace(client.namespace()).setSessionId(session.id()).setRequest(request)
                            .setName(key.name()).setFencingToken(from.token()).setTargetCandidateId(target)
                            .build());
        }

        private void transferred(
                Leadership from, String target, @Nullable Throwable failure, CompletableFuture<Void> done) {
            handingOver = false;
            if (failure == null) {
                lost(from.token(), new Loss(Loss.Kind.TRANSFERRED, "leadership was handed to " + target));
                done.complete(null);
            } else {
                settle();
                done.completeExceptionally(Client.bare(failure));
            }
        }

        private void resign() {
            if (resigning || ended.isDone()) {
                return;
            }
            resigning = true;
            depose(new Loss(Loss.Kind.RESIGNED, "the candidate resigned"));
            if (!asked) {
                leave();
                return;
            }
            // A campaign still under way could arrive after the resignation, and lead with nobody told.
            whenAnswered = this::leave;
            client.loop().later(this::answered, client.callNanos());
        }

        private void leave() {
            stream.close();
            queue.add(() -> client.loop().execute(this::sendResign)); // after onDeposed has returned
        }

        private void sendResign() {
            Futures.whenDone(session.command(ElectionServiceGrpc.getResignMethod(),
                    request -> ResignRequest.newBuilder()
                            .setNamespace(client.namespace()).setSessionId(session.id()).setRequest(request)
                            .setName(key.name()).setCandidateId(key.owner()).build()),
                    (answer, failure) -> client.loop().execute(() -> resigned(failure)));
        }

        private void resigned(@Nullable Throwable failure) {
            boolean stands = failure != null && Client.bare(failure) instanceof CoordinationException known
                    && (known.maybeApplied() || known.isPassing() || outlasts(known));
            if (stands && !ended.isDone() && session.state() != SessionState.EXPIRED) {
                // A candidate that nobody hears would lead.
                client.loop().later(this::sendResign, resignBackoff.nanos());
            } else {
                over(refusal);
            }
        }

        /** It will not lead again; {@code why} is null when it was closed. */
        private void over(@Nullable RuntimeException why) {
            stream.close();
            session.disown(key, this);
            if (requestId != 0) {
                session.window().end(requestId);
            }
            RuntimeException told = why != null
                    ? why
                    : new LockLostException(Candidacy.this.toString(),
                            new Loss(Loss.Kind.RESIGNED, "the candidacy was closed"));
            elected.completeExceptionally(told);
            if (why == null) {
                ended.complete(null);
            } else {
                ended.completeExceptionally(why);
            }
        }
    }
}
