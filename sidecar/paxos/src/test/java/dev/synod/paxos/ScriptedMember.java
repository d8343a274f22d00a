package dev.synod.paxos;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One member of a {@link ScriptedGroup}: a volume, and at most one process on it. It does a driver's duties
 * in the order in which {@link Effects} lists them; whatever waits for the disk waits until the group says
 * that a batch is durable.
 */
final class ScriptedMember {
    /** A batch on its way to the disk. */
    record Batch(long sequence, List<WalRecord> records, long dueNanos) {}

    private final ScriptedGroup group;
    private final String name;
    private final UUID uuid;
    private final Effects out = new Effects();
    private ToyVolume volume;
    private boolean diskHeld;
    private boolean damaged;
    private @Nullable Replica replica;
    private final ArrayDeque<Batch> batches = new ArrayDeque<>();
    private final List<Effects.Outgoing> held = new ArrayList<>();
    private final ArrayDeque<Event> answers = new ArrayDeque<>();
    private boolean snapshotWanted;
    private List<String> applied = new ArrayList<>();
    private long appliedIndex;
    private long starts;
    private long incarnation;
    private long nonce;

    ScriptedMember(ScriptedGroup group, String name, UUID uuid, ToyVolume volume) {
        this.group = group;
        this.name = name;
        this.uuid = uuid;
        this.volume = volume;
    }

    String name() {
        return name;
    }

    UUID uuid() {
        return uuid;
    }

    ToyVolume volume() {
        return volume;
    }

    /** The process, or null while the member is down. */
    @Nullable
    Replica replica() {
        return replica;
    }

    Replica running() {
        Replica running = replica;
        if (running == null) {
            throw new IllegalStateException("member " + name + " is down");
        }
        return running;
    }

    boolean isUp() {
        return replica != null;
    }

    boolean diskHeld() {
        return diskHeld;
    }

    void holdDisk(boolean hold) {
        diskHeld = hold;
    }

    long nowNanos() {
        return group.nowNanos();
    }

    /** Start counter of the newest process. */
    long incarnation() {
        return incarnation;
    }

    /** What tells that process from another with the same counter. */
    long nonce() {
        return nonce;
    }

    /** Batches on their way to the disk, oldest first. */
    List<Batch> batches() {
        return List.copyOf(batches);
    }

    /** Why the member became FAULTY in its last step, or null. */
    @Nullable
    String fault() {
        return out.fault();
    }

    /** The next bytes of a snapshot that are stored here are not those that came. */
    void damageNextChunk() {
        damaged = true;
    }

    /** The commands applied so far. */
    List<String> applied() {
        return applied;
    }

    private void detail(Supplier<String> what) {
        group.trace().detail(group.nowNanos(), name, what);
    }

    private void event(Supplier<String> what) {
        group.trace().event(group.nowNanos(), name, what);
    }

    // ---- process --------------------------------------------------------------------------------------

    void start() {
        if (replica != null) {
            throw new IllegalStateException("member " + name + " is up already");
        }
        starts++;
        long drawn = SeededRandom
                .mix(1_000 * uuid.getLeastSignificantBits() + 100 * Long.parseLong(name) + starts);
        start(volume.recover(group.cluster(), uuid, drawn));
    }

    private void start(Recovered recovered) {
        incarnation = recovered.incarnation();
        nonce = recovered.nonce();
        Snapshot snapshot = recovered.snapshot();
        applied = snapshot == null
                ? new ArrayList<>()
                : new ArrayList<>(volume.restore(snapshot.ref()).applied());
        appliedIndex = snapshot == null ? 0 : snapshot.index();
        Replica started = new Replica(
                recovered,
                group.options(),
                group.random().child("member " + name + "/" + recovered.nonce()),
                Defects.NONE,
                group.nowNanos());
        replica = started;
        event(() -> "starts, incarnation " + recovered.incarnation() + ": " + started.role() + " promised "
                + started.promised() + " log " + started.accepted() + "/" + started.last() + " decided "
                + started.decided());
        group.oracle().started(this, started);
        apply(started);
    }

    /** The process is gone, with every batch and message that waited for the disk. */
    void crash() {
        String lost = batches.isEmpty()
                ? ""
                : ", loses #" + batches.getFirst().sequence()
                        + (batches.size() == 1 ? "" : "..#" + batches.getLast().sequence());
        event(() -> "crashes" + lost);
        running();
        replica = null;
        batches.clear();
        held.clear();
        answers.clear();
        snapshotWanted = false;
    }

    /** Another volume takes the place of this one. */
    void replaceVolume(ToyVolume other) {
        if (replica != null) {
            throw new IllegalStateException("member " + name + " is up");
        }
        volume = other;
    }

    // ---- steps ----------------------------------------------------------------------------------------

    void step(Event event) {
        stepOnce(event);
        for (Event answer = answers.poll(); answer != null && replica != null; answer = answers.poll()) {
            stepOnce(answer);
        }
    }

    private void stepOnce(Event event) {
        Replica process = running();
        GroupOracle.Before before = new GroupOracle.Before(process);
        Role role = process.role();
        UUID leader = process.leader();
        out.clear();
        Replica copy = group.comparesCopies() ? process.copy() : null;
        process.step(group.nowNanos(), event, out);
        if (copy != null) {
            GroupOracle.compareCopy(this, process, out, copy, event);
        }
        group.oracle().stepped(this, before, process);
        tellRole(process, before, role, leader);
        persist();
        for (SnapshotAction action : out.snapshotActions()) {
            detail(() -> Notation.action(action));
            act(action);
        }
        for (Effects.Outgoing message : out.outgoing()) {
            post(message);
        }
        apply(process);
        if (snapshotWanted && appliedIndex > 0) {
            answers.add(taken(appliedIndex));
        }
        snapshotWanted = false;
        tellAnswers();
        if (event instanceof Event.Tick && process.nextDeadlineNanos() <= group.nowNanos()) {
            throw new AssertionError(
                    "member " + name + ": a tick left its deadline where it was, " + process.role());
        }
    }

    private void tellRole(Replica process, GroupOracle.Before before, Role role, @Nullable UUID leader) {
        if (process.epoch() != before.epoch()) {
            event(() -> "enters epoch " + process.epoch() + " after " + Notation.seal(process.seal()) + ": "
                    + Notation.configuration(process.configuration()));
        }
        String fault = out.fault();
        if (fault != null) {
            event(() -> "is FAULTY: " + fault);
        } else if (process.role() != role) {
            boolean ballot = process.role() == Role.LEADER || process.role() == Role.PREPARING;
            event(() -> "is " + process.role() + (ballot ? " of " + process.promised() : ""));
        } else {
            UUID now = process.leader();
            if (now != null && !now.equals(leader)) {
                event(() -> "follows " + Notation.name(now));
            }
        }
    }

    private void persist() {
        if (out.records().isEmpty()) {
            return;
        }
        List<WalRecord> records = List.copyOf(out.records());
        detail(() -> "writes #" + out.batchSequence() + ": " + Notation.records(records));
        batches.add(new Batch(out.batchSequence(), records, group.diskDueNanos()));
    }

    private void act(SnapshotAction action) {
        switch (action) {
            case SnapshotAction.Begin begin -> volume.begin(begin.snapshot(), begin.offsetBytes());
            case SnapshotAction.Store store -> {
                Bytes data = damaged ? flipped(store.data()) : store.data();
                damaged = false;
                volume.store(store.snapshot(), store.offsetBytes(), data);
            }
            case SnapshotAction.Finish finish -> answers.add(verified(finish.snapshot()));
            case SnapshotAction.ReadChunk read ->
                    answers.add(new Event.ChunkRead(
                            read.peer(),
                            read.snapshot(),
                            read.offsetBytes(),
                            volume.read(read.snapshot(), read.offsetBytes(), read.lengthBytesMax())));
            case SnapshotAction.Take take -> snapshotWanted = true;
            case SnapshotAction.Restore restore -> {
                ToySnapshot snapshot = volume.restore(restore.snapshot().ref());
                group.oracle().restored(this, snapshot);
                applied = new ArrayList<>(snapshot.applied());
                appliedIndex = snapshot.index();
            }
        }
    }

    private static Bytes flipped(Bytes data) {
        byte[] bytes = data.array().clone();
        bytes[0] ^= 1;
        return Bytes.of(bytes);
    }

    private Event verified(SnapshotRef ref) {
        Snapshot snapshot = volume.finish(ref);
        if (snapshot == null) {
            detail(() -> "snapshot " + Notation.snapshot(ref) + " proves wrong");
        }
        return snapshot == null ? new Event.StagingFailed(ref) : new Event.SnapshotStaged(snapshot);
    }

    /** A snapshot of what is applied, with {@code keep} entries of the log left behind it. */
    Event.SnapshotTaken taken(long keep) {
        Replica process = running();
        ToySnapshot snapshot =
                new ToySnapshot(appliedIndex, process.configuration(), process.seal(), List.copyOf(applied));
        return new Event.SnapshotTaken(volume.keep(snapshot), Math.max(process.base(), appliedIndex - keep));
    }

    private void apply(Replica process) {
        List<String> news = new ArrayList<>();
        long first = appliedIndex + 1;
        for (; appliedIndex < process.decided(); appliedIndex++) {
            Entry entry = process.entry(appliedIndex + 1);
            news.add(Notation.payload(entry.payload()));
            if (entry.payload() instanceof Payload.Command command) {
                applied.add(Notation.command(command.body()));
            }
        }
        if (!news.isEmpty()) {
            String range = news.size() == 1 ? "" + first : first + ".." + appliedIndex;
            detail(() -> "decides " + range + ": " + String.join(" ", news));
        }
    }

    private void tellAnswers() {
        if (out.proposedFrom() != 0) {
            detail(() -> "proposes from " + out.proposedFrom() + " at " + out.proposedAt());
        }
        Effects.Refusal refusal = out.refusal();
        if (refusal != null) {
            String reason = out.refusalReason();
            event(() -> "refuses: " + refusal + (reason == null ? "" : ", " + reason));
        }
        for (Effects.ReadOutcome read : out.reads()) {
            group.oracle().readGranted(this, read.id(), read.index());
            event(() -> "read " + read.id()
                    + (read.index() < 0 ? " is refused" : " may be served at " + read.index()));
        }
    }

    // ---- disk and network -----------------------------------------------------------------------------

    private void post(Effects.Outgoing message) {
        Envelope envelope = Codec.decode(message.frame());
        if (envelope == null) {
            throw new AssertionError("member " + name + " sent what nobody can read");
        }
        if (message.afterSequence() == 0) {
            leave(message, envelope);
        } else {
            held.add(message);
            group.trace().detail(
                    group.nowNanos(),
                    name + ".." + Notation.name(message.to()),
                    () -> Notation.kind(envelope.message()) + " waits for #" + message.afterSequence());
        }
    }

    private void leave(Effects.Outgoing message, Envelope envelope) {
        group.oracle().leaves(this, envelope);
        group.send(this, message, envelope);
    }

    @Nullable
    Batch nextBatch() {
        return batches.peek();
    }

    /** One more batch is on disk. */
    void oneDurable() {
        Batch batch = batches.remove();
        volume.write(batch.records());
        detail(() -> "#" + batch.sequence() + " is durable");
        List<Effects.Outgoing> released = new ArrayList<>();
        for (Effects.Outgoing message : held) {
            if (message.afterSequence() <= batch.sequence()) {
                released.add(message);
            }
        }
        held.removeAll(released);
        for (Effects.Outgoing message : released) {
            Envelope envelope = Codec.decode(message.frame());
            if (envelope != null) {
                leave(message, envelope);
            }
        }
        step(new Event.Durable(batch.sequence()));
    }

    /** Everything handed to the disk so far is on it. */
    void allDurable() {
        for (int left = batches.size(); left > 0; left--) {
            oneDurable();
        }
    }
}
