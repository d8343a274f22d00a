package dev.synod.operator.plan;

import dev.synod.operator.plan.Observed.Configured;
import dev.synod.operator.plan.Observed.Confirmed;
import dev.synod.operator.plan.Observed.Member;
import dev.synod.operator.plan.Observed.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a place stands, for people; by the same judgement that decides on steps.
 *
 * @param slot the place
 * @param id of the member there, or of the one that ought to be; null when nobody knows
 * @param seat what the confirmed configuration makes of it
 * @param state of the member there
 * @param version of its program; empty when it is not known
 * @param fault why it is damaged; empty when it is not
 * @param full whether its volume is full
 */
public record MemberReport(
        Slot slot, @Nullable UUID id, Seat seat, State state, String version, String fault,
        boolean full) {
    /** What the configuration makes of a member. */
    public enum Seat {
        /** It votes. */
        VOTER,
        /** It learns. */
        OBSERVER,
        /** The configuration does not know it. */
        NONE,
        /** No quorum confirms a configuration. */
        UNKNOWN
    }

    /** How a member is. */
    public enum State {
        /** It serves and has caught up. */
        HEALTHY,
        /** It answers, and is not healthy. */
        BEHIND,
        /** Its volume is empty. */
        EMPTY,
        /** Its volume is damaged. */
        FAULTY,
        /** It does not answer. */
        UNREACHABLE
    }

    /** Of every place that has a pod, or a member in the configuration; in order. */
    public static List<MemberReport> of(Observed observed) {
        Confirmed confirmed = observed.confirmed();
        SortedSet<Slot> slots = new TreeSet<>(observed.pods().keySet());
        if (confirmed != null) {
            confirmed.members().forEach(member -> {
                Slot slot = member.slot();
                if (slot != null) {
                    slots.add(slot);
                }
            });
        }
        List<MemberReport> reports = new ArrayList<>();
        for (Slot slot : slots) {
            reports.add(of(slot, observed.members().get(slot),
                    confirmed == null ? null : new View(observed, confirmed)));
        }
        if (confirmed != null) {
            reports.addAll(lost(confirmed, reports));
        }
        return reports;
    }

    /** Voters that no report is of: somebody else is in their place. */
    private static List<MemberReport> lost(Confirmed confirmed, List<MemberReport> reports) {
        return confirmed.members().stream()
                .filter(member -> member.voter() && member.slot() != null
                        && reports.stream().noneMatch(it -> member.id().equals(it.id())))
                .map(voter -> new MemberReport(Objects.requireNonNull(voter.slot()), voter.id(), Seat.VOTER,
                        State.UNREACHABLE, "", "it is not in its place any more", false))
                .toList();
    }

    private static MemberReport of(Slot slot, @Nullable Member there, @Nullable View view) {
        Configured configured = view == null ? null : configured(view, slot, there);
        Seat seat = view == null
                ? Seat.UNKNOWN
                : configured == null ? Seat.NONE : configured.voter() ? Seat.VOTER : Seat.OBSERVER;
        if (there == null) {
            return new MemberReport(slot, configured == null ? null : configured.id(), seat,
                    State.UNREACHABLE, "",
                    "", false);
        }
        State state = switch (there.phase()) {
            case EMPTY -> State.EMPTY;
            case FAULTY -> State.FAULTY;
            case BUSY, RUNNING -> view != null && configured != null && view.isHealthy(configured)
                    ? State.HEALTHY
                    : State.BEHIND;
        };
        UUID id = there.phase() == Phase.EMPTY && configured != null ? configured.id() : there.id();
        return new MemberReport(slot, id, seat, state, there.version(), there.fault(),
                there.diskFull());
    }

    /** The one that is there; when nobody says who is, the one that ought to be. */
    private static @Nullable Configured configured(View view, Slot slot, @Nullable Member there) {
        if (there != null && there.id() != null) {
            return view.configured(there.id());
        }
        return view.confirmed().members().stream().filter(member -> slot.equals(member.slot()))
                .max((a, b) -> Boolean.compare(a.voter(), b.voter())).orElse(null);
    }
}
