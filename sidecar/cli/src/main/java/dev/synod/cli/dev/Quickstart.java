package dev.synod.cli.dev;

import dev.synod.admin.v1.GetDigestResponse;
import dev.synod.admin.v1.MemberStatus;
import dev.synod.cli.Spans;
import dev.synod.cli.dev.LocalCluster.LocalMember;
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
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shows a cluster at work, and measures it: applications beside each member campaign, lock, write and
 * watch; the leader is killed under load; then everything that was acknowledged is looked for. For one
 * thread.
 */
final class Quickstart {
    static final int WRITES_MIN = 5_000;
    static final int WRITES_AFTER_MIN = 500;

    private static final int CYCLES = 300;
    private static final int CHANGES = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PREFIX = "quickstart/";

    private final LocalCluster cluster;
    private final Console console;
    private final Figures figures;
    private final List<Coordination> sidecars = new ArrayList<>();

    Quickstart(LocalCluster cluster, Console console, Figures figures) {
        this.cluster = cluster;
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
            compareDigests();
        } finally {
            sidecars.forEach(Coordination::close);
        }
    }

    private void step(String title) {
        console.say("");
        console.say(console.strong(title));
    }

    private void say(String format, Object... values) {
        console.say("  " + String.format(Locale.ROOT, format, values));
    }

    private static String millis(Duration span) {
        return String.format(Locale.ROOT, "%.1f ms", span.toNanos() / 1e6);
    }

    // One: the cluster.

    private void start() throws IOException, InterruptedException {
        step("Three members, each a process of its own");
        long began = System.nanoTime();
        cluster.start();
        figures.startup = Duration.ofNanos(System.nanoTime() - began);
        figures.started.addAll(processes());
        for (Figures.Process process : figures.started) {
            say("%-9s process %-7d up after %-6s %4d MiB resident", process.name(), process.pid(),
                    Spans.rough(process.start()), process.residentKib() / 1_024);
        }
        LocalMember leader = cluster.leader();
        say("serving after %s, begun and elected: %s leads", Spans.rough(figures.startup),
                leader == null ? "nobody yet" : leader.name());
        for (LocalMember member : cluster.members()) {
            if (sidecars.size() < 3) {
                sidecars.add(Coordination.builder().endpoint(member.plan().endpoint())
                        .identity("app-" + sidecars.size()).connect());
            }
        }
    }

    private List<Figures.Process> processes() {
        List<Figures.Process> processes = new ArrayList<>();
        for (Map.Entry<LocalMember, @Nullable MemberStatus> entry : cluster.statuses().entrySet()) {
            ProcessHandle handle = entry.getKey().process().handle();
            if (handle != null) {
                processes.add(new Figures.Process(entry.getKey().name(), handle.pid(),
                        cluster.startTime(entry.getKey()), ResidentMemory.kibOf(handle.pid())));
            }
        }
        return processes;
    }

    // Two: an election.

    private void campaign() throws InterruptedException {
        step("Three instances of an application, one beside each member, want to lead");
        List<Candidacy> candidacies = new ArrayList<>();
        for (int i = 0; i < sidecars.size(); i++) {
            candidacies.add(sidecars.get(i).election(PREFIX + "scheduler").candidate("app-" + i).start());
        }
        long lastToken = 0;
        long resigned = 0;
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
            leadership.resign();
        }
        candidacies.forEach(Candidacy::close);
    }

    private Leadership awaitLeader(Set<Candidacy> candidacies) throws InterruptedException {
        Leadership[] found = new Leadership[1];
        cluster.await("a candidate to lead", PATIENCE, () -> {
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
            cluster.await("lock cycles", PATIENCE, () -> load.cycles() >= CYCLES);
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
        step("app-0 changes a value, app-2 watches it through another member");
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
            cluster.await("the changes to be seen", PATIENCE,
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
            cluster.await("writes", PATIENCE, () -> writes.acknowledged() >= WRITES_MIN / 2);
            LocalMember leader = cluster.leader();
            if (leader == null) {
                throw new IllegalStateException("a cluster that writes has no leader");
            }
            ProcessHandle handle = leader.process().handle();
            say("%d writes are acknowledged; %s leads, process %d is killed (SIGKILL)", writes.acknowledged(),
                    leader.name(), handle == null ? 0 : handle.pid());
            long killed = System.nanoTime();
            leader.process().kill();
            cluster.await("writes after the kill", PATIENCE,
                    () -> writes.acknowledgedAfter(killed) >= WRITES_AFTER_MIN);
            LocalMember next = cluster.leader();
            Duration gap = writes.longestGapFrom(killed);
            say("%s leads now; %s passed without an acknowledged write",
                    next == null ? "nobody" : next.name(),
                    console.strong(Spans.rough(gap)));
            Duration caughtUp = restart(leader);
            cluster.await("writes", PATIENCE, () -> writes.acknowledged() >= WRITES_MIN);
            figures.loaded.clear();
            figures.loaded.addAll(processes());
            failOver = new Figures.FailOver(leader.name(), gap, caughtUp, writes.acknowledgedAfter(killed));
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

    private Duration restart(LocalMember member) throws InterruptedException {
        long began = System.nanoTime();
        LocalMember leader = cluster.leader();
        MemberStatus ahead = leader == null ? null : leader.admin().statusIfAny();
        long decided = ahead == null ? 0 : ahead.getDecidedIndex();
        member.process().startAgain();
        cluster.await(member.name() + " to catch up", PATIENCE, () -> {
            MemberStatus status = member.admin().statusIfAny();
            return status != null && status.getReady() && status.getAppliedIndex() >= decided;
        });
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        say("%s is started again, and has caught up after %s", member.name(), Spans.rough(took));
        return took;
    }

    // Six: the states are the same.

    private void compareDigests() throws InterruptedException {
        step("Is every member's state the same?");
        List<GetDigestResponse> digests = new ArrayList<>();
        cluster.await("the members to stand at one entry", PATIENCE, () -> {
            digests.clear();
            cluster.members().forEach(member -> digests.add(member.admin().digest()));
            return digests.stream().map(GetDigestResponse::getAppliedIndex).distinct().count() == 1;
        });
        figures.digestsCompared = digests.size();
        figures.digestsEqual = digests.stream().map(GetDigestResponse::getDigest).distinct().count() == 1;
        for (int i = 0; i < digests.size(); i++) {
            say("%-9s entry %d, revision %d, digest %016x", cluster.members().get(i).name(),
                    digests.get(i).getAppliedIndex(), digests.get(i).getRevision(),
                    digests.get(i).getDigest());
        }
        say("%s", figures.digestsEqual ? console.good("the same on all") : console.bad("THEY DIFFER"));
    }
}
