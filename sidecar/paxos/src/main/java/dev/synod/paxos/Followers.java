package dev.synod.paxos;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The peers of a leader's ballot: who they are, how far each is, and what a quorum of them holds. Only the
 * electorate counts; observers are here because they are sent to.
 */
final class Followers {
    private final Core core;
    private List<Progress> all = new ArrayList<>();

    Followers(Core core) {
        this.core = core;
    }

    Followers copy(Core copied) {
        Followers copy = new Followers(copied);
        for (Progress peer : all) {
            copy.all.add(peer.copy());
        }
        return copy;
    }

    /** Everyone whom a new leader sends to; nothing is known of them. */
    void begin() {
        all = new ArrayList<>();
        for (Member member : core.electorate()) {
            add(member.uuid());
        }
        for (Member member : core.configuration.observers()) {
            add(member.uuid());
        }
    }

    void clear() {
        all = new ArrayList<>();
    }

    /** Takes in observers that were added since, and lets those go that were removed. */
    void followObservers() {
        for (Member observer : core.configuration.observers()) {
            if (of(observer.uuid()) == null) {
                add(observer.uuid());
            }
        }
        all.removeIf(peer -> !core.isElector(peer.uuid) && !core.configuration.isObserver(peer.uuid));
    }

    private void add(UUID uuid) {
        if (!uuid.equals(core.self)) {
            Progress progress = new Progress(uuid);
            progress.heardNanos = core.nowNanos;
            all.add(progress);
        }
    }

    List<Progress> all() {
        return all;
    }

    @Nullable
    Progress of(UUID uuid) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).uuid.equals(uuid)) {
                return all.get(i);
            }
        }
        return null;
    }

    /** Whether a prepare quorum, the leader included, was heard within an election timeout. */
    boolean hearQuorum() {
        int heard = 1;
        for (Progress peer : all) {
            if (core.isElector(peer.uuid)
                    && core.nowNanos - peer.heardNanos < core.options.electionTimeoutNanos()) {
                heard++;
            }
        }
        return heard >= core.prepareQuorum();
    }

    /** The highest index that an accept quorum holds at the leader's ballot, the leader {@code ownMatch}. */
    long heldByQuorum(long ownMatch) {
        long best = isHeld(ownMatch, ownMatch) ? ownMatch : 0;
        for (Progress candidate : all) {
            if (candidate.match > best && core.isElector(candidate.uuid)
                    && isHeld(candidate.match, ownMatch)) {
                best = candidate.match;
            }
        }
        return best;
    }

    private boolean isHeld(long index, long ownMatch) {
        int holders = core.isElector(core.self) && ownMatch >= index ? 1 : 0;
        for (Progress peer : all) {
            if (peer.match >= index && core.isElector(peer.uuid)) {
                holders++;
            }
        }
        return holders >= core.acceptQuorum();
    }

    /** The newest read confirmation that a read quorum gave; the leader gives every one it asks for. */
    long confirmedByQuorum() {
        long confirmed = core.readQuorum() <= 1 ? core.reads.sequence() : 0;
        for (Progress candidate : all) {
            if (candidate.readSequence > confirmed && core.isElector(candidate.uuid)
                    && isConfirmed(candidate.readSequence)) {
                confirmed = candidate.readSequence;
            }
        }
        return confirmed;
    }

    private boolean isConfirmed(long sequence) {
        int voters = 1;
        for (Progress peer : all) {
            if (peer.readSequence >= sequence && core.isElector(peer.uuid)) {
                voters++;
            }
        }
        return voters >= core.readQuorum();
    }

    /** I15, of those that count: observers say themselves where they are. */
    void checkInvariants() {
        for (Progress peer : all) {
            boolean ordered = peer.match < peer.next && peer.next - 1 <= core.log.last();
            if (!ordered && core.isElector(peer.uuid)) {
                throw new InvariantViolation("I15", peer.uuid + " holds " + peer.match + " and was sent "
                        + (peer.next - 1) + " of a log up to " + core.log.last());
            }
        }
    }

    long fingerprint(long hash) {
        long h = hash;
        for (Progress peer : all) {
            h = peer.fingerprint(h);
        }
        return h;
    }
}
