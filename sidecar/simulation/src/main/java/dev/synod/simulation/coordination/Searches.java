package dev.synod.simulation.coordination;

import dev.synod.simulation.check.ClaimModel;
import dev.synod.simulation.check.ClaimModel.Hold;
import dev.synod.simulation.check.ClaimModel.Rules;
import dev.synod.simulation.check.Linearizability;
import dev.synod.simulation.check.Operation;
import dev.synod.simulation.check.Timeline;
import dev.synod.simulation.check.ValueModel;
import dev.synod.simulation.check.Verdict;
import dev.synod.simulation.check.Violation;
import dev.synod.simulation.coordination.Ask.Kind;
import dev.synod.simulation.coordination.Replayed.Grant;
import dev.synod.simulation.coordination.Replayed.Occurrence;
import dev.synod.state.Outcome;
import dev.synod.state.Reply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Searches, for every lock, election and key by itself, an order that explains what applications saw. The log
 * only says of what nobody answered for whether and when it happened, and that sessions ended; what it means
 * to hold a lock is the models' own affair.
 */
final class Searches {
    private static final long STEPS_MAX = 5_000_000;

    private final Replayed log;
    private final Timeline decided;
    private final Map<String, List<Placed<ClaimModel.Input, ClaimModel.Output>>> claims = new TreeMap<>();
    private final Map<String, List<Placed<ValueModel.Input, ValueModel.Output>>> values = new TreeMap<>();

    /** Tokens of grants that were told, and indexes of releases and changes that were answered. */
    private final Set<Long> toldGrants = new HashSet<>();
    private final Set<Long> toldReleases = new HashSet<>();
    private final Set<Long> toldChanges = new HashSet<>();

    /**
     * An operation and its place: 4i for what ends at index i, 4i + 1 for what begins there, 4i + 2 for reads
     * that reflect it.
     */
    private record Placed<I, O>(long place, Operation<I, O> operation) {}

    Searches(Replayed log, Timeline decided) {
        this.log = log;
        this.decided = decided;
    }

    void check(List<Seen> all) {
        for (Seen seen : all) {
            addClaim(seen);
            addValue(seen);
        }
        addUnanswered();
        claims.forEach((name, operations) -> search(new ClaimModel(rules(name)), operations));
        values.forEach((key, operations) -> search(ValueModel.INSTANCE, operations));
    }

    /** Claims on one lock differ in how many may hold it by its name: see the workload. */
    private static Rules rules(String name) {
        return new Rules(name.equals("lock-2") ? 2 : 1, true, true);
    }

    private <I, O, S> void search(dev.synod.simulation.check.Model<I, O, S> model,
            List<Placed<I, O>> placed) {
        placed.sort((a, b) -> Long.compare(a.place(), b.place()));
        List<Operation<I, O>> history = placed.stream().map(Placed::operation).toList();
        switch (new Linearizability<>(model, STEPS_MAX).check(history)) {
            case Verdict.Accepted accepted -> {}
            case Verdict.Rejected rejected -> throw new Violation("linearizability", rejected.why());
            case Verdict.NotChecked given -> throw new Violation("not-checked", given.why());
        }
    }

    // ---- locks and elections ------------------------------------------------------------------------------

    private void addClaim(Seen seen) {
        Ask ask = seen.ask();
        Told told = seen.told();
        if (told == null || ask.name().equals("lock-3")) { // held shared or alone: no model of it here
            return;
        }
        boolean look = ask.kind() == Kind.LOOK_AT_LOCK || ask.kind() == Kind.LOOK_AT_ELECTION;
        if (look) {
            claim(seen, ClaimModel.Kind.LOOK, new ClaimModel.Output.Seen(told.holds()), 4 * told.index() + 2);
        } else if (seen.isClaim()) {
            switch (told.reply()) {
                case Reply.Granted granted -> {
                    if (isFresh(seen, granted.token())) {
                        toldGrants.add(granted.token());
                    }
                    claim(seen, ClaimModel.Kind.ACQUIRE, new ClaimModel.Output.Granted(granted.token()),
                            4 * placeOf(seen, granted.token()) + 1);
                }
                case Reply.Busy busy -> claim(seen, ClaimModel.Kind.ACQUIRE, new ClaimModel.Output.Busy(),
                        4 * firstOf(seen) + 1);
                case null, default -> {}
            }
        } else if (ask.kind() == Kind.RELEASE && told.reply() instanceof Reply.Done) {
            toldReleases.add(firstOf(seen));
            claim(seen, ClaimModel.Kind.RELEASE, new ClaimModel.Output.Left(), 4 * firstOf(seen));
        } else if (ask.kind() == Kind.RELEASE && told.reply() instanceof Reply.Refused refused
                && !log.of(ask.request()).isEmpty()) {
            boolean held = refused.reason() == dev.synod.state.Refusal.LOCK_NOT_HELD
                    || refused.reason() == dev.synod.state.Refusal.FENCING_TOKEN_STALE;
            if (held) {
                claim(seen, ClaimModel.Kind.RELEASE, new ClaimModel.Output.NotHeld(), 4 * firstOf(seen));
            }
        }
    }

    private long firstOf(Seen seen) {
        List<Occurrence> occurrences = log.of(seen.ask().request());
        return occurrences.isEmpty() ? 0 : occurrences.getFirst().index();
    }

    private long placeOf(Seen seen, long token) {
        Grant grant = log.grant(seen.ask().name(), seen.claimant(), token);
        return Math.max(firstOf(seen), grant == null ? 0 : grant.index());
    }

    /** Whether the grant came of this question, and not of an earlier one. */
    private boolean isFresh(Seen seen, long token) {
        Grant grant = log.grant(seen.ask().name(), seen.claimant(), token);
        return grant != null && grant.index() >= firstOf(seen);
    }

    private void claim(Seen seen, ClaimModel.Kind kind, ClaimModel.Output output, long place) {
        Ask ask = seen.ask();
        claims.computeIfAbsent(ask.name(), name -> new ArrayList<>()).add(new Placed<>(place,
                new Operation<>(seen.operation().client(),
                        new ClaimModel.Input(kind, ask.name(), ask.session(), seen.claimant().owner(),
                                ask.token()),
                        seen.operation().invokedNanos(), seen.operation().completedNanos(), output)));
    }

    /** What nobody was told, when the log had it: grants, their ends, and changes of values. */
    private void addUnanswered() {
        for (Grant grant : log.grants()) {
            if (!toldGrants.contains(grant.token())) {
                at(grant.name(), grant.index(), ClaimModel.Kind.ACQUIRE,
                        new Hold(grant.claimant().session(), grant.claimant().owner(), grant.token()),
                        new ClaimModel.Output.Granted(grant.token()));
            }
        }
        for (Replayed.Loss loss : log.losses()) {
            if (!toldReleases.contains(loss.index())) {
                at(loss.name(), loss.index(), ClaimModel.Kind.LOSE,
                        new Hold(loss.claimant().session(), loss.claimant().owner(), 0),
                        new ClaimModel.Output.Left());
            }
        }
        for (Replayed.Put put : log.puts()) {
            if (!toldChanges.contains(put.index())) {
                long time = decided.timeOf(put.index());
                ValueModel.Kind kind = put.tag().isEmpty() ? ValueModel.Kind.DELETE : ValueModel.Kind.PUT;
                values.computeIfAbsent(put.key(), key -> new ArrayList<>()).add(new Placed<>(
                        4 * put.index(), new Operation<>(0,
                                new ValueModel.Input(kind, put.key(), put.tag(), 0), time, time,
                                new ValueModel.Output(true, put.revision(), ""))));
            }
        }
    }

    private void at(String name, long index, ClaimModel.Kind kind, Hold hold, ClaimModel.Output output) {
        if (name.equals("lock-3")) {
            return;
        }
        long time = decided.timeOf(index);
        claims.computeIfAbsent(name, any -> new ArrayList<>())
                .add(new Placed<>(kind == ClaimModel.Kind.LOSE ? 4 * index : 4 * index + 1,
                        new Operation<>(0, new ClaimModel.Input(kind, name, hold.session(), hold.owner(), 0),
                                time,
                                time, output)));
    }

    // ---- values -------------------------------------------------------------------------------------------

    private void addValue(Seen seen) {
        Ask ask = seen.ask();
        Told told = seen.told();
        if (told == null) {
            return;
        }
        if (ask.kind() == Kind.READ && told.reply() instanceof Reply.Ranged ranged) {
            value(seen, ValueModel.Kind.READ, found(ranged.found()), 4 * told.index() + 2);
        } else if (told.reply() instanceof Reply.Committed committed && ask.request().isRemembered()) {
            long place = 4 * firstOf(seen);
            toldChanges.add(single(ask.kind()) ? firstOf(seen) : 0);
            switch (ask.kind()) {
                case PUT, BOUND_PUT -> value(seen, ValueModel.Kind.PUT,
                        new ValueModel.Output(true, committed.revision(), ""), place);
                case SWAP -> value(seen, ValueModel.Kind.SWAP,
                        new ValueModel.Output(committed.succeeded(), committed.revision(), ""), place);
                case DELETE -> value(seen, ValueModel.Kind.DELETE,
                        new ValueModel.Output(deleted(committed), committed.revision(), ""), place);
                default -> {}
            }
        }
    }

    /** Whether it changes one key and no other. */
    private static boolean single(Kind kind) {
        return kind == Kind.PUT || kind == Kind.BOUND_PUT || kind == Kind.SWAP || kind == Kind.DELETE;
    }

    private static boolean deleted(Reply.Committed committed) {
        return committed.outcomes().getFirst() instanceof Outcome.Deleted deleted && deleted.count() > 0;
    }

    private static ValueModel.Output found(Outcome.Found found) {
        if (found.values().isEmpty()) {
            return new ValueModel.Output(true, 0, "");
        }
        var value = found.values().getFirst();
        return new ValueModel.Output(true, value.modRevision(), AppCommands.text(value.value()));
    }

    private void value(Seen seen, ValueModel.Kind kind, ValueModel.Output output, long place) {
        Ask ask = seen.ask();
        values.computeIfAbsent(ask.name(), key -> new ArrayList<>()).add(new Placed<>(place,
                new Operation<>(seen.operation().client(),
                        new ValueModel.Input(kind, ask.name(), kind == ValueModel.Kind.READ
                                ? ""
                                : ask.value(), ask.number()),
                        seen.operation().invokedNanos(), seen.operation().completedNanos(), output)));
    }
}
