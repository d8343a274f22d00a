package dev.synod.cli.sidecar;

import dev.synod.cli.output.Tree;
import dev.synod.coordination.v1.Claimant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How who holds, leads or waits is shown. */
public final class Claims {
    private Claims() {}

    /** For a table: the identity where it is known, and always the session. */
    public static String text(Claimant claimant) {
        String who = claimant.getIdentity().isEmpty() ? claimant.getOwnerId() : claimant.getIdentity();
        return who + " (session " + claimant.getSessionId() + ")";
    }

    /** For programs. */
    public static Map<String, @Nullable Object> tree(Claimant claimant) {
        return new Tree()
                .with("sessionId", claimant.getSessionId())
                .with("ownerId", claimant.getOwnerId())
                .with("identity", claimant.getIdentity())
                .with("labels", claimant.getLabelsMap())
                .fields();
    }

    /** The name of a value of an enum without its prefix, in lower case. */
    public static String word(Enum<?> value, String prefix) {
        return value.name().substring(prefix.length()).toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
