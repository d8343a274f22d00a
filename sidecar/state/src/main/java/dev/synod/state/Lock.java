package dev.synod.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One lock that somebody holds or waits for; there are no others. */
final class Lock {
    private final String name;
    private final TreeMap<Claimant, Holder> holders = new TreeMap<>();
    private final Line<Waiter> line = new Line<>();

    Lock(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Who holds it, by session and owner. */
    SortedMap<Claimant, Holder> holders() {
        return holders;
    }

    /** Who waits for it. */
    Line<Waiter> line() {
        return line;
    }

    boolean isUnused() {
        return holders.isEmpty() && line.isEmpty();
    }

    /** Whether it is in use as a lock of the kind that {@code claim} asks for, or not in use. */
    boolean isOfKindOf(Claim claim) {
        Claim other = anyClaim();
        return other == null || other.isOfOneKindWith(claim);
    }

    private @Nullable Claim anyClaim() {
        Map.Entry<Claimant, Holder> holder = holders.firstEntry();
        if (holder != null) {
            return holder.getValue().claim();
        }
        Waiter waiter = line.first();
        return waiter == null ? null : waiter.claim();
    }

    /** What the claimant claims already; null for nothing. */
    @Nullable
    Claim claimOf(Claimant claimant) {
        Holder holder = holders.get(claimant);
        if (holder != null) {
            return holder.claim();
        }
        Waiter waiter = line.find(claimant);
        return waiter == null ? null : waiter.claim();
    }

    /** Whether those who hold it leave room for {@code claim}. */
    boolean hasRoomFor(Claim claim) {
        Map.Entry<Claimant, Holder> holder = holders.firstEntry();
        if (holder == null) {
            return true;
        }
        return switch (claim.mode()) {
            case EXCLUSIVE -> false;
            case SHARED -> holder.getValue().claim().mode() == LockMode.SHARED;
            case PERMIT -> holders.size() < claim.holdersMax();
        };
    }

    /** Whether {@code claim} can be granted at once: nobody is overtaken, not even by a reader. */
    boolean admits(Claim claim) {
        return line.isEmpty() && hasRoomFor(claim);
    }

    /** Who is next; null when nobody waits, or whoever is next has no room yet. */
    @Nullable
    Waiter next() {
        Waiter first = line.first();
        return first != null && hasRoomFor(first.claim()) ? first : null;
    }

    /** The grant with that token; null when there is none. */
    @Nullable
    Holder holderOf(long token) {
        for (Holder holder : holders.values()) {
            if (holder.token() == token) {
                return holder;
            }
        }
        return null;
    }

    /** The newest token that stands; 0 when nobody holds it. */
    long newestToken() {
        long newest = 0;
        for (Holder holder : holders.values()) {
            newest = Math.max(newest, holder.token());
        }
        return newest;
    }

    /** The first holders, for who has to be told that it is busy. */
    List<Holder> someHolders() {
        List<Holder> some = new ArrayList<>();
        for (Holder holder : holders.values()) {
            if (some.size() == Limits.HOLDERS_TOLD_MAX) {
                break;
            }
            some.add(holder);
        }
        return some;
    }

    LockView view() {
        return new LockView(name, List.copyOf(holders.values()), List.copyOf(line.waiting()));
    }
}
