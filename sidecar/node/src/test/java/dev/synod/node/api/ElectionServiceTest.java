package dev.synod.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.synod.coordination.v1.AttachSessionResponse;
import dev.synod.coordination.v1.CampaignRequest;
import dev.synod.coordination.v1.CampaignResponse;
import dev.synod.coordination.v1.Cause;
import dev.synod.coordination.v1.Election;
import dev.synod.coordination.v1.ElectionServiceGrpc;
import dev.synod.coordination.v1.GetLeaderRequest;
import dev.synod.coordination.v1.GetLeaderResponse;
import dev.synod.coordination.v1.ListCandidatesRequest;
import dev.synod.coordination.v1.ListElectionsRequest;
import dev.synod.coordination.v1.ListElectionsResponse;
import dev.synod.coordination.v1.ObserveElectionRequest;
import dev.synod.coordination.v1.ObserveElectionResponse;
import dev.synod.coordination.v1.ProclaimRequest;
import dev.synod.coordination.v1.ResignRequest;
import dev.synod.coordination.v1.TransferLeadershipRequest;
import dev.synod.coordination.v1.TransferLeadershipResponse;
import dev.synod.member.Failure;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ElectionServiceTest {
    private final ServedCoordinator served = new ServedCoordinator();

    @AfterEach
    void close() throws InterruptedException {
        served.close();
        assertThat(served.defects()).isEmpty();
    }

    private Received<CampaignResponse> campaign(AttachedSession session, String candidate) {
        var received = new Received<CampaignResponse>();
        ElectionServiceGrpc.newStub(served.channel).campaign(CampaignRequest.newBuilder()
                .setSessionId(session.id()).setName("scheduler").setCandidateId(candidate)
                .setValue(ByteString.copyFromUtf8("http://" + candidate)).build(), received);
        return received;
    }

    private boolean resign(AttachedSession session, String candidate) {
        return served.elections().resign(ResignRequest.newBuilder().setSessionId(session.id())
                .setName("scheduler").setCandidateId(candidate).build()).getResigned();
    }

    private GetLeaderResponse leader() {
        return served.elections().getLeader(GetLeaderRequest.newBuilder().setName("scheduler").build());
    }

    @Test
    void who_stands_first_is_elected_with_a_token() {
        CampaignResponse response = campaign(served.session("a"), "one").next();

        assertThat(response.getElected().getFencingToken()).isEqualTo(response.getRevision()).isPositive();
        assertThat(leader().getLeader().getClaimant().getOwnerId()).isEqualTo("one");
        assertThat(leader().getLeader().getValue().toStringUtf8()).isEqualTo("http://one");
    }

    @Test
    void who_stands_second_waits_and_follows() {
        AttachedSession first = served.session("a");
        long token = campaign(first, "one").next().getElected().getFencingToken();
        var second = campaign(served.session("b"), "two");
        CampaignResponse queued = second.next();
        assertThat(queued.getQueued().getPosition()).isEqualTo(1);
        assertThat(queued.getRevision()).isPositive();

        assertThat(resign(first, "one")).isTrue();

        assertThat(second.next().getElected().getFencingToken()).isGreaterThan(token);
    }

    @Test
    void who_resigns_is_told_so_and_its_stream_ends_well() {
        AttachedSession session = served.session("a");
        var campaign = campaign(session, "one");
        campaign.next();

        resign(session, "one");

        assertThat(campaign.next().getDeposed().getCause()).isEqualTo(Cause.CAUSE_RESIGNED);
        campaign.end();
        assertThat(resign(session, "one")).isFalse();
    }

    @Test
    void a_leader_whose_session_ends_is_deposed() {
        AttachedSession session = served.session("a");
        var campaign = campaign(session, "one");
        long token = campaign.next().getElected().getFencingToken();

        served.coordinator.expire(session.id());

        CampaignResponse.Deposed deposed = campaign.next().getDeposed();
        assertThat(deposed.getCause()).isEqualTo(Cause.CAUSE_SESSION_EXPIRED);
        assertThat(deposed.getFencingToken()).isEqualTo(token);
        campaign.end();
    }

    @Test
    void a_cut_stream_does_not_withdraw() {
        AttachedSession session = served.session("a");
        var campaign = campaign(session, "one");
        long token = campaign.next().getElected().getFencingToken();
        campaign.cancel();
        await().until(() -> served.coordinator.candidates() == 0);

        assertThat(leader().getLeader().getFencingToken()).isEqualTo(token);
        assertThat(campaign(session, "one").next().getElected().getFencingToken()).isEqualTo(token);
    }

    @Test
    void leadership_is_handed_over_and_the_old_leader_queues_again() {
        AttachedSession first = served.session("a");
        first.received().next();
        var old = campaign(first, "one");
        long token = old.next().getElected().getFencingToken();
        var next = campaign(served.session("b"), "two");
        next.next();

        TransferLeadershipResponse response = served.elections().transferLeadership(
                TransferLeadershipRequest.newBuilder().setName("scheduler").setFencingToken(token)
                        .setTargetCandidateId("two").build());

        assertThat(next.next().getElected().getFencingToken()).isEqualTo(response.getFencingToken());
        assertThat(old.next().getDeposed().getCause()).isEqualTo(Cause.CAUSE_TRANSFERRED);
        assertThat(old.next().getQueued().getPosition()).isEqualTo(1);
        AttachSessionResponse.ClaimLost lost = first.received().next().getClaimLost();
        assertThat(lost.getName()).isEqualTo("scheduler");
        assertThat(lost.getFencingToken()).isEqualTo(token);
    }

    @Test
    void leadership_is_not_handed_to_who_does_not_stand() {
        campaign(served.session("a"), "one").next();

        Shown shown = Shown.of(() -> served.elections().transferLeadership(
                TransferLeadershipRequest.newBuilder().setName("scheduler").setTargetCandidateId("two").build()));

        assertThat(shown.code()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(shown.reason()).isEqualTo("CANDIDATE_NOT_FOUND");
    }

    @Test
    void only_the_leader_proclaims() {
        AttachedSession leader = served.session("a");
        AttachedSession other = served.session("b");
        campaign(leader, "one").next();
        campaign(other, "two").next();
        var proclaim = ProclaimRequest.newBuilder().setName("scheduler").setValue(ByteString.copyFromUtf8("x"));

        served.elections().proclaim(
                proclaim.setSessionId(leader.id()).setCandidateId("one").build());
        Shown shown = Shown.of(() -> served.elections().proclaim(
                proclaim.setSessionId(other.id()).setCandidateId("two").build()));

        assertThat(leader().getLeader().getValue().toStringUtf8()).isEqualTo("x");
        assertThat(shown.reason()).isEqualTo("NOT_LEADER");
    }

    @Test
    void candidates_are_shown_in_the_order_in_which_they_came() {
        campaign(served.session("a"), "one").next();
        campaign(served.session("b"), "two").next();
        campaign(served.session("c"), "three").next();

        Election election = served.elections().listCandidates(
                ListCandidatesRequest.newBuilder().setName("scheduler").build()).getElection();

        assertThat(election.getLeader().getClaimant().getIdentity()).isEqualTo("a");
        assertThat(election.getCandidatesList()).extracting(c -> c.getClaimant().getOwnerId())
                .containsExactly("two", "three");
        assertThat(election.getCandidates(1).getPosition()).isEqualTo(2);
    }

    @Test
    void an_election_that_nobody_stands_in_has_no_leader() {
        assertThat(leader().hasLeader()).isFalse();
    }

    @Test
    void elections_are_listed_page_by_page_without_their_values() {
        AttachedSession session = served.session("a");
        for (String name : new String[] {"a", "b", "c"}) {
            var received = new Received<CampaignResponse>();
            ElectionServiceGrpc.newStub(served.channel).campaign(CampaignRequest.newBuilder()
                    .setSessionId(session.id()).setName(name).setCandidateId("one")
                    .setValue(ByteString.copyFromUtf8("long")).build(), received);
            received.next();
        }

        ListElectionsResponse first = served.elections().listElections(
                ListElectionsRequest.newBuilder().setPageSize(2).build());
        ListElectionsResponse second = served.elections().listElections(ListElectionsRequest.newBuilder()
                .setPageSize(2).setPageToken(first.getNextPageToken()).build());

        assertThat(first.getElectionsList()).extracting(Election::getName).containsExactly("a", "b");
        assertThat(first.getElections(0).getLeader().getValue().isEmpty()).isTrue();
        assertThat(second.getElectionsList()).extracting(Election::getName).containsExactly("c");
    }

    @Test
    void an_observer_sees_the_election_first_and_then_what_happens() {
        var observed = new Received<ObserveElectionResponse>();
        ElectionServiceGrpc.newStub(served.channel).observeElection(
                ObserveElectionRequest.newBuilder().setName("scheduler").build(), observed);
        assertThat(observed.next().getState().hasLeader()).isFalse();

        AttachedSession session = served.session("a");
        campaign(session, "one").next();
        resign(session, "one");

        assertThat(observed.next().getEvents(0).getElected().getValue().toStringUtf8())
                .isEqualTo("http://one");
        assertThat(observed.next().getEvents(0).getLeft().getCause()).isEqualTo(Cause.CAUSE_RESIGNED);
    }

    @Test
    void a_campaign_that_fails_ends_with_the_reason() {
        AttachedSession session = served.session("a");
        served.coordinator.failNext(Failure.NO_LEADER, true, null, 0);

        Shown shown = Shown.of(campaign(session, "one").error());

        assertThat(shown.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(shown.metadata()).containsEntry("maybe_applied", "true");
    }

    @Test
    void a_candidate_without_a_name_is_refused_with_the_field() {
        Shown shown = Shown.of(campaign(served.session("a"), "").error());

        assertThat(shown.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(shown.fields()).containsExactly("candidate_id");
    }
}
