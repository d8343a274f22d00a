package dev.synod.simulation.world;

import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.port.Counters.Group;
import dev.synod.simulation.port.History;
import dev.synod.simulation.port.History.Operation;
import dev.synod.simulation.port.TraceKind;
import dev.synod.simulation.port.Workload;
import dev.synod.simulation.port.Workload.Verdict;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A client: asks one thing at a time, of one member at a time, follows hints, and gives up waiting after a
 * while. It repeats a request under the same number, and only where the workload says that this is safe.
 * Having lost track of a request, it goes on under a new name, so that of one name no two requests are ever
 * under way at once.
 */
final class Client {
    private static final long LATENCY_NANOS_MAX = 200_000;

    /** Chance to turn to another member without need, so that reads reach all of them. */
    private static final double HOP = 0.15;

    private final World world;
    private final Clients clients;
    private final Workload workload;
    private final SeededRandom random;
    private final boolean once;
    private long name;
    private long request;
    private @Nullable Operation operation;
    /** An attempt may have had its effect, so that the operation cannot be called off. */
    private boolean tainted;

    private int attempts;
    /** The member asked, and the run of its process; -1 while none is. */
    private int machine = -1;

    private int machineRun;
    private @Nullable UUID preferred;
    /** Changes with every attempt, so that what belongs to an earlier one is told from what counts. */
    private long turn;

    private long deadlineNanos;
    private boolean timerSet;
    private boolean waiting;
    private boolean finished;

    /** @param once whether it asks a single thing and is done, as the clients of an overload are */
    Client(World world, Clients clients, Workload workload, SeededRandom random, long name, boolean once) {
        this.world = world;
        this.clients = clients;
        this.workload = workload;
        this.random = random;
        this.name = name;
        this.once = once;
    }

    long name() {
        return name;
    }

    /** The machine that it waits for; -1 for none. */
    int machine() {
        return waiting ? machine : -1;
    }

    String describe() {
        Operation asked = operation;
        return asked == null
                ? "client " + name + " has nothing to ask"
                : "client " + name + " waits for the answer to request " + asked.request() + " since "
                        + asked.invokedNanos() + " ns, attempt " + attempts;
    }

    /** Asks this machine first. */
    void prefer(int index) {
        machine = index;
    }

    /** Asks the first time, after a pause. */
    void begin(long afterNanos) {
        world.at(world.nowNanos() + afterNanos, this::next);
    }

    private void next() {
        if (finished || operation != null) {
            return;
        }
        request++;
        boolean last = clients.isHealed();
        byte[] body = last ? workload.last(name, request, random) : workload.next(name, request, random);
        finished = last;
        tainted = false;
        attempts = 0;
        operation = world.history().invoke(name, request, body, world.nowNanos());
        world.journal().note(TraceKind.INVOKED, -1, -1, name, body, "", null);
        attempt();
    }

    /** The run has healed: turn to the core, stop giving up, and ask one last thing when done with this. */
    void healed() {
        if (machine >= 0 && !clients.isServing(machine)) {
            machine = -1;
            broken(turn, machineRun != 0);
        }
        if (operation == null && !finished && !once) {
            next();
        }
    }

    private void attempt() {
        Operation asked = operation;
        if (asked == null) {
            return;
        }
        attempts++;
        turn++;
        waiting = true;
        if (machine < 0 || random.chance(HOP)) {
            machine = preferred == null ? clients.anyMachine(random) : clients.machineOf(preferred, random);
        }
        preferred = null;
        long now = turn;
        if (machine < 0) {
            world.at(world.nowNanos() + clients.timeoutNanos(), () -> broken(now, false));
            return;
        }
        machineRun = 0;
        world.at(world.nowNanos() + latency(), () -> arrive(now, asked));
        deadlineNanos = world.nowNanos() + clients.timeoutNanos();
        if (!timerSet) {
            timerSet = true;
            world.at(deadlineNanos, this::timer);
        }
    }

    /**
     * The one timer of the client: most attempts end long before, and would only fill the queue with timers
     * of their own.
     */
    private void timer() {
        timerSet = waiting && machine >= 0;
        if (!timerSet) {
            return;
        }
        if (world.nowNanos() < deadlineNanos) {
            world.at(deadlineNanos, this::timer);
            return;
        }
        timerSet = false;
        world.count(Group.CLIENT, "attempt timed out");
        broken(turn, machineRun != 0);
    }

    private long latency() {
        return 1 + random.below(LATENCY_NANOS_MAX);
    }

    private void arrive(long ofTurn, Operation asked) {
        if (ofTurn != turn || !waiting) {
            return;
        }
        SimMachine member = world.machine(machine);
        SimProcess process = member.process();
        if (process == null) {
            world.at(world.nowNanos() + latency(), () -> broken(ofTurn, false));
            return;
        }
        machineRun = member.run();
        process.request(name, asked.request(), asked.body());
    }

    /** The process that may have the request ended. */
    void processEnded(SimMachine member) {
        if (waiting && machine == member.index() && machineRun == member.run()) {
            long now = turn;
            world.at(world.nowNanos() + latency(), () -> broken(now, true));
        }
    }

    /** The attempt has come to nothing that the client could see. */
    private void broken(long ofTurn, boolean mayHaveArrived) {
        Operation asked = operation;
        if (ofTurn != turn || !waiting || asked == null) {
            return;
        }
        waiting = false;
        tainted |= mayHaveArrived;
        machine = -1;
        if (tainted && !workload.mayRepeat(asked.body())) {
            conclude();
        } else {
            again(0);
        }
    }

    /** A reply left the member for this client. */
    void replied(SimMachine member, long requestNumber, byte[] body) {
        Operation asked = operation;
        if (asked == null
                || !waiting
                || asked.request() != requestNumber
                || machine != member.index()
                || machineRun != member.run()) {
            return;
        }
        long now = turn;
        world.at(world.nowNanos() + latency(), () -> read(now, body));
    }

    private void read(long ofTurn, byte[] body) {
        Operation asked = operation;
        if (ofTurn != turn || !waiting || asked == null) {
            return;
        }
        waiting = false;
        switch (workload.interpret(asked.body(), body)) {
            case Verdict.Done done -> {
                asked.done(world.nowNanos(), body);
                closed(asked);
            }
            case Verdict.Failed failed -> {
                world.count(Group.CLIENT, "attempt failed");
                conclude();
            }
            case Verdict.Unknown unknown -> {
                world.count(Group.CLIENT, "attempt with unknown effect");
                tainted = true;
                if (workload.mayRepeat(asked.body())) {
                    again(backoff());
                } else {
                    conclude();
                }
            }
            case Verdict.Elsewhere elsewhere -> {
                world.count(Group.CLIENT, "attempt sent elsewhere");
                boolean known = elsewhere.member() != null;
                preferred = elsewhere.member();
                machine = -1;
                again(known ? 0 : backoff());
            }
            case Verdict.Later later -> {
                world.count(Group.CLIENT, "attempt refused for now");
                again(backoff());
            }
        }
    }

    private long backoff() {
        return clients.timeoutNanos() / 32 + random.below(clients.timeoutNanos() / 8);
    }

    private void again(long afterNanos) {
        if (!clients.isHealed() && attempts >= clients.attemptsMax(once)) {
            conclude();
        } else if (afterNanos == 0 && attempts < 3) {
            attempt();
        } else {
            long now = turn;
            long wait = Math.max(afterNanos, backoff());
            world.at(world.nowNanos() + wait, () -> {
                if (now == turn && !waiting) {
                    attempt();
                }
            });
        }
    }

    /** No further attempt: the operation failed, or nobody will ever know. */
    private void conclude() {
        Operation asked = operation;
        if (asked == null) {
            return;
        }
        if (tainted) {
            asked.unknown();
        } else {
            asked.failed(world.nowNanos());
        }
        closed(asked);
    }

    private void closed(Operation asked) {
        operation = null;
        machine = asked.outcome() == History.Outcome.DONE ? machine : -1;
        world.journal().note(TraceKind.COMPLETED, -1, -1, name, asked.outcome().name(), null);
        clients.completed(asked, once);
        if (asked.outcome() == History.Outcome.UNKNOWN) {
            name = clients.newName();
            request = 0;
        }
        if (once) {
            finished = true;
        } else if (!finished) {
            world.at(world.nowNanos() + (clients.isHealed() ? 0 : clients.think(random)), this::next);
        }
        clients.renamed(this);
    }

    /** Whether everything it asked is settled and nothing more will come. */
    boolean isDone() {
        return finished && operation == null;
    }
}
