package dev.synod.simulation.walk;

/**
 * One member's share of a state of the group: the member, and every frame that it ever sent and that may
 * still matter. A state of the group is one share of each member, and nothing else. Equal shares are one
 * object.
 */
final class Share implements Keyed {
    final int id;
    final MemberState member;
    /** By receiver. */
    final Outbox[] to;
    /** What this adds to the fingerprint of a state of the group. */
    final long part;
    /** What it would add if no process of the member had crashed. */
    final long freshPart;
    private final long key;

    Share(int id, MemberState member, Outbox[] to) {
        this.id = id;
        this.member = member;
        this.to = to;
        this.key = key(member.key(), to);
        this.part = Hash.add(key, member.slot);
        this.freshPart = Hash.add(key(Hash.add(member.freshKey, 0), to), member.slot);
    }

    static long key(long member, Outbox[] to) {
        long hash = member;
        for (Outbox box : to) {
            hash = Hash.add(hash, box.key());
        }
        return hash;
    }

    @Override
    public long key() {
        return key;
    }
}
