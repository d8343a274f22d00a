package dev.synod.state;

import static dev.synod.state.Machine.refusal;
import static dev.synod.state.Machine.text;
import static dev.synod.state.Machine.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.paxos.Bytes;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for requests of every kind: once, within limits, in order. */
final class RequestsTest {
    private final Machine machine = new Machine();
    private long session;

    @BeforeEach
    void openSession() {
        session = machine.open();
    }

    @Test
    void aRequestDecidedTwiceTakesEffectOnceAndIsAnsweredTheSame() {
        var put = put(new Request(session, 5, 0), "1");
        Reply first = machine.apply(put);
        Bytes content = Machine.contentOf(machine.state);
        assertThat(machine.apply(put)).isEqualTo(first);
        assertThat(machine.events()).isEmpty();
        assertThat(machine.state.revision()).isEqualTo(2);
        assertThat(Machine.contentOf(machine.state)).isEqualTo(content);
    }

    @Test
    void aRequestWithoutAnIdIsNotRememberedButItsSessionMustLive() {
        var put = put(Request.unremembered(session), "1");
        machine.apply(put);
        assertThat(machine.apply(put)).isInstanceOf(Reply.Committed.class);
        assertThat(machine.state.revision()).isEqualTo(3);
        machine.apply(new Command.CloseSession(session));
        assertThat(refusal(machine.apply(put))).isEqualTo(Refusal.SESSION_ENDED);
        assertThat(machine.state.revision()).isEqualTo(3);
    }

    @Test
    void aRefusalIsRememberedToo() {
        var release = new Command.ReleaseLock(new Request(session, 5, 0), "l", "x", 0);
        assertThat(refusal(machine.apply(release))).isEqualTo(Refusal.LOCK_NOT_HELD);
        token(machine.lock(session, "l", "x"));
        assertThat(refusal(machine.apply(release))).isEqualTo(Refusal.LOCK_NOT_HELD);
        assertThat(machine.holders("l")).containsExactly("x");
    }

    @Test
    void requestsComeInAnyOrder() {
        for (long id : new long[] {9, 3, 7}) {
            assertThat(machine.apply(put(new Request(session, id, 0), "v" + id)))
                    .isInstanceOf(Reply.Committed.class);
        }
        assertThat(machine.apply(put(new Request(session, 3, 0), "again")))
                .isEqualTo(new Reply.Committed(3, true, List.of(new Outcome.Stored())));
        assertThat(machine.values(KeyRange.ALL, 0)).containsExactly("k=v7");
    }

    @Test
    void anAcknowledgedRequestIsForgottenAndItsRepeatRefused() {
        machine.apply(put(new Request(session, 1, 0), "1"));
        machine.apply(put(new Request(session, 2, 2), "2"));
        Reply late = machine.apply(put(new Request(session, 1, 0), "1"));
        assertThat(refusal(late)).isEqualTo(Refusal.REQUEST_ACKNOWLEDGED);
        assertThat(machine.values(KeyRange.ALL, 0)).containsExactly("k=2");
    }

    @Test
    void aSessionThatAcknowledgesNothingIsRefusedInTheEnd() {
        for (int id = 1; id <= Limits.REPLIES_MAX; id++) {
            assertThat(machine.apply(put(new Request(session, id, 0), "v")))
                    .isInstanceOf(Reply.Committed.class);
        }
        long next = Limits.REPLIES_MAX + 1L;
        assertThat(refusal(machine.apply(put(new Request(session, next, 0), "w"))))
                .isEqualTo(Refusal.TOO_MANY_OUTSTANDING);
        assertThat(machine.apply(put(new Request(session, 1, 0), "v"))).isInstanceOf(Reply.Committed.class);
        assertThat(machine.apply(put(new Request(session, next, 2), "w")))
                .isInstanceOf(Reply.Committed.class);
    }

    @Test
    void sessionsHaveIdsOfTheirOwn() {
        long other = machine.open();
        machine.apply(put(new Request(session, 1, 0), "a"));
        machine.apply(put(new Request(other, 1, 0), "b"));
        assertThat(machine.values(KeyRange.ALL, 0)).containsExactly("k=b");
    }

    @Test
    void aFullStateLetsThroughOnlyWhatFreesOrKeeps() {
        long other = machine.open();
        token(machine.lock(session, "l", "x"));
        machine.lock(other, "l", "y");
        token(machine.campaign(session, "e", "x"));
        machine.campaign(other, "e", "y");
        var large = Bytes.of(new byte[Limits.VALUE_BYTES_MAX]);
        int stored = 0;
        while (machine.commit(new Operation.Put("k" + stored % 4, large)) instanceof Reply.Committed) {
            stored++;
        }
        assertThat(stored).isEqualTo(15);
        assertThat(machine.state.bytes()).isLessThan(Limits.STATE_BYTES_MAX);
        for (int i = 0; machine.put("fill" + i, "x".repeat(60_000)) instanceof Reply.Committed; i++) {
            assertThat(i).isLessThan(40);
        }
        fillWithSessions();

        assertThat(refusal(machine.put("k", "1"))).isEqualTo(Refusal.STATE_QUOTA);
        assertThat(refusal(machine.lock(session, "new", "x"))).isEqualTo(Refusal.STATE_QUOTA);
        assertThat(refusal(machine.campaign(session, "new", "x"))).isEqualTo(Refusal.STATE_QUOTA);
        assertThat(token(machine.lock(session, "l", "x"))).isEqualTo(2);
        assertThat(token(machine.campaign(session, "e", "x"))).isEqualTo(3);
        assertThat(machine.apply(new Command.AttachSession(session, Machine.SECRET)))
                .isInstanceOf(Reply.Attached.class);
        assertThat(machine.release(session, "l", "x")).isEqualTo(new Reply.Done(true));
        assertThat(machine.apply(new Command.Resign(machine.request(session), "e", "x")))
                .isEqualTo(new Reply.Done(true));
        assertThat(machine.delete("k0")).isInstanceOf(Reply.Committed.class);
        assertThat(machine.expire(other)).isEqualTo(new Reply.Done(true));
        assertThat(machine.apply(new Command.Compact(machine.state.revision())))
                .isEqualTo(new Reply.Done(true));
        assertThat(machine.put("k", "1")).isInstanceOf(Reply.Committed.class);
    }

    /** Until not even a small command has room. */
    private void fillWithSessions() {
        Reply reply;
        do {
            reply = machine.apply(
                    new Command.OpenSession(1_000, "x".repeat(20), List.of(), Machine.SECRET));
        } while (reply instanceof Reply.Attached);
        assertThat(refusal(reply)).isEqualTo(Refusal.STATE_QUOTA);
        for (int i = 0; i < 9; i++) {
            machine.apply(new Command.Proclaim(machine.request(session), "e", "x", 0,
                    text("x".repeat(Math.max(0, room() - 70)))));
            machine.commit(new Operation.Put("z", text("x".repeat(Math.max(0, room() - 70)))));
        }
        assertThat(room()).isLessThan(50);
    }

    private int room() {
        return (int) (Limits.STATE_BYTES_MAX - machine.state.bytes());
    }

    @Test
    void entriesAreAppliedOnceAndInOrder() {
        long index = machine.state.appliedIndex();
        Bytes command = CommandCodec.encode(new Command.Compact(1));
        assertThatThrownBy(() -> machine.state.apply(index, command))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> machine.state.apply(index + 2, command))
                .isInstanceOf(IllegalArgumentException.class);
        machine.state.skip(index + 1);
        machine.state.apply(index + 2, command);
        assertThat(machine.state.appliedIndex()).isEqualTo(index + 2);
    }

    private static Command.Commit put(Request request, String value) {
        return Command.Commit.of(request, new Operation.Put("k", text(value)));
    }
}
