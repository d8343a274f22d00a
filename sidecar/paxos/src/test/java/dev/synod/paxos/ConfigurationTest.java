package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who belongs to a cluster, and how that changes. */
final class ConfigurationTest {
    private static final UUID A = new UUID(0, 1);
    private static final UUID B = new UUID(0, 2);
    private static final UUID C = new UUID(0, 3);
    private static final UUID D = new UUID(0, 4);
    private static final UUID E = new UUID(0, 5);
    private static final Configuration ABC = Configuration.initial(List.of(A, B, C), List.of("a", "b", "c"));

    @Test
    void theFirstVotersAreNumberedFromOneInTheOrderGiven() {
        assertThat(ABC.voters()).containsExactly(new Member(1, A, "a"), new Member(2, B, "b"),
                new Member(3, C, "c"));
        assertThat(ABC.epoch()).isZero();
        assertThat(ABC.nextNumber()).isEqualTo(4);
        assertThat(ABC.quorums()).isEqualTo(new Quorums(2, 2, 2));
        assertThat(ABC.observers()).isEmpty();
    }

    @Test
    void membersAreFoundByUuidAndNumber() {
        Configuration withD = ABC.after(new Payload.AddObserver(D, "d"));
        assertThat(withD.voterSlot(C)).isEqualTo(2);
        assertThat(withD.voterSlot(D)).isEqualTo(-1);
        assertThat(withD.isVoter(C)).isTrue();
        assertThat(withD.isVoter(D)).isFalse();
        assertThat(withD.isObserver(C)).isFalse();
        assertThat(withD.isObserver(D)).isTrue();
        assertThat(withD.member(B)).isEqualTo(new Member(2, B, "b"));
        assertThat(withD.member(D)).isEqualTo(new Member(4, D, "d"));
        assertThat(withD.member(E)).isNull();
        assertThat(withD.voterNumbered(2)).isEqualTo(new Member(2, B, "b"));
        assertThat(withD.voterNumbered(4)).isNull();
        assertThat(withD.everyone()).extracting(Member::uuid).containsExactly(A, B, C, D);
    }

    @Test
    void anObserverIsAddedOnceAndGetsTheNextNumber() {
        Configuration withD = ABC.after(new Payload.AddObserver(D, "d"));
        assertThat(withD.observers()).containsExactly(new Member(4, D, "d"));
        assertThat(withD.nextNumber()).isEqualTo(5);
        assertThat(withD.epoch()).isEqualTo(ABC.epoch());
        assertThat(withD.after(new Payload.AddObserver(D, "elsewhere"))).isEqualTo(withD);
        assertThat(ABC.after(new Payload.AddObserver(A, "a"))).isEqualTo(ABC);
    }

    @Test
    void theNumberOfAnObserverThatLeftIsNeverUsedAgain() {
        Configuration without =
                ABC.after(new Payload.AddObserver(D, "d")).after(new Payload.RemoveObserver(D));
        assertThat(without.observers()).isEmpty();
        assertThat(without.after(new Payload.AddObserver(D, "d")).observers())
                .containsExactly(new Member(5, D, "d"));
    }

    @Test
    void removingWhoIsNoObserverChangesNothing() {
        assertThat(ABC.after(new Payload.RemoveObserver(D))).isEqualTo(ABC);
        assertThat(ABC.after(new Payload.RemoveObserver(A))).isEqualTo(ABC);
    }

    @Test
    void moreObserversThanAllowedAreNotAdded() {
        Configuration full = ABC;
        for (int i = 0; i < Configuration.OBSERVERS_MAX; i++) {
            full = full.after(new Payload.AddObserver(new UUID(1, i), "o"));
        }
        assertThat(full.observers()).hasSize(Configuration.OBSERVERS_MAX);
        assertThat(full.after(new Payload.AddObserver(D, "d"))).isEqualTo(full);
    }

    @Test
    void commandsAndLeaderStartsChangeNoConfigurationAndAStopSignBringsItsOwn() {
        Configuration next = ABC.nextEpoch(List.of(A, B));
        assertThat(ABC.after(new Payload.LeaderStart())).isSameAs(ABC);
        assertThat(ABC.after(new Payload.Command(Bytes.EMPTY))).isSameAs(ABC);
        assertThat(ABC.after(new Payload.StopSign(next))).isSameAs(next);
    }

    @Test
    void theNextEpochPromotesObserversAndDropsVotersLeftOut() {
        Configuration both =
                ABC.after(new Payload.AddObserver(D, "d")).after(new Payload.AddObserver(E, "e"));
        Configuration next = both.nextEpoch(List.of(D, C, A));
        assertThat(next.epoch()).isEqualTo(1);
        assertThat(next.voters()).extracting(Member::number).containsExactly(1, 3, 4);
        assertThat(next.observers()).containsExactly(new Member(5, E, "e"));
        assertThat(next.nextNumber()).isEqualTo(6);
        assertThat(next.member(B)).isNull();
    }

    @Test
    void aStrangerCannotBecomeAVoter() {
        assertThatThrownBy(() -> ABC.nextEpoch(List.of(A, D)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(D.toString());
    }

    @Test
    void listsHandedInAreCopied() {
        List<Member> voters = new ArrayList<>(ABC.voters());
        Configuration copy = new Configuration(0, voters, List.of(), 4, ABC.quorums());
        voters.clear();
        assertThat(copy).isEqualTo(ABC);
    }

    @Test
    void whatBreaksABoundIsRefusedAndSaysSo() {
        Member a = new Member(1, A, "a");
        Member b = new Member(2, B, "b");
        Quorums two = new Quorums(2, 2, 2);
        refuses(-1, List.of(a, b), List.of(), 3, two, "epoch -1");
        refuses(0, List.of(b, a), List.of(), 3, two, "out of order");
        refuses(0, List.of(a, new Member(1, B, "b")), List.of(), 3, two, "out of order");
        refuses(0, List.of(new Member(0, A, "a"), b), List.of(), 3, two, "out of order");
        refuses(0, List.of(a, b), List.of(), 2, two, "not below 2");
        refuses(0, List.of(a, b), List.of(new Member(3, C, "c")), 3, two, "not below 3");
        refuses(0, List.of(a, new Member(2, A, "a")), List.of(), 3, two, "twice");
        refuses(0, List.of(a, b), List.of(new Member(3, A, "a")), 4, two, "both voter and observer");
        refuses(0, List.of(a, b), List.of(), 3, new Quorums(1, 1, 2), "do not meet");
        refuses(0, List.of(a, b), List.of(), 3, new Quorums(2, 2, 3), "do not meet");
    }

    @Test
    void moreMembersThanAllowedAreRefused() {
        List<Member> eight = new ArrayList<>();
        List<Member> observers = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            eight.add(new Member(i, new UUID(2, i), "v"));
        }
        for (int i = 1; i <= Configuration.OBSERVERS_MAX + 1; i++) {
            observers.add(new Member(i + 10, new UUID(3, i), "o"));
        }
        refuses(0, eight, List.of(), 9, Quorums.majority(8), "8 voters");
        refuses(0, eight.subList(0, 7), observers, 100, Quorums.majority(7), "65 observers");
    }

    private static void refuses(
            int epoch, List<Member> voters, List<Member> observers, int nextNumber, Quorums quorums,
            String why) {
        assertThatThrownBy(() -> new Configuration(epoch, voters, observers, nextNumber, quorums))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
