package dev.synod.simulation.walk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.SeededRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What a walk takes for granted of the core: a copy is the same member, and so is one with the same
 * fingerprint.
 */
final class ReplicaCopyTest {

    private static final WalkOptions OPTIONS = WalkOptions.of("copies").with(3, 3, 2);
    private static final int RUNS = 60;
    private static final int STEPS = 80;

    @Test
    void aCopyAndTheMemberItWasTakenOfGoOnAlike() {
        SeededRandom random = new SeededRandom(7);
        for (int run = 0; run < RUNS; run++) {
            RandomRun one = new RandomRun(new Stepper(OPTIONS));
            // Remembers nothing of the first: steps anew.
            RandomRun other = new RandomRun(new Stepper(OPTIONS));
            for (int step = 0; step < STEPS; step++) {
                long choice = random.nextLong();
                one.step(choice);
                other.step(choice);
                assertThat(other.keys()).isEqualTo(one.keys());
            }
        }
    }

    @Test
    void membersWithEqualFingerprintsDoTheSameWithEveryFrame() {
        SeededRandom random = new SeededRandom(11);
        Map<Long, MemberState> met = new HashMap<>();
        int compared = 0;
        for (int run = 0; run < RUNS; run++) {
            RandomRun steps = new RandomRun(new Stepper(OPTIONS));
            for (int step = 0; step < STEPS; step++) {
                steps.step(random.nextLong());
                for (Share share : steps.state) {
                    MemberState first = met.putIfAbsent(share.member.key(), share.member);
                    if (first != null && first.replica != share.member.replica) {
                        compared += steps.compareDeliveries(first, share.member);
                    }
                }
            }
        }
        assertThat(compared).isGreaterThan(1_000);
    }

    /** One way through a walk, by choices handed in. */
    private static final class RandomRun {
        private final Expander expander;
        private Share[] state;

        RandomRun(Stepper stepper) {
            Shares shares = new Shares();
            expander = new Expander(stepper, shares);
            state = new Share[OPTIONS.members()];
            for (int slot = 0; slot < state.length; slot++) {
                state[slot] = shares.of(
                        stepper.initial(slot), new Outbox[] {Outbox.EMPTY, Outbox.EMPTY, Outbox.EMPTY});
            }
        }

        void step(long choice) {
            expander.begin(state);
            List<Outcome> outcomes = new ArrayList<>();
            expander.outcomes(outcomes);
            if (outcomes.isEmpty()) {
                return;
            }
            Outcome outcome = outcomes.get((int) Long.remainderUnsigned(choice, outcomes.size()));
            assertThat(outcome.violation()).isNull();
            if (expander.take(outcome)) {
                state = expander.next.clone();
            }
        }

        List<Long> keys() {
            List<Long> keys = new ArrayList<>();
            for (Share share : state) {
                keys.add(share.key());
            }
            return keys;
        }

        int compareDeliveries(MemberState first, MemberState second) {
            int frames = 0;
            for (Share share : state) {
                for (Frame frame : share.to[second.slot].frames) {
                    // Steppers of their own, so that neither is answered from memory.
                    assertThat(effect(first, frame)).as("%s", frame).isEqualTo(effect(second, frame));
                    frames++;
                }
            }
            return frames;
        }

        private static List<Object> effect(MemberState member, Frame frame) {
            Stepper fresh = new Stepper(OPTIONS);
            Deliveries deliveries =
                    fresh.deliveries(fresh.known(member.parts()), Outbox.EMPTY.plus(frame, new Known<>()));
            List<Object> effect = new ArrayList<>();
            for (Outcome[] outcomes : List.of(deliveries.moving(), deliveries.silent())) {
                for (Outcome outcome : outcomes) {
                    effect.add(outcome.next().key());
                    for (Frame[] frames : outcome.emitted()) {
                        for (Frame each : frames) {
                            effect.add(each.toString());
                        }
                    }
                }
            }
            return effect;
        }
    }
}
