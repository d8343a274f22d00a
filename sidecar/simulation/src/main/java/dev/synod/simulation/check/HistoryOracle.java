package dev.synod.simulation.check;

import dev.synod.simulation.port.History;
import dev.synod.simulation.port.Oracle;
import dev.synod.simulation.port.WorldFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the clients saw against the chosen log, once the run is over: answers and their order
 * ({@link LogReplay}), that no read missed what any member knew decided when it began (I14), that what failed
 * had no effect; and, in one of {@link #SEARCHED} seeds, against all orders there are
 * ({@link Linearizability}).
 */
public final class HistoryOracle<I, O, S, K> implements Oracle {
    private static final int SEARCHED = 20;
    private static final long STEPS_MAX = 20_000_000;

    private final ConsensusOracle consensus;
    private final ExactModel<I, O, S> model;
    private final Function<I, K> keyOf;
    private final HistoryReader<I, O> reader;
    private @Nullable WorldFacts facts;
    private int answersChecked;

    /**
     * An oracle for one run.
     *
     * @param consensus knows the log
     * @param keyOf names the one object that an operation is about
     */
    public HistoryOracle(
            ConsensusOracle consensus, ExactModel<I, O, S> model, Function<I, K> keyOf,
            HistoryReader<I, O> reader) {
        this.consensus = consensus;
        this.model = model;
        this.keyOf = keyOf;
        this.reader = reader;
    }

    /** How many answers were checked against the log. */
    public int answersChecked() {
        return answersChecked;
    }

    @Override
    public void begin(WorldFacts world) {
        facts = world;
    }

    @Override
    public void atEnd(History history) {
        List<LoggedCommand<I>> log = commands();
        List<LoggedOperation<I, O>> seen = new ArrayList<>(history.operations().size());
        List<LoggedOperation<I, O>> failed = new ArrayList<>();
        for (History.Operation operation : history.operations()) {
            LoggedOperation<I, O> logged = reader.operation(operation);
            if (operation.outcome() == History.Outcome.FAILED) {
                failed.add(logged);
            } else {
                seen.add(logged);
                checkFresh(logged);
            }
        }
        LogReplay<I, O, S, K> replay = new LogReplay<>(model, keyOf);
        answersChecked = replay.check(log, seen);
        replay.checkHadNoEffect(log, failed);
        if (facts == null || Long.remainderUnsigned(facts.seed(), SEARCHED) == 0) {
            search(replay.informed(log, seen));
        }
    }

    private List<LoggedCommand<I>> commands() {
        ChosenLog chosen = consensus.chosen();
        List<LoggedCommand<I>> commands = new ArrayList<>();
        for (long index = 1; index <= chosen.last(); index++) {
            LoggedCommand<I> command = reader.command(chosen.entry(index));
            if (command != null) {
                commands.add(command);
            }
        }
        return commands;
    }

    private void checkFresh(LoggedOperation<I, O> logged) {
        Operation<I, O> operation = logged.operation();
        if (operation.output() == null || model.changes(operation.input())) {
            return;
        }
        long decided = consensus.decidedAnywhere().before(operation.calledAt());
        if (logged.index() < decided) {
            throw new Violation("I14",
                    operation + " reflects the log up to " + logged.index() + ", but when it began " + decided
                            + " was known decided");
        }
    }

    private void search(List<Operation<I, O>> history) {
        switch (new Linearizability<>(model, STEPS_MAX).check(history, keyOf)) {
            case Verdict.Accepted accepted -> {}
            case Verdict.Rejected rejected -> throw new Violation("linearizability", rejected.why());
            case Verdict.NotChecked given -> throw new Violation("not-checked", given.why());
        }
    }
}
