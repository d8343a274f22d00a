package dev.synod.simulation.coordination;

import dev.synod.member.Member;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Payload;
import dev.synod.simulation.check.Beliefs;
import dev.synod.simulation.check.Beliefs.Holder;
import dev.synod.simulation.check.Beliefs.Sharing;
import dev.synod.simulation.check.ChosenLog;
import dev.synod.simulation.check.Violation;
import dev.synod.simulation.port.History;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Oracle;
import dev.synod.simulation.port.ProgramView;
import dev.synod.simulation.port.WorldFacts;
import dev.synod.state.Claimant;
import dev.synod.state.Command;
import dev.synod.state.CommandCodec;
import dev.synod.state.Leader;
import dev.synod.state.StateMachine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Watches what applications believe to hold: no two at once as long as clocks keep to what members allow for
 * (P2), none that is told without a guarantee, and no lock that stays with who gave it up.
 *
 * <p>Where clocks do not keep to it, two may believe; over a batch of runs some must, or this oracle is blind
 * (P3). After that clocks are forgiven only when every deadline that was set before is past.
 */
final class GuaranteeOracle implements Oracle {
    /** Counted when two believed at once and clocks were off by more than members allow for. */
    static final String OVERLAP_BEYOND = "two believe, clocks beyond the model";

    /** Counted when a lock, or an election, was found held by who was told so. */
    static final String BELIEFS = "believes to hold";

    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long ROUNDING_NANOS = 3;
    private static final long GIVEN_UP_NANOS = 8 * SECOND_NANOS;

    private static final Comparator<Holder> BY_LOCK =
            Comparator.comparing(Holder::lock).thenComparing(Holder::claimant);

    /** What is known of one machine. */
    private static final class Seat {
        @Nullable CoordinationView view;
        long trueNanos = -1;
        long localNanos;
        final TreeMap<Holder, Long> told = new TreeMap<>(BY_LOCK);
    }

    private final ChosenLog chosen;
    private final List<Seat> seats = new ArrayList<>();
    /** The newest attachment of each session that its application was told of. */
    private final Map<Long, Long> generations = new TreeMap<>();
    /** Tokens of grants that were taken from their holders, or given back. */
    private final Map<String, Set<Long>> taken = new TreeMap<>();
    /** Tokens that were told, and to whom. */
    private final Map<String, Map<Long, String>> known = new TreeMap<>();
    private long chosenSeen;
    private @Nullable StateMachine state;
    private final Beliefs beliefs = new Beliefs(machine -> facts().localNanos(machine), this::overlap);
    private @Nullable WorldFacts facts;
    private long offUntilNanos;

    /** @param chosen the log as far as it is chosen */
    GuaranteeOracle(ChosenLog chosen) {
        this.chosen = chosen;
    }

    private WorldFacts facts() {
        WorldFacts world = facts;
        if (world == null) {
            throw new IllegalStateException("the run has not begun");
        }
        return world;
    }

    @Override
    public void begin(WorldFacts world) {
        facts = world;
    }

    private Seat seat(int machine) {
        while (seats.size() <= machine) {
            seats.add(new Seat());
        }
        return seats.get(machine);
    }

    // ---- clocks -------------------------------------------------------------------------------------------

    /** Looks whether the machine's clock kept to what members allow for since the last look. */
    private void look(int machine) {
        Seat seat = seat(machine);
        long now = facts().nowNanos();
        long local = facts().localNanos(machine);
        if (seat.trueNanos >= 0) {
            long passed = now - seat.trueNanos;
            long off = Math.abs(local - seat.localNanos - passed);
            if (off > passed / 1_000 * facts().knobs().get(Knob.RHO) + ROUNDING_NANOS) {
                offUntilNanos = now + 3 * facts().knobs().get(Knob.SESSION_TTL) + 5 * SECOND_NANOS;
            }
        }
        seat.trueNanos = now;
        seat.localNanos = local;
    }

    private void overlap(String what) {
        for (int machine = 0; machine < facts().machines(); machine++) {
            look(machine);
        }
        if (facts().nowNanos() >= offUntilNanos) {
            throw new Violation("P2", what);
        }
        facts().count(OVERLAP_BEYOND);
    }

    // ---- beliefs ------------------------------------------------------------------------------------------

    @Override
    public void afterStep(int machine, ProgramView view) {
        look(machine);
        if (!(view instanceof CoordinationView process)) {
            return;
        }
        Seat seat = seat(machine);
        if (seat.view != process) {
            seat.view = process;
            seat.told.clear(); // what was told by the process before is believed until its time
        }
        Member member = process.running();
        if (member == null) {
            return;
        }
        notice();
        // Of processes too that ended within the step in which their applications gave something back.
        for (Seat any : seats) {
            CoordinationView there = any.view;
            if (there != null) {
                there.applications().takeGiven().forEach(this::give);
            }
        }
        TreeMap<Holder, Long> before = new TreeMap<>(seat.told);
        seat.told.clear();
        Set<Holder> ended = new TreeSet<>(BY_LOCK);
        ended.addAll(before.keySet());
        List<AttachedSession> holding = new ArrayList<>();
        for (AttachedSession session : process.applications().sessions()) {
            long newest = generations.getOrDefault(session.id, 0L);
            if (session.generation > newest) {
                newest = session.generation;
                generations.put(session.id, newest);
                beliefs.endOf(claimant(session.id));
                before.keySet().removeIf(holder -> holder.claimant().equals(claimant(session.id)));
            }
            if (session.generation == newest && !session.holdings.isEmpty()) {
                holding.add(session);
            }
        }
        // What is over ends before anything begins: applications of one member hear of both in one step.
        for (AttachedSession session : holding) {
            session.holdings.keySet()
                    .forEach(name -> ended.remove(new Holder(name, claimant(session.id), machine)));
        }
        ended.forEach(beliefs::end);
        for (AttachedSession session : holding) {
            believe(machine, member, session, seat, before);
        }
    }

    /** Who breaks a lock or transfers leadership does so without asking who holds it: tokens are for that. */
    private void notice() {
        while (chosenSeen < chosen.last()) {
            Entry entry = chosen.entry(++chosenSeen);
            if (!(entry.payload() instanceof Payload.Command command)) {
                state().skip(chosenSeen);
                continue;
            }
            switch (CommandCodec.decode(command.body())) {
                case Command.BreakLock broken -> state().lock(broken.name()).holders()
                        .forEach(holder -> take(broken.name(), holder.token()));
                case Command.TransferLeadership transfer -> {
                    Leader leader = state().election(transfer.name()).leader();
                    take(transfer.name(), leader == null ? 0 : leader.token());
                }
                default -> {}
            }
            state().apply(chosenSeen, command.body());
        }
    }

    /** Of the chosen log, as far as it was looked at. */
    private StateMachine state() {
        StateMachine ahead = state;
        if (ahead == null) {
            ahead = new StateMachine(facts().cluster());
            state = ahead;
        }
        return ahead;
    }

    /** It may be given back through another member than the one that it was told by. */
    private void give(Applications.Given given) {
        String claimant = claimant(given.session());
        known.forEach((name, tokens) -> {
            if (given.name().isEmpty() || given.name().equals(name)) {
                tokens.forEach((token, holder) -> {
                    if (holder.equals(claimant)) {
                        taken.computeIfAbsent(name, any -> new TreeSet<>()).add(token);
                    }
                });
                beliefs.end(name, claimant);
            }
        });
    }

    private void take(String name, long token) {
        taken.computeIfAbsent(name, any -> new TreeSet<>()).add(token);
        String holder = known.getOrDefault(name, new TreeMap<>()).get(token);
        if (holder != null) {
            beliefs.end(name, holder);
        }
    }

    private void believe(int machine, Member member, AttachedSession session, Seat seat,
            Map<Holder, Long> before) {
        long local = facts().localNanos(machine);
        long guaranteed = member.guaranteedForNanos(session.id, local);
        session.holdings.forEach((name, holding) -> {
            Holder holder = new Holder(name, claimant(session.id), machine);
            Long told = before.remove(holder);
            if (told == null || told != holding.token()) {
                if (guaranteed <= 0) {
                    throw new Violation("guarantee", holder.claimant() + " was told on machine " + machine
                            + " that it holds " + name + " by token " + holding.token()
                            + ", but its guarantee was over since " + -guaranteed + " ns");
                }
                facts().count(BELIEFS);
            }
            seat.told.put(holder, holding.token());
            known.computeIfAbsent(name, any -> new TreeMap<>()).put(holding.token(), holder.claimant());
            if (taken.containsKey(name) && taken.get(name).contains(holding.token())) {
                return;
            }
            beliefs.believe(holder, sharing(holding.permits()), holding.token(), local + guaranteed);
        });
    }

    private static String claimant(long session) {
        return "session " + session;
    }

    private static Sharing sharing(int permits) {
        return permits == 0 ? new Sharing.Shared() : new Sharing.UpTo(permits);
    }

    // ---- leaks --------------------------------------------------------------------------------------------

    /**
     * A lock that was given up is nobody's, or somebody else's, soon after; but what may have been told by
     * another sidecar is taken back by nobody but its application.
     */
    @Override
    public void atEnd(History history) {
        for (int machine = 0; machine < facts().machines(); machine++) {
            if (facts().running(machine) instanceof CoordinationView view && view.running() != null) {
                checkGivenUp(machine, view, view.running());
            }
        }
    }

    private void checkGivenUp(int machine, CoordinationView view, Member member) {
        for (AttachedSession session : view.applications().sessions()) {
            session.givenUp.forEach((name, since) -> {
                boolean longAgo = facts().localNanos(machine) - since > GIVEN_UP_NANOS;
                Claimant claimant = new Claimant(session.id, Ask.OWNER);
                boolean holds = member.state().lock(name).holders().stream()
                        .anyMatch(holder -> holder.claimant().equals(claimant)
                                && holder.token() > session.sinceRevision);
                if (longAgo && holds && member.ready()) {
                    throw new Violation("leak", claimant + " gave up waiting for " + name + " on machine "
                            + machine + ", and holds it to the end");
                }
            });
        }
    }
}
