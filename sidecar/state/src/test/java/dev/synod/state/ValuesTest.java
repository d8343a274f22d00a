package dev.synod.state;

import static dev.synod.state.Machine.refusal;
import static dev.synod.state.Machine.text;
import static dev.synod.state.Machine.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ValuesTest {
    private final Machine machine = new Machine();

    @Test
    void aKeyKnowsWhenItWasCreatedAndChangedAndHowOften() {
        machine.put("k", "1");
        machine.put("k", "2");
        assertThat(get("k")).isEqualTo(new KeyValue("k", text("2"), 2, 3, 2, 0));
        machine.delete("k");
        machine.put("k", "3");
        assertThat(get("k")).isEqualTo(new KeyValue("k", text("3"), 5, 5, 1, 0));
    }

    @Test
    void theRevisionAdvancesOnceForACommitThatChangesSomething() {
        machine.commit(new Operation.Put("a", text("1")), new Operation.Put("b", text("1")));
        assertThat(machine.state.revision()).isEqualTo(2);
        assertThat(machine.delete("none")).isEqualTo(
                new Reply.Committed(2, true, List.of(new Outcome.Deleted(0))));
        machine.commit(new Operation.Range(KeyRange.ALL, 0, false));
        assertThat(machine.state.revision()).isEqualTo(2);
    }

    @Test
    void whatACommitChangesIsReportedTogetherInTheOrderOfKeys() {
        machine.put("c", "0");
        machine.commit(new Operation.Put("b", text("1")), new Operation.Delete(KeyRange.of("c")),
                new Operation.Put("a", text("1")));
        assertThat(machine.events()).containsExactly(
                new Event.ValuePut(new KeyValue("a", text("1"), 3, 3, 1, 0)),
                new Event.ValuePut(new KeyValue("b", text("1"), 3, 3, 1, 0)),
                new Event.ValueDeleted("c", 3));
    }

    @Test
    void anOperationSeesWhatThoseBeforeItDid() {
        Reply reply = machine.commit(new Operation.Range(KeyRange.ALL, 0, false),
                new Operation.Put("a", text("1")), new Operation.Range(KeyRange.ALL, 0, false));
        assertThat(reply).isEqualTo(new Reply.Committed(2, true, List.of(
                new Outcome.Found(List.of(), 0, false),
                new Outcome.Stored(),
                new Outcome.Found(List.of(new KeyValue("a", text("1"), 2, 2, 1, 0)), 1, false))));
    }

    @Test
    void aPastRevisionIsReadAsItWas() {
        machine.put("k", "1");
        machine.put("k", "2");
        machine.delete("k");
        assertThat(machine.values(KeyRange.ALL, 1)).isEmpty();
        assertThat(machine.values(KeyRange.ALL, 2)).containsExactly("k=1");
        assertThat(machine.values(KeyRange.ALL, 3)).containsExactly("k=2");
        assertThat(machine.values(KeyRange.ALL, 4)).isEmpty();
    }

    @Test
    void aRangeIsPagedByKey() {
        for (String key : List.of("p/1", "p/2", "p/3", "q")) {
            machine.put(key, "v");
        }
        KeyRange range = KeyRange.prefix("p/");
        assertThat(found(new Operation.Range(range, 2, true))).satisfies(page -> {
            assertThat(page.values()).extracting(KeyValue::key).containsExactly("p/1", "p/2");
            assertThat(page.values()).extracting(KeyValue::value).containsOnly(Bytes.EMPTY);
            assertThat(page.count()).isEqualTo(3);
            assertThat(page.more()).isTrue();
        });
        assertThat(found(new Operation.Range(range.after("p/2"), 2, false))).satisfies(page -> {
            assertThat(page.values()).extracting(KeyValue::key).containsExactly("p/3");
            assertThat(page.more()).isFalse();
        });
        assertThat(found(new Operation.Range(new KeyRange("z", "a"), 0, false)).count()).isZero();
    }

    @Test
    void aPageEndsBeforeItIsTooLarge() {
        var large = Bytes.of(new byte[Limits.VALUE_BYTES_MAX]);
        machine.commit(new Operation.Put("a", large));
        machine.commit(new Operation.Put("b", large));
        var all = new Operation.Range(KeyRange.ALL, 0, false);
        assertThat(found(all)).satisfies(page -> {
            assertThat(page.values()).extracting(KeyValue::key).containsExactly("a");
            assertThat(page.more()).isTrue();
        });
        Reply reply = machine.commit(all, all);
        assertThat(ReplyCodec.encode(reply).length()).isLessThan(Limits.RANGE_BYTES_MAX + 1_000);
    }

    @Test
    void compactionDropsWhatOnlyEarlierReadsNeed() {
        machine.put("k", "1");
        machine.put("k", "2");
        machine.put("gone", "1");
        machine.delete("gone");
        machine.put("k", "3");
        long full = machine.state.bytes();

        assertThat(machine.apply(new Command.Compact(5))).isEqualTo(new Reply.Done(true));
        assertThat(machine.state.bytes()).isLessThan(full);
        assertThat(machine.values(KeyRange.ALL, 5)).containsExactly("k=2");
        assertThat(machine.values(KeyRange.ALL, 6)).containsExactly("k=3");
        assertThat(machine.state.revision()).isEqualTo(6);
    }

    @Test
    void aDeletedKeyLeavesNothingBehindOnceItsDeletionIsCompacted() {
        long empty = machine.state.bytes();
        machine.put("k", "1");
        machine.delete("k");
        machine.apply(new Command.Compact(3));
        assertThat(machine.state.bytes()).isEqualTo(empty);
        assertThat(machine.values(KeyRange.ALL, 3)).isEmpty();
    }

    @Test
    void revisionsThatAreGoneOrHaveNotComeAreRefusedWithTheBound() {
        machine.put("k", "1");
        machine.put("k", "2");
        machine.apply(new Command.Compact(3));
        var all = new Operation.Range(KeyRange.ALL, 0, false);
        assertRefused(machine.state.range(all, 2), Refusal.REVISION_COMPACTED, 3);
        assertRefused(machine.state.range(all, 4), Refusal.REVISION_FUTURE, 3);
        assertRefused(machine.apply(new Command.Compact(3)), Refusal.REVISION_COMPACTED, 3);
        assertRefused(machine.apply(new Command.Compact(4)), Refusal.REVISION_FUTURE, 3);
        assertThat(machine.state.replay(KeyRange.ALL, 3, 9)).isInstanceOfSatisfying(Reply.Refused.class,
                refused -> assertRefused(refused, Refusal.REVISION_COMPACTED, 3));
    }

    @Test
    void aReplayIsCutWhereItIsLargeEnough() {
        String large = "x".repeat(300 << 10);
        for (int i = 1; i <= 8; i++) {
            machine.put("k" + i, large);
        }
        assertThat(machine.state.replay(KeyRange.ALL, 1, 99)).isInstanceOfSatisfying(Replay.Changes.class,
                changes -> {
                    assertThat(changes.events()).hasSize(4);
                    assertThat(machine.state.replay(KeyRange.ALL, changes.next(), 99))
                            .isInstanceOfSatisfying(Replay.Changes.class,
                                    rest -> assertThat(rest.events()).hasSize(4));
                });
    }

    @Test
    void aReplayTellsAgainWhatChangedInWholeRevisions() {
        machine.put("a", "1");
        machine.commit(new Operation.Put("a", text("2")), new Operation.Put("b", text("2")));
        machine.delete("a");
        var first = new Event.ValuePut(new KeyValue("a", text("2"), 2, 3, 2, 0));
        var second = new Event.ValuePut(new KeyValue("b", text("2"), 3, 3, 1, 0));
        var third = new Event.ValueDeleted("a", 4);
        assertThat(machine.state.replay(KeyRange.ALL, 3, 9))
                .isEqualTo(new Replay.Changes(List.of(first, second, third), 5));
        assertThat(machine.state.replay(KeyRange.ALL, 3, 1))
                .isEqualTo(new Replay.Changes(List.of(first, second), 4));
        assertThat(machine.state.replay(KeyRange.of("b"), 2, 9))
                .isEqualTo(new Replay.Changes(List.of(second), 5));
        assertThat(machine.state.replay(KeyRange.ALL, 99, 9)).isEqualTo(new Replay.Changes(List.of(), 99));
    }

    @ParameterizedTest
    @CsvSource({
        "CREATE_REVISION, EQUAL, 2, true", "CREATE_REVISION, GREATER, 2, false",
        "MOD_REVISION, EQUAL, 3, true", "MOD_REVISION, LESS, 4, true", "MOD_REVISION, NOT_EQUAL, 3, false",
        "VERSION, EQUAL, 2, true", "VERSION, GREATER, 1, true", "VERSION, LESS, 2, false"})
    void numbersAreCompared(Compare.Target target, Compare.Relation relation, long number, boolean holds) {
        machine.put("k", "1");
        machine.put("k", "2");
        assertThat(succeeds(new Compare.OfNumber("k", target, relation, number))).isEqualTo(holds);
    }

    @Test
    void valuesAndExistenceAreCompared() {
        machine.put("k", "m");
        assertThat(succeeds(new Compare.OfValue("k", Compare.Relation.EQUAL, text("m")))).isTrue();
        assertThat(succeeds(new Compare.OfValue("k", Compare.Relation.LESS, text("\u00ff")))).isTrue();
        assertThat(succeeds(new Compare.OfValue("k", Compare.Relation.GREATER, text("n")))).isFalse();
        assertThat(succeeds(new Compare.OfValue("no", Compare.Relation.NOT_EQUAL, text("m")))).isFalse();
        assertThat(succeeds(new Compare.Exists("k", true))).isTrue();
        assertThat(succeeds(new Compare.Exists("no", true))).isFalse();
        assertThat(succeeds(
                new Compare.OfNumber("no", Compare.Target.VERSION, Compare.Relation.EQUAL, 0))).isTrue();
    }

    @Test
    void oneOfTwoBranchesIsCarriedOut() {
        var compare = new Compare.Exists("k", false);
        var commit = new Command.Commit(Request.NONE, List.of(compare),
                List.of(new Operation.Put("k", text("first"))),
                List.of(new Operation.Put("k", text("second"))), List.of());
        assertThat(machine.apply(commit))
                .isEqualTo(new Reply.Committed(2, true, List.of(new Outcome.Stored())));
        assertThat(machine.apply(commit))
                .isEqualTo(new Reply.Committed(3, false, List.of(new Outcome.Stored())));
        assertThat(machine.values(KeyRange.ALL, 0)).containsExactly("k=second");
    }

    @Test
    void aWriteThatRequiresATokenIsRefusedOnceTheTokenIsStale() {
        long a = machine.open();
        long token = token(machine.lock(a, "l", "x"));
        assertThat(fencedPut(token)).isInstanceOf(Reply.Committed.class);
        assertThat(refusal(fencedPut(99))).isEqualTo(Refusal.FENCING_TOKEN_UNKNOWN);
        machine.release(a, "l", "x");
        long next = token(machine.lock(a, "l", "y"));
        assertRefused(fencedPut(token), Refusal.FENCING_TOKEN_STALE, next);
    }

    @Test
    void aKeyIsBoundOnlyToASessionThatLives() {
        assertThat(refusal(machine.commit(new Operation.Put("a", text("1")),
                new Operation.Put("k", text("v"), 7)))).isEqualTo(Refusal.SESSION_NOT_FOUND);
        assertThat(machine.values(KeyRange.ALL, 0)).isEmpty();
        assertThat(machine.state.revision()).isEqualTo(1);
    }

    private Reply fencedPut(long token) {
        return machine.apply(new Command.Commit(Request.NONE, List.of(),
                List.of(new Operation.Put("k", text("v"))), List.of(),
                List.of(new Fence(Domain.LOCK, "l", token))));
    }

    private boolean succeeds(Compare compare) {
        Reply reply = machine.apply(
                new Command.Commit(Request.NONE, List.of(compare), List.of(), List.of(), List.of()));
        assertThat(reply).isInstanceOf(Reply.Committed.class);
        return ((Reply.Committed) reply).succeeded();
    }

    private KeyValue get(String key) {
        return found(new Operation.Range(KeyRange.of(key), 0, false)).values().getFirst();
    }

    private Outcome.Found found(Operation.Range range) {
        Reply reply = machine.state.range(range, 0);
        assertThat(reply).isInstanceOf(Reply.Ranged.class);
        return ((Reply.Ranged) reply).found();
    }

    private static void assertRefused(Reply reply, Refusal reason, long current) {
        assertThat(reply).isInstanceOfSatisfying(Reply.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused.current()).isEqualTo(current);
        });
    }
}
