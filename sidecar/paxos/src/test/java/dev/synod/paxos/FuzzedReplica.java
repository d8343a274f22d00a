package dev.synod.paxos;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A copy of a member out of a running group, which hears only lies. Its driver is honest: writes complete,
 * timers fire, stored snapshots are reported. After every step it is held against what no peer may bring
 * about.
 */
final class FuzzedReplica {
    private static final long MILLISECOND_NANOS = 1_000_000;

    private final SeededRandom random;
    private final HostileFrames frames;
    private final Replica replica;
    private final Effects out = new Effects();
    private final DurableState written;
    private final ArrayDeque<Long> unwritten = new ArrayDeque<>();
    private final ArrayDeque<Event> answers = new ArrayDeque<>();
    private final Map<Long, Entry> decided = new LinkedHashMap<>();
    private final List<String> story = new ArrayList<>();
    private long nowNanos;
    private long reads = 1L << 40;

    FuzzedReplica(SeededRandom random, ScriptedGroup group, ScriptedMember target) {
        this.random = random;
        replica = target.running().copy();
        frames = new HostileFrames(random, group, target, replica);
        nowNanos = group.nowNanos();
        written = target.volume().copy().state();
        for (ScriptedMember.Batch batch : target.batches()) {
            batch.records().forEach(written::apply);
            unwritten.add(batch.sequence());
        }
        story.add(
                "member " + target.name() + " " + replica.role() + " promised " + replica.promised() + " log "
                        + replica.accepted() + "/" + replica.last() + " base " + replica.base() + " decided "
                        + replica.decided() + " seal " + Notation.seal(replica.seal()) + " "
                        + replica.configuration());
        noteDecided();
    }

    Role role() {
        return replica.role();
    }

    /** One lie, or one of the member's own events. */
    void step() {
        Event event = answers.poll();
        if (event == null) {
            event = random.chance(0.75) ? new Event.Received(frame()) : ownEvent();
        }
        story.add(tell(event));
        try {
            checked(event);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(e + "\n" + String.join("\n", story), e);
        }
    }

    private byte[] frame() {
        if (random.chance(0.02)) {
            byte[] noise = new byte[random.below(300)];
            for (int i = 0; i < noise.length; i++) {
                noise[i] = (byte) random.nextLong();
            }
            return noise;
        }
        return frames.frame();
    }

    private Event ownEvent() {
        return switch (random.below(12)) {
            case 0, 1, 2, 3 -> {
                Long sequence = unwritten.poll();
                yield sequence == null ? tick() : new Event.Durable(sequence);
            }
            case 4, 5, 6 -> tick();
            case 7 -> new Event.Propose(List.of(Bytes.of(new byte[] {'z'})));
            case 8 -> new Event.Read(++reads);
            case 9 -> new Event.LinkClosed(ScriptedGroup.uuid("" + (1 + random.below(7))));
            case 10 -> new Event.DiskFull(random.chance(0.3));
            default -> rareEvent();
        };
    }

    private Event rareEvent() {
        return switch (random.below(5)) {
            case 0 -> new Event.TransferTo(ScriptedGroup.uuid("" + (1 + random.below(7))));
            case 1 -> new Event.AddObserver(ScriptedGroup.uuid("" + (1 + random.below(9))), "m");
            case 2 -> new Event.RemoveObserver(ScriptedGroup.uuid("" + (1 + random.below(9))));
            case 3 ->
                    new Event.Reconfigure(
                            replica.epoch(), List.of(ScriptedGroup.uuid("1"), ScriptedGroup.uuid("2")));
            default -> replica.decided() == 0 ? tick() : taken();
        };
    }

    private Event tick() {
        long due = replica.nextDeadlineNanos();
        nowNanos = random.chance(0.5) && due < nowNanos + 4_000 * MILLISECOND_NANOS
                ? Math.max(nowNanos, due)
                : nowNanos + random.below(300) * MILLISECOND_NANOS;
        return new Event.Tick();
    }

    private Event taken() {
        byte[] digest = new byte[Codec.DIGEST_BYTES];
        digest[0] = 1;
        SnapshotRef ref = new SnapshotRef(replica.decided(), 10, Bytes.of(digest));
        return new Event.SnapshotTaken(
                new Snapshot(ref, replica.configuration(), replica.seal()),
                Math.max(replica.base(), replica.decided() - random.below(4)));
    }

    // ---- what must hold -------------------------------------------------------------------------------

    private void checked(Event event) {
        Ballot promised = replica.promised();
        Ballot accepted = replica.accepted();
        int epoch = replica.epoch();
        long last = replica.decided();
        out.clear();
        replica.step(nowNanos, event, out);
        demand(!replica.promised().isBelow(promised), "promised regressed from " + promised);
        demand(!replica.accepted().isBelow(accepted), "accepted regressed from " + accepted);
        demand(replica.epoch() >= epoch, "epoch regressed from " + epoch);
        demand(replica.decided() >= last, "decided regressed from " + last);
        for (Effects.Outgoing message : out.outgoing()) {
            demand(Codec.decode(message.frame()) != null, "sends what nobody can read");
        }
        if (!out.records().isEmpty()) {
            unwritten.add(out.batchSequence());
            out.records().forEach(written::apply);
        }
        compareWithWritten();
        noteDecided();
        boolean stuck = event instanceof Event.Tick && replica.nextDeadlineNanos() <= nowNanos;
        demand(!stuck, "a tick left its deadline where it was");
        out.snapshotActions().forEach(this::answer);
    }

    /** What is handed to the disk amounts to what the member believes that it holds. */
    private void compareWithWritten() {
        boolean same = written.promised().equals(replica.promised())
                && written.accepted().equals(replica.accepted())
                && written.last() == replica.last()
                && written.base() == replica.base()
                && written.configuration().epoch() == replica.epoch();
        demand(same, "holds promised " + replica.promised() + " log " + replica.accepted() + "/"
                + replica.base() + ".."
                + replica.last() + " epoch " + replica.epoch() + ", but wrote " + written.promised() + " log "
                + written.accepted() + "/" + written.base() + ".." + written.last() + " epoch "
                + written.configuration().epoch());
    }

    private void noteDecided() {
        for (long index = replica.base() + 1; index <= replica.decided(); index++) {
            Entry entry = replica.entry(index);
            Entry before = decided.putIfAbsent(index, entry);
            demand(before == null || before.equals(entry), "decided entry " + index + " changed");
        }
    }

    private static void demand(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    // ---- the honest driver ----------------------------------------------------------------------------

    private void answer(SnapshotAction action) {
        switch (action) {
            case SnapshotAction.Finish finish -> answers.add(verified(finish.snapshot()));
            case SnapshotAction.ReadChunk read ->
                    answers.add(new Event.ChunkRead(read.peer(), read.snapshot(), read.offsetBytes(),
                            Bytes.EMPTY));
            case SnapshotAction.Take take -> {
                if (replica.decided() > 0 && random.chance(0.5)) {
                    answers.add(taken());
                }
            }
            case SnapshotAction.Begin begin -> {}
            case SnapshotAction.Store store -> {}
            case SnapshotAction.Restore restore -> {}
        }
    }

    /**
     * A peer made the snapshot, so what it says is a peer's word too; only its bytes are what its reference
     * says.
     */
    private Event verified(SnapshotRef ref) {
        if (random.chance(0.2)) {
            return new Event.StagingFailed(ref);
        }
        Configuration configuration = random.chance(0.5) ? replica.configuration() : frames.configuration();
        Seal seal = random.chance(0.5) ? replica.seal() : frames.seal();
        return configuration.voters().isEmpty()
                ? new Event.StagingFailed(ref)
                : new Event.SnapshotStaged(new Snapshot(ref, configuration, seal));
    }

    private String tell(Event event) {
        if (!(event instanceof Event.Received received)) {
            return "own: " + event;
        }
        Envelope envelope = Codec.decode(received.frame());
        if (envelope == null) {
            return "noise of " + received.frame().length + " bytes";
        }
        return "from " + Notation.name(envelope.from()) + " epoch " + envelope.epoch() + " seal "
                + Notation.seal(envelope.seal()) + " promised " + envelope.promised() + ": "
                + Notation.message(envelope);
    }
}
