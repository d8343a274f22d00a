package dev.synod.operator.reconcile;

import dev.synod.crd.Annotations;
import dev.synod.crd.CoordinationCluster;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Which changes of a cluster's object are worth a pass: of its spec, of an annotation that asks for
 * something, and the beginning of its end. The operator's own writes of the status are none, so it never
 * wakes itself.
 */
final class WakingChange implements OnUpdateFilter<CoordinationCluster> {
    private static final List<String> WISHES = List.of(Annotations.PAUSED, Annotations.RESTART,
            Annotations.REPLACE_MEMBER, Annotations.RECOVER_FROM, Annotations.RENEW_CERTIFICATES);

    @Override
    public boolean accept(CoordinationCluster now, CoordinationCluster before) {
        return !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
                || !Objects.equals(now.getMetadata().getUid(), before.getMetadata().getUid())
                || !Objects.equals(now.getMetadata().getDeletionTimestamp(),
                        before.getMetadata().getDeletionTimestamp())
                || WISHES.stream().anyMatch(wish -> !Objects.equals(wish(now, wish), wish(before, wish)));
    }

    private static String wish(CoordinationCluster cluster, String name) {
        Map<String, String> annotations = cluster.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(name, "");
    }
}
