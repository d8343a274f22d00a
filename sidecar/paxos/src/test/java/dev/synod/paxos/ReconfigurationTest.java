package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Voters 1 to 3 and observers 4 to 6, unless a test says otherwise. */
final class ReconfigurationTest {
    private static final Configuration NOW = configuration(3, 6);

    private static UUID uuid(int number) {
        return new UUID(0, number);
    }

    private static List<UUID> uuids(int... numbers) {
        List<UUID> uuids = new ArrayList<>();
        for (int number : numbers) {
            uuids.add(uuid(number));
        }
        return uuids;
    }

    private static Configuration configuration(int voters, int members) {
        List<UUID> uuids = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        for (int i = 1; i <= voters; i++) {
            uuids.add(uuid(i));
            addresses.add("m" + i);
        }
        Configuration configuration = Configuration.initial(uuids, addresses);
        for (int i = voters + 1; i <= members; i++) {
            configuration = configuration.after(new Payload.AddObserver(uuid(i), "m" + i));
        }
        return configuration;
    }

    /** What is wrong with these voters when everybody but {@code behind} is caught up. */
    private static @Nullable String wrong(List<UUID> next, int... behind) {
        List<UUID> notReady = uuids(behind);
        return Reconfiguration.wrong(NOW, next, uuid -> !notReady.contains(uuid));
    }

    @Test
    void twoMayBeAddedAtOnce() {
        assertThat(wrong(uuids(1, 2, 3, 4, 5))).isNull();
        assertThat(wrong(uuids(5, 4, 3, 2, 1))).as("in any order").isNull();
    }

    @Test
    void aDeadVoterIsSwappedInOneStep() {
        assertThat(wrong(uuids(1, 2, 4), 3)).isNull();
    }

    @Test
    void twoMayBeRemovedAtOnce() {
        assertThat(wrong(uuids(1))).isNull();
    }

    @Test
    void moreThanTwoChangesAreRefused() {
        assertThat(wrong(uuids(1, 4, 5)))
                .isEqualTo("2 voters added and 2 removed; change at most 2 at once");
        assertThat(wrong(uuids(1, 2, 3, 4, 5, 6))).contains("3 voters added and 0 removed");
    }

    @Test
    void theVotersThatAreThereAlreadyAreNoChange() {
        assertThat(wrong(uuids(3, 1, 2))).isEqualTo("these are the voters already");
    }

    @Test
    void aStrangerMustBeAnObserverFirst() {
        assertThat(wrong(uuids(1, 2, 3, 9))).contains("is unknown; add it as an observer first");
    }

    @Test
    void anObserverMustHaveCaughtUp() {
        assertThat(wrong(uuids(1, 2, 4), 4)).contains("has not caught up; wait until it has");
    }

    @Test
    void aQuorumOfTheNextEpochMustBeThere() {
        assertThat(wrong(uuids(1, 2, 3, 4), 2, 3)).contains("only 2 of the next 4 voters are caught up");
        assertThat(wrong(uuids(1, 2, 3, 4), 3)).isNull();
        assertThat(wrong(uuids(2, 3), 3)).contains("only 1 of the next 2");
    }

    @Test
    void fromNoneToMoreThanSevenVotersAreRefused() {
        assertThat(wrong(uuids())).isEqualTo("0 voters wanted; 1 to 7 are allowed");
        Configuration seven = configuration(7, 8);
        assertThat(Reconfiguration.wrong(seven, uuids(1, 2, 3, 4, 5, 6, 7, 8), uuid -> true))
                .isEqualTo("8 voters wanted; 1 to 7 are allowed");
        assertThat(Reconfiguration.wrong(seven, uuids(1, 2, 3, 4, 5, 6, 8), uuid -> true)).isNull();
    }

    @Test
    void nobodyIsCountedTwice() {
        assertThat(wrong(uuids(1, 2, 2))).contains("is named twice");
    }

    @Test
    void whatIsAllowedMakesAConfigurationOfTheNextEpoch() {
        Configuration next = NOW.nextEpoch(uuids(5, 1, 2));
        assertThat(next.epoch()).isEqualTo(1);
        assertThat(next.voters()).extracting(Member::number).containsExactly(1, 2, 5);
        assertThat(next.observers()).extracting(Member::number).containsExactly(4, 6);
        assertThat(next.nextNumber()).isEqualTo(NOW.nextNumber());
    }
}
