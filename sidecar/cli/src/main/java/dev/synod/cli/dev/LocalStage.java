package dev.synod.cli.dev;

import dev.synod.admin.v1.GetDigestResponse;
import dev.synod.admin.v1.MemberStatus;
import dev.synod.cli.Spans;
import dev.synod.cli.dev.LocalCluster.LocalMember;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Members as processes of this machine. */
final class LocalStage implements Stage {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int APPLICATIONS = 3;

    private final LocalCluster cluster;

    LocalStage(LocalCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public String title() {
        return "Three members, each a process of its own";
    }

    @Override
    public Duration start(Figures figures, Report report) throws IOException, InterruptedException {
        long began = System.nanoTime();
        cluster.start();
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        figures.started.addAll(footprints());
        for (Figures.Footprint process : figures.started) {
            report.say("%-9s process %-7d up after %-6s %4d MiB resident", process.name(), process.pid(),
                    Spans.rough(process.start()), process.residentKib() / 1_024);
        }
        return took;
    }

    @Override
    public List<String> endpoints() {
        return cluster.members().stream().limit(APPLICATIONS).map(member -> member.plan().endpoint())
                .toList();
    }

    @Override
    public @Nullable String leader() {
        LocalMember leader = cluster.leader();
        return leader == null ? null : leader.name();
    }

    private LocalMember member(String name) {
        return cluster.members().stream().filter(member -> member.name().equals(name)).findFirst()
                .orElseThrow();
    }

    @Override
    public String weapon(String name) {
        ProcessHandle handle = member(name).process().handle();
        return "process " + (handle == null ? 0 : handle.pid()) + " is killed (SIGKILL)";
    }

    @Override
    public void kill(String name) {
        member(name).process().kill();
    }

    @Override
    public void bringBack(String name) throws InterruptedException {
        LocalMember member = member(name);
        LocalMember leader = cluster.leader();
        MemberStatus ahead = leader == null ? null : leader.admin().statusIfAny();
        long decided = ahead == null ? 0 : ahead.getDecidedIndex();
        member.process().startAgain();
        await(name + " to catch up", PATIENCE, () -> {
            MemberStatus status = member.admin().statusIfAny();
            return status != null && status.getReady() && status.getAppliedIndex() >= decided;
        });
    }

    @Override
    public List<Figures.Footprint> footprints() {
        List<Figures.Footprint> processes = new ArrayList<>();
        for (Map.Entry<LocalMember, @Nullable MemberStatus> entry : cluster.statuses().entrySet()) {
            ProcessHandle handle = entry.getKey().process().handle();
            if (handle != null) {
                processes.add(new Figures.Footprint(entry.getKey().name(), handle.pid(),
                        cluster.startTime(entry.getKey()), ResidentMemory.kibOf(handle.pid())));
            }
        }
        return processes;
    }

    @Override
    public boolean comparesStates() {
        return true;
    }

    @Override
    public List<Digest> digests() {
        List<Digest> digests = new ArrayList<>();
        for (LocalMember member : cluster.members()) {
            GetDigestResponse digest = member.admin().digest();
            digests.add(new Digest(member.name(), digest.getAppliedIndex(), digest.getRevision(),
                    digest.getDigest()));
        }
        return digests;
    }

    @Override
    public String whereLogsAre() {
        return cluster.state().path().toString();
    }

    /** The folder stays when something did not come about. */
    @Override
    public void await(String what, Duration patience, BooleanSupplier condition)
            throws InterruptedException {
        cluster.await(what, patience, condition);
    }
}
