package dev.synod.client;

import dev.synod.coordination.v1.ElectionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An election as others see it.
 *
 * @param name its name
 * @param leader empty when nobody stands
 * @param candidates who waits to lead, first come first
 */
public record ElectionView(String name, Optional<LeaderView> leader, List<Claimant> candidates) {
    static ElectionView of(dev.synod.coordination.v1.Election proto) {
        return new ElectionView(proto.getName(),
                proto.hasLeader() ? Optional.of(LeaderView.of(proto.getLeader())) : Optional.empty(),
                proto.getCandidatesList().stream().map(each -> Claimant.of(each.getClaimant())).toList());
    }

    /** The same election after {@code events}. */
    ElectionView after(List<ElectionEvent> events) {
        Optional<LeaderView> leads = leader;
        List<Claimant> waiting = new ArrayList<>(candidates);
        for (ElectionEvent event : events) {
            switch (event.getEventCase()) {
                case QUEUED -> waiting.add(Claimant.of(event.getQueued().getClaimant()));
                case ELECTED -> {
                    LeaderView elected = LeaderView.of(event.getElected());
                    waiting.removeIf(each -> isSame(each, elected.claimant()));
                    leads = Optional.of(elected);
                }
                case PROCLAIMED -> leads = Optional.of(LeaderView.of(event.getProclaimed()));
                case LEFT -> {
                    Claimant gone = Claimant.of(event.getLeft().getClaimant());
                    waiting.removeIf(each -> isSame(each, gone));
                    leads = leads.filter(each -> !isSame(each.claimant(), gone));
                }
                case EVENT_NOT_SET -> {} // of a newer sidecar
            }
        }
        return new ElectionView(name, leads, List.copyOf(waiting));
    }

    private static boolean isSame(Claimant one, Claimant other) {
        return one.sessionId() == other.sessionId() && one.owner().equals(other.owner());
    }
}
