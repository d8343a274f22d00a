package dev.synod.cli.dev;

import dev.synod.admin.v1.MemberStatus;
import dev.synod.admin.v1.Phase;
import dev.synod.admin.v1.Role;
import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.cli.Spans;
import dev.synod.cli.admin.AdminPort;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** A cluster whose members are processes on this machine. Safe for threads once it was started. */
final class LocalCluster implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final Duration END_MAX = Duration.ofSeconds(15);
    private static final long LOOK_MILLIS = 10;

    /** One member: its plan, its process, and the way to ask it. */
    record LocalMember(MemberPlan plan, Supervised process, AdminPort admin) {
        String name() {
            return plan.name();
        }
    }

    private final StateFolder state;
    private final ClusterFile file;
    private final Console console;
    private final Plan plan;
    private final Map<String, LocalMember> members = new LinkedHashMap<>();
    private final Map<String, Duration> startTimes = new LinkedHashMap<>();
    private final Set<String> out = new LinkedHashSet<>();
    private volatile boolean stopped;

    private LocalCluster(StateFolder state, ClusterFile file, Console console, Plan plan) {
        this.state = state;
        this.file = file;
        this.console = console;
        this.plan = plan;
    }

    /** What the file asks for, in a folder that may hold it already. Starts nothing. */
    static LocalCluster of(StateFolder state, ClusterFile file, Console console) throws IOException {
        return new LocalCluster(state, file, console, plan(state, file));
    }

    /** A new one, whose members' peers dial other ports than their own. */
    static LocalCluster of(StateFolder state, ClusterFile file, Console console,
            ToIntFunction<MemberPlan> dialed)
            throws IOException {
        return new LocalCluster(state, file, console, plan(state, file).dialedAt(dialed));
    }

    private static Plan plan(StateFolder state, ClusterFile file) throws IOException {
        Plan plan = state.plan();
        if (plan == null) {
            plan = Plan.of(file);
        } else if (plan.voters().size() != file.voters()) {
            throw new CommandException(ExitStatus.CONFIGURATION, "the cluster in " + state.path() + " has "
                    + plan.voters().size() + " voters, the file asks for " + file.voters()
                    + ": the local mode does not change voters; name another folder, or ask for "
                    + plan.voters().size());
        } else if (plan.observers().size() > file.observers()) {
            throw new CommandException(ExitStatus.CONFIGURATION, "the cluster in " + state.path() + " has "
                    + plan.observers().size() + " observers, the file asks for " + file.observers()
                    + ": the local mode takes none away; name another folder, or ask for as many");
        }
        return plan.withObservers(file.observers());
    }

    /** Starts every member, begins the cluster if it never was, and returns when it serves. */
    void start() throws IOException, InterruptedException {
        Bootstrap bootstrap = new Bootstrap(state, plan);
        boolean begins = bootstrap.check();
        refuseTakenPorts();
        state.store(plan);
        int place = 0;
        for (MemberPlan member : plan.members()) {
            List<String> arguments = JavaProgram.member(plan, member, file, state);
            Supervised process =
                    new Supervised(place++, member.name(), arguments, state.log(member.name()), console);
            AdminPort admin = new AdminPort(Ports.loopback(member.ports().admin()));
            members.put(member.name(), new LocalMember(member, process, admin));
            process.start();
        }
        long began = System.nanoTime();
        await("every member to answer", START_MAX, () -> allAnswer(began));
        Map<MemberPlan, AdminPort> ports = new LinkedHashMap<>();
        members.values().forEach(member -> ports.put(member.plan(), member.admin()));
        try {
            if (begins) {
                bootstrap.run(ports);
            } else {
                resume(bootstrap, ports);
            }
            await("a leader", START_MAX, () -> leader() != null);
            addObservers();
            awaitReady();
        } catch (StatusRuntimeException e) {
            state.keep();
            throw new CommandException(ExitStatus.UNAVAILABLE, "the cluster cannot begin: "
                    + e.getStatus().getDescription() + "; the members' logs are in " + state.path(), e);
        }
    }

    private void refuseTakenPorts() {
        for (MemberPlan member : plan.members()) {
            for (int port : member.ports().all()) {
                if (!Ports.isFree(port)) {
                    throw new CommandException(ExitStatus.UNAVAILABLE, "port " + port + " of " + member.name()
                            + " is taken by another program: end it, or let the cluster begin anew in another"
                            + " folder");
                }
            }
        }
    }

    private boolean allAnswer(long began) {
        for (LocalMember member : members.values()) {
            if (!startTimes.containsKey(member.name()) && answers(member)) {
                startTimes.put(member.name(), Duration.ofNanos(System.nanoTime() - began));
            }
        }
        return startTimes.size() == members.size();
    }

    /** How long the member took from its process's start until it answered. */
    Duration startTime(LocalMember member) {
        return startTimes.getOrDefault(member.name(), Duration.ZERO);
    }

    private boolean answers(LocalMember member) {
        String why = member.process().givenUp();
        if (why != null) {
            state.keep();
            throw new CommandException(ExitStatus.UNAVAILABLE, member.name() + ": " + why);
        }
        MemberStatus status = member.admin().statusIfAny();
        return status != null && status.getPhase() != Phase.PHASE_STARTING;
    }

    private void resume(Bootstrap bootstrap, Map<MemberPlan, AdminPort> ports) {
        for (MemberPlan empty : bootstrap.resume(ports)) {
            out.add(empty.name());
            console.warn("the volume of " + empty.name() + " is empty, although the cluster has begun: what"
                    + " it promised is lost, and it stays out; the others go on without it");
        }
    }

    private void addObservers() throws InterruptedException {
        for (LocalMember member : members.values()) {
            if (member.plan().voter()) {
                continue;
            }
            member.admin().format(plan.cluster(), member.plan().id(), List.of());
            await("a leader to take " + member.name() + " in", START_MAX, () -> {
                LocalMember leader = leader();
                if (leader != null) {
                    leader.admin().addObserver(member.plan().id(), member.plan().address());
                }
                return leader != null;
            });
        }
    }

    private void awaitReady() throws InterruptedException {
        for (LocalMember member : members.values()) {
            if (!out.contains(member.name())) {
                await(member.name() + " to be ready", START_MAX, () -> isReady(member));
            }
        }
    }

    private static boolean isReady(LocalMember member) {
        MemberStatus status = member.admin().statusIfAny();
        return status != null && status.getReady();
    }

    /** Waits for something to be so; fails when it is not in time. */
    void await(String what, Duration patience, BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                state.keep();
                throw new CommandException(ExitStatus.UNAVAILABLE, "waited " + Spans.rough(patience) + " for "
                        + what + ", in vain; the members' logs are in " + state.path());
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    Plan plan() {
        return plan;
    }

    StateFolder state() {
        return state;
    }

    List<LocalMember> members() {
        return List.copyOf(members.values());
    }

    /** Who leads by its own word and that of a quorum's silence about another; null for nobody. */
    @Nullable
    LocalMember leader() {
        LocalMember found = null;
        long round = -1;
        for (LocalMember member : members.values()) {
            MemberStatus status = member.process().isAlive() ? member.admin().statusIfAny() : null;
            if (status != null && status.getRole() == Role.ROLE_LEADER
                    && status.getPromised().getRound() > round) {
                found = member;
                round = status.getPromised().getRound(); // an old leader may not know yet
            }
        }
        return found;
    }

    /** All members' statuses, by name; null for one that does not answer. */
    Map<LocalMember, @Nullable MemberStatus> statuses() {
        Map<LocalMember, @Nullable MemberStatus> statuses = new LinkedHashMap<>();
        for (LocalMember member : members.values()) {
            statuses.put(member, member.process().isAlive() ? member.admin().statusIfAny() : null);
        }
        return statuses;
    }

    /** Why a member was given up, for each that was. */
    List<String> givenUp() {
        List<String> all = new ArrayList<>();
        for (LocalMember member : members.values()) {
            String why = member.process().givenUp();
            if (why != null) {
                all.add(member.name() + ": " + why);
            }
        }
        return all;
    }

    /** Whether it was asked to end. */
    boolean isClosed() {
        return stopped;
    }

    /**
     * Asks every member to hand over and end, waits for them, and lets the folder go. Who calls second
     * waits for who called first.
     */
    @Override
    public synchronized void close() throws IOException {
        if (stopped) {
            return;
        }
        stopped = true;
        members.values().forEach(member -> member.process().stop());
        for (LocalMember member : members.values()) {
            member.process().awaitEnd(END_MAX);
            member.admin().close();
        }
        state.close();
    }
}
