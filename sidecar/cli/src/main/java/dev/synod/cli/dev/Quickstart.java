package dev.synod.cli.dev;

import dev.synod.cli.Spans;
import dev.synod.client.Candidacy;
import dev.synod.client.Coordination;
import dev.synod.client.KeyRange;
import dev.synod.client.Leadership;
import dev.synod.client.Value;
import dev.synod.client.Watch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Shows a cluster at work, and measures it: applications beside each member campaign, lock, write and
 * watch; the leader is killed under load; then everything that was acknowledged is looked for. For one
 * thread.
 */
final class Quickstart {
    static final int WRITES_MIN = 5_000;
    static final int WRITES_AFTER_MIN = 500;

    private static final int CYCLES = 200;
    private static final int CHANGES = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String PREFIX = "quickstart/";

    private final Stage stage;
    private final Console console;
    private final Figures figures;
    private final List<Coordination> sidecars = new ArrayList<>();

    Quickstart(Stage stage, Console console, Figures figures) {
        this.stage = stage;
        this.console = console;
        this.figures = figures;
    }

    void run(int failOvers) throws IOException, InterruptedException {
        start();
        try {
            campaign();
            lock();
            watch();
            for (int i = 1; i <= failOvers; i++) {
                failOver(i, failOvers);
            }
            if (stage.comparesStates()) {
                compareDigests();
            }
        } finally {
            sidecars.forEach(Coordination::close);
        }
    }

    private void step(String title) {
        console.say("");
        console.say(console.strong(title));
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation is no dependency of this module
    private void say(String format, Object... values) {
        console.say("  " + String.format(Locale.ROOT, format, values));
    }

    private static String millis(Duration span) {
        return String.format(Locale.ROOT, "%.1f ms", span.toNanos() / 1e6);
    }

    // One: the cluster.

    private void start() throws IOException, InterruptedException {
        step(stage.title());
        figures.startup = stage.start(figures, this::say);
        String leader = stage.leader();
        say("serving after %s, begun and elected: %s leads", Spans.rough(figures.startup),
                leader == null ? "nobody yet" : leader);
        for (String endpoint : stage.endpoints()) {
            sidecars.add(Coordination.builder().endpoint(endpoint).identity("app-" + sidecars.size())
                    .connect());
        }
    }

    // Two: an election.

    private void campaign() throws InterruptedException {
        step("Three instances of an application, each at a sidecar of its own, want to lead");
        List<Candidacy> candidacies = new ArrayList<>();
        for (int i = 0; i < sidecars.size(); i++) {
            candidacies.add(sidecars.get(i).election(PREFIX + "scheduler").candidate("app-" + i).start());
        }
        long lastToken = 0;
        long resigned = 0;
        List<CompletableFuture<Void>> withdrawals = new ArrayList<>();
        Set<Candidacy> left = new HashSet<>(candidacies);
        while (!left.isEmpty()) {
            Leadership leadership = awaitLeader(left);
            long token = leadership.fencingToken().value();
            figures.orderViolations += token > lastToken ? 0 : 1;
            if (lastToken > 0) {
                figures.handOver = Duration.ofNanos(System.nanoTime() - resigned);
            }
            say("%s leads with fencing token %d%s", leadership.candidate(), token, lastToken == 0
                    ? ""
                    : ", " + millis(figures.handOver) + " after the one before resigned");
            lastToken = token;
            left.removeIf(candidacy -> candidacy.candidate().equals(leadership.candidate()));
            resigned = System.nanoTime();
            withdrawals.add(leadership.resign());
        }
        withdrawals.forEach(CompletableFuture::join);
        candidacies.forEach(Candidacy::close);
    }

    private Leadership awaitLeader(Set<Candidacy> candidacies) throws InterruptedException {
        Leadership[] found = new Leadership[1];
        stage.await("a candidate to lead", PATIENCE, () -> {
            for (Candidacy candidacy : candidacies) {
                candidacy.leadership().ifPresent(leadership -> found[0] = leadership);
            }
            return found[0] != null;
        });
        return found[0];
    }

    // Three: a lock.

    private void lock() throws InterruptedException {
        step("The same three take one lock in turns");
        long began = System.nanoTime();
        LockLoad load = new LockLoad(PREFIX + "lock", sidecars);
        try (load) {
            stage.await("lock cycles", PATIENCE, () -> load.cycles() >= CYCLES);
        }
        figures.lockTime = Duration.ofNanos(System.nanoTime() - began);
        figures.lockCycles = load.cycles();
        figures.orderViolations += load.violations();
        say("%d times taken and given back, %d a second; the last token is %d, every one greater than all"
                + " before",
                load.cycles(), figures.cyclesEachSecond(), load.lastToken());
    }

    // Four: a watch.

    private void watch() throws InterruptedException {
        step("app-0 changes a value, app-2 watches it through another sidecar");
        SeenChanges seen = new SeenChanges();
        KeyRange range = KeyRange.prefix(PREFIX + "config/");
        Coordination watcher = sidecars.getLast();
        long from = watcher.values().list(range).revision() + 1;
        try (Watch watch = watcher.values().watch(range, from, seen)) {
            for (int i = 1; i <= CHANGES; i++) {
                String key = PREFIX + "config/" + i;
                seen.sent(key);
                sidecars.getFirst().values().put(key, Value.of("v" + i));
            }
            stage.await("the changes to be seen", PATIENCE,
                    () -> seen.count() >= CHANGES || watch.ended().isDone());
        }
        figures.watched = seen.count();
        figures.orderViolations += seen.violations();
        figures.watchLatency = seen.median();
        say("%d changes seen, in order; half of them within %s of being sent", figures.watched,
                millis(figures.watchLatency));
    }

    // Five: the leader is killed.

    private void failOver(int round, int rounds) throws InterruptedException {
        step("The leader is killed under load" + (rounds > 1 ? ", " + round + " of " + rounds : ""));
        String prefix = PREFIX + "load-" + round + "/";
        WriteLoad writes = new WriteLoad(prefix, sidecars);
        LockLoad locks = new LockLoad(PREFIX + "lock", sidecars);
        Figures.FailOver failOver;
        try (writes; locks) {
            stage.await("writes", PATIENCE, () -> writes.acknowledged() >= WRITES_MIN / 2);
            String leader = stage.leader();
            if (leader == null) {
                throw new IllegalStateException("a cluster that writes has no leader");
            }
            say("%d writes are acknowledged; %s leads, %s", writes.acknowledged(), leader,
                    stage.weapon(leader));
            long killed = System.nanoTime();
            stage.kill(leader);
            stage.await("writes after the kill", PATIENCE,
                    () -> writes.acknowledgedAfter(killed) >= WRITES_AFTER_MIN);
            String next = stage.leader();
            Duration gap = writes.longestGapFrom(killed);
            say("%s leads now; %s passed without an acknowledged write",
                    next == null ? "nobody" : next,
                    console.strong(Spans.rough(gap)));
            Duration caughtUp = restart(leader);
            stage.await("writes", PATIENCE, () -> writes.acknowledged() >= WRITES_MIN);
            figures.loaded.clear();
            figures.loaded.addAll(stage.footprints());
            failOver = new Figures.FailOver(leader, gap, caughtUp, writes.acknowledgedAfter(killed));
        }
        figures.failOvers.add(failOver);
        figures.lockCyclesUnderLoad += locks.cycles();
        figures.acknowledged += writes.acknowledged();
        figures.unknown += writes.unknown();
        figures.orderViolations += writes.orderViolations() + locks.violations();
        int lost = writes.lost(sidecars.getFirst());
        figures.lost += lost;
        say("%d writes acknowledged, %d of them after the kill; read back: %s", writes.acknowledged(),
                failOver.acknowledgedAfter(),
                lost == 0 ? console.good("none lost") : console.bad(lost + " LOST"));
        say("%d lock cycles meanwhile; %s", locks.cycles(), locks.violations() + writes.orderViolations() == 0
                ? console.good("tokens and revisions in order")
                : console.bad("ORDER VIOLATED"));
        sidecars.getFirst().values().deleteAll(KeyRange.prefix(prefix));
    }

    private Duration restart(String member) throws InterruptedException {
        long began = System.nanoTime();
        stage.bringBack(member);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        say("%s is started again, and has caught up after %s", member, Spans.rough(took));
        return took;
    }

    // Six: the states are the same.

    private void compareDigests() throws InterruptedException {
        step("Is every member's state the same?");
        List<Stage.Digest> digests = new ArrayList<>();
        stage.await("the members to stand at one entry", PATIENCE, () -> {
            digests.clear();
            digests.addAll(stage.digests());
            return digests.stream().map(Stage.Digest::applied).distinct().count() == 1;
        });
        figures.digestsCompared = digests.size();
        figures.digestsEqual = digests.stream().map(Stage.Digest::digest).distinct().count() == 1;
        for (Stage.Digest digest : digests) {
            say("%-9s entry %d, revision %d, digest %016x", digest.member(), digest.applied(),
                    digest.revision(), digest.digest());
        }
        say("%s", figures.digestsEqual ? console.good("the same on all") : console.bad("THEY DIFFER"));
    }
}
