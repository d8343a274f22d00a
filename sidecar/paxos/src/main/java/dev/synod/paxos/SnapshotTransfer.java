package dev.synod.paxos;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a snapshot chunk by chunk, resuming where an earlier attempt ended, and serves the own one. A
 * fetched snapshot takes effect only when somebody installs it in a batch: a leader's Sync, an adoption, or
 * an epoch change.
 */
final class SnapshotTransfer {
    private static final int ATTEMPTS_MAX = 5;

    private final Core core;
    private @Nullable SnapshotRef wanted;
    private @Nullable UUID source;
    private long receivedBytes;
    private boolean finishing;
    private long askedNanos;
    private int attempts;
    private @Nullable Snapshot complete;
    private Recovered.@Nullable Staged resumable;

    SnapshotTransfer(Core core, Recovered.@Nullable Staged resumable) {
        this.core = core;
        this.resumable = resumable;
    }

    SnapshotTransfer copy(Core copied) {
        SnapshotTransfer copy = new SnapshotTransfer(copied, resumable);
        copy.wanted = wanted;
        copy.source = source;
        copy.receivedBytes = receivedBytes;
        copy.finishing = finishing;
        copy.askedNanos = askedNanos;
        copy.attempts = attempts;
        copy.complete = complete;
        return copy;
    }

    /** The verified snapshot, when it is here; else begins to fetch it from {@code peer} and returns null. */
    @Nullable
    Snapshot stagedOrBegin(SnapshotRef ref, UUID peer) {
        Snapshot here = complete;
        if (here != null && here.ref().equals(ref)) {
            return here;
        }
        begin(ref, peer);
        return null;
    }

    /** Begins a fetch, or goes on with the one under way. */
    void begin(SnapshotRef ref, UUID peer) {
        if (ref.equals(wanted)) {
            if (!peer.equals(source)) {
                source = peer;
                attempts = 0;
            }
            return;
        }
        complete = null;
        core.learner.forgetBaseUnless(ref);
        wanted = ref;
        source = peer;
        attempts = 0;
        finishing = false;
        Recovered.Staged part = resumable;
        receivedBytes = part != null && part.ref().equals(ref)
                ? Math.min(part.receivedBytes(), ref.lengthBytes())
                : 0;
        resumable = null;
        core.out.act(new SnapshotAction.Begin(ref, receivedBytes));
        goOn();
    }

    private void goOn() {
        SnapshotRef ref = wanted;
        UUID peer = source;
        if (ref == null || peer == null || finishing) {
            return;
        }
        askedNanos = core.nowNanos;
        if (receivedBytes >= ref.lengthBytes()) {
            finishing = true;
            core.out.act(new SnapshotAction.Finish(ref));
        } else {
            core.send(peer, new Message.ChunkRequest(ref, receivedBytes));
        }
    }

    void onChunk(Message.Chunk chunk) {
        if (!chunk.snapshot().equals(wanted) || finishing) {
            return;
        }
        if (chunk.data().length() == 0) {
            abandon(); // the peer has it no longer
            return;
        }
        if (chunk.offsetBytes() != receivedBytes
                || chunk.data().length() > chunk.snapshot().lengthBytes() - receivedBytes) {
            return;
        }
        core.out.act(new SnapshotAction.Store(chunk.snapshot(), receivedBytes, chunk.data()));
        receivedBytes += chunk.data().length();
        attempts = 0;
        goOn();
    }

    void onStaged(Snapshot snapshot) {
        if (snapshot.ref().equals(wanted)) {
            complete = snapshot;
            wanted = null;
        }
    }

    void onFailed(SnapshotRef ref) {
        if (ref.equals(wanted)) {
            abandon();
            resumable = null; // the store threw it away
        }
    }

    /** The store keeps what it received until another snapshot is begun: who has the same one goes on. */
    private void abandon() {
        SnapshotRef ref = wanted;
        resumable = ref == null ? null : new Recovered.Staged(ref, receivedBytes);
        wanted = null;
        source = null;
        finishing = false;
    }

    /** A snapshot older than what is decided is of no use any more. */
    void forgetComplete() {
        complete = null;
    }

    boolean underWay() {
        return wanted != null;
    }

    // ---- time ---------------------------------------------------------------------------------------------

    private long patienceNanos() {
        return core.options.heartbeatNanos() * 2 + core.options.electionTimeoutNanos() / 2;
    }

    long nextDeadlineNanos() {
        return wanted == null || finishing || core.options.timersOff()
                ? Long.MAX_VALUE
                : askedNanos + patienceNanos();
    }

    void tick() {
        if (core.nowNanos < nextDeadlineNanos()) {
            return;
        }
        attempts++;
        if (attempts > ATTEMPTS_MAX) {
            abandon();
        } else {
            goOn();
        }
    }

    // ---- serving ------------------------------------------------------------------------------------------

    /** The store may hold an older snapshot than the newest; it answers with nothing when it does not. */
    void onChunkRequest(UUID from, Message.ChunkRequest request) {
        core.leadership.onChunkRequest(from, request.snapshot());
        core.out.act(new SnapshotAction.ReadChunk(
                from, request.snapshot(), request.offsetBytes(), core.options.chunkBytes()));
    }

    void onChunkRead(Event.ChunkRead read) {
        if (read.data().length() == 0) {
            core.leadership.onSnapshotGone(read.peer(), read.snapshot());
        }
        core.send(read.peer(), new Message.Chunk(read.snapshot(), read.offsetBytes(), read.data()));
    }

    /**
     * Offers the own snapshot to a peer that asked for entries that are gone, or asks for one to be taken.
     */
    void offer(UUID to) {
        Snapshot own = core.snapshot;
        if (own == null) {
            core.out.act(new SnapshotAction.Take());
        } else {
            core.send(to, new Message.SnapshotOffer(own.ref()));
        }
    }

    long fingerprint(long hash) {
        long h = Fingerprint.add(Fingerprint.add(hash, wanted), source);
        h = Fingerprint.add(Fingerprint.add(h, receivedBytes), attempts + (finishing ? ATTEMPTS_MAX + 1 : 0));
        h = Fingerprint.add(h, complete == null ? null : complete.ref());
        Recovered.Staged part = resumable;
        return part == null ? h : Fingerprint.add(Fingerprint.add(h, part.ref()), part.receivedBytes());
    }
}
