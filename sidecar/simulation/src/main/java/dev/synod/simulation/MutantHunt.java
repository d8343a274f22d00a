package dev.synod.simulation;

import dev.synod.paxos.Defects;
import dev.synod.simulation.mutants.Hunt;
import dev.synod.simulation.mutants.Mutant;
import dev.synod.simulation.mutants.MutantCatalogue;
import dev.synod.simulation.report.JsonText;
import dev.synod.simulation.report.MutantTable;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Hunts planted bugs, a few at a time. */
final class MutantHunt {
    private static final long MEDIAN_SEEDS_MAX = 200;
    /** A median says nothing of a few. */
    private static final int MEDIAN_OF_MIN = 20;

    private final CommandLine line;
    private final List<Mutant> mutants;
    private final long firstSeed;
    private final PrintStream out;
    private final PrintStream err;
    private final PrintStream text;
    private final Outputs outputs;
    private final List<Hunt> hunts = new ArrayList<>();
    private final List<Mutant> directed;
    private @Nullable Throwable broken;

    MutantHunt(CommandLine line, List<Mutant> mutants, long firstSeed, PrintStream out, PrintStream err) {
        this.line = line;
        this.mutants = mutants.stream().filter(mutant -> mutant.directed() == null).toList();
        this.firstSeed = firstSeed;
        this.out = out;
        this.err = err;
        this.outputs = new Outputs(line, new Setup(null, "", null, Defects.NONE), out, err);
        this.text = outputs.text();
        this.directed = mutants.stream().filter(mutant -> mutant.directed() != null).toList();
    }

    /** Hunts them all; returns how many survived, or met a run that fails without them. */
    long run() {
        text.println(mutants.size() + " of " + MutantCatalogue.all().size() + " mutants, " + line.threads()
                + " at a time");
        AtomicInteger next = new AtomicInteger();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < line.threads(); i++) {
            workers.add(Thread.ofPlatform().name("hunt-" + i).start(() -> work(next)));
        }
        for (Thread worker : workers) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
        }
        if (broken != null) {
            throw new SimulatorBroken(broken);
        }
        hunts.sort((a, b) -> a.mutant().defect().compareTo(b.mutant().defect()));
        MutantTable table = new MutantTable(hunts, directed);
        for (Hunt hunt : hunts) {
            if (hunt.unsound() != null) {
                Setup sound = new Setup(SubjectKind.named(hunt.mutant().subject()), "", null, Defects.NONE);
                new Outputs(line, sound, out, err).failure(hunt.unsound());
            }
        }
        text.print(table.text());
        JsonText json = new JsonText().object().put("commit", Outputs.commit());
        table.write(json);
        outputs.json(json.end());
        long failed = hunts.stream().filter(hunt -> !hunt.passed()).count();
        long passed = hunts.size() - failed;
        if (hunts.size() > MEDIAN_OF_MIN && table.medianSeeds() > MEDIAN_SEEDS_MAX) {
            text.println(
                    "FAILED the median is above " + MEDIAN_SEEDS_MAX + " seeds: the world got too gentle");
            failed++;
        }
        text.println(passed + " passed, " + failed + " failed");
        return failed;
    }

    /** A run that could not be brought to an end. */
    private static final class SimulatorBroken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SimulatorBroken(Throwable cause) {
            super("the simulator itself failed: " + cause.getMessage(), cause);
        }
    }

    private void work(AtomicInteger next) {
        try {
            for (int i = next.getAndIncrement(); i < mutants.size(); i = next.getAndIncrement()) {
                Hunt hunt = hunt(mutants.get(i));
                synchronized (hunts) {
                    hunts.add(hunt);
                    text.println(MutantTable.line(hunt));
                }
            }
        } catch (Throwable e) {
            synchronized (hunts) {
                broken = e;
            }
        }
    }

    private Hunt hunt(Mutant mutant) {
        String knobs = (mutant.knobs() + " " + line.knobs()).strip();
        SubjectKind subject = SubjectKind.named(mutant.subject());
        Setup planted = new Setup(subject, knobs, null, Defects.planted(mutant.defect()));
        Setup sound = new Setup(subject, knobs, null, Defects.NONE);
        Mutant bounded = line.seeds() == 0
                ? mutant
                : new Mutant(mutant.defect(), mutant.subject(), Math.toIntExact(line.seeds()), knobs,
                        mutant.killedBy(), null);
        return Hunt.of(bounded, firstSeed, planted::run, sound::run);
    }
}
