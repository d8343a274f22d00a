package dev.synod.paxos;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A small group of real members over a network, disks and a clock in memory. Nothing happens by itself:
 * whoever holds the group says which message arrives, which write completes and how far time goes. Every
 * frame is encoded and decoded, and {@link GroupOracle} watches every step.
 *
 * <p>{@link #run} alone moves by itself: a message then takes a millisecond, and so does a write.
 */
final class ScriptedGroup {
    /** A frame under way. */
    @SuppressWarnings("ArrayRecordComponent") // one flight is never compared with another
    record Flight(long id, ScriptedMember from, ScriptedMember to, byte[] frame, Envelope envelope,
            long dueNanos) {
        boolean isOn(String fromName, String toName) {
            return from.name().equals(fromName) && to.name().equals(toName);
        }

        String link(String arrow) {
            return arrow.startsWith("<") ? to.name() + arrow + from.name() : from.name() + arrow + to.name();
        }
    }

    private static final long LATENCY_NANOS = 1_000_000;
    private static final UUID CLUSTER = new UUID(7, 7);

    private final Options options;
    private final SeededRandom random;
    private final Trace trace;
    private final GroupOracle oracle = new GroupOracle();
    private final List<ScriptedMember> members = new ArrayList<>();
    private final List<Flight> network = new ArrayList<>();
    private final List<Flight> late = new ArrayList<>();
    private final TreeSet<String> cuts = new TreeSet<>();
    private boolean comparesCopies;
    private long nowNanos;
    private long flights;
    private long steps;

    ScriptedGroup(Options options, SeededRandom random, Trace trace) {
        this.options = options;
        this.random = random;
        this.trace = trace;
    }

    Options options() {
        return options;
    }

    SeededRandom random() {
        return random;
    }

    UUID cluster() {
        return CLUSTER;
    }

    Trace trace() {
        return trace;
    }

    GroupOracle oracle() {
        return oracle;
    }

    long nowNanos() {
        return nowNanos;
    }

    long diskDueNanos() {
        return nowNanos + LATENCY_NANOS;
    }

    /** Whether every step is taken by a copy of the process too, which must do the same. */
    boolean comparesCopies() {
        return comparesCopies;
    }

    void compareCopies() {
        comparesCopies = true;
    }

    List<ScriptedMember> members() {
        return members;
    }

    List<Flight> network() {
        return network;
    }

    // ---- members --------------------------------------------------------------------------------------

    static UUID uuid(String name) {
        return new UUID(0, Long.parseLong(name));
    }

    /** Members 1 to {@code voters}, formatted alike and started. */
    void found(int voters, boolean activated) {
        List<UUID> uuids = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        for (int i = 1; i <= voters; i++) {
            uuids.add(uuid("" + i));
            addresses.add("m" + i);
        }
        Configuration initial = Configuration.initial(uuids, addresses);
        for (int i = 1; i <= voters; i++) {
            add("" + i, uuid("" + i), new ToyVolume(initial, activated)).start();
        }
    }

    /** A member with an empty volume: it belongs to nothing until it receives its first snapshot. */
    ScriptedMember newcomer(String name) {
        ScriptedMember newcomer = add(name, uuid(name), new ToyVolume(Configuration.NONE, true));
        newcomer.start();
        return newcomer;
    }

    /** A second process with the identity and the bytes of {@code original}: nobody may ever run one. */
    void fork(ScriptedMember original, String name) {
        add(name, original.uuid(), original.volume().copy());
    }

    private ScriptedMember add(String name, UUID uuid, ToyVolume volume) {
        ScriptedMember added = new ScriptedMember(this, name, uuid, volume);
        members.add(added);
        return added;
    }

    ScriptedMember member(String name) {
        for (ScriptedMember member : members) {
            if (member.name().equals(name)) {
                return member;
            }
        }
        throw new IllegalArgumentException("no member is called " + name);
    }

    /** Something happens to a member; a read is noted for the oracle. */
    void step(ScriptedMember member, Event event) {
        steps++;
        if (event instanceof Event.Read read) {
            oracle.readAsked(read.id());
        }
        member.step(event);
        if (steps % 16 == 0) {
            oracle.compareLogs(members);
        }
    }

    // ---- network --------------------------------------------------------------------------------------

    void send(ScriptedMember from, Effects.Outgoing message, Envelope envelope) {
        for (ScriptedMember to : members) {
            if (!to.uuid().equals(message.to()) || to == from) {
                continue;
            }
            Flight flight =
                    new Flight(++flights, from, to, message.frame(), envelope, nowNanos + LATENCY_NANOS);
            boolean cut = cuts.contains(from.name() + ">" + to.name());
            trace.detail(nowNanos, flight.link(cut ? "-x" : "->"), () -> Notation.message(envelope));
            if (!cut) {
                network.add(flight);
            }
        }
    }

    /** One frame arrives, whether or not it still was under way. */
    void deliver(Flight flight) {
        network.remove(flight);
        trace.detail(
                nowNanos,
                flight.link("<-"),
                () -> Notation.kind(flight.envelope().message())
                        + (flight.to().isUp() ? "" : ", but " + flight.to().name() + " is down"));
        if (flight.to().isUp()) {
            step(flight.to(), new Event.Received(flight.frame()));
        }
    }

    /** Everything that is under way now and is wanted arrives, in the order in which it was sent. */
    int deliver(Predicate<Flight> wanted) {
        return each(wanted, this::deliver);
    }

    /** Is lost. */
    int drop(Predicate<Flight> wanted) {
        return each(wanted, this::drop);
    }

    void drop(Flight flight) {
        network.remove(flight);
        trace.detail(nowNanos, flight.link("-x"),
                () -> Notation.kind(flight.envelope().message()) + " is lost");
    }

    /** Is set aside, until {@link #deliverLate}. */
    int delay(Predicate<Flight> wanted) {
        return each(wanted, flight -> {
            network.remove(flight);
            late.add(flight);
        });
    }

    /** A second copy is set aside, until {@link #deliverLate}. */
    int copy(Predicate<Flight> wanted) {
        return each(wanted, late::add);
    }

    /** What was set aside arrives. */
    int deliverLate() {
        List<Flight> now = List.copyOf(late);
        late.clear();
        now.forEach(this::deliver);
        return now.size();
    }

    private int each(Predicate<Flight> wanted, Consumer<Flight> act) {
        int count = 0;
        for (Flight flight : List.copyOf(network)) {
            if (wanted.test(flight)) {
                act.accept(flight);
                count++;
            }
        }
        return count;
    }

    void cut(String from, String to) {
        cuts.add(from + ">" + to);
    }

    void heal() {
        cuts.clear();
    }

    // ---- disks ----------------------------------------------------------------------------------------

    /** Writes complete and messages arrive, until nothing is left to happen without time. */
    void settle() {
        for (int round = 0; round < 1_000; round++) {
            boolean quiet = network.isEmpty();
            for (ScriptedMember member : List.copyOf(members)) {
                if (member.nextBatch() != null && !member.diskHeld()) {
                    member.allDurable();
                    quiet = false;
                }
            }
            deliver(flight -> true);
            if (quiet) {
                oracle.compareLogs(members);
                return;
            }
        }
        throw new AssertionError("the group does not come to rest");
    }

    // ---- time -----------------------------------------------------------------------------------------

    /** Time passes: timers fire, but nothing arrives and no write completes. */
    void tick(long spanNanos) {
        long end = nowNanos + spanNanos;
        while (true) {
            long due = nextTimerNanos();
            if (due > end) {
                break;
            }
            nowNanos = Math.max(nowNanos, due);
            fireTimers();
        }
        nowNanos = end;
    }

    /** Time passes, messages and writes taking a millisecond each. */
    void run(long spanNanos) {
        long end = nowNanos + spanNanos;
        while (runOnce(end)) {}
        nowNanos = end;
    }

    /** What is due next happens, unless that is after {@code endNanos}. */
    boolean runOnce(long endNanos) {
        long due = Math.min(nextTimerNanos(), Math.min(nextArrivalNanos(), nextWriteNanos()));
        if (due > endNanos) {
            return false;
        }
        nowNanos = Math.max(nowNanos, due);
        deliver(flight -> flight.dueNanos() <= nowNanos);
        for (ScriptedMember member : List.copyOf(members)) {
            while (isWritten(member)) {
                member.oneDurable();
            }
        }
        fireTimers();
        return true;
    }

    private boolean isWritten(ScriptedMember member) {
        ScriptedMember.Batch batch = member.nextBatch();
        return batch != null && !member.diskHeld() && batch.dueNanos() <= nowNanos;
    }

    private void fireTimers() {
        for (ScriptedMember member : List.copyOf(members)) {
            if (member.isUp() && member.running().nextDeadlineNanos() <= nowNanos) {
                trace.detail(nowNanos, member.name(), () -> "tick");
                step(member, new Event.Tick());
            }
        }
    }

    private long nextTimerNanos() {
        long due = Long.MAX_VALUE;
        for (ScriptedMember member : members) {
            due = member.isUp() ? Math.min(due, member.running().nextDeadlineNanos()) : due;
        }
        return due;
    }

    private long nextArrivalNanos() {
        long due = Long.MAX_VALUE;
        for (Flight flight : network) {
            due = Math.min(due, flight.dueNanos());
        }
        return due;
    }

    private long nextWriteNanos() {
        long due = Long.MAX_VALUE;
        for (ScriptedMember member : members) {
            ScriptedMember.Batch batch = member.nextBatch();
            due = batch == null || member.diskHeld() ? due : Math.min(due, batch.dueNanos());
        }
        return due;
    }
}
