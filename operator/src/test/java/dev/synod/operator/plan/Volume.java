package dev.synod.operator.plan;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a volume holds; nothing while its id is null. */
final class Volume {
    @Nullable UUID id;
    @Nullable UUID cluster;
    boolean activated;
    boolean faulty;
    boolean full;
    long applied;
    /** Of its log: a restart loses what was applied, never this. */
    long last;

    void learn(long upTo) {
        applied = upTo;
        last = Math.max(last, applied);
    }
}
