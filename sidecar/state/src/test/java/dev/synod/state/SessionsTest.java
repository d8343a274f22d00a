package dev.synod.state;

import static dev.synod.state.Machine.SECRET;
import static dev.synod.state.Machine.refusal;
import static dev.synod.state.Machine.text;
import static dev.synod.state.Machine.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class SessionsTest {
    private static final Ballot OLD = new Ballot(0, 1, 1);
    private static final Ballot NEW = new Ballot(0, 2, 3);

    private final Machine machine = new Machine();

    @Test
    void aSessionIsOpenedAttachedAndShown() {
        var labels = List.of(new Label("container", "app"), new Label("pod", "web-0"));
        Reply reply = machine.apply(new Command.OpenSession(1_000, "wéb", labels, SECRET));
        assertThat(reply).isEqualTo(new Reply.Attached(1, 1, 1_000));
        assertThat(machine.state.session(1)).isEqualTo(new Session(1, 1_000, "wéb", labels, SECRET, 1, 0));
        assertThat(machine.events()).containsExactly(new Event.SessionAttached(1, 1, 1_000));
    }

    @Test
    void sessionsLeaveTheRevisionAlone() {
        long session = machine.open();
        machine.apply(new Command.AttachSession(session, SECRET));
        machine.expire(session);
        assertThat(machine.state.revision()).isEqualTo(1);
    }

    @Test
    void anAttachRaisesTheGeneration() {
        long session = machine.open();
        assertThat(machine.apply(new Command.AttachSession(session, SECRET)))
                .isEqualTo(new Reply.Attached(session, 2, 10_000));
    }

    @Test
    void anAttachWithAnotherSecretIsRefused() {
        long session = machine.open();
        var wrong = Bytes.of(new byte[] {
            1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8});
        assertThat(refusal(machine.apply(new Command.AttachSession(session, wrong))))
                .isEqualTo(Refusal.SECRET_WRONG);
    }

    @Test
    void anExpiryOfAnEarlierAttachmentIsVoid() {
        long session = machine.open();
        machine.apply(new Command.LeaderEstablished(OLD));
        machine.apply(new Command.AttachSession(session, SECRET));
        assertThat(machine.apply(new Command.ExpireSession(session, 1, OLD)))
                .isEqualTo(new Reply.Done(false));
        assertThat(machine.state.session(session)).isNotNull();
        assertThat(machine.apply(new Command.ExpireSession(session, 2, OLD))).isEqualTo(new Reply.Done(true));
        assertThat(machine.state.session(session)).isNull();
    }

    @Test
    void anExpiryOfAnEarlierLeaderIsVoid() {
        long session = machine.open();
        machine.apply(new Command.LeaderEstablished(OLD));
        machine.apply(new Command.LeaderEstablished(NEW));
        assertThat(machine.apply(new Command.ExpireSession(session, 1, OLD)))
                .isEqualTo(new Reply.Done(false));
        assertThat(machine.apply(new Command.ExpireSession(session, 1, NEW))).isEqualTo(new Reply.Done(true));
    }

    @Test
    void anEarlierLeaderIsNotEstablishedAgain() {
        machine.apply(new Command.LeaderEstablished(NEW));
        assertThat(machine.apply(new Command.LeaderEstablished(OLD))).isEqualTo(new Reply.Done(false));
        assertThat(machine.state.term()).isEqualTo(NEW);
    }

    @Test
    void theEndOfASessionIsOneCommandThatDropsAllItOwnsAndGrantsTheNext() {
        long dying = machine.open("dying");
        long heir = machine.open("heir");
        token(machine.lock(dying, "a", "x"));
        token(machine.lock(heir, "b", "y"));
        machine.lock(dying, "b", "x");
        machine.lock(heir, "a", "y");
        machine.campaign(dying, "e", "x");
        machine.campaign(heir, "e", "y");
        machine.commit(new Operation.Put("k1", text("v"), dying), new Operation.Put("k2", text("v")));
        long before = machine.state.revision();

        assertThat(machine.expire(dying)).isEqualTo(new Reply.Done(true));

        assertThat(machine.holders("a")).containsExactly("y");
        assertThat(machine.queue("a")).isEmpty();
        assertThat(machine.holders("b")).containsExactly("y");
        assertThat(machine.queue("b")).isEmpty();
        ElectionView election = machine.state.election("e");
        assertThat(election.leader()).isNotNull();
        assertThat(election.leader().claimant()).isEqualTo(new Claimant(heir, "y"));
        assertThat(machine.values(KeyRange.ALL, 0)).containsExactly("k2=v");
        // One revision for the bound keys, then one for each grant.
        var holder = new Holder(new Claim(new Claimant(heir, "y"), LockMode.EXCLUSIVE, 1), before + 2);
        assertThat(machine.events()).containsExactly(
                new Event.SessionEnded(dying, Cause.SESSION_EXPIRED),
                new Event.ValueDeleted("k1", before + 1),
                new Event.LockLeft("a", new Claimant(dying, "x"), 2, Cause.SESSION_EXPIRED, ""),
                new Event.LockGranted("a", holder),
                new Event.LockLeft("b", new Claimant(dying, "x"), 0, Cause.SESSION_EXPIRED, ""),
                new Event.ElectionLeft("e", new Claimant(dying, "x"), 4, Cause.SESSION_EXPIRED),
                new Event.LeaderElected("e", new Leader(new Claimant(heir, "y"), before + 3, text("y"))));
    }

    @Test
    void anotherOwnerOfTheDyingSessionIsNotGrantedWhatItHeld() {
        long dying = machine.open();
        long heir = machine.open();
        machine.lock(dying, "a", "x");
        machine.lock(dying, "a", "x2");
        machine.lock(heir, "a", "y");
        machine.apply(new Command.CloseSession(dying));
        assertThat(machine.holders("a")).containsExactly("y");
        assertThat(Machine.only(Event.LockGranted.class, machine.events())).hasSize(1);
    }

    @Test
    void whatASessionThatEndedAsksForIsRefusedAndItsIdNeverComesBack() {
        long session = machine.open();
        machine.apply(new Command.CloseSession(session));
        assertThat(refusal(machine.lock(session, "a", "x"))).isEqualTo(Refusal.SESSION_ENDED);
        assertThat(refusal(machine.apply(new Command.AttachSession(session, SECRET))))
                .isEqualTo(Refusal.SESSION_ENDED);
        assertThat(refusal(machine.apply(new Command.CloseSession(session))))
                .isEqualTo(Refusal.SESSION_ENDED);
        assertThat(refusal(machine.lock(99, "a", "x"))).isEqualTo(Refusal.SESSION_NOT_FOUND);
        assertThat(machine.open()).isGreaterThan(session);
    }

    @Test
    void aKeyThatWasPutAgainWithoutTheSessionOutlivesIt() {
        long session = machine.open();
        machine.commit(new Operation.Put("k", text("bound"), session));
        machine.put("k", "free");
        machine.apply(new Command.CloseSession(session));
        assertThat(machine.values(KeyRange.ALL, 0)).containsExactly("k=free");
    }

    @Test
    void aNewEraLeapsAndStartsTermsAgain() {
        long session = machine.open();
        long token = token(machine.lock(session, "a", "x"));
        machine.put("k", "v");
        machine.apply(new Command.LeaderEstablished(NEW));
        var era = new Command.NewEra(new UUID(7, 7));

        assertThat(machine.apply(era)).isEqualTo(new Reply.Done(true));
        assertThat(machine.state.clusterId()).isEqualTo(era.clusterId());
        assertThat(machine.state.revision()).isEqualTo(1_000_000_003L);
        assertThat(machine.state.compactedRevision()).isEqualTo(machine.state.revision());
        assertThat(machine.state.term()).isEqualTo(Ballot.BOTTOM);
        assertThat(machine.values(KeyRange.ALL, 0)).containsExactly("k=v");
        assertThat(machine.apply(era)).isEqualTo(new Reply.Done(false));
        assertThat(machine.state.revision()).isEqualTo(1_000_000_003L);

        assertThat(token(machine.lock(session, "a", "x"))).isEqualTo(token);
        assertThat(token(machine.lock(session, "b", "x"))).isEqualTo(1_000_000_004L);
        assertThat(machine.open()).isGreaterThan(1_000_000_000L);
    }
}
