package dev.synod.state;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait, first come first: in the order of their tickets, which are the indexes of the commands that
 * queued them.
 *
 * @param <T> one who waits
 */
final class Line<T> {
    private final TreeMap<Long, T> byTicket = new TreeMap<>();
    private final TreeMap<Claimant, Long> tickets = new TreeMap<>();

    void join(Claimant claimant, long ticket, T waiting) {
        byTicket.put(ticket, waiting);
        tickets.put(claimant, ticket);
    }

    /** Takes the claimant out; null when it does not wait. */
    @Nullable
    T leave(Claimant claimant) {
        Long ticket = tickets.remove(claimant);
        return ticket == null ? null : byTicket.remove(ticket);
    }

    /** Null when the claimant does not wait. */
    @Nullable
    T find(Claimant claimant) {
        Long ticket = tickets.get(claimant);
        return ticket == null ? null : byTicket.get(ticket);
    }

    /** Who waits longest; null when nobody does. */
    @Nullable
    T first() {
        Map.Entry<Long, T> first = byTicket.firstEntry();
        return first == null ? null : first.getValue();
    }

    /** The place of a claimant that waits, from 1. */
    int positionOf(Claimant claimant) {
        Long ticket = tickets.get(claimant);
        if (ticket == null) {
            throw new IllegalArgumentException(claimant + " does not wait");
        }
        return byTicket.headMap(ticket).size() + 1;
    }

    boolean isEmpty() {
        return byTicket.isEmpty();
    }

    int size() {
        return byTicket.size();
    }

    /** All who wait, first come first. */
    Collection<T> waiting() {
        return Collections.unmodifiableCollection(byTicket.values());
    }
}
