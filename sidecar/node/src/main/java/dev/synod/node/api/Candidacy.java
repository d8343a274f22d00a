package dev.synod.node.api;

import dev.synod.coordination.v1.CampaignResponse;
import dev.synod.member.Answer;
import dev.synod.member.MemberEffects.ClaimNotice;
import dev.synod.node.Coordinator;
import dev.synod.state.Cause;
import dev.synod.state.Command;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One campaign as a stream. That it is cut stops the telling; the candidate goes on standing. */
final class Candidacy {
    private final Calls calls;
    private final Feed<CampaignResponse> feed;
    /** Notices that say no revision wait for one to be read; those behind them wait for them. */
    private final Turns turns = new Turns();
    private Coordinator.@Nullable Registration registration;
    private boolean over;

    Candidacy(ServerCallStreamObserver<CampaignResponse> out, Feed.Bounds bounds, Calls calls) {
        this.calls = calls;
        this.feed = new Feed<>(out, bounds, this::close);
    }

    void begin(Coordinator coordinator, Command.Campaign command) {
        registration = coordinator.stand(command, calls.firstTimeout(), this::hear, this::end);
        if (over) {
            registration.close();
        }
    }

    private void hear(ClaimNotice notice) {
        var response = CampaignResponse.newBuilder();
        switch (notice) {
            case ClaimNotice.Queued n -> {
                response.getQueuedBuilder().setPosition(n.position());
                tell(response, calls.revision(), false);
            }
            case ClaimNotice.Granted n -> {
                response.getElectedBuilder().setFencingToken(n.token());
                // A token is the revision of its grant.
                tell(response, CompletableFuture.completedFuture(n.token()), false);
            }
            case ClaimNotice.Left n -> {
                response.getDeposedBuilder().setFencingToken(n.token()).setCause(Views.cause(n.cause()));
                tell(response, calls.revision(), n.cause() != Cause.TRANSFERRED);
            }
        }
    }

    private void tell(CampaignResponse.Builder response, CompletableFuture<Long> revision, boolean last) {
        turns.then(revision, at -> {
            feed.add(response.setRevision(at).build(), 1, at);
            if (last) {
                feed.complete();
            }
        });
    }

    private void end(Answer answer) {
        turns.then(() -> {
            try {
                throw Calls.unexpected(Calls.replied(answer));
            } catch (RuntimeException e) {
                feed.fail(Calls.status(e));
            }
        });
    }

    private void close() {
        over = true;
        if (registration != null) {
            registration.close();
        }
    }
}
