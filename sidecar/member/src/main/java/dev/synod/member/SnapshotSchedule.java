package dev.synod.member;

import dev.synod.paxos.Replica;

/** When a snapshot of the state is taken: after so many entries or bytes, or when a peer needs one. */
final class SnapshotSchedule {
    private final Member member;
    private long lastIndex;
    private long bytesSince;
    private boolean wanted;
    private boolean underWay;

    SnapshotSchedule(Member member, long lastIndex) {
        this.member = member;
        this.lastIndex = lastIndex;
    }

    /** A peer needs a snapshot and there is none. */
    void want() {
        wanted = true;
    }

    void applied(int entryBytes) {
        bytesSince += entryBytes;
    }

    void written(long index) {
        underWay = false;
        lastIndex = Math.max(lastIndex, index);
    }

    /** It is tried again after as many entries as after one that was written. */
    void notWritten() {
        underWay = false;
        lastIndex = member.state().appliedIndex();
    }

    void restored(long index) {
        lastIndex = Math.max(lastIndex, index);
        bytesSince = 0;
        wanted = false;
    }

    /**
     * The configuration that goes with a snapshot is the one after what is decided: only there is one taken.
     */
    void tick() {
        Replica replica = member.replica();
        long applied = member.state().appliedIndex();
        long since = applied - lastIndex;
        boolean due = since >= member.options().snapshotEntries()
                || bytesSince >= member.options().snapshotBytes() || wanted;
        if (!due || since <= 0 || underWay || member.restoring() || member.fault() != null
                || applied != replica.decided()) {
            return;
        }
        underWay = true;
        wanted = false;
        bytesSince = 0;
        long base = Math.max(0, applied - member.options().keepEntries());
        member.out().write(new MemberEffects.WriteSnapshot(
                member.state().capture(), replica.configuration(), replica.seal(), base));
    }
}
