package dev.synod.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Message;
import dev.synod.paxos.Payload;
import dev.synod.paxos.Role;
import dev.synod.paxos.Seal;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Three voters. By default the first leads ballot b1 and entry 1 is chosen and decided by it and the second.
 */
class ConsensusOracleTest {
    private static final Ballot B1 = new Ballot(0, 1, 1);
    private static final Ballot B2 = new Ballot(0, 2, 2);

    private final FakeWorld world = new FakeWorld(3, 1);
    private final FakeMember first = world.member(0);
    private final FakeMember second = world.member(1);
    private final FakeMember third = world.member(2);

    @BeforeEach
    void oneEntryIsDecided() {
        world.promise(B1, 0, 1);
        first.adopt(B1, first, 0).append(B1, new Payload.LeaderStart());
        first.role = Role.LEADER;
        world.step(0);
        first.sync();
        world.step(0);
        second.adopt(B1, first, 1);
        world.step(1);
        second.sync();
        world.step(1);
        first.decide(1);
        world.step(0);
    }

    private static void assertBroken(String invariant, ThrowingCallable what) {
        assertThatThrownBy(what)
                .isInstanceOfSatisfying(Violation.class, violation -> assertThat(violation.invariant())
                        .as(violation.getMessage())
                        .isEqualTo(invariant));
    }

    /** The second member becomes leader of b2 with its own log and a LeaderStart. */
    private void secondLeads() {
        world.promise(B2, 1, 2);
        second.role = Role.LEADER;
        second.adopt(B2, second, second.last()).append(B2, new Payload.LeaderStart());
        world.step(1);
    }

    @Test
    void whatAQuorumHoldsOnDiskIsChosen() {
        assertThat(world.consensus.chosen().last()).isEqualTo(1);
        assertThat(world.consensus.decidedAnywhere().before(Long.MAX_VALUE)).isEqualTo(1);
    }

    @Test
    void nothingIsChosenBeforeItIsOnDisk() {
        first.append(B1, 7).sync();
        world.step(0);
        second.append(first.entry(2));
        world.step(1);
        assertThat(world.consensus.chosen().last()).isEqualTo(1);
    }

    @Test
    void aDecisionWithoutAQuorumIsFound() {
        first.append(B1, 7).sync().decide(2);
        assertBroken("quorum", () -> world.step(0));
    }

    @Test
    void votesAtDifferentBallotsAreNotAddedUp() {
        first.append(B1, 7).sync();
        world.step(0);
        second.append(first.entry(2));
        world.step(1);
        world.promise(B2, 1, 2);
        second.role = Role.LEADER;
        second.adopt(B2, second, 2).append(B2, new Payload.LeaderStart()).sync();
        world.step(1);
        assertThat(world.consensus.chosen().last()).isEqualTo(1);
    }

    @Test
    void twoLogsOfOneBallotThatDifferAreFound() {
        first.append(B1, 7);
        world.step(0);
        second.append(B1, 8);
        assertBroken("I7", () -> world.step(1));
    }

    @Test
    void aLeaderWhoseLogMissesWhatIsChosenIsFound() {
        world.promise(new Ballot(0, 2, 3), 1, 2);
        third.role = Role.LEADER;
        third.adopt(new Ballot(0, 2, 3), third, 0).append(new Ballot(0, 2, 3), new Payload.LeaderStart());
        assertBroken("I9", () -> world.step(2));
    }

    @Test
    void aLeaderThatReplacesWhatIsChosenIsFound() {
        Ballot b3 = new Ballot(0, 3, 3);
        world.promise(b3, 1, 2);
        third.role = Role.LEADER;
        third.adopt(b3, third, 0).append(Ballot.BOTTOM, 9).append(b3, new Payload.LeaderStart());
        assertBroken("I9", () -> world.step(2));
    }

    @Test
    void aSecondValueChosenAtAnIndexIsFoundWhoeverLed() {
        Ballot b3 = new Ballot(0, 3, 3);
        third.adopt(b3, third, 0).append(b3, 9);
        world.step(2);
        third.sync();
        world.step(2);
        second.adopt(b3, third, 1);
        world.step(1);
        second.sync();
        assertBroken("slot", () -> world.step(1));
    }

    @Test
    void anotherValueDecidedThanChosenIsFound() {
        Ballot b0 = new Ballot(0, 1, 3);
        third.adopt(b0, third, 0).append(b0, 9).decide(1);
        assertBroken("slot", () -> world.step(2));
    }

    @Test
    void aNewLeaderThatHoldsWhatIsChosenIsFine() {
        assertThatCode(this::secondLeads).doesNotThrowAnyException();
    }

    @Test
    void anEntryChosenLateUnderALeaderThatMissesItIsFound() {
        first.append(B1, 7);
        world.step(0);
        secondLeads();
        first.sync();
        world.step(0);
        third.adopt(B1, first, 2);
        world.step(2);
        third.sync();
        assertBroken("I9", () -> world.step(2));
    }

    @Test
    void aBallotUsedByTwoRunsOfAProcessIsFound() {
        FakeMember again = first.restarted();
        again.role = Role.LEADER;
        assertBroken("I3", () -> world.restart(0, again));
    }

    @Test
    void aBallotUsedByAnotherThanItsOwnerIsFound() {
        third.role = Role.LEADER;
        third.adopt(B2, first, 1);
        assertBroken("I3", () -> world.step(2));
    }

    @Test
    void aLeaderBelowItsOwnPromiseIsFound() {
        first.promise(B2);
        assertBroken("own-promise", () -> world.step(0));
    }

    @Test
    void aPromiseThatGoesBackIsFound() {
        third.promise(B2);
        world.step(2);
        third.promise(B1);
        assertBroken("I1", () -> world.step(2));
    }

    @Test
    void acceptedAbovePromisedIsFound() {
        third.adopt(B2, first, 1);
        third.promised = B1;
        assertBroken("I1", () -> world.step(2));
    }

    @Test
    void decidedThatGoesBackIsFound() {
        first.decide(0);
        assertBroken("I2", () -> world.step(0));
    }

    @Test
    void aLogCutWithoutANewBallotIsFound() {
        second.log.clear();
        assertBroken("I6", () -> world.step(1));
    }

    @Test
    void aVolumeThatForgotAnAcknowledgedEntryIsFoundAtTheNextStart() {
        FakeMember again = second.restarted();
        again.log.clear();
        assertBroken("I17", () -> world.restart(1, again));
    }

    @Test
    void aVolumeThatForgotAPromiseIsFoundAtTheNextStart() {
        third.promise(B2);
        world.step(2);
        third.sync();
        FakeMember again = third.restarted();
        again.promised = Ballot.BOTTOM;
        assertBroken("I17", () -> world.restart(2, again));
    }

    @Test
    void whatWasNotYetDurableMayBeLost() {
        third.promise(B2);
        world.step(2);
        assertThatCode(() -> world.restart(2, third.restarted())).doesNotThrowAnyException();
    }

    @Test
    void aDamagedVolumeMayForgetOrGoFaulty() {
        world.damaged.add(1);
        FakeMember again = second.restarted();
        again.log.clear();
        world.restart(1, again);
        again.role = Role.FAULTY;
        assertThatCode(() -> world.step(1)).doesNotThrowAnyException();
    }

    @Test
    void aSoundMemberThatGoesFaultyIsFound() {
        second.role = Role.FAULTY;
        second.fault = "imagined";
        assertBroken("false-fault", () -> world.step(1));
    }

    @Test
    void acceptedWithoutAllThatTheLeaderAdoptedIsFound() {
        first.append(B1, 7).sync();
        world.step(0);
        second.append(first.entry(2));
        world.step(1);
        secondLeads();
        third.adopt(B2, second, 1);
        assertBroken("I9", () -> world.step(2));
    }

    @Test
    void differentStatesAtOneIndexAreFound() {
        first.applied = 1;
        first.digest = 5;
        world.step(0);
        second.decide(1);
        second.applied = 1;
        second.digest = 6;
        assertBroken("I8", () -> world.step(1));
    }

    @Test
    void aQueueBeyondItsLimitIsFound() {
        first.queued = 11;
        assertBroken("I18", () -> {
            for (int i = 0; i < 8; i++) {
                world.step(0);
            }
        });
    }

    @Test
    void anEntryOfTheSameEpochAfterAStopSignIsFound() {
        Configuration next = world.configuration.nextEpoch(List.of(first.uuid, second.uuid, third.uuid));
        first.append(B1, new Payload.StopSign(next)).append(B1, 7);
        assertBroken("I12", () -> world.step(0));
    }

    @Test
    void aDecreasingProposalIsFound() {
        secondLeads();
        second.append(B1, 7);
        assertBroken("I7", () -> world.step(1));
    }

    private Configuration stopSignIsChosen() {
        Configuration next = world.configuration.nextEpoch(List.of(first.uuid, second.uuid, third.uuid));
        first.append(B1, new Payload.StopSign(next));
        world.step(0);
        first.sync();
        world.step(0);
        second.append(first.entry(2));
        world.step(1);
        second.sync();
        world.step(1);
        return next;
    }

    private static void enter(FakeMember member, Configuration next, Seal seal) {
        member.role = Role.FOLLOWER;
        member.configuration = next;
        member.seal = seal;
        member.promised = Ballot.max(member.promised, Ballot.bottomOf(1));
        member.accepted = Ballot.bottomOf(1);
        member.decided = seal.index();
    }

    @Test
    void anEpochIsEnteredThroughItsChosenStopSign() {
        Configuration next = stopSignIsChosen();
        enter(first, next, new Seal(2, B1));
        assertThatCode(() -> world.step(0)).doesNotThrowAnyException();
    }

    @Test
    void anEpochEnteredBeforeItsStopSignIsChosenIsFound() {
        Configuration next = world.configuration.nextEpoch(List.of(first.uuid, second.uuid, third.uuid));
        first.append(B1, new Payload.StopSign(next));
        world.step(0);
        enter(first, next, new Seal(2, B1));
        first.decided = 1;
        assertThatThrownBy(() -> world.step(0)).isInstanceOf(Violation.class);
    }

    @Test
    void aSealWithABallotThatDidNotChooseTheStopSignIsFound() {
        Configuration next = stopSignIsChosen();
        enter(first, next, new Seal(2, B2));
        assertBroken("seal", () -> world.step(0));
    }

    @Test
    void aMemberWithAnotherConfigurationOfAnEpochIsFound() {
        stopSignIsChosen();
        Configuration other = world.configuration.nextEpoch(List.of(first.uuid));
        enter(first, other, new Seal(2, B1));
        assertBroken("chain", () -> world.step(0));
    }

    @Test
    void aTailKeptOnEntryIsFound() {
        Configuration next = stopSignIsChosen();
        third.adopt(B1, first, 2);
        world.step(2);
        enter(third, next, new Seal(2, B1));
        third.append(new Entry(3, Ballot.bottomOf(1), new Payload.LeaderStart()));
        assertBroken("I7", () -> world.step(2));
    }

    @Test
    void aNewcomerLearnsWhatIsChosenAndNothingElse() {
        FakeMember newcomer = world.member(3);
        newcomer.role = Role.OBSERVER;
        newcomer.configuration = world.configuration;
        newcomer.append(first.entry(1)).decide(1);
        assertThatCode(() -> world.step(3)).doesNotThrowAnyException();
        newcomer.append(B1, 7);
        assertBroken("I7", () -> world.step(3));
    }

    @Test
    void aQuorumThatIsCompletedByTheStepThatEntersTheNextEpochCounts() {
        Configuration next = world.configuration.nextEpoch(List.of(first.uuid, second.uuid, third.uuid));
        first.append(B1, new Payload.StopSign(next));
        world.step(0);
        second.append(first.entry(2));
        world.step(1);
        second.sync();
        world.step(1);
        first.sync();
        enter(first, next, new Seal(2, B1));
        assertThatCode(() -> world.step(0)).doesNotThrowAnyException();
    }

    @Test
    void whatASupersededProcessWritesDoesNotCountAndItsHeirMayUseTheSameBallot() {
        first.append(B1, 7).sync();
        world.step(0);
        world.superseded.add(1);
        second.append(first.entry(2)).sync();
        world.step(1);
        assertThat(world.consensus.chosen().last()).isEqualTo(1);
        world.superseded.add(0);
        FakeMember heir = first.restarted();
        heir.role = Role.LEADER;
        assertThatCode(() -> world.consensus.onStart(4, heir)).doesNotThrowAnyException();
    }

    @Test
    void aLeaderWithoutThePromisesOfAQuorumIsFound() {
        world.promise(B2, 1);
        world.send(1, 2, new Message.Prepare(B2, B1, 1, 0, 0, null));
        second.role = Role.LEADER;
        second.adopt(B2, second, second.last()).append(B2, new Payload.LeaderStart());
        assertBroken("electorate", () -> world.step(1));
    }
}
