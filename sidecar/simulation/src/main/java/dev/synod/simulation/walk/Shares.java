package dev.synod.simulation.walk;

import java.util.Arrays;

/** The shares and outboxes that a walk has met. Safe for threads. */
final class Shares {
    final Known<Outbox> boxes = new Known<>();
    private final Known<Share> shares = new Known<>();
    private volatile Share[] byId = new Share[1 << 12];
    private int count;

    /** The one share of these parts; {@code to} must not be changed afterwards. */
    Share of(MemberState member, Outbox[] to) {
        Share known = shares.get(Share.key(member.key(), to));
        return known == null ? added(member, to) : known;
    }

    private synchronized Share added(MemberState member, Outbox[] to) {
        Share known = shares.get(Share.key(member.key(), to));
        if (known != null) {
            return known;
        }
        Share share = new Share(count, member, to);
        Share[] all = byId;
        if (count == all.length) {
            all = Arrays.copyOf(all, count * 2);
        }
        all[count] = share;
        byId = all;
        count++;
        return shares.putIfAbsent(share);
    }

    Share get(int id) {
        return byId[id];
    }
}
