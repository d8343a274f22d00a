package dev.synod.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One election that somebody stands in; there are no others. Who stands first leads. */
final class Election {
    private final String name;
    private final Line<Candidate> line = new Line<>();
    private @Nullable Leader leader;

    Election(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    @Nullable
    Leader leader() {
        return leader;
    }

    void setLeader(@Nullable Leader next) {
        leader = next;
    }

    /** Who waits to lead. */
    Line<Candidate> line() {
        return line;
    }

    /** Whether {@code claimant} leads. */
    boolean isLedBy(Claimant claimant) {
        return leader != null && leader.claimant().equals(claimant);
    }

    /** The token that stands; 0 when nobody leads. */
    long token() {
        return leader == null ? 0 : leader.token();
    }

    /** Of those called {@code candidate}, who waits longest; null when nobody does. */
    @Nullable
    Candidate firstCalled(String candidate) {
        for (Candidate waiting : line.waiting()) {
            if (waiting.claimant().owner().equals(candidate)) {
                return waiting;
            }
        }
        return null;
    }

    ElectionView view() {
        return new ElectionView(name, leader, List.copyOf(line.waiting()));
    }
}
