package dev.synod.node.api;

import dev.synod.coordination.v1.CampaignRequest;
import dev.synod.coordination.v1.CampaignResponse;
import dev.synod.coordination.v1.Election;
import dev.synod.coordination.v1.ElectionServiceGrpc;
import dev.synod.coordination.v1.GetLeaderRequest;
import dev.synod.coordination.v1.GetLeaderResponse;
import dev.synod.coordination.v1.ListCandidatesRequest;
import dev.synod.coordination.v1.ListCandidatesResponse;
import dev.synod.coordination.v1.ListElectionsRequest;
import dev.synod.coordination.v1.ListElectionsResponse;
import dev.synod.coordination.v1.ObserveElectionRequest;
import dev.synod.coordination.v1.ObserveElectionResponse;
import dev.synod.coordination.v1.ProclaimRequest;
import dev.synod.coordination.v1.ProclaimResponse;
import dev.synod.coordination.v1.ResignRequest;
import dev.synod.coordination.v1.ResignResponse;
import dev.synod.coordination.v1.TransferLeadershipRequest;
import dev.synod.coordination.v1.TransferLeadershipResponse;
import dev.synod.member.Answer;
import dev.synod.member.Consistency;
import dev.synod.member.WatchTarget;
import dev.synod.node.Coordinator;
import dev.synod.paxos.Bytes;
import dev.synod.state.Command;
import dev.synod.state.Event;
import dev.synod.state.KeyRange;
import dev.synod.state.Leader;
import dev.synod.state.Refusal;
import dev.synod.state.Reply;
import dev.synod.state.Request;
import dev.synod.state.StateMachine;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** Elections. */
final class ElectionService extends ElectionServiceGrpc.ElectionServiceImplBase {
    private final Coordinator coordinator;
    private final Calls calls;
    private final Feed.Bounds bounds;

    ElectionService(Coordinator coordinator, Calls calls, Feed.Bounds bounds) {
        this.coordinator = coordinator;
        this.calls = calls;
        this.bounds = bounds;
    }

    @Override
    public void campaign(CampaignRequest request, StreamObserver<CampaignResponse> out) {
        Command.Campaign command;
        try {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            String name = fields.name(namespace, "name", request.getName());
            String candidate = fields.name("candidate_id", request.getCandidateId());
            Bytes value = fields.value("value", request.getValue());
            Request of = fields.request(request.getSessionId(), request.getRequest());
            command = fields.checked(new Command.Campaign(of, name, candidate, value));
        } catch (StatusRuntimeException e) {
            out.onError(e);
            return;
        }
        new Candidacy((ServerCallStreamObserver<CampaignResponse>) out, bounds, calls)
                .begin(coordinator, command);
    }

    @Override
    public void proclaim(ProclaimRequest request, StreamObserver<ProclaimResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            String name = fields.name(namespace, "name", request.getName());
            String candidate = fields.name("candidate_id", request.getCandidateId());
            long token = fields.natural("fencing_token", request.getFencingToken());
            Bytes value = fields.value("value", request.getValue());
            Request of = fields.request(request.getSessionId(), request.getRequest());
            return calls.submit(fields.checked(new Command.Proclaim(of, name, candidate, token, value)),
                    replied -> ProclaimResponse.newBuilder().setRevision(replied.revision()).build());
        });
    }

    @Override
    public void resign(ResignRequest request, StreamObserver<ResignResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            String name = fields.name(namespace, "name", request.getName());
            String candidate = fields.name("candidate_id", request.getCandidateId());
            Request of = fields.request(request.getSessionId(), request.getRequest());
            var command = fields.checked(new Command.Resign(of, name, candidate));
            return coordinator.submit(command, calls.timeout()).thenApply(ElectionService::resigned);
        });
    }

    /** Who stands no longer has what it asked for. */
    private static ResignResponse resigned(Answer answer) {
        if (answer instanceof Answer.Replied(long revision, Reply.Refused refused)
                && refused.reason() == Refusal.CANDIDATE_NOT_FOUND) {
            return ResignResponse.newBuilder().setRevision(revision).build();
        }
        Answer.Replied replied = Calls.replied(answer);
        return ResignResponse.newBuilder()
                .setResigned(Calls.as(Reply.Done.class, replied).changed())
                .setRevision(replied.revision())
                .build();
    }

    @Override
    public void transferLeadership(TransferLeadershipRequest request,
            StreamObserver<TransferLeadershipResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            String name = fields.name(namespace, "name", request.getName());
            String target = fields.name("target_candidate_id", request.getTargetCandidateId());
            long token = fields.natural("fencing_token", request.getFencingToken());
            Request of = fields.requestOrNone(request.getSessionId(), request.getRequest());
            return calls.submit(fields.checked(new Command.TransferLeadership(of, name, token, target)),
                    replied -> TransferLeadershipResponse.newBuilder()
                            .setFencingToken(Calls.as(Reply.Granted.class, replied).token())
                            .setRevision(replied.revision())
                            .build());
        });
    }

    @Override
    public void getLeader(GetLeaderRequest request, StreamObserver<GetLeaderResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            String name = fields.name(namespace, "name", request.getName());
            Consistency consistency = fields.consistency(request.getRead());
            fields.check();
            return calls.read(consistency, state -> {
                var response = GetLeaderResponse.newBuilder().setRevision(state.revision());
                Leader leader = state.election(name).leader();
                if (leader != null) {
                    response.setLeader(Views.leader(leader, state, true));
                }
                return response.build();
            });
        });
    }

    @Override
    public void listCandidates(ListCandidatesRequest request,
            StreamObserver<ListCandidatesResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            String name = fields.name(namespace, "name", request.getName());
            Consistency consistency = fields.consistency(request.getRead());
            fields.check();
            return calls.read(consistency, state -> ListCandidatesResponse.newBuilder()
                    .setElection(Views.election(namespace, state.election(name), state, true))
                    .setRevision(state.revision())
                    .build());
        });
    }

    @Override
    public void listElections(ListElectionsRequest request, StreamObserver<ListElectionsResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            KeyRange range = fields.prefix(namespace, "prefix", request.getPrefix());
            int size = fields.pageSize(request.getPageSize());
            String listed = "elections " + range;
            KeyRange rest = fields.rest(range, fields.page(request.getPageToken(), listed));
            Consistency consistency = fields.consistency(request.getRead());
            fields.check();
            return calls.read(consistency, state -> elections(state, namespace, rest, size, listed));
        });
    }

    private static ListElectionsResponse elections(StateMachine state, Namespace namespace, KeyRange range,
            int size, String listed) {
        var response = ListElectionsResponse.newBuilder().setRevision(state.revision());
        var filling = new Filling(size);
        for (String name : state.elections(range, size + 1)) {
            Election election = Views.election(namespace, state.election(name), state, false);
            if (!filling.takes(name, election)) {
                response.setNextPageToken(new Page(0, filling.last()).token(listed));
                break;
            }
            response.addElections(election);
        }
        return response.build();
    }

    @Override
    public void observeElection(ObserveElectionRequest request,
            StreamObserver<ObserveElectionResponse> out) {
        Watch.open((ServerCallStreamObserver<ObserveElectionResponse>) out, bounds, coordinator, () -> {
            var fields = new Fields();
            Namespace namespace = fields.namespace(request.getNamespace());
            String name = fields.name(namespace, "name", request.getName());
            fields.check();
            return new Watch.Plan<>(new WatchTarget.OfElection(name), new ElectionWords(namespace, name));
        });
    }

    /** What an observation of one election says. */
    private record ElectionWords(Namespace namespace, String name)
            implements Watch.Words<ObserveElectionResponse> {
        @Override
        public ObserveElectionResponse started(StateMachine state, long revision) {
            return ObserveElectionResponse.newBuilder().setRevision(revision)
                    .setState(Views.election(namespace, state.election(name), state, true)).build();
        }

        @Override
        public ObserveElectionResponse changes(StateMachine state, long revision, Iterable<Event> events) {
            var response = ObserveElectionResponse.newBuilder().setRevision(revision);
            for (Event event : events) {
                if (event instanceof Event.OfElection of) {
                    response.addEvents(Views.electionEvent(of, state));
                }
            }
            return response.build();
        }

        @Override
        public ObserveElectionResponse bookmark(long revision) {
            return ObserveElectionResponse.newBuilder().setRevision(revision).build();
        }
    }
}
