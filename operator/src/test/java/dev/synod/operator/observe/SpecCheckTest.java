package dev.synod.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.crd.CoordinationCluster;
import dev.synod.crd.RuleCases;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the API server would refuse to create today is told of an object that is stored already. */
final class SpecCheckTest {
    private static List<String> problems(String name, String spec) {
        return SpecCheck.problems(Serialization.unmarshal("""
                apiVersion: synod.dev/v1alpha1
                kind: CoordinationCluster
                metadata:
                  name: '%s'
                spec:
                """.formatted(name) + spec.indent(2), CoordinationCluster.class));
    }

    static Stream<RuleCases.Case> refused() {
        return Stream.concat(RuleCases.all(), RuleCases.ofTheSchema())
                .filter(one -> one.before() == null && !one.refusal().isEmpty());
    }

    /** A change is refused for what was before: either side of it may have been stored. */
    static Stream<RuleCases.Case> allowed() {
        return RuleCases.all().filter(one -> one.before() != null || one.refusal().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatWouldBeRefusedIsToldWithItsFieldAndValue(RuleCases.Case one) {
        String field = one.refusal().getFirst();
        String value = one.spec().contains("synod") ? "synod" : one.refusal().get(1).split(" with ", 2)[0];
        assertThat(problems(one.name(), one.spec())).singleElement().asString().startsWith(field)
                .contains(value);
    }

    @ParameterizedTest
    @MethodSource("allowed")
    void whatWouldBeTakenIsNoProblem(RuleCases.Case one) {
        assertThat(problems(one.name(), one.spec())).isEmpty();
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        assertThat(problems("1st", "{voters: {replicas: 4}, storage: {size: 2Ti}, tuning: {heartbeat: 1h}}"))
                .containsExactly(
                        "metadata.name is '1st'; allowed are 1 to 40 of a-z, 0-9 and '-', beginning with a"
                                + " letter, ending with a letter or digit and not with -observers: make the"
                                + " cluster anew",
                        "spec.voters.replicas is 4; allowed is 1, 3, 5 or 7",
                        "spec.storage.size is '2Ti'; allowed is 256Mi to 1Ti, such as 1Gi",
                        "spec.tuning.heartbeat is '1h'; allowed is 10ms to 10s, written as 250ms or 1s");
    }
}
