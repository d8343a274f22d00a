package dev.synod.state;

import static dev.synod.state.Machine.refusal;
import static dev.synod.state.Machine.text;
import static dev.synod.state.Machine.token;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ElectionsTest {
    private final Machine machine = new Machine();
    private long a;
    private long b;

    @BeforeEach
    void openSessions() {
        a = machine.open("a");
        b = machine.open("b");
    }

    @Test
    void whoStandsFirstLeadsAndOthersFollowInOrder() {
        long token = token(machine.campaign(a, "e", "x"));
        assertThat(token).isEqualTo(machine.state.revision());
        assertThat(machine.campaign(b, "e", "y")).isEqualTo(new Reply.Queued(1));
        assertThat(machine.campaign(b, "e", "z")).isEqualTo(new Reply.Queued(2));
        assertThat(machine.campaign(b, "e", "z")).isEqualTo(new Reply.Queued(2));
        assertThat(token(machine.campaign(a, "e", "x"))).isEqualTo(token);
        machine.apply(new Command.Resign(machine.request(a), "e", "x"));
        assertThat(leader()).isEqualTo(new Leader(new Claimant(b, "y"), token + 1, text("y")));
        assertThat(candidates()).containsExactly("z");
    }

    @Test
    void aCandidateThatResignsLeavesTheQueue() {
        machine.campaign(a, "e", "x");
        machine.campaign(b, "e", "y");
        machine.apply(new Command.Resign(machine.request(b), "e", "y"));
        assertThat(candidates()).isEmpty();
        assertThat(leader().claimant().owner()).isEqualTo("x");
        assertThat(refusal(machine.apply(new Command.Resign(machine.request(b), "e", "y"))))
                .isEqualTo(Refusal.CANDIDATE_NOT_FOUND);
    }

    @Test
    void onlyTheLeaderProclaimsAndTheRevisionStays() {
        long token = token(machine.campaign(a, "e", "x"));
        machine.campaign(b, "e", "y");
        assertThat(proclaim(a, "x", token)).isEqualTo(new Reply.Done(true));
        assertThat(leader()).isEqualTo(new Leader(new Claimant(a, "x"), token, text("new")));
        assertThat(machine.events()).containsExactly(new Event.LeaderProclaimed("e", leader()));
        assertThat(machine.state.revision()).isEqualTo(token);
        assertThat(refusal(proclaim(b, "y", 0))).isEqualTo(Refusal.NOT_LEADER);
        assertThat(refusal(proclaim(a, "x", token - 1))).isEqualTo(Refusal.FENCING_TOKEN_STALE);
    }

    @Test
    void leadershipIsHandedToANamedCandidateAndWhoLedQueuesLast() {
        long token = token(machine.campaign(a, "e", "x"));
        machine.campaign(b, "e", "y");
        machine.campaign(b, "e", "z");
        assertThat(transfer(token, "z")).isEqualTo(new Reply.Granted(token + 1));
        assertThat(leader().claimant()).isEqualTo(new Claimant(b, "z"));
        assertThat(candidates()).containsExactly("y", "x");
        assertThat(machine.events().getFirst())
                .isEqualTo(new Event.ElectionLeft("e", new Claimant(a, "x"), token, Cause.TRANSFERRED));
        assertThat(refusal(transfer(token, "y"))).isEqualTo(Refusal.FENCING_TOKEN_STALE);
        assertThat(refusal(transfer(0, "nobody"))).isEqualTo(Refusal.CANDIDATE_NOT_FOUND);
        assertThat(transfer(0, "z")).isEqualTo(new Reply.Granted(token + 1));
    }

    @Test
    void ofTwoCandidatesOfOneNameWhoWaitsLongerIsChosen() {
        machine.campaign(a, "e", "x");
        machine.campaign(b, "e", "y");
        machine.campaign(a, "e", "y");
        transfer(0, "y");
        assertThat(leader().claimant()).isEqualTo(new Claimant(b, "y"));
    }

    @Test
    void aLeadersTokenIsCheckedLikeALocks() {
        long token = token(machine.campaign(a, "e", "x"));
        assertThat(machine.state.check(new Fence(Domain.ELECTION, "e", token)).state())
                .isEqualTo(TokenCheck.State.VALID);
        assertThat(machine.state.check(new Fence(Domain.LOCK, "e", token)).state())
                .isEqualTo(TokenCheck.State.STALE);
        machine.apply(new Command.Resign(machine.request(a), "e", "x"));
        assertThat(machine.state.check(new Fence(Domain.ELECTION, "e", token)).state())
                .isEqualTo(TokenCheck.State.STALE);
        assertThat(machine.state.elections(KeyRange.ALL, 9)).isEmpty();
    }

    private Reply proclaim(long session, String candidate, long token) {
        return machine.apply(
                new Command.Proclaim(machine.request(session), "e", candidate, token, text("new")));
    }

    private Reply transfer(long token, String candidate) {
        return machine.apply(new Command.TransferLeadership(Request.NONE, "e", token, candidate));
    }

    private Leader leader() {
        Leader leader = machine.state.election("e").leader();
        assertThat(leader).isNotNull();
        return leader;
    }

    private List<String> candidates() {
        return machine.state.election("e").candidates().stream()
                .map(candidate -> candidate.claimant().owner())
                .toList();
    }
}
