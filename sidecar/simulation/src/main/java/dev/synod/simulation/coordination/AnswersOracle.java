package dev.synod.simulation.coordination;

import dev.synod.simulation.check.ConsensusOracle;
import dev.synod.simulation.check.RealTimeOrder;
import dev.synod.simulation.check.TokenOrder;
import dev.synod.simulation.check.Violation;
import dev.synod.simulation.coordination.Ask.Kind;
import dev.synod.simulation.coordination.Replayed.Grant;
import dev.synod.simulation.coordination.Replayed.Occurrence;
import dev.synod.simulation.port.History;
import dev.synod.simulation.port.Oracle;
import dev.synod.simulation.port.WorldFacts;
import dev.synod.state.Command;
import dev.synod.state.CommandCodec;
import dev.synod.state.Refusal;
import dev.synod.state.Reply;
import dev.synod.state.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds what applications were told against the decided log, once the run is over.
 *
 * <ol>
 *   <li>Tokens rise, from what applications saw alone (P1).
 *   <li>The log is applied to a state machine without planted bugs: every answer is what that gives at its
 *   place, what was said to have had no effect has none, and nothing is decided that nobody asked for.
 *   <li>No tag takes effect twice (exactly once).
 *   <li>The order of the log respects real time, and linearizable reads miss nothing (I14).
 *   <li>Watches were told all that changed, once, in order.
 *   <li>In one of {@link #SEARCHED} seeds, a search finds an order of its own for each lock, election and
 *   key.
 *   <li>Members that applied as much had the same state.
 * </ol>
 */
final class AnswersOracle implements Oracle {
    private static final int SEARCHED = 20;

    private final ConsensusOracle consensus;
    private final RealTimeOrder order = new RealTimeOrder();
    private @Nullable WorldFacts facts;
    private Replayed log = new Replayed(new java.util.UUID(0, 0));

    AnswersOracle(ConsensusOracle consensus) {
        this.consensus = consensus;
    }

    @Override
    public void begin(WorldFacts world) {
        facts = world;
        log = new Replayed(world.cluster());
    }

    @Override
    public void atEnd(History history) {
        List<Seen> all = new ArrayList<>(history.operations().size());
        TreeMap<Long, List<Seen>> reads = new TreeMap<>();
        for (History.Operation operation : history.operations()) {
            Seen seen = Seen.of(operation);
            all.add(seen);
            if (seen.told() != null && isLook(seen.ask().kind())) {
                reads.computeIfAbsent(seen.told().index(), index -> new ArrayList<>(1)).add(seen);
            }
        }
        checkTokens(all);
        long[] differs = {0};
        log.apply(consensus.chosen(), index -> {
            if (differs[0] == 0 && consensus.differsFromMembers(index, log.state().digest())) {
                differs[0] = index;
            }
            reads.getOrDefault(index, List.of()).forEach(this::checkRead);
        });
        checkAsked(all);
        all.forEach(this::check);
        order.check();
        new Listeners(log).check(all);
        if (facts == null || Long.remainderUnsigned(facts.seed(), SEARCHED) == 1) {
            new Searches(log, consensus.decidedAnywhere()).check(all);
        }
        require(differs[0] == 0, "state", "members that applied " + differs[0]
                + " entries had another state than a replay of the log");
    }

    private static void require(boolean holds, String invariant, String what) {
        if (!holds) {
            throw new Violation(invariant, what);
        }
    }

    // ---- P1 -----------------------------------------------------------------------------------------------

    private static void checkTokens(List<Seen> all) {
        TokenOrder tokens = new TokenOrder();
        for (Seen seen : all) {
            if (seen.isClaim() && seen.reply() instanceof Reply.Granted granted) {
                tokens.granted(seen.ask().name(), seen.claimant().toString(), seen.ask().permits() == 1,
                        granted.token(), seen.operation().invokedNanos(), seen.operation().completedNanos());
            }
        }
        tokens.check();
    }

    // ---- commands -----------------------------------------------------------------------------------------

    /** Whatever sessions remember was asked for, and just so. */
    private void checkAsked(List<Seen> all) {
        Map<Request, Ask> asked = new HashMap<>();
        for (Seen seen : all) {
            Request request = seen.ask().request();
            if (request.isRemembered()) {
                asked.put(new Request(request.session(), request.id(), 0), seen.ask());
            }
        }
        for (Map.Entry<Request, List<Occurrence>> decided : log.requests()) {
            Ask ask = asked.get(decided.getKey());
            for (Occurrence occurrence : decided.getValue()) {
                require(ask != null && isOf(ask, occurrence.command()), "exactly-once",
                        "decided at " + occurrence.index() + " is " + occurrence.command() + ", asked was "
                                + (ask == null ? "nothing by that number" : ask));
            }
        }
    }

    private static boolean isOf(Ask ask, Command.OfClient command) {
        Command right = switch (ask.kind()) {
            case TRY, WAIT -> AppCommands.acquire(ask);
            case CAMPAIGN -> AppCommands.campaign(ask);
            default -> AppCommands.of(ask);
        };
        return CommandCodec.encode(right).equals(CommandCodec.encode(command));
    }

    private void check(Seen seen) {
        if (seen.ask().request().isRemembered()) {
            checkRemembered(seen);
        } else if (seen.told() != null && !seen.ask().kind().isRead()) {
            checkUnremembered(seen);
        }
    }

    private void checkRemembered(Seen seen) {
        List<Occurrence> occurrences = log.of(seen.ask().request());
        if (seen.operation().outcome() == History.Outcome.FAILED) {
            require(occurrences.isEmpty(), "reply",
                    seen + " was said to have had no effect, but was decided at " + occurrences);
        }
        if (seen.told() == null) {
            return;
        }
        if (seen.isClaim() && seen.reply() instanceof Reply.Granted granted) {
            place(seen, granted(seen, granted.token(), occurrences));
        } else if (seen.isClaim() && (seen.reply() == null || seen.reply() instanceof Reply.Queued)) {
            require(seen.reply() == null || !occurrences.isEmpty(), "acknowledged-lost",
                    seen + " is not in the log");
        } else if (isGone(seen.reply()) && seen.ask().kind().needsAttachment()) {
            Long ended = log.ended(seen.ask().session()); // attaching may have been refused
            require(ended != null, "reply", seen + ", but the session lives");
        } else {
            place(seen, answered(seen, occurrences));
        }
    }

    private static boolean isGone(@Nullable Reply reply) {
        return reply instanceof Reply.Refused refused && refused.reason() == Refusal.SESSION_ENDED;
    }

    /** Where the grant that was told stands in the log. */
    private long granted(Seen seen, long token, List<Occurrence> occurrences) {
        Grant grant = log.grant(seen.ask().name(), seen.claimant(), token);
        require(!occurrences.isEmpty(), "acknowledged-lost", seen + " is not in the log");
        require(grant != null, "claim", seen + " was told a grant that is not in the log");
        return grant == null ? 0 : Math.max(grant.index(), occurrences.getFirst().index());
    }

    private static long answered(Seen seen, List<Occurrence> occurrences) {
        for (Occurrence occurrence : occurrences) {
            if (occurrence.reply().equals(seen.reply())) {
                return occurrence.index();
            }
        }
        throw new Violation(occurrences.isEmpty() ? "acknowledged-lost" : "reply",
                seen + ", but the log says " + occurrences);
    }

    private void checkUnremembered(Seen seen) {
        switch (seen.reply()) {
            case Reply.Attached attached when seen.ask().kind() == Kind.OPEN -> {
                Long index = log.opened(attached.session());
                require(index != null, "acknowledged-lost", seen + " is not in the log");
                place(seen, index == null ? 0 : index);
            }
            case Reply.Done done when seen.ask().kind() == Kind.CLOSE && done.changed() -> {
                Long index = log.ended(seen.ask().session());
                require(index != null, "acknowledged-lost", seen + " is not in the log");
                place(seen, index == null ? 0 : index);
            }
            case Reply.Committed committed -> {
                long index = 0;
                for (Replayed.Put put : log.puts()) {
                    index = put.tag().equals(seen.ask().value()) ? put.index() : index;
                }
                require(index != 0, "acknowledged-lost", seen + " is not in the log");
                place(seen, index);
            }
            case null, default -> {}
        }
    }

    private void place(Seen seen, long index) {
        order.add(2 * index, seen.operation().invokedNanos(), seen.operation().completedNanos(), true, seen);
    }

    // ---- reads --------------------------------------------------------------------------------------------

    private static boolean isLook(Kind kind) {
        return switch (kind) {
            case READ, READ_AT_LEAST, READ_STALE, LOOK_AT_LOCK, LOOK_AT_ELECTION -> true;
            default -> false;
        };
    }

    /** The state stands where the answer says it was taken. */
    private void checkRead(Seen seen) {
        Told told = seen.told();
        if (told == null || told.home() == null) {
            return;
        }
        Told right = Looks.at(seen.ask(), log.state(), told.home());
        require(right.equals(told), "reply", seen + ", but at " + told.index() + " the log says " + right);
        switch (seen.ask().kind()) {
            case READ_STALE -> {}
            case READ_AT_LEAST -> require(log.state().revision() >= seen.ask().number(), "stale-read",
                    seen + " saw only revision " + log.state().revision());
            default -> {
                long decided = consensus.decidedAnywhere().before(seen.operation().invokedNanos());
                require(told.index() >= decided, "I14", seen + " reflects the log up to " + told.index()
                        + ", but when it began " + decided + " was known decided");
                order.add(2 * told.index() + 1, seen.operation().invokedNanos(),
                        seen.operation().completedNanos(), false, seen);
            }
        }
    }
}
