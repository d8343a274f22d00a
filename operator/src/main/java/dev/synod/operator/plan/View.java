package dev.synod.operator.plan;

import dev.synod.operator.plan.Observed.Configured;
import dev.synod.operator.plan.Observed.Confirmed;
import dev.synod.operator.plan.Observed.Member;
import dev.synod.operator.plan.Observed.Phase;
import dev.synod.operator.plan.Observed.Pod;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What follows from what was seen. Who is healthy is said by the members themselves and never by the
 * readiness of
 * pods, which the application has its part in.
 */
final class View {
    /** A member that lacks no more entries than these has caught up: they arrive within moments. */
    static final long LAG_ENTRIES_MAX = 256;

    private final Observed observed;
    private final Confirmed confirmed;

    View(Observed observed, Confirmed confirmed) {
        this.observed = observed;
        this.confirmed = confirmed;
    }

    Confirmed confirmed() {
        return confirmed;
    }

    /** By place. */
    List<Configured> voters() {
        return ordered(true);
    }

    /** By place. */
    List<Configured> observers() {
        return ordered(false);
    }

    private List<Configured> ordered(boolean voter) {
        return confirmed.members().stream().filter(member -> member.voter() == voter)
                .sorted(Comparator
                        .comparing(Configured::slot, Comparator.nullsLast(Comparator.naturalOrder()))
                        .thenComparing(Configured::id))
                .toList();
    }

    List<Configured> unhealthyVoters() {
        return voters().stream().filter(voter -> !isHealthy(voter)).toList();
    }

    @Nullable
    Configured configured(@Nullable UUID id) {
        return confirmed.members().stream().filter(member -> member.id().equals(id)).findAny().orElse(null);
    }

    /** The member that answers at a place; null when none does. */
    @Nullable
    Member member(@Nullable Slot slot) {
        return slot == null ? null : observed.members().get(slot);
    }

    /** Whether it takes part, serves, has caught up, has room, and nobody takes it down. */
    boolean isHealthy(Configured configured) {
        Member member = member(configured.slot());
        return member != null && !member.diskFull() && serves(configured);
    }

    /** Members whose volume is full: they answer and confirm, and take no command. */
    List<Configured> full() {
        return confirmed.members().stream().filter(this::isFull).toList();
    }

    boolean isFull(Configured configured) {
        Member member = member(configured.slot());
        return member != null && configured.id().equals(member.id()) && member.diskFull();
    }

    /** Whether it is healthy but for the room on its volume. */
    private boolean serves(Configured configured) {
        Member member = member(configured.slot());
        return member != null && configured.id().equals(member.id()) && isUp(configured.slot())
                && member.phase() == Phase.RUNNING && member.ready() && hasCaughtUp(member);
    }

    private boolean isUp(@Nullable Slot slot) {
        Pod pod = slot == null ? null : observed.pods().get(slot);
        return pod != null && pod.running() && !pod.terminating();
    }

    boolean hasCaughtUp(Member member) {
        return member.applied() + LAG_ENTRIES_MAX >= confirmed.decided();
    }

    boolean isLeader(Configured member) {
        return member.id().equals(confirmed.leader());
    }

    static int majority(int voters) {
        return voters / 2 + 1;
    }

    /** Whether enough voters are healthy when these few are not there. */
    boolean hasQuorumWithout(Configured... absent) {
        List<Configured> rest = new ArrayList<>(voters());
        rest.removeAll(List.of(absent));
        return rest.stream().filter(this::isHealthy).count() >= majority(voters().size());
    }

    /** Whether enough voters would still answer, with room or without. */
    boolean canReadWithout(Configured absent) {
        return voters().stream().filter(other -> !other.equals(absent) && serves(other))
                .count() >= majority(voters().size());
    }

    /**
     * Whether a voter may be taken down: all others are healthy, so never more than one is down by our doing.
     * One
     * voter alone may always be: it comes back with its volume, and there is no other way.
     */
    boolean mayTakeDown(Configured voter) {
        return voters().stream().allMatch(other -> other.equals(voter) || isHealthy(other));
    }

    /** Who had best lead instead: a healthy voter, the one that has most, among equals the lowest place. */
    @Nullable
    Configured successor(List<Configured> among) {
        return among.stream().filter(voter -> isHealthy(voter) && !isLeader(voter))
                .max(Comparator.comparingLong(this::applied)
                        .thenComparing(Configured::slot, Comparator.nullsFirst(Comparator.reverseOrder())))
                .orElse(null);
    }

    private long applied(Configured voter) {
        Member member = member(voter.slot());
        return member == null ? -1 : member.applied();
    }

    static String names(List<Configured> members) {
        return String.join(", ", members.stream().map(member -> member.slot() == null
                ? member.id().toString()
                : member.slot().toString()).toList());
    }
}
