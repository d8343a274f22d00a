package dev.synod.operator.tls;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that is stored of a cluster's certificates.
 *
 * @param authorities null when there is none
 * @param credentials of each holder that has something that can be read
 */
public record Held(@Nullable Authorities authorities, Map<Holder, Credentials> credentials) {
    /** With a copy of the map. */
    public Held {
        Map<Holder, Credentials> copy = new EnumMap<>(Holder.class);
        copy.putAll(credentials);
        credentials = copy;
    }

    /** Before anything was made. */
    public static Held nothing() {
        return new Held(null, Map.of());
    }

    Held with(Authorities other) {
        return new Held(other, credentials);
    }
}
