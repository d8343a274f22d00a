package dev.synod.client;

import dev.synod.coordination.v1.ClaimKind;
import dev.synod.coordination.v1.ElectionServiceGrpc;
import dev.synod.coordination.v1.GetLeaderRequest;
import dev.synod.coordination.v1.GetLeaderResponse;
import dev.synod.coordination.v1.ListCandidatesRequest;
import dev.synod.coordination.v1.ObserveElectionRequest;
import dev.synod.coordination.v1.ObserveElectionResponse;
import dev.synod.coordination.v1.TransferLeadershipRequest;
import java.util.Optional;
import java.util.function.Consumer;

/** An election by its name. Immutable; may be kept and shared. */
public final class Election {
    private final Coordination coordination;
    private final String name;

    Election(Coordination coordination, String name) {
        this.coordination = coordination;
        this.name = name;
    }

    /** Somebody to stand, under a name that others can hand leadership to; one of a name in each session. */
    public Candidate candidate(String candidate) {
        return new Candidate(coordination, name, Names.checked("candidate", candidate, ""), Value.EMPTY);
    }

    /** Who leads; linearizable. */
    public Optional<LeaderView> current() {
        return current(ReadLevel.linearizable());
    }

    /** Who leads. */
    public Optional<LeaderView> current(ReadLevel level) {
        Client client = coordination.client();
        GetLeaderRequest request = GetLeaderRequest.newBuilder()
                .setNamespace(client.namespace()).setName(name).setRead(level.proto()).build();
        GetLeaderResponse answer = Client.awaitBriefly(
                Attempts.read(client, ElectionServiceGrpc.getGetLeaderMethod(), request), false);
        return answer.hasLeader() ? Optional.of(LeaderView.of(answer.getLeader())) : Optional.empty();
    }

    /** Who leads and who waits; linearizable. */
    public ElectionView view() {
        Client client = coordination.client();
        ListCandidatesRequest request = ListCandidatesRequest.newBuilder()
                .setNamespace(client.namespace()).setName(name).build();
        return ElectionView.of(Client.awaitBriefly(
                Attempts.read(client, ElectionServiceGrpc.getListCandidatesMethod(), request), false)
                .getElection());
    }

    /**
     * Calls {@code listener} with the election as it is now, and again after each change, one at a time, in
     * order, on a thread of its own. A broken stream is taken up again; states between may be missed then.
     */
    public Watch observe(Consumer<ElectionView> listener) {
        Client client = coordination.client();
        ObserveElectionRequest request = ObserveElectionRequest.newBuilder()
                .setNamespace(client.namespace()).setName(name).build();
        return new StateWatch<ObserveElectionRequest, ObserveElectionResponse, ElectionView>(
                client, ElectionServiceGrpc.getObserveElectionMethod(), request,
                (before, message) -> message.hasState() || before == null
                        ? ElectionView.of(message.getState())
                        : before.after(message.getEventsList()),
                listener).opened();
    }

    /**
     * Hands leadership to another candidate, from outside; who leads is deposed, and queues last.
     *
     * @return the token of the new leader
     * @throws CoordinationException CANDIDATE_NOT_FOUND when nobody of that name stands
     */
    public FencingToken transferTo(String candidate) {
        String target = Names.checked("candidate", candidate, "");
        return new FencingToken(Client.awaitBriefly(coordination.changing(
                ElectionServiceGrpc.getTransferLeadershipMethod(),
                (session, request) -> TransferLeadershipRequest.newBuilder()
                        .setNamespace(coordination.client().namespace()).setSessionId(session)
                        .setRequest(request)
                        .setName(name).setTargetCandidateId(target).build()),
                true).getFencingToken());
    }

    /** What a token of this election is worth now; linearizable. */
    public TokenState check(FencingToken token) {
        return NamedLock.check(coordination.client(), ClaimKind.CLAIM_KIND_ELECTION, name, token);
    }

    @Override
    public String toString() {
        return "election " + name;
    }
}
