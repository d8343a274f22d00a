package dev.synod.member;

import dev.synod.paxos.Configuration;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Compares the members' states, every so many entries. A member whose digest differs from those of a quorum
 * of voters that agree is wrong and says nothing more. Where no quorum agrees nobody can tell who is right:
 * all refuse writes until a later comparison, after each entry from then on, finds one that does.
 */
final class Digests {
    /** Of what is digested; rises with any change of the state's elements. */
    static final int FORM = 1;

    /** Comparisons that are remembered, so that a member a little behind or ahead takes part. */
    private static final int REMEMBERED = 4;

    private final Member member;
    private final TreeMap<Long, TreeMap<UUID, Long>> byIndex = new TreeMap<>();
    private boolean diverged;

    Digests(Member member) {
        this.member = member;
    }

    /** Whether the voters' last comparison found no quorum that agrees. */
    boolean diverged() {
        return diverged;
    }

    /** The entry at {@code index} is applied. */
    void applied(long index) {
        if (index % member.options().digestEvery() != 0 && !diverged) {
            return;
        }
        long digest = member.state().digest();
        note(member.self(), index, digest);
        for (dev.synod.paxos.Member peer : member.replica().configuration().everyone()) {
            if (!peer.uuid().equals(member.self())) {
                member.send(peer.uuid(), new PeerMessage.Digest(FORM, index, digest));
            }
        }
    }

    void onDigest(UUID from, PeerMessage.Digest message) {
        if (message.form() == FORM && member.replica().configuration().isVoter(from)) {
            note(from, message.index(), message.digest());
        }
    }

    private void note(UUID from, long index, long digest) {
        TreeMap<UUID, Long> digests = byIndex.computeIfAbsent(index, at -> new TreeMap<>());
        digests.put(from, digest);
        while (byIndex.size() > REMEMBERED) {
            byIndex.pollFirstEntry();
        }
        compare(index, digests);
    }

    private void compare(long index, Map<UUID, Long> digests) {
        Configuration configuration = member.replica().configuration();
        int quorum = configuration.quorums().accept();
        Long agreed = agreed(digests, configuration, quorum);
        Long own = digests.get(member.self());
        if (agreed != null) {
            diverged = false;
            if (own != null && !own.equals(agreed)) {
                member.becomeFaulty("the state after entry " + index + " has digest " + Long.toHexString(own)
                        + ", but " + quorum + " voters have " + Long.toHexString(agreed)
                        + ": this member's state is wrong, replace it");
            }
            return;
        }
        int heard = 0;
        int best = 0;
        for (dev.synod.paxos.Member voter : configuration.voters()) {
            Long digest = digests.get(voter.uuid());
            if (digest != null) {
                heard++;
                best = Math.max(best, count(digests, configuration, digest));
            }
        }
        diverged |= best + configuration.voters().size() - heard < quorum;
    }

    /** The digest that a quorum of voters has; null when there is none (yet). */
    private static @Nullable Long agreed(Map<UUID, Long> digests, Configuration configuration,
            int quorum) {
        for (long digest : digests.values()) {
            if (count(digests, configuration, digest) >= quorum) {
                return digest;
            }
        }
        return null;
    }

    private static int count(Map<UUID, Long> digests, Configuration configuration, long digest) {
        int count = 0;
        for (dev.synod.paxos.Member voter : configuration.voters()) {
            Long other = digests.get(voter.uuid());
            count += other != null && other == digest ? 1 : 0;
        }
        return count;
    }
}
