package dev.synod.simulation.world;

import dev.synod.paxos.InvariantViolation;
import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.check.Violation;
import dev.synod.simulation.disk.SimulatedCrash;
import dev.synod.simulation.port.Admin;
import dev.synod.simulation.port.AdminOutcome;
import dev.synod.simulation.port.Counters.Group;
import dev.synod.simulation.port.DiskWork;
import dev.synod.simulation.port.Machine;
import dev.synod.simulation.port.Program;
import dev.synod.simulation.port.ProgramView;
import dev.synod.simulation.port.TraceKind;
import dev.synod.storage.Disk;
import dev.synod.storage.DiskFailedException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One run of a program on a machine: calls it, lends it the machine, and takes note when it ends. */
final class SimProcess implements Machine {
    private final World world;
    private final Journal journal;
    private final SimMachine machine;
    private final SeededRandom random;
    private final DiskThread diskThread;
    private @Nullable Program program;
    private boolean alive = true;
    private long wakeLocalNanos = Long.MAX_VALUE;
    /** Time of the one event in the queue that counts; others find that it is not theirs. */
    private long wakeEventNanos = Long.MAX_VALUE;

    SimProcess(World world, SimMachine machine, SeededRandom random) {
        this.world = world;
        this.journal = world.journal();
        this.machine = machine;
        this.random = random;
        diskThread = new DiskThread(world, this, machine, random.child("disk thread"));
    }

    boolean isAlive() {
        return alive;
    }

    /** State of the program; null until it has been made. */
    @Nullable
    ProgramView view() {
        return program == null ? null : program.view();
    }

    boolean diskIsIdle() {
        return diskThread.isIdle();
    }

    /** Makes the program and starts it. */
    void start() {
        enter(TraceKind.STARTED, "", () -> {
            program = world.newProgram(this);
            program.start();
        });
    }

    /** No call reaches the program from here on, and none from it is heard. */
    void end() {
        alive = false;
    }

    /** Does {@code event} now, or, while the machine is paused, later. */
    void handle(Runnable event) {
        if (!alive) {
            return;
        }
        if (machine.isPaused()) {
            machine.withhold(event);
        } else {
            event.run();
        }
    }

    private Program running() {
        Program running = program;
        if (running == null) {
            throw new IllegalStateException("machine " + machine.index() + " runs no program");
        }
        return running;
    }

    void receive(
            SimMachine from, UUID sender, byte[] frame, boolean damaged, boolean news, long sentNanos) {
        handle(() -> {
            if (!alive) {
                return;
            }
            world.aboutToDeliver(from, machine, frame, damaged, news, sentNanos);
            journal.note(TraceKind.DELIVERED, machine.index(), from.index(), damaged ? 1 : 0, frame, "",
                    view());
            call(() -> running().received(sender, frame));
        });
    }

    void linkClosed(UUID peer) {
        handle(() -> {
            if (alive) {
                int holder = world.holderOf(peer);
                journal.note(TraceKind.LINK_CLOSED, machine.index(), holder, 0, "", view());
                call(() -> running().linkClosed(peer));
            }
        });
    }

    void request(long client, long request, byte[] body) {
        handle(() -> {
            if (alive) {
                journal.note(TraceKind.REQUEST, machine.index(), -1, client, body, "", view());
                call(() -> running().request(client, request, body));
            }
        });
    }

    void admin(long id, Admin command) {
        handle(() -> enter(TraceKind.ADMIN, journal.isTraced() ? command.toString() : "", () -> running()
                .admin(id, command)));
    }

    /** Calls the program. */
    void enter(TraceKind kind, String detail, Runnable call) {
        if (alive) {
            journal.note(kind, machine.index(), -1, 0, detail, view());
            call(call);
        }
    }

    private void call(Runnable call) {
        try {
            call.run();
        } catch (ProcessEnded e) {
            world.lifecycle().ended(machine, e);
            machine.look();
            return;
        } catch (SimulatedCrash e) {
            world.lifecycle().lostPowerAtDisk(machine);
            return;
        } catch (DiskFailedException e) {
            // Nobody goes on after a failed write or sync (README §3): the same end as a halt.
            world.lifecycle().ended(machine, new ProcessEnded(Failures.describe(e), true));
            machine.look();
            return;
        } catch (InvariantViolation | Violation e) {
            throw failure(e);
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
            throw new RunFailed("uncaught", "machine " + machine.index() + " threw " + Failures.describe(e));
        }
        if (alive) {
            world.stepped(machine, this);
        }
    }

    private RunFailed failure(RuntimeException e) {
        return new RunFailed(Failures.invariantOf(e), "machine " + machine.index() + ": " + e.getMessage());
    }

    /**
     * The machine's clock has changed: what was to happen at some local time may now be due earlier or later.
     */
    void clockChanged() {
        wakeEventNanos = Long.MAX_VALUE;
        scheduleWake();
    }

    private void scheduleWake() {
        if (wakeLocalNanos == Long.MAX_VALUE) {
            return;
        }
        long due = machine.clock().trueNanosOf(wakeLocalNanos, world.nowNanos());
        if (due < wakeEventNanos) {
            wakeEventNanos = due;
            world.at(due, () -> wakeEvent(due));
        }
    }

    private void wakeEvent(long due) {
        if (!alive || due != wakeEventNanos) {
            return;
        }
        wakeEventNanos = Long.MAX_VALUE;
        if (wakeLocalNanos > machine.nowNanos()) {
            scheduleWake(); // asked to sleep on since
            return;
        }
        wakeLocalNanos = Long.MAX_VALUE;
        handle(() -> enter(TraceKind.WOKEN, "", () -> running().wake()));
    }

    // What the program may use.

    private void used() {
        if (!alive) {
            throw new ProcessEnded("a call after the end of the process", false);
        }
        machine.countCall();
    }

    @Override
    public long nowNanos() {
        return machine.nowNanos();
    }

    @Override
    public Disk disk() {
        return machine.disk();
    }

    @Override
    public void send(UUID to, byte[] frame, boolean bulk) {
        used();
        UUID sender = machine.identity();
        world.frameSent(machine, sender, to, frame);
        if (sender != null) {
            world.network().send(machine, sender, to, frame, bulk);
        }
    }

    @Override
    public void wakeAt(long localNanos) {
        used();
        wakeLocalNanos = localNanos;
        scheduleWake();
    }

    @Override
    public void onDiskThread(DiskWork kind, Runnable work) {
        used();
        diskThread.add(kind, work);
    }

    @Override
    public void reply(long client, long request, byte[] body) {
        used();
        journal.note(TraceKind.REPLY, machine.index(), -1, client, body, "", null);
        world.clients().replied(machine, client, request, body);
    }

    @Override
    public void answer(long id, AdminOutcome outcome) {
        used();
        journal.note(TraceKind.ANSWER, machine.index(), -1, id, journal.isTraced() ? outcome.toString() : "",
                null);
        world.answered(machine, id, outcome);
    }

    @Override
    public SeededRandom random() {
        return random;
    }

    @Override
    public void halt(String why) {
        throw new ProcessEnded(why, true);
    }

    @Override
    public boolean buggify(String id) {
        return world.buggify(id);
    }

    @Override
    public void count(String effect) {
        world.count(Group.EFFECT, effect);
    }
}
