package dev.synod.node.loop;

import dev.synod.member.Answer;
import dev.synod.member.Member;
import dev.synod.member.MemberEffects;
import dev.synod.member.MemberEvent;
import dev.synod.member.MemberOptions;
import dev.synod.node.ExitCode;
import dev.synod.node.Halt;
import dev.synod.node.loop.NodeStatus.Phase;
import dev.synod.paxos.Ballot;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Defects;
import dev.synod.paxos.Effects.Outgoing;
import dev.synod.paxos.InvariantViolation;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Replica;
import dev.synod.paxos.Role;
import dev.synod.paxos.SeededRandom;
import dev.synod.paxos.SnapshotAction;
import dev.synod.state.StateMachine;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Steps the member on the event loop: all that happened in one turn of the loop is handed to it together, and
 * its effects are carried out in the order that {@link MemberEffects} asks for, before the next step.
 *
 * <p>Everything of it is to be called on the event loop, unless it says otherwise.
 */
public final class MemberLoop {
    private static final Logger LOG = LoggerFactory.getLogger(MemberLoop.class);

    private record Awaited(BooleanSupplier condition, CompletableFuture<Void> reached) {}

    private final EventLoop loop;
    private final DiskThread disk;
    private final Snapshots snapshots;
    private final HeldFrames frames;
    private final FrameSender sender;
    private final MemberOptions options;
    private final Halt halt;
    private final LoopMeters meters;
    private final Requests requests = new Requests();
    private final MemberEffects effects = new MemberEffects();
    private final StateMachine nothing = new StateMachine(new UUID(0, 0));
    private List<MemberEvent> events = new ArrayList<>();
    private List<MemberEvent> spare = new ArrayList<>();
    private boolean drainDue;
    private volatile Phase phase = Phase.STARTING;
    private @Nullable Member member;
    private @Nullable Recovered recovered;
    private @Nullable Configuration configuration;
    private @Nullable UUID leader;
    private @Nullable Role role;
    private @Nullable String fault;
    private volatile boolean ready;
    private boolean diskFull;
    private Runnable onReadiness = () -> {};
    private final List<Awaited> awaited = new ArrayList<>();
    private long wakeAtNanos = Long.MAX_VALUE;
    private @Nullable ScheduledFuture<?> wake;

    MemberLoop(EventLoop loop, DiskThread disk, BulkThread bulk, FrameSender sender, MemberOptions options,
            Halt halt, LoopMeters meters) {
        this.loop = loop;
        this.disk = disk;
        this.sender = sender;
        this.options = options;
        this.halt = halt;
        this.meters = meters;
        this.frames = new HeldFrames(sender, meters);
        this.snapshots = new Snapshots(disk, bulk, this::report, why -> post(() -> faulty(why)));
    }

    // ---- start and end ------------------------------------------------------------------------------------

    /** The volume is empty: there is no member until it is formatted. */
    void waitForFormat() {
        phase = Phase.EMPTY;
        LOG.info("the volume is empty: waiting to be formatted over the administration's port");
    }

    /**
     * What the volume holds is read back: the member begins.
     *
     * @param restored the state of its snapshot; null without one
     */
    void begin(Recovered found, @Nullable StateMachine restored) {
        if (phase == Phase.STOPPED) {
            return;
        }
        recovered = found;
        configuration = found.configuration();
        sender.configured(found.cluster(), found.member(), found.configuration());
        if (found.fault() != null) {
            faulty(found.fault());
            return;
        }
        guarded(() -> {
            SeededRandom random = new SeededRandom(new SecureRandom().nextLong());
            member = new Member(found, restored, options, random, Defects.NONE, System.nanoTime());
            phase = Phase.RUNNING;
        });
        LOG.info("member {} of cluster {} begins: incarnation {}, epoch {}, {} voters, decided {}",
                found.member(), found.cluster(), found.incarnation(), found.configuration().epoch(),
                found.configuration().voters().size(), found.decided());
        noteChanges();
        schedule();
    }

    /** Ends it: whoever waits is told UNAVAILABLE. Nothing leaves any more. */
    public void stop() {
        phase = Phase.STOPPED;
        silence();
        noteReadiness(false);
    }

    /** The member is of no more use: it falls silent, and whoever waits is told UNAVAILABLE. */
    void faulty(String why) {
        if (phase == Phase.FAULTY || phase == Phase.STOPPED) {
            return;
        }
        LOG.error("this member is FAULTY and silent from now on; have it replaced under a new UUID: {}", why);
        phase = Phase.FAULTY;
        fault = why;
        silence();
        noteReadiness(false);
    }

    private void silence() {
        frames.silence();
        sender.silence();
        Member last = member;
        member = null;
        events.clear();
        if (wake != null) {
            wake.cancel(false);
            wake = null;
        }
        requests.endAll(last == null ? nothing : last.state());
    }

    // ---- what happens -------------------------------------------------------------------------------------

    /** On any thread: an event of the volume's or the bulk thread. */
    private void report(MemberEvent event) {
        post(() -> add(event));
    }

    /** On any thread: runs {@code work} on the event loop; not at all when that is no more. */
    void post(Runnable work) {
        try {
            loop.execute(() -> guarded(work));
        } catch (RejectedExecutionException e) {
            LOG.debug("the event loop has ended before {}", work);
        }
    }

    /** Something happened; the member hears of it at the end of this turn. */
    void add(MemberEvent event) {
        if (member == null) {
            return;
        }
        events.add(event);
        if (!drainDue) {
            drainDue = true;
            loop.execute(this::drain);
        }
    }

    /** A frame of a peer arrived. */
    public void received(byte[] frame) {
        add(new MemberEvent.Received(frame));
    }

    /** A connection from or to {@code peer} that had stood was closed. */
    public void linkClosed(UUID peer) {
        add(new MemberEvent.LinkClosed(peer));
    }

    void durable(long sequence) {
        frames.durable(sequence);
        add(new MemberEvent.Durable(sequence));
    }

    void full(boolean full) {
        diskFull = full;
        LOG.warn(full
                ? "the disk is full: no new commands are taken; free some room, or give the volume more"
                : "the disk is no longer full");
        add(new MemberEvent.DiskFull(full));
    }

    private void wake() {
        wake = null;
        wakeAtNanos = Long.MAX_VALUE;
        Member running = member;
        if (running == null) {
            return;
        }
        guarded(() -> {
            if (System.nanoTime() >= running.nextDeadlineNanos()) {
                add(new MemberEvent.Tick());
            } else {
                schedule();
            }
        });
    }

    // ---- one step -----------------------------------------------------------------------------------------

    private void drain() {
        drainDue = false;
        Member running = member;
        if (running == null) {
            return;
        }
        List<MemberEvent> now = events;
        events = spare;
        spare = now;
        guarded(() -> step(running, now));
        now.clear();
    }

    private void step(Member running, List<MemberEvent> happened) {
        long from = System.nanoTime();
        effects.clear();
        running.step(from, happened, effects);
        carryOut(running);
        noteChanges();
        schedule();
        meters.turned(System.nanoTime() - from, happened.size());
    }

    private void carryOut(Member running) {
        if (!effects.batches().isEmpty()) {
            disk.write(List.copyOf(effects.batches()));
        }
        for (SnapshotAction action : effects.snapshotActions()) {
            snapshots.carryOut(action);
        }
        MemberEffects.WriteSnapshot wanted = effects.writeSnapshot();
        if (wanted != null) {
            snapshots.write(wanted);
        }
        for (Outgoing frame : effects.outgoing()) {
            frames.send(frame);
        }
        tell(running.state());
        String found = effects.fault();
        if (found != null) {
            faulty(found);
        }
    }

    private void tell(StateMachine state) {
        for (MemberEffects.Answered answered : effects.answers()) {
            requests.answered(answered.id(), answered.answer(), state);
        }
        for (MemberEffects.ClaimNotice notice : effects.claimNotices()) {
            requests.told(notice);
        }
        for (MemberEffects.WatchNotice notice : effects.watchNotices()) {
            requests.told(notice, state);
        }
        for (MemberEffects.SessionNotice notice : effects.sessionNotices()) {
            requests.told(notice);
        }
    }

    /**
     * Tells whoever looks from outside: the transport of members, the log of roles, the probes of readiness.
     */
    private void noteChanges() {
        Member running = member;
        Recovered own = recovered;
        if (running == null || own == null) {
            return;
        }
        Replica replica = running.replica();
        if (replica.configuration() != configuration) {
            configuration = replica.configuration();
            LOG.info("configuration: epoch {}, voters {}, observers {}", configuration.epoch(),
                    addresses(configuration.voters()), addresses(configuration.observers()));
            sender.configured(own.cluster(), own.member(), configuration);
            lookAtAwaited();
        }
        noteRole(running, replica);
        noteReadiness(running.ready());
    }

    private static List<String> addresses(List<dev.synod.paxos.Member> members) {
        return members.stream().map(dev.synod.paxos.Member::address).toList();
    }

    private void noteRole(Member running, Replica replica) {
        UUID leading = running.leader();
        if (replica.role() == role && Objects.equals(leading, leader)) {
            return;
        }
        role = replica.role();
        leader = leading;
        LOG.info("role {}, leader {}, promised {}", role, leading, replica.promised());
        lookAtAwaited();
    }

    private void noteReadiness(boolean is) {
        if (is != ready) {
            ready = is;
            onReadiness.run();
        }
    }

    private void schedule() {
        Member running = member;
        if (running == null) {
            return;
        }
        long deadline = running.nextDeadlineNanos();
        if (deadline >= wakeAtNanos) {
            return; // the wake-up that is due sooner looks again
        }
        if (wake != null) {
            wake.cancel(false);
        }
        wakeAtNanos = deadline;
        long delay = Math.max(0, deadline - System.nanoTime());
        wake = loop.schedule(this::wake, delay, TimeUnit.NANOSECONDS);
    }

    /** Nothing that a step or a call back throws may pass unseen: Netty would log it and go on. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (InvariantViolation e) {
            halted(String.valueOf(e.getMessage()), e);
        } catch (Throwable e) {
            halted("the event loop broke: " + e, e);
        }
    }

    private void halted(String why, Throwable cause) {
        halt.halt(ExitCode.SOFTWARE, why, cause);
        phase = Phase.STOPPED;
        frames.silence();
        member = null;
    }

    // ---- for the services ---------------------------------------------------------------------------------

    Requests requests() {
        return requests;
    }

    EventLoop eventLoop() {
        return loop;
    }

    /** The member that runs; null while there is none. */
    @Nullable
    Member member() {
        return member;
    }

    /** How far the process has come. On any thread it may be a little late. */
    public Phase phase() {
        return phase;
    }

    /** Whether it is fit to serve. On any thread it may be a little late. */
    public boolean ready() {
        return ready;
    }

    /** Calls {@code listener} at each change of {@link #ready}. */
    public void onReadiness(Runnable listener) {
        onReadiness = listener;
    }

    /**
     * Completes when {@code condition} holds, which is looked at now and with each change of role, leader and
     * configuration; after {@code within} in any case.
     */
    public CompletableFuture<Void> until(BooleanSupplier condition, Duration within) {
        Awaited one = new Awaited(condition, new CompletableFuture<>());
        awaited.add(one);
        lookAtAwaited();
        if (!one.reached().isDone()) {
            ScheduledFuture<?> late = loop.schedule(() -> {
                awaited.remove(one);
                one.reached().complete(null);
            }, within.toNanos(), TimeUnit.NANOSECONDS);
            one.reached().thenRun(() -> late.cancel(false));
        }
        return one.reached();
    }

    private void lookAtAwaited() {
        for (Awaited one : List.copyOf(awaited)) {
            if (one.reached().isDone() || one.condition().getAsBoolean()) {
                awaited.remove(one);
                one.reached().complete(null);
            }
        }
    }

    /** How the member stands. */
    public NodeStatus status() {
        Member running = member;
        Recovered own = recovered;
        Replica replica = running == null ? null : running.replica();
        StateMachine state = running == null ? nothing : running.state();
        return new NodeStatus(
                phase,
                own == null ? null : own.cluster(),
                own == null ? null : own.member(),
                own == null ? 0 : own.incarnation(),
                replica != null && replica.activated(),
                replica == null ? null : replica.role(),
                running == null ? null : running.leader(),
                replica != null && replica.established(),
                configuration == null ? Configuration.NONE : configuration,
                replica == null ? Ballot.BOTTOM : replica.promised(),
                replica == null ? Ballot.BOTTOM : replica.accepted(),
                replica == null ? 0 : replica.base(),
                replica == null ? 0 : replica.last(),
                replica == null ? 0 : replica.decided(),
                state.appliedIndex(),
                state.revision(),
                state.digest(),
                state.bytes(),
                running == null ? 0 : running.sessionsAttached(),
                running == null ? 0 : running.watches(),
                running == null ? 0 : running.requestsWaiting(),
                diskFull,
                fault,
                ready);
    }

    /** What an operator reads when nothing can be answered. */
    Answer.Failed unavailable() {
        return new Answer.Failed(dev.synod.member.Failure.UNAVAILABLE, false, null, 0);
    }
}
