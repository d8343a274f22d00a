package dev.synod.simulation.world;

import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.port.Counters.Group;
import dev.synod.simulation.port.History.Operation;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.RunResult;
import dev.synod.simulation.port.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** All clients of a run: those that ask all the time, and the crowds of an overload. */
final class Clients {
    private static final int OVERLOAD_ATTEMPTS_MAX = 2;

    private final World world;
    private final Workload workload;
    private final SeededRandom random;
    private final List<Client> clients = new ArrayList<>();
    private final Map<Long, Client> byName = new HashMap<>();
    private final long timeoutNanos;
    private final long thinkNanos;
    private final int attemptsMax;
    private final int steady;
    private long names;
    private boolean healed;

    Clients(World world, Workload workload, Knobs knobs, SeededRandom random) {
        this.world = world;
        this.workload = workload;
        this.random = random;
        steady = knobs.count(Knob.CLIENTS);
        timeoutNanos = Math.max(1, knobs.get(Knob.CLIENT_TIMEOUT));
        thinkNanos = 1_000_000_000L * steady / Math.max(1, knobs.get(Knob.OFFERED));
        attemptsMax = knobs.count(Knob.ATTEMPTS);
    }

    /** The clients start asking. */
    void begin() {
        for (int i = 0; i < steady; i++) {
            Client client = new Client(world, this, workload, random.child("client " + i), newName(), false);
            add(client);
            client.begin(random.below(2 * thinkNanos + 1));
        }
    }

    private void add(Client client) {
        clients.add(client);
        byName.put(client.name(), client);
    }

    /** A crowd that asks one thing each, spread over a time. */
    void overload(int count, long overNanos, SeededRandom salted, SimMachine target) {
        for (int i = 0; i < count; i++) {
            long name = newName();
            Client client = new Client(world, this, workload, salted.child("client " + i), name, true);
            add(client);
            client.prefer(target.index());
            client.begin(salted.below(overNanos + 1));
        }
    }

    long newName() {
        return ++names;
    }

    void renamed(Client client) {
        byName.put(client.name(), client);
    }

    long timeoutNanos() {
        return timeoutNanos;
    }

    int attemptsMax(boolean once) {
        return once ? Math.min(OVERLOAD_ATTEMPTS_MAX, attemptsMax) : attemptsMax;
    }

    /** Between two requests of one client. */
    long think(SeededRandom ofClient) {
        return thinkNanos / 2 + ofClient.below(thinkNanos + 1);
    }

    /** A machine that a client tries without knowing better; -1 while there is none. */
    int anyMachine(SeededRandom ofClient) {
        int[] candidates = world.serving();
        return candidates.length == 0 ? -1 : candidates[ofClient.below(candidates.length)];
    }

    /** A machine that holds the volume; any other if none does. */
    int machineOf(UUID member, SeededRandom ofClient) {
        int holder = world.holderOf(member);
        return holder >= 0 && isServing(holder) ? holder : anyMachine(ofClient);
    }

    /** Whether clients may turn to the machine. */
    boolean isServing(int machine) {
        for (int candidate : world.serving()) {
            if (candidate == machine) {
                return true;
            }
        }
        return false;
    }

    void replied(SimMachine member, long client, long request, byte[] body) {
        Client asked = byName.get(client);
        if (asked != null && asked.name() == client) {
            asked.replied(member, request, body);
        }
    }

    void processEnded(SimMachine member) {
        for (Client client : clients) {
            if (client.machine() == member.index()) {
                client.processEnded(member);
            }
        }
    }

    void completed(Operation operation, boolean once) {
        String how = switch (operation.outcome()) {
            case DONE -> "done";
            case FAILED -> "failed";
            case UNKNOWN, OPEN -> "unknown";
        };
        if (once) {
            world.count(Group.CLIENT, "overload " + how);
        } else {
            world.count(Group.CLIENT, how);
            world.count(Group.TOTAL, RunResult.OPERATIONS);
        }
    }

    boolean isHealed() {
        return healed;
    }

    /** From now on clients ask until they are answered, then one last thing each. */
    void heal() {
        healed = true;
        for (Client client : new ArrayList<>(clients)) {
            client.healed();
        }
    }

    /** Whether every client has all its answers. */
    boolean areDone() {
        for (Client client : clients) {
            if (!client.isDone()) {
                return false;
            }
        }
        return true;
    }

    /** A client that still waits, for the report; empty when none does. */
    String describeWaiting() {
        for (Client client : clients) {
            if (!client.isDone()) {
                return client.describe();
            }
        }
        return "";
    }
}
