package dev.synod.operator.reconcile;

import dev.synod.operator.model.Names;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who was last named as the leader of each cluster. The status names nobody while no quorum confirms it; that
 * the same one leads after that is no change. Any thread.
 */
final class NamedLeaders {
    private final Map<Names, String> named = new ConcurrentHashMap<>();

    /**
     * Notes who leads.
     *
     * @param before whom the status names; null for nobody
     * @param now whom a quorum confirms
     * @return whether it is another one than was named last
     */
    boolean isAnother(Names names, @Nullable String before, String now) {
        String last = named.put(names, now);
        String known = last == null ? before : last;
        return known != null && !known.equals(now);
    }

    /** Of a cluster that is gone. */
    void forget(Names names) {
        named.remove(names);
    }
}
