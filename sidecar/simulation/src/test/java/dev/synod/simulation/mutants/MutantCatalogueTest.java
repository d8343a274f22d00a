package dev.synod.simulation.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.simulation.port.Counters;
import dev.synod.simulation.port.History;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.RunResult;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MutantCatalogueTest {
    @Test
    void everyDefectHasOneMutant() {
        assertThat(MutantCatalogue.missing()).isEmpty();
        assertThat(MutantCatalogue.all()).extracting(Mutant::id).doesNotHaveDuplicates();
    }

    @Test
    void everyMutantNamesKnobsThatExist() {
        for (Mutant mutant : MutantCatalogue.all()) {
            assertThatCode(() -> Knobs.draw(1).with(mutant.knobs())).as(mutant.id())
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void theSharesTogetherAreTheCatalogue() {
        Set<Mutant> together = new HashSet<>();
        int sum = 0;
        for (int share = 1; share <= 7; share++) {
            together.addAll(MutantCatalogue.share(share, 7));
            sum += MutantCatalogue.share(share, 7).size();
        }
        assertThat(together).containsExactlyInAnyOrderElementsOf(MutantCatalogue.all());
        assertThat(sum).isEqualTo(MutantCatalogue.all().size());
    }

    @Test
    void aMutantIsFoundByItsShortAndItsWholeName() {
        assertThat(MutantCatalogue.named(List.of("m01", "E04_REMOVED_MEMBERS_COUNTED")))
                .extracting(Mutant::id)
                .containsExactly("M01", "E04");
        assertThatThrownBy(() -> MutantCatalogue.named(List.of("M99"))).hasMessageContaining("M01");
    }

    private static RunResult result(long seed, boolean passes) {
        return new RunResult(
                seed,
                Knobs.draw(seed),
                List.of(),
                passes ? null : new RunResult.Failure("I4", "broke", 1, 1),
                false,
                1,
                1,
                1,
                new Counters(),
                new History());
    }

    @Test
    void aHuntEndsWithTheFirstSeedThatFailsOnlyWithTheBug() {
        Mutant mutant = MutantCatalogue.all().getFirst();
        Hunt hunt = Hunt.of(mutant, 10, seed -> result(seed, seed < 13), seed -> result(seed, seed != 13));
        assertThat(hunt.killed()).isTrue();
        assertThat(hunt.seeds()).isEqualTo(5);
        assertThat(hunt.unsound()).isNotNull();
        assertThat(hunt.passed()).as("a run that fails without the bug is a failure of its own").isFalse();
        assertThat(hunt.invariant()).isEqualTo("I4");
    }

    @Test
    void aMutantThatNoSeedFindsSurvives() {
        Mutant mutant = MutantCatalogue.all().getFirst();
        Hunt hunt = Hunt.of(mutant, 10, seed -> result(seed, true), seed -> result(seed, true));
        assertThat(hunt.killed()).isFalse();
        assertThat(hunt.seeds()).isEqualTo(mutant.seedsMax());
    }
}
