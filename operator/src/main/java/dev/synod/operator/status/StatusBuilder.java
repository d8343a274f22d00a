package dev.synod.operator.status;

import dev.synod.crd.CoordinationClusterStatus;
import dev.synod.crd.CoordinationClusterStatus.Condition;
import dev.synod.crd.CoordinationClusterStatus.Health;
import dev.synod.crd.CoordinationClusterStatus.Role;
import dev.synod.crd.CoordinationClusterStatus.Truth;
import dev.synod.operator.model.Blueprint;
import dev.synod.operator.plan.Decision;
import dev.synod.operator.plan.MemberReport;
import dev.synod.operator.plan.MemberReport.Seat;
import dev.synod.operator.plan.MemberReport.State;
import dev.synod.operator.plan.Observed;
import dev.synod.operator.plan.Observed.Confirmed;
import dev.synod.operator.plan.PodSet;
import dev.synod.operator.plan.Reason;
import dev.synod.operator.plan.Slot;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds the status anew in each pass, all conditions on every path, above all when members do not answer: a
 * status that
 * stays True while everything is down is worse than none (etcd-operator#367).
 *
 * <p>{@code Available} says that a quorum confirmed something in this pass, and nothing about pods. The time
 * of a
 * condition moves only with its status; so two passes that see the same give the same, and nothing has to be
 * written.
 */
public final class StatusBuilder {
    private static final int MESSAGE_MAX = 4_096;

    private final Blueprint blueprint;
    private final @Nullable Long generation;
    private final Optional<CoordinationClusterStatus> before;
    private final Optional<Boolean> paused;
    private final Instant now;

    /**
     * For one pass.
     *
     * @param generation of the object that the pass read; null on an object that was never stored
     * @param before the status that the object has
     * @param paused whether nothing is to be changed; empty when nobody can read what the object says of it
     */
    public StatusBuilder(Blueprint blueprint, @Nullable Long generation,
            Optional<CoordinationClusterStatus> before, Optional<Boolean> paused, Instant now) {
        this.blueprint = blueprint;
        this.generation = generation;
        this.before = before;
        this.paused = paused;
        this.now = now;
    }

    /**
     * The whole status.
     *
     * @param observed empty when nothing could be seen
     */
    public CoordinationClusterStatus build(Optional<Observed> observed, Outcome outcome) {
        List<MemberReport> reports = observed.map(MemberReport::of).orElse(List.of());
        Confirmed confirmed = observed.map(Observed::confirmed).orElse(null);
        Observed.Latch latch = observed.map(Observed::latch).orElse(null);
        int wanted = blueprint.spec().voters().replicas();
        long healthy = reports.stream()
                .filter(report -> report.seat() == Seat.VOTER && report.state() == State.HEALTHY).count();
        Fact available = available(observed, reports, confirmed);
        Fact degraded = degraded(reports, confirmed, outcome, available);
        Fact ready = ready(available, degraded, outcome, confirmed);
        List<Condition> conditions = List.of(condition("Ready", ready), condition("Available", available),
                condition("Progressing", progressing(outcome)), condition("Degraded", degraded),
                condition("ReconciliationPaused", paused()));
        return new CoordinationClusterStatus(
                generation,
                latch == null
                        ? before.map(CoordinationClusterStatus::clusterId).orElse(null)
                        : latch.cluster().toString(),
                blueprint.image(),
                healthy + "/" + wanted,
                leader(confirmed),
                epoch(confirmed),
                observed.map(o -> (int) o.pods().keySet().stream()
                        .filter(slot -> slot.set() == PodSet.OBSERVERS).count())
                        .orElse(before.map(CoordinationClusterStatus::observerReplicas).orElse(0)),
                selector(blueprint.selector(PodSet.OBSERVERS)),
                conditions,
                observed.isEmpty()
                        ? before.map(CoordinationClusterStatus::members).orElse(List.of())
                        : members(reports));
    }

    /** What a condition is to say, without its time. */
    private record Fact(Truth truth, String reason, String message) {}

    private static Fact available(Optional<Observed> observed, List<MemberReport> reports,
            @Nullable Confirmed confirmed) {
        if (observed.isEmpty()) {
            return new Fact(Truth.Unknown, "NotObserved", "the operator could not look at the cluster");
        }
        if (confirmed != null) {
            return new Fact(Truth.True, "QuorumConfirmed", "a quorum of the voters answers");
        }
        Observed.Latch latch = observed.get().latch();
        if (latch == null || !latch.initialised() || observed.get().isBeginning()) {
            return new Fact(Truth.False, Reason.Bootstrapping.name(), "the cluster has not begun yet");
        }
        if (reports.stream().anyMatch(report -> report.state() != State.UNREACHABLE)) {
            return new Fact(Truth.False, Reason.QuorumLost.name(), "members answer, but no quorum of the"
                    + " voters");
        }
        boolean anyRuns = observed.get().pods().values().stream().anyMatch(Observed.Pod::running);
        return anyRuns
                ? new Fact(Truth.Unknown, Reason.MembersUnreachable.name(), "no member answers the operator;"
                        + " they may"
                        + " well serve their applications")
                : new Fact(Truth.False, "NoMemberRuns", "no member's container runs");
    }

    private static Fact degraded(List<MemberReport> reports, @Nullable Confirmed confirmed, Outcome outcome,
            Fact available) {
        if (outcome instanceof Outcome.Failed failed) {
            return new Fact(Truth.True, failed.reason(), failed.message());
        }
        if (outcome instanceof Outcome.Decided(Decision.Blocked blocked)) {
            return new Fact(Truth.True, blocked.reason().name(), blocked.message());
        }
        if (confirmed == null) {
            boolean begins = available.reason().equals(Reason.Bootstrapping.name());
            return new Fact(begins ? Truth.False : Truth.True, available.reason(), available.message());
        }
        if (reports.stream().anyMatch(MemberReport::full)) {
            return new Fact(Truth.True, Reason.DiskFull.name(), "the volume is full of " + String.join(", ",
                    reports.stream().filter(MemberReport::full).map(it -> it.slot().toString()).toList())
                    + ": raise spec.storage.size");
        }
        List<String> sick = Stream.concat(reports.stream()
                .filter(report -> report.seat() != Seat.NONE && report.state() != State.HEALTHY)
                .map(report -> report.slot() + " is " + report.state().name().toLowerCase(Locale.ROOT)),
                confirmed.members().stream().filter(member -> member.voter() && member.slot() == null)
                        .map(voter -> "voter " + voter.id() + " is in no place of this cluster"))
                .toList();
        return sick.isEmpty()
                ? new Fact(Truth.False, Reason.AsDesired.name(), "every member is healthy")
                : new Fact(Truth.True, Reason.MemberDown.name(), String.join(", ", sick));
    }

    private static Fact progressing(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Failed failed -> new Fact(Truth.False, failed.reason(), failed.message());
            case Outcome.Paused it -> new Fact(Truth.False, Reason.Paused.name(), whilePaused(it));
            case Outcome.Decided(Decision decision) -> {
                boolean moves = decision instanceof Decision.Act
                        || decision instanceof Decision.Await && decision.reason() != Reason.MemberDown
                                && decision.reason() != Reason.QuorumLost
                                && decision.reason() != Reason.MembersUnreachable;
                yield new Fact(moves ? Truth.True : Truth.False, decision.reason().name(),
                        decision.message());
            }
        };
    }

    private static String whilePaused(Outcome.Paused paused) {
        return "nothing is changed while the annotation synod.dev/paused is true; remove it to go on: "
                + paused.otherwise().message();
    }

    /** By what the object says, and not by what came of the pass: that may have failed. */
    private Fact paused() {
        if (paused.isEmpty()) {
            return new Fact(Truth.Unknown, "InvalidRequest", "the annotation synod.dev/paused is neither true"
                    + " nor false; nothing is changed until it is put right");
        }
        return paused.get()
                ? new Fact(Truth.True, Reason.Paused.name(), "nothing is changed while synod.dev/paused is"
                        + " true")
                : new Fact(Truth.False, "NotPaused", "changes are carried out");
    }

    private static Fact ready(Fact available, Fact degraded, Outcome outcome, @Nullable Confirmed confirmed) {
        if (outcome instanceof Outcome.Failed failed) {
            return new Fact(Truth.False, failed.reason(), failed.message());
        }
        if (available.truth() != Truth.True || confirmed == null) {
            return new Fact(available.truth(), available.reason(), available.message());
        }
        if (degraded.truth() == Truth.True) {
            return new Fact(Truth.False, degraded.reason(), degraded.message());
        }
        return switch (outcome) {
            case Outcome.Decided(Decision.Settled settled) ->
                    new Fact(Truth.True, Reason.AsDesired.name(), "every member is healthy");
            case Outcome.Paused(Decision.Settled settled) ->
                    new Fact(Truth.True, Reason.AsDesired.name(), "every member is healthy");
            case Outcome.Paused it -> new Fact(Truth.False, Reason.Paused.name(), whilePaused(it));
            case Outcome.Decided(Decision it) -> new Fact(Truth.False, it.reason().name(), it.message());
            case Outcome.Failed it -> new Fact(Truth.False, it.reason(), it.message());
        };
    }

    private Condition condition(String type, Fact fact) {
        Optional<Condition> old = before.flatMap(status -> status.conditions().stream()
                .filter(condition -> condition.type().equals(type)).findAny());
        String since = old.filter(condition -> condition.status() == fact.truth())
                .map(Condition::lastTransitionTime).orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
        String message = fact.message().length() <= MESSAGE_MAX
                ? fact.message()
                : fact.message().substring(0, MESSAGE_MAX - 1) + "…";
        return new Condition(type, fact.truth(), fact.reason(), message, since, generation);
    }

    private @Nullable Integer epoch(@Nullable Confirmed confirmed) {
        if (confirmed != null) {
            return confirmed.epoch();
        }
        return before.map(CoordinationClusterStatus::epoch).orElse(null);
    }

    /** Nobody is named whom no quorum confirms. */
    private @Nullable String leader(@Nullable Confirmed confirmed) {
        if (confirmed == null || confirmed.leader() == null) {
            return null;
        }
        Slot slot = confirmed.members().stream().filter(member -> member.id().equals(confirmed.leader()))
                .map(Observed.Configured::slot).filter(Objects::nonNull).findAny().orElse(null);
        return slot == null ? null : blueprint.names().pod(slot);
    }

    /**
     * One a place, for the list is a map by name: whoever is there, and a word on the voter whose place it
     * was.
     */
    private List<CoordinationClusterStatus.Member> members(List<MemberReport> reports) {
        Map<Slot, MemberReport> there = new TreeMap<>();
        Map<Slot, List<String>> words = new TreeMap<>();
        for (MemberReport report : reports) {
            MemberReport occupant = there.putIfAbsent(report.slot(), report);
            String word = occupant == null
                    ? report.fault()
                    : "voter " + report.id() + " of this place: " + report.fault();
            if (!word.isEmpty()) {
                words.computeIfAbsent(report.slot(), slot -> new ArrayList<>()).add(word);
            }
        }
        return there.values().stream().map(report -> {
            String name = blueprint.names().pod(report.slot());
            List<String> said = words.get(report.slot());
            return new CoordinationClusterStatus.Member(name,
                    report.id() == null ? null : report.id().toString(), role(report.seat(), name),
                    health(report.state()), report.version().isEmpty() ? null : report.version(),
                    said == null ? null : String.join("; ", said));
        }).toList();
    }

    /** Without a quorum, what was confirmed last. */
    private Role role(Seat seat, String name) {
        return switch (seat) {
            case VOTER -> Role.Voter;
            case OBSERVER -> Role.Observer;
            case NONE -> Role.None;
            case UNKNOWN -> before.flatMap(status -> status.members().stream()
                    .filter(member -> member.name().equals(name)).findAny())
                    .map(CoordinationClusterStatus.Member::role).orElse(Role.None);
        };
    }

    private static Health health(State state) {
        return switch (state) {
            case HEALTHY -> Health.Healthy;
            case BEHIND -> Health.Behind;
            case EMPTY -> Health.Empty;
            case FAULTY -> Health.Faulty;
            case UNREACHABLE -> Health.Unreachable;
        };
    }

    private static String selector(Map<String, String> labels) {
        return String.join(",", labels.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue()).toList());
    }
}
