package dev.synod.state;

import static dev.synod.state.Machine.refusal;
import static dev.synod.state.Machine.token;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LocksTest {
    private final Machine machine = new Machine();
    private long a;
    private long b;

    @BeforeEach
    void openSessions() {
        a = machine.open("a");
        b = machine.open("b");
    }

    @Test
    void theTokenIsTheRevisionOfTheGrant() {
        assertThat(token(machine.lock(a, "l", "x"))).isEqualTo(2).isEqualTo(machine.state.revision());
        assertThat(token(machine.lock(a, "m", "x"))).isEqualTo(3).isEqualTo(machine.state.revision());
    }

    @Test
    void theSameOwnerIsGivenTheSameTokenAgain() {
        long token = token(machine.lock(a, "l", "x"));
        assertThat(token(machine.lock(a, "l", "x"))).isEqualTo(token);
        assertThat(token(machine.tryLock(a, "l", "x"))).isEqualTo(token);
        assertThat(machine.state.revision()).isEqualTo(token);
        assertThat(machine.lock(a, "l", "another")).isEqualTo(new Reply.Queued(1));
    }

    @Test
    void aReleaseGrantsTheNextInTheSameCommand() {
        long token = token(machine.lock(a, "l", "x"));
        assertThat(machine.lock(b, "l", "y")).isEqualTo(new Reply.Queued(1));
        assertThat(machine.lock(a, "l", "z")).isEqualTo(new Reply.Queued(2));
        assertThat(machine.release(a, "l", "x")).isEqualTo(new Reply.Done(true));
        assertThat(machine.holders("l")).containsExactly("y");
        assertThat(machine.queue("l")).containsExactly("z");
        assertThat(Machine.only(Event.LockGranted.class, machine.events()))
                .extracting(event -> event.holder().token()).containsExactly(token + 1);
    }

    @Test
    void aTryThatCannotBeGrantedIsToldWhoIsInTheWayAndDoesNotQueue() {
        long token = token(machine.lock(a, "l", "x"));
        machine.lock(a, "l", "z");
        var holder = new Holder(new Claim(new Claimant(a, "x"), LockMode.EXCLUSIVE, 1), token);
        assertThat(machine.tryLock(b, "l", "y")).isEqualTo(new Reply.Busy(List.of(holder), 2));
        assertThat(machine.queue("l")).containsExactly("z");
        assertThat(machine.events()).isEmpty();
    }

    @Test
    void readersShareAndNoneOvertakesAWaitingWriter() {
        machine.read(a, "l", "r1");
        machine.read(b, "l", "r2");
        assertThat(machine.holders("l")).containsExactly("r1", "r2");
        assertThat(machine.lock(a, "l", "w")).isEqualTo(new Reply.Queued(1));
        assertThat(machine.read(b, "l", "r3")).isEqualTo(new Reply.Queued(2));
        machine.read(b, "l", "r4");
        machine.release(a, "l", "r1");
        assertThat(machine.holders("l")).containsExactly("r2");
        machine.release(b, "l", "r2");
        assertThat(machine.holders("l")).containsExactly("w");
        long writer = machine.state.revision();

        machine.release(a, "l", "w");
        assertThat(machine.holders("l")).containsExactly("r3", "r4");
        assertThat(Machine.only(Event.LockGranted.class, machine.events()))
                .extracting(event -> event.holder().token()).containsExactly(writer + 1, writer + 2);
    }

    @Test
    void readersBehindAWriterThatLeavesAreGrantedAtOnce() {
        machine.read(a, "l", "r1");
        machine.lock(a, "l", "w");
        machine.read(b, "l", "r2");
        assertThat(machine.apply(new Command.CancelLock(machine.request(a), "l", "w")))
                .isEqualTo(new Reply.Done(true));
        assertThat(machine.holders("l")).containsExactly("r1", "r2");
    }

    @Test
    void aCancelThatComesTooLateTellsTheTokenAndLeavesTheGrant() {
        long token = token(machine.lock(a, "l", "x"));
        assertThat(machine.apply(new Command.CancelLock(machine.request(a), "l", "x")))
                .isEqualTo(new Reply.Granted(token));
        assertThat(machine.holders("l")).containsExactly("x");
        assertThat(machine.apply(new Command.CancelLock(machine.request(a), "l", "nobody")))
                .isEqualTo(new Reply.Done(false));
    }

    @Test
    void aWithdrawalGivesBackJustTheGrantThatItMeans() {
        long token = token(machine.lock(a, "l", "x"));
        assertThat(machine.apply(new Command.WithdrawLock(a, 1, "l", "x", 0)))
                .isEqualTo(new Reply.Granted(token));
        assertThat(machine.apply(new Command.WithdrawLock(a, 1, "l", "x", token + 1)))
                .isEqualTo(new Reply.Done(false));
        assertThat(machine.holders("l")).containsExactly("x");
        assertThat(machine.apply(new Command.WithdrawLock(a, 1, "l", "x", token)))
                .isEqualTo(new Reply.Done(true));
        assertThat(machine.holders("l")).isEmpty();
    }

    @Test
    void aWithdrawalFromBeforeTheSessionMovedIsVoid() {
        long token = token(machine.lock(a, "l", "x"));
        machine.apply(new Command.AttachSession(a, Machine.SECRET));
        assertThat(machine.apply(new Command.WithdrawLock(a, 1, "l", "x", token)))
                .isEqualTo(new Reply.Done(false));
        assertThat(machine.apply(new Command.WithdrawLock(a, 1, "l", "x", 0)))
                .isEqualTo(new Reply.Done(false));
        assertThat(machine.holders("l")).containsExactly("x");
    }

    @Test
    void thereIsNoUpgrade() {
        machine.read(a, "l", "x");
        assertThat(refusal(machine.lock(a, "l", "x"))).isEqualTo(Refusal.LOCK_MODE_MISMATCH);
        machine.lock(b, "l", "w");
        assertThat(refusal(machine.read(b, "l", "w"))).isEqualTo(Refusal.LOCK_MODE_MISMATCH);
    }

    @Test
    void aSemaphoreHasItsPermitsAndNoMore() {
        token(machine.permit(a, "s", "p1", 2));
        token(machine.permit(b, "s", "p2", 2));
        assertThat(machine.permit(b, "s", "p3", 2)).isEqualTo(new Reply.Queued(1));
        machine.release(a, "s", "p1");
        assertThat(machine.holders("s")).containsExactly("p2", "p3");
    }

    @Test
    void aLockIsOfOneKindWhileItIsInUse() {
        machine.permit(a, "s", "p1", 2);
        assertThat(refusal(machine.permit(b, "s", "p2", 3))).isEqualTo(Refusal.LOCK_KIND_MISMATCH);
        assertThat(refusal(machine.lock(b, "s", "x"))).isEqualTo(Refusal.LOCK_KIND_MISMATCH);
        machine.release(a, "s", "p1");
        token(machine.lock(b, "s", "x"));
    }

    @Test
    void onlyTheHolderReleasesAndOnlyByItsOwnToken() {
        long token = token(machine.lock(a, "l", "x"));
        assertThat(refusal(machine.release(b, "l", "x"))).isEqualTo(Refusal.LOCK_NOT_HELD);
        assertThat(refusal(machine.release(a, "none", "x"))).isEqualTo(Refusal.LOCK_NOT_HELD);
        Reply stale = machine.apply(new Command.ReleaseLock(machine.request(a), "l", "x", token - 1));
        assertThat(stale).isInstanceOfSatisfying(Reply.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Refusal.FENCING_TOKEN_STALE);
            assertThat(refused.current()).isEqualTo(token);
        });
        assertThat(machine.apply(new Command.ReleaseLock(machine.request(a), "l", "x", token)))
                .isEqualTo(new Reply.Done(true));
    }

    @Test
    void aBrokenLockGoesToTheNextAndItsHoldersAreToldWhy() {
        long token = token(machine.read(a, "l", "x"));
        machine.read(b, "l", "y");
        machine.lock(b, "l", "w");
        machine.apply(new Command.BreakLock(Request.NONE, "l", token, "stuck"));
        assertThat(machine.events()).containsExactly(
                new Event.LockLeft("l", new Claimant(a, "x"), token, Cause.BROKEN, "stuck"));
        machine.apply(new Command.BreakLock(Request.NONE, "l", 0, "stuck"));
        assertThat(machine.holders("l")).containsExactly("w");
        assertThat(refusal(machine.apply(new Command.BreakLock(Request.NONE, "l", token, "late"))))
                .isEqualTo(Refusal.FENCING_TOKEN_STALE);
        assertThat(refusal(machine.apply(new Command.BreakLock(Request.NONE, "none", 0, "late"))))
                .isEqualTo(Refusal.LOCK_NOT_HELD);
    }

    @Test
    void aTokenIsValidWhileItsGrantStandsAndStaleOrUnknownOtherwise() {
        long token = token(machine.lock(a, "l", "x"));
        machine.lock(b, "l", "y");
        assertThat(check(token)).isEqualTo(new TokenCheck(TokenCheck.State.VALID, token));
        machine.release(a, "l", "x");
        assertThat(check(token)).isEqualTo(new TokenCheck(TokenCheck.State.STALE, token + 1));
        machine.release(b, "l", "y");
        assertThat(check(token)).isEqualTo(new TokenCheck(TokenCheck.State.STALE, 0));
        assertThat(check(99)).isEqualTo(new TokenCheck(TokenCheck.State.UNKNOWN, 0));
        assertThat(check(0)).isEqualTo(new TokenCheck(TokenCheck.State.UNKNOWN, 0));
    }

    @Test
    void locksInUseAreListedAndOthersLeaveNothingBehind() {
        long empty = machine.state.bytes();
        machine.lock(a, "x/1", "o");
        machine.lock(a, "x/2", "o");
        machine.lock(a, "y", "o");
        assertThat(machine.state.locks(KeyRange.prefix("x/"), 9)).containsExactly("x/1", "x/2");
        assertThat(machine.state.locks(KeyRange.ALL, 1)).containsExactly("x/1");
        for (String name : List.of("x/1", "x/2", "y")) {
            machine.release(a, name, "o");
        }
        assertThat(machine.state.locks(KeyRange.ALL, 9)).isEmpty();
        machine.apply(new Command.ReleaseLock(new Request(a, 1_000, 1_000), "none", "o", 0));
        machine.apply(new Command.ReleaseLock(new Request(a, 1_001, 1_001), "none", "o", 0));
        assertThat(machine.state.bytes()).isLessThan(empty + 200);
    }

    private TokenCheck check(long token) {
        return machine.state.check(new Fence(Domain.LOCK, "l", token));
    }
}
