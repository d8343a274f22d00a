package dev.synod.operator.model;

import dev.synod.operator.plan.PodSet;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;

/**
 * One voter at a time may be evicted. A pod that is not ready may be evicted while the others are: it does
 * not block a
 * drain; when they are not, nothing more goes.
 */
final class VoterBudget {
    private VoterBudget() {}

    static PodDisruptionBudget of(Blueprint blueprint) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(blueprint.meta(blueprint.names().cluster()))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withUnhealthyPodEvictionPolicy("IfHealthyBudget")
                .withNewSelector().withMatchLabels(blueprint.selector(PodSet.VOTERS)).endSelector()
                .endSpec()
                .build();
    }
}
