package dev.synod.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.synod.member.MemberEffects.ClaimNotice;
import dev.synod.member.MemberEffects.SessionNotice;
import dev.synod.member.MemberEffects.WatchNotice;
import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Options;
import dev.synod.state.Cause;
import dev.synod.state.Command;
import dev.synod.state.CommandCodec;
import dev.synod.state.Event;
import dev.synod.state.KeyRange;
import dev.synod.state.LockMode;
import dev.synod.state.Operation;
import dev.synod.state.Refusal;
import dev.synod.state.Reply;
import dev.synod.state.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a member decides beside the protocol, seen from its clients. */
final class MemberTest {
    private Cluster cluster = new Cluster(3);

    private static Command put(Request request, String key, String value) {
        return Command.Commit.of(request, new Operation.Put(key, Bytes.of(value.getBytes(
                StandardCharsets.UTF_8))));
    }

    private static Command put(String key) {
        return put(Request.NONE, key, "v");
    }

    private static Command.AcquireLock lock(long session, long request, String owner, boolean queue) {
        return new Command.AcquireLock(new Request(session, request, 0), "l", owner, LockMode.EXCLUSIVE, 1,
                queue);
    }

    private static Command.Campaign campaign(long session, long request, String name) {
        return new Command.Campaign(new Request(session, request, 0), "e", name, Bytes.EMPTY);
    }

    private static long token(Reply reply) {
        return ((Reply.Granted) reply).token();
    }

    // ---- commands -----------------------------------------------------------------------------------------

    @Test
    void aWriteAtAnyMemberIsSeenByALinearizableReadAtAnother() {
        for (Cluster.Node writer : List.of(cluster.leader(), cluster.follower())) {
            long before = cluster.leader().member.state().revision();
            assertThat(writer.reply(put("k"))).isInstanceOf(Reply.Committed.class);
            for (Cluster.Node reader : cluster.nodes.values()) {
                long read = reader.read(Consistency.linearizable());
                reader.awaitAnswer(read);
                assertThat(reader.answers.get(read)).isInstanceOf(Answer.MayRead.class);
                assertThat(reader.member.state().revision()).isGreaterThan(before);
            }
        }
    }

    @Test
    void commandsWaitForTheFirstLeader() {
        long id = cluster.node(1).submit(put("k"));
        assertThat(cluster.anyLeads()).isFalse();
        assertThat(cluster.node(1).replyOf(id)).isInstanceOf(Reply.Committed.class);
    }

    @Test
    void aCommandWithoutQuorumFailsWhenItsTimeIsOverAndSaysThatItMayHaveBeenApplied() {
        Cluster.Node leader = cluster.leader();
        cluster.cut(leader);
        Answer.Failed failed = leader.failureOf(leader.submit(put("k")));
        assertThat(failed).isEqualTo(new Answer.Failed(Failure.NO_LEADER, true));
    }

    @Test
    void aRequestOfASessionIsRepeatedAtTheNextLeaderAndTakesEffectOnce() {
        Cluster.Node follower = cluster.follower();
        long session = follower.open(10_000);
        Cluster.Node leader = cluster.leader();
        long before = leader.member.state().revision();
        long id = follower.submit(put(new Request(session, 1, 0), "k", "v"));
        cluster.cut(leader);
        follower.step(new MemberEvent.LinkClosed(leader.uuid));
        assertThat(follower.replyOf(id)).isInstanceOf(Reply.Committed.class);
        assertThat(follower.reply(put(new Request(session, 1, 0), "k", "v")))
                .isEqualTo(follower.replyOf(id));
        long read = follower.read(Consistency.linearizable());
        follower.awaitAnswer(read);
        assertThat(follower.member.state().revision()).isEqualTo(before + 1);
    }

    @Test
    void aForwardedRequestWithoutASessionIsNotRepeated() {
        Cluster.Node follower = cluster.follower();
        Cluster.Node leader = cluster.leader();
        long id = follower.submit(put("k"));
        cluster.cut(leader);
        follower.step(new MemberEvent.LinkClosed(leader.uuid));
        assertThat(follower.failureOf(id)).isEqualTo(new Answer.Failed(Failure.NO_LEADER, true));
    }

    @Test
    void aForwardedFrameThatComesTwiceIsProposedOnce() {
        Cluster.Node leader = cluster.leader();
        Cluster.Node follower = cluster.follower();
        long before = leader.member.state().revision();
        byte[] frame =
                PeerCodec.encode(new PeerCodec.Framed(new UUID(7, 7), follower.uuid, leader.uuid,
                        new PeerMessage.Forward(5, 1L << 50, leader.member.replica().leadershipBallot(),
                                List.of(CommandCodec.encode(put("k"))))));
        leader.step(new MemberEvent.Received(frame));
        leader.step(new MemberEvent.Received(frame));
        cluster.pass(200);
        leader.step(new MemberEvent.Received(frame));
        cluster.pass(200);
        assertThat(leader.member.state().revision()).isEqualTo(before + 1);
    }

    @Test
    void aBurstLargerThanTheWindowIsDecidedWhole() {
        Cluster.Node follower = cluster.follower();
        List<MemberEvent> burst = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            burst.add(new MemberEvent.Submit(1_000_000 + i, put("k" + i), Cluster.TIMEOUT));
        }
        long before = follower.member.state().revision();
        follower.step(burst.toArray(MemberEvent[]::new));
        cluster.await(() -> follower.answers.size() >= 2_000);
        assertThat(follower.answers.values()).allMatch(answer -> answer instanceof Answer.Replied);
        cluster.await(() -> follower.member.state().revision() == before + 2_000);
    }

    @Test
    void moreThanMayWaitIsRefusedAsBusy() {
        Cluster.Node node = cluster.node(1);
        int most = MemberOptions.DEFAULT.waitingMax();
        for (int i = 0; i < most; i++) {
            node.submit(put("k"));
        }
        assertThat(node.failureOf(node.submit(put("k")))).isEqualTo(new Answer.Failed(Failure.BUSY, false));
    }

    // ---- sessions -----------------------------------------------------------------------------------------

    @Test
    void aSessionLivesAsLongAsItsMemberRenewsIt() {
        Cluster.Node follower = cluster.follower();
        long session = follower.open(1_000);
        cluster.pass(20_000);
        assertThat(follower.member.sessionStatus(session)).isEqualTo(SessionStatus.ACTIVE);
        assertThat(follower.statuses(session)).containsExactly(SessionStatus.ACTIVE);
        assertThat(follower.member.guaranteedForNanos(session, cluster.now)).isPositive();
    }

    @Test
    void aSessionOfACutOffMemberIsInJeopardyBeforeItEnds() {
        Cluster.Node follower = cluster.follower();
        Cluster.Node leader = cluster.leader();
        long session = follower.open(2_000);
        cluster.cut(follower);
        cluster.await(() -> follower.member.sessionStatus(session) == SessionStatus.JEOPARDY);
        assertThat(leader.member.state().session(session)).isNotNull();
        cluster.await(() -> leader.member.state().session(session) == null);
        cluster.heal(follower);
        cluster.await(() -> follower.member.sessionStatus(session) == null);
        assertThat(follower.statuses(session)).containsExactly(SessionStatus.ACTIVE, SessionStatus.SUSPENDED,
                SessionStatus.JEOPARDY, SessionStatus.EXPIRED);
    }

    @Test
    void aSessionSurvivesAFailOverWithItsTimeInFull() {
        Cluster.Node follower = cluster.follower();
        long session = follower.open(3_000);
        cluster.cut(cluster.leader());
        cluster.pass(20_000);
        assertThat(follower.member.sessionStatus(session)).isEqualTo(SessionStatus.ACTIVE);
    }

    @Test
    void aLeaderThatWasStoppedForLongEndsNoSessionForThat() {
        Cluster.Node leader = cluster.leader();
        Cluster.Node follower = cluster.follower();
        long session = follower.open(1_000);
        cluster.nodes.values().forEach(node -> node.paused = true);
        cluster.pass(30_000);
        cluster.nodes.values().forEach(node -> node.paused = false);
        leader.step(new MemberEvent.Tick());
        cluster.pass(5_000);
        assertThat(cluster.leader().member.state().session(session)).isNotNull();
        assertThat(follower.statuses(session)).doesNotContain(SessionStatus.EXPIRED);
    }

    @Test
    void anApplicationThatLeftEndsItsSessionAfterItsGraceAndNotItsTtl() {
        Cluster.Node follower = cluster.follower();
        long session = follower.open(3_600_000);
        follower.step(new MemberEvent.Detach(session, 1, 300 * Cluster.MILLIS));
        cluster.pass(250);
        assertThat(cluster.leader().member.state().session(session)).isNotNull();
        cluster.await(() -> cluster.leader().member.state().session(session) == null);
    }

    @Test
    void anApplicationThatComesBackInTimeKeepsItsSession() {
        Cluster.Node follower = cluster.follower();
        long session = follower.open(10_000);
        follower.step(new MemberEvent.Detach(session, 1, 300 * Cluster.MILLIS));
        follower.step(new MemberEvent.Attach(900, new Command.AttachSession(session, Cluster.SECRET),
                Cluster.TIMEOUT));
        assertThat(follower.replyOf(900)).isEqualTo(new Reply.Attached(session, 2, 10_000));
        cluster.pass(15_000);
        assertThat(follower.member.sessionStatus(session)).isEqualTo(SessionStatus.ACTIVE);
    }

    @Test
    void aSessionAttachedElsewhereIsMovedHere() {
        Cluster.Node follower = cluster.follower();
        Cluster.Node leader = cluster.leader();
        long session = follower.open(2_000);
        leader.step(new MemberEvent.Attach(900, new Command.AttachSession(session, Cluster.SECRET),
                Cluster.TIMEOUT));
        cluster.await(() -> follower.member.sessionStatus(session) == null);
        assertThat(follower.statuses(session)).containsExactly(SessionStatus.ACTIVE, SessionStatus.MOVED);
        cluster.pass(10_000);
        assertThat(leader.member.sessionStatus(session)).isEqualTo(SessionStatus.ACTIVE);
    }

    // ---- claims -------------------------------------------------------------------------------------------

    @Test
    void aWaiterIsGrantedTheLockWhenTheHolderReleasesIt() {
        Cluster.Node leader = cluster.leader();
        Cluster.Node follower = cluster.follower();
        long first = leader.open(10_000);
        long second = follower.open(10_000);
        long token = token(leader.replyOf(leader.acquire(lock(first, 1, "a", false), 0)));
        assertThat(follower.replyOf(follower.acquire(lock(second, 1, "b", false), 0)))
                .isInstanceOf(Reply.Busy.class);
        long waiting = follower.acquire(lock(second, 2, "b", true), Long.MAX_VALUE);
        cluster.pass(1_000);
        assertThat(follower.answers).doesNotContainKey(waiting);
        leader.reply(new Command.ReleaseLock(new Request(first, 2, 0), "l", "a", token));
        assertThat(token(follower.replyOf(waiting))).isGreaterThan(token);
    }

    @Test
    void aWaiterWhoseTimeIsOverLeavesTheQueue() {
        Cluster.Node leader = cluster.leader();
        long session = leader.open(10_000);
        leader.replyOf(leader.acquire(lock(session, 1, "a", false), 0));
        long waiting = leader.acquire(lock(session, 2, "b", true), 500 * Cluster.MILLIS);
        assertThat(leader.failureOf(waiting).reason()).isEqualTo(Failure.WAIT_TIMED_OUT);
        assertThat(leader.member.state().lock("l").queue()).isEmpty();
    }

    @Test
    void aGrantThatWasToldStaysWhenTheEndOfItsWaitComesLate() {
        Cluster.Node leader = cluster.leader();
        long session = leader.open(10_000);
        leader.replyOf(leader.acquire(lock(session, 1, "a", false), 0));
        long waiting = leader.acquire(lock(session, 2, "b", true), 500 * Cluster.MILLIS);
        cluster.pass(499);
        leader.submit(new Command.ReleaseLock(new Request(session, 3, 0), "l", "a", 0));
        long token = token(leader.replyOf(waiting));
        cluster.pass(5_000);
        assertThat(leader.member.state().lock("l").holders())
                .singleElement().satisfies(holder -> assertThat(holder.token()).isEqualTo(token));
    }

    @Test
    void aCancelledWaiterLeavesTheQueueAndNoGrantLeaks() {
        Cluster.Node follower = cluster.follower();
        long session = follower.open(10_000);
        long held = follower.acquire(lock(session, 1, "a", false), 0);
        follower.replyOf(held);
        long waiting = follower.acquire(lock(session, 2, "b", true), Long.MAX_VALUE);
        follower.submit(new Command.ReleaseLock(new Request(session, 3, 0), "l", "a", 0));
        follower.step(new MemberEvent.Cancel(waiting));
        cluster.pass(1_000);
        assertThat(cluster.leader().member.state().lock("l").holders()).isEmpty();
        assertThat(follower.answers).doesNotContainKey(waiting);
    }

    @Test
    void aGrantThatAnotherMemberToldIsNotTakenBackHere() {
        Cluster.Node follower = cluster.follower();
        long session = follower.open(10_000);
        long token = token(follower.replyOf(follower.acquire(lock(session, 1, "a", false), 0)));
        Cluster.Node leader = cluster.leader();
        leader.step(new MemberEvent.Attach(900, new Command.AttachSession(session, Cluster.SECRET),
                Cluster.TIMEOUT));
        cluster.await(() -> follower.member.sessionStatus(session) == null);
        long again = leader.acquire(lock(session, 2, "a", true), Long.MAX_VALUE);
        leader.step(new MemberEvent.Cancel(again));
        cluster.pass(5_000);
        assertThat(leader.member.state().lock("l").holders())
                .singleElement().satisfies(holder -> assertThat(holder.token()).isEqualTo(token));
    }

    @Test
    void aNewCallOfTheSameClaimantOutlivesTheWithdrawalOfTheOneBefore() {
        Cluster.Node follower = cluster.follower();
        long session = follower.open(10_000);
        follower.replyOf(follower.acquire(lock(session, 1, "a", false), 0));
        long given = follower.acquire(lock(session, 2, "b", true), Long.MAX_VALUE);
        cluster.pass(100);
        follower.step(new MemberEvent.Cancel(given));
        long wanted = follower.acquire(lock(session, 3, "b", true), Long.MAX_VALUE);
        cluster.pass(100);
        follower.reply(new Command.ReleaseLock(new Request(session, 4, 0), "l", "a", 0));
        long token = token(follower.replyOf(wanted));
        cluster.pass(5_000);
        assertThat(cluster.leader().member.state().lock("l").holders())
                .singleElement().satisfies(holder -> assertThat(holder.token()).isEqualTo(token));
    }

    @Test
    void aWaiterLeavesNothingBehindWhenATryOfTheSameClaimantWasTheLastCall() {
        Cluster.Node follower = cluster.follower();
        long session = follower.open(10_000);
        follower.replyOf(follower.acquire(lock(session, 1, "a", false), 0));
        long waiting = follower.acquire(lock(session, 2, "b", true), Long.MAX_VALUE);
        cluster.pass(100);
        long tried = follower.acquire(lock(session, 3, "b", false), 0);
        follower.step(new MemberEvent.Cancel(waiting));
        follower.awaitAnswer(tried);
        follower.step(new MemberEvent.Cancel(tried));
        cluster.pass(1_000);
        assertThat(cluster.leader().member.state().lock("l").queue()).isEmpty();
    }

    @Test
    void aGrantWhoseCallerWasGoneIsGivenBack() {
        Cluster.Node follower = cluster.follower();
        long session = follower.open(10_000);
        Command.AcquireLock command = lock(session, 1, "a", false);
        long first = follower.acquire(command, 0);
        follower.replyOf(first);
        long again = follower.acquire(lock(session, 2, "a", false), 0);
        follower.replyOf(again);
        follower.step(new MemberEvent.GiveBack(again, command));
        cluster.pass(500);
        assertThat(cluster.leader().member.state().lock("l").holders()).hasSize(1);
        follower.step(new MemberEvent.GiveBack(first, command));
        cluster.await(() -> cluster.leader().member.state().lock("l").holders().isEmpty());
    }

    @Test
    void aForwardedCommandIsRefusedForSureOnlyByWhoNeverTookIt() {
        Cluster.Node leader = cluster.leader();
        Cluster.Node follower = cluster.follower();
        Ballot term = leader.member.replica().leadershipBallot();
        Ballot earlier = new Ballot(term.epoch(), 0, term.member());
        leader.step(new MemberEvent.Received(forward(follower, leader, 1, term)));
        leader.step(new MemberEvent.Received(forward(follower, leader, 1, term)));
        leader.step(new MemberEvent.Received(forward(follower, leader, 2, earlier)));
        cluster.pass(100);
        assertThat(leader.told(follower)).extracting(PeerMessage.Outcome::id, PeerMessage.Outcome::failure,
                PeerMessage.Outcome::maybeApplied)
                .containsExactly(tuple(2L, Failure.NO_LEADER, true),
                        tuple(1L, null, false));
    }

    private static byte[] forward(Cluster.Node from, Cluster.Node to, long id, Ballot term) {
        return PeerCodec.encode(new PeerCodec.Framed(new UUID(7, 7), from.uuid, to.uuid,
                new PeerMessage.Forward(5, id, term,
                        List.of(CommandCodec.encode(put("k"))))));
    }

    @Test
    void aCommandThatIsNoneIsRefusedAtTheDoor() {
        Cluster.Node node = cluster.leader();
        Reply reply = node.reply(put("no name"));
        assertThat(((Reply.Refused) reply).reason()).isEqualTo(Refusal.NAME_INVALID);
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            operations.add(new Operation.Put("k" + i, Bytes.of(new byte[1 << 20])));
        }
        Command large = Command.Commit.of(Request.NONE, operations.toArray(Operation[]::new));
        assertThat(node.failureOf(node.submit(large)).reason()).isEqualTo(Failure.TOO_LARGE);
    }

    @Test
    void aGrantIsHeldBackWhileTheSessionIsNotActive() {
        Cluster.Node leader = cluster.leader();
        Cluster.Node follower = cluster.follower();
        long holder = leader.open(60_000);
        long session = follower.open(60_000);
        leader.replyOf(leader.acquire(lock(holder, 1, "a", false), 0));
        long waiting = follower.acquire(lock(session, 1, "b", true), Long.MAX_VALUE);
        cluster.await(() -> !leader.member.state().lock("l").queue().isEmpty());
        cluster.cut(follower);
        cluster.await(() -> follower.member.sessionStatus(session) == SessionStatus.SUSPENDED);
        leader.reply(new Command.ReleaseLock(new Request(holder, 2, 0), "l", "a", 0));
        cluster.heal(follower);
        cluster.await(() -> follower.answers.containsKey(waiting));
        assertThat(follower.member.sessionStatus(session)).isEqualTo(SessionStatus.ACTIVE);
        assertThat(follower.replyOf(waiting)).isInstanceOf(Reply.Granted.class);
    }

    @Test
    void aClaimNeedsASessionThatIsAttachedHere() {
        Cluster.Node follower = cluster.follower();
        long session = cluster.leader().open(10_000);
        long id = follower.acquire(lock(session, 1, "a", false), 0);
        assertThat(follower.failureOf(id).reason()).isEqualTo(Failure.SESSION_NOT_ATTACHED);
    }

    @Test
    void aBrokenLockIsToldToItsHolder() {
        Cluster.Node follower = cluster.follower();
        long session = follower.open(10_000);
        long token = token(follower.replyOf(follower.acquire(lock(session, 1, "a", false), 0)));
        cluster.leader().reply(new Command.BreakLock(Request.NONE, "l", 0, "stuck"));
        cluster.await(() -> follower.sessions.stream().anyMatch(SessionNotice.ClaimLost.class::isInstance));
        assertThat(follower.sessions).contains(
                new SessionNotice.ClaimLost(session, false, "l", "a", token, Cause.BROKEN, "stuck"));
    }

    @Test
    void aCandidateIsToldItsWay() {
        Cluster.Node leader = cluster.leader();
        Cluster.Node follower = cluster.follower();
        long first = leader.open(10_000);
        long second = follower.open(10_000);
        long leads = leader.stand(campaign(first, 1, "a"));
        cluster.await(() -> !leader.claims.isEmpty());
        long stands = follower.stand(campaign(second, 1, "b"));
        cluster.await(() -> !follower.claims.isEmpty());
        assertThat(follower.claims).containsExactly(new ClaimNotice.Queued(stands, 1));
        leader.reply(new Command.TransferLeadership(Request.NONE, "e", 0, "b"));
        cluster.await(() -> follower.claims.size() == 2 && leader.claims.size() == 3);
        long token = ((ClaimNotice.Granted) leader.claims.getFirst()).token();
        assertThat(leader.claims).containsExactly(new ClaimNotice.Granted(leads, token),
                new ClaimNotice.Left(leads, token, Cause.TRANSFERRED), new ClaimNotice.Queued(leads, 1));
        assertThat(((ClaimNotice.Granted) follower.claims.getLast()).token()).isGreaterThan(token);
        follower.reply(new Command.CloseSession(second));
        cluster.await(() -> leader.claims.size() == 4);
        assertThat(leader.claims.getLast()).isInstanceOf(ClaimNotice.Granted.class);
        assertThat(follower.claims.getLast()).isInstanceOf(ClaimNotice.Left.class);
    }

    // ---- watches ------------------------------------------------------------------------------------------

    @Test
    void aWatchHearsAllChangesOnceAndInOrder() {
        Cluster.Node follower = cluster.follower();
        follower.reply(put("a/0"));
        long watch = follower.watch(new WatchTarget.Values(KeyRange.prefix("a/"), 0));
        cluster.await(() -> !follower.watched.isEmpty());
        for (int i = 1; i <= 3; i++) {
            cluster.leader().reply(put("a/" + i));
            cluster.leader().reply(put("b/" + i));
        }
        cluster.pass(1_000);
        assertThat(follower.watched.getFirst()).isInstanceOf(WatchNotice.Started.class);
        assertThat(keys(follower, watch)).containsExactly("a/1", "a/2", "a/3");
        assertThat(follower.watched.getLast()).isInstanceOf(WatchNotice.Bookmark.class);
    }

    @Test
    void aWatchResumesFromARevisionAndWaitsForOneThatLiesAhead() {
        Cluster.Node node = cluster.leader();
        for (int i = 1; i <= 5; i++) {
            node.reply(put("a/" + i));
        }
        long revision = node.member.state().revision();
        long resumed = node.watch(new WatchTarget.Values(KeyRange.ALL, revision - 1));
        long ahead = node.watch(new WatchTarget.Values(KeyRange.ALL, revision + 2));
        node.reply(put("a/6"));
        node.reply(put("a/7"));
        cluster.pass(100);
        assertThat(keys(node, resumed)).containsExactly("a/4", "a/5", "a/6", "a/7");
        assertThat(keys(node, ahead)).containsExactly("a/7");
    }

    @Test
    void aWatchAtACutOffMemberEnds() {
        Cluster.Node follower = cluster.follower();
        long watch = follower.watch(new WatchTarget.OfLock("l"));
        cluster.await(() -> !follower.watched.isEmpty());
        cluster.cut(follower);
        cluster.await(() -> follower.watched.getLast() instanceof WatchNotice.Ended);
        assertThat(follower.watched.getLast())
                .isEqualTo(new WatchNotice.Ended(watch, Failure.UNAVAILABLE, 0));
    }

    private static List<String> keys(Cluster.Node node, long watch) {
        List<String> keys = new ArrayList<>();
        for (WatchNotice notice : node.watched) {
            if (notice.id() == watch && notice instanceof WatchNotice.Changes changes) {
                changes.events().forEach(event -> keys.add(((Event.OfValue) event).key()));
            }
        }
        return keys;
    }

    // ---- snapshots and history ----------------------------------------------------------------------------

    private static MemberOptions often() {
        MemberOptions d = MemberOptions.of(Options.DEFAULT);
        return new MemberOptions(d.paxos(), d.driftPerMille(), d.marginNanos(), d.renewalNanosMax(), 20,
                d.snapshotBytes(), 5, 16, 30, d.historyNanos(), d.waitingMax(), d.waitingBytesMax(),
                d.bookmarkNanos(), 60_000 * Cluster.MILLIS);
    }

    @Test
    void aMemberFarBehindIsBroughtUpToDateByASnapshotWithWhatItsClientsWaitFor() {
        cluster = new Cluster(3, often());
        Cluster.Node leader = cluster.leader();
        Cluster.Node behind = cluster.follower();
        long holder = leader.open(60_000);
        long session = behind.open(60_000);
        leader.replyOf(leader.acquire(lock(holder, 1, "a", false), 0));
        long waiting = behind.acquire(lock(session, 1, "b", true), Long.MAX_VALUE);
        cluster.await(() -> behind.member.state().lock("l").queue().size() == 1);
        long values = behind.watch(new WatchTarget.Values(KeyRange.prefix("k"), 0));
        long locks = behind.watch(new WatchTarget.OfLock("l"));
        cluster.await(() -> behind.watched.size() == 2);
        cluster.cut(behind);
        for (int i = 0; i < 25; i++) {
            leader.reply(put("k" + i));
        }
        leader.reply(new Command.ReleaseLock(new Request(holder, 2, 0), "l", "a", 0));
        for (int i = 0; i < 60; i++) {
            leader.reply(new Command.LeaderEstablished(Ballot.BOTTOM));
        }
        cluster.heal(behind);
        assertThat(behind.replyOf(waiting)).isInstanceOf(Reply.Granted.class);
        cluster.pass(1_000);
        assertThat(behind.watched).contains(new WatchNotice.Reset(locks, behind.member.state().revision()));
        assertThat(keys(behind, values)).hasSize(25).doesNotHaveDuplicates();
        assertThat(behind.member.state().digest()).isEqualTo(leader.member.state().digest());
        assertThat(behind.member.fault()).isNull();
    }

    @Test
    void historyIsCompactedSoThatAWatchFromLongAgoIsToldSo() {
        cluster = new Cluster(3, often());
        Cluster.Node leader = cluster.leader();
        for (int i = 0; i < 60; i++) {
            leader.reply(put("k"));
        }
        cluster.await(() -> leader.member.state().compactedRevision() > 20);
        long watch = leader.watch(new WatchTarget.Values(KeyRange.ALL, 2));
        cluster.await(() -> !leader.watched.isEmpty()
                && leader.watched.getLast() instanceof WatchNotice.Ended);
        assertThat(leader.watched.getLast()).isEqualTo(new WatchNotice.Ended(watch, Failure.COMPACTED,
                leader.member.state().compactedRevision()));
    }

    @Test
    void aMemberWhoseDigestDiffersFromAQuorumIsFaulty() {
        cluster = new Cluster(3, often());
        Cluster.Node wrong = cluster.follower();
        long index = 32;
        for (Cluster.Node node : cluster.nodes.values()) {
            if (node != wrong) {
                wrong.step(new MemberEvent.Received(PeerCodec.encode(new PeerCodec.Framed(
                        new UUID(7, 7), node.uuid, wrong.uuid,
                        new PeerMessage.Digest(Digests.FORM, index, 42)))));
            }
        }
        for (int i = 0; i < 40; i++) {
            cluster.leader().reply(put("k"));
        }
        cluster.await(() -> wrong.member.fault() != null);
        assertThat(wrong.member.fault()).contains("replace it");
        assertThat(wrong.failureOf(wrong.submit(put("k"))).reason()).isEqualTo(Failure.UNAVAILABLE);
    }

    @Test
    void aRefusalOfTheStateMachineIsAReply() {
        Reply reply = cluster.leader().reply(new Command.CloseSession(99));
        assertThat(((Reply.Refused) reply).reason()).isEqualTo(Refusal.SESSION_NOT_FOUND);
    }
}
