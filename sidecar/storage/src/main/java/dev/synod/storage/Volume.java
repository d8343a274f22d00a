package dev.synod.storage;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import dev.synod.paxos.DurableState;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Seal;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.SnapshotAction;
import dev.synod.paxos.SnapshotRef;
import dev.synod.paxos.WalRecord;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A member's volume: identity, log, promise and snapshots over a {@link Disk}. The caller's way through it:
 *
 * <ol>
 *   <li>{@link #open}. An {@link VolumeState#EMPTY} volume waits for {@link #format}; an {@link
 *       VolumeState#UNREADABLE} one must be replaced.
 *   <li>{@link #recover}, once. If that finds a fault the member is silent and must be replaced; nothing more
 *       is written.
 *   <li>Over and over: {@link #append} one batch, then {@link #sync}; what waited for the batch may leave
 *       when that has returned. 10 ms after the last of a burst, {@link #seal}.
 *   <li>Between them, in any order, the calls for snapshots.
 * </ol>
 *
 * <p><b>What a crash may leave.</b> Everything that a returned {@link #sync} or {@link #seal} covered is
 * there after any crash; of a batch that was appended but not synced, all or nothing. <b>What damage may
 * do.</b> If what was acknowledged is no longer whole, {@link #recover} says so. The one exception is rot in
 * the very last batch before it was sealed, which cannot be told from a torn write; of a promise even that is
 * noticed.
 *
 * <p><b>Errors.</b> When a write or fsync fails the call throws {@link DiskFailedException}, and so does
 * every later call: the process must end, and what the disk holds is found out by its next start. When there
 * is no room a call throws {@link DiskFullException}, has changed nothing, and may be repeated. Calls out of
 * turn throw {@link IllegalStateException}.
 *
 * <p>For one thread at a time.
 */
public final class Volume implements AutoCloseable {
    private final CheckedDisk disk;
    private final Defects defects;
    private final VolumeLimits limits;
    private VolumeState state = VolumeState.UNREADABLE;
    private @Nullable String fault;
    private @Nullable IdentityFile identityFile;
    private @Nullable PromiseFile promiseFile;
    private @Nullable Spares spares;
    private @Nullable SnapshotStore snapshots;
    private @Nullable Wal wal;

    private Volume(CheckedDisk disk, Defects defects, VolumeLimits limits) {
        this.disk = disk;
        this.defects = defects;
        this.limits = limits;
    }

    /**
     * Looks whose volume it is; writes nothing. Never throws for what it finds: see {@link #state()} and
     * {@link #fault()}.
     */
    public static Volume open(Disk disk, Defects defects, VolumeLimits limits) {
        Volume volume = new Volume(new CheckedDisk(disk, defects), defects, limits);
        volume.identify();
        return volume;
    }

    private void identify() {
        List<String> names;
        try {
            names = disk.list();
        } catch (DamagedException e) {
            fault = e.getMessage();
            return;
        }
        boolean others = false;
        for (String name : names) {
            others |= VolumeFiles.isOwn(name) && !name.equals(IdentityFile.NAME);
        }
        if (!names.contains(IdentityFile.NAME)) {
            state = others ? VolumeState.UNREADABLE : VolumeState.EMPTY;
            fault = others ? "the identity file is missing, but the volume holds files of a member" : null;
            return;
        }
        try {
            identityFile = IdentityFile.open(disk);
            Identity identity = identityFile.identity();
            if (!identity.formatted()) {
                state = VolumeState.EMPTY;
            } else {
                state = identity.activated() ? VolumeState.ACTIVATED : VolumeState.FORMATTED;
            }
        } catch (DamagedException e) {
            // Formatting makes the identity durable before it creates anything else.
            state = others ? VolumeState.UNREADABLE : VolumeState.EMPTY;
            fault = others ? e.getMessage() : null;
        }
    }

    /**
     * How far the volume has come. {@link VolumeState#ACTIVATED} is exact after {@link #recover}, and late
     * before it.
     */
    public VolumeState state() {
        return state;
    }

    /**
     * Why the volume is of no use, in words for whoever has to replace it; null while nothing speaks against
     * it.
     */
    public @Nullable String fault() {
        return fault;
    }

    /** Identity of the cluster; null on an empty or unreadable volume. */
    public @Nullable UUID cluster() {
        return identityFile == null || state == VolumeState.EMPTY ? null : identityFile.identity().cluster();
    }

    /** Identity of the member; null on an empty or unreadable volume. */
    public @Nullable UUID member() {
        return identityFile == null || state == VolumeState.EMPTY ? null : identityFile.identity().member();
    }

    /**
     * Makes an empty volume a member's; durable when this returns. A crash within it leaves the volume {@link
     * VolumeState#EMPTY}, to be formatted again, or formatted.
     *
     * @param initial {@link Configuration#NONE} for a newcomer
     * @param activated whether the member may vote from the start
     * @throws DiskFullException when there is no room for the log and its reserves; the volume stays empty
     */
    public void format(UUID cluster, UUID member, Configuration initial, boolean activated)
            throws DiskFullException {
        format(cluster, member, initial, activated, null);
    }

    /**
     * As above, with a state and entries to start with, all of them decided; {@link Legacy} has the rules.
     */
    void format(UUID cluster, UUID member, Configuration initial, boolean activated,
            @Nullable Inheritance inherited) throws DiskFullException {
        require(state == VolumeState.EMPTY, "only an empty volume can be formatted; this one is " + state);
        clear();
        Identity identity = new Identity(cluster, member, false, activated, 0, initial);
        identityFile = IdentityFile.create(disk, identity);
        Spares prepared = new Spares(disk, limits);
        prepared.replenish();
        if (prepared.full()) {
            throw new DiskFullException("there is no room for the log: it needs two segments of "
                    + limits.segmentBytes() + " and " + limits.reserves() + " of " + limits.reserveBytes()
                    + " bytes");
        }
        try (PromiseFile promise = PromiseFile.create(disk, identity)) {
            if (inherited == null) {
                Wal.create(disk, defects, identity, prepared);
            } else {
                inherit(identity, prepared, promise, inherited);
            }
        }
        identityFile.store(new Identity(cluster, member, true, activated, 0, initial));
        state = activated ? VolumeState.ACTIVATED : VolumeState.FORMATTED;
    }

    private void inherit(Identity identity, Spares prepared, PromiseFile promise, Inheritance inherited)
            throws DiskFullException {
        Snapshot snapshot = null;
        byte[] stateBytes = inherited.state();
        if (stateBytes != null) {
            try (SnapshotStore store = new SnapshotStore(disk, limits, identity.cluster())) {
                snapshot = store.write(inherited.index(), identity.initial(), Seal.NONE, stateBytes);
            }
        }
        try (Wal first = Wal.inherit(disk, defects, identity, prepared, snapshot, inherited)) {
            promise.attest(first.fold().promised(), first.sequence());
        }
    }

    /** What the identity file says; null on an unreadable volume. */
    @Nullable
    Identity identity() {
        return identityFile == null ? null : identityFile.identity();
    }

    /**
     * Removes what an interrupted formatting left, the identity last: without it the rest would look like a
     * member's.
     */
    private void clear() {
        List<String> names = disk.relist();
        for (String name : names) {
            if (VolumeFiles.isOwn(name) && !name.equals(IdentityFile.NAME)) {
                disk.delete(name);
            }
        }
        disk.syncDirectory();
        if (identityFile != null) {
            identityFile.close();
        }
        if (names.contains(IdentityFile.NAME)) {
            disk.delete(IdentityFile.NAME);
            disk.syncDirectory();
        }
    }

    /**
     * Reads back what the volume holds, and makes it durable once more before anything is said about it: the
     * last batch may have been read from memory although it never reached the disk. The incarnation returned
     * is raised and durable.
     *
     * <p>When the result carries a fault, nothing but its identity and incarnation means anything, the volume
     * takes no records, and {@link #fault()} says the same. A second recovery finds the same fault.
     *
     * @param nonce handed through
     * @throws DiskFullException when neither a spare segment is left nor room for one; nothing is lost, and
     *     it works as soon as there is room: open the volume anew
     */
    public Recovered recover(long nonce) throws DiskFullException {
        require(state == VolumeState.FORMATTED || state == VolumeState.ACTIVATED,
                "nothing to recover: " + state);
        require(fault == null && wal == null && snapshots == null, "a volume is recovered once");
        IdentityFile owner = owner();
        SnapshotStore store = new SnapshotStore(disk, limits, owner.identity().cluster());
        snapshots = store;
        List<String> names;
        RecoveredLog log;
        try {
            names = disk.list();
            store.find(names);
            log = LogRecovery.run(disk, defects, owner.identity(), names);
            promiseFile = PromiseFile.open(disk, owner.identity());
            Witnesses.check(log, promiseFile, owner.identity(), store, defects);
        } catch (DamagedException e) {
            fault = e.getMessage();
            owner.store(owner.identity().started(owner.identity().activated()));
            return faulty(owner.identity(), nonce, e.getMessage());
        }
        owner.store(owner.identity().started(log.beforeLast().activated()));
        DurableState fold = log.fold();
        spares = new Spares(disk, limits);
        spares.adopt(names);
        wal = Wal.resume(disk, defects, owner.identity(), spares, log, names);
        promiseFile.attest(fold.promised(), wal.sequence());
        Recovered.Staged staged = store.adopt(names);
        store.retire(fold.snapshot());
        state = fold.activated() ? VolumeState.ACTIVATED : VolumeState.FORMATTED;
        return recovered(owner.identity(), nonce, fold, staged);
    }

    private Recovered recovered(
            Identity identity, long nonce, DurableState fold, Recovered.@Nullable Staged staged) {
        boolean hintBelieved = defects.has(Defect.R23_LOG_BEHIND_DECIDED);
        return new Recovered(
                identity.cluster(),
                identity.member(),
                identity.incarnation(),
                nonce,
                fold.activated(),
                fold.promised(),
                fold.accepted(),
                fold.seal(),
                fold.configuration(),
                fold.configurationIndex(),
                fold.snapshot(),
                fold.base(),
                fold.log(),
                hintBelieved ? fold.decided() : Math.min(fold.decided(), fold.last()),
                staged,
                null);
    }

    private static Recovered faulty(Identity identity, long nonce, @Nullable String why) {
        return new Recovered(
                identity.cluster(),
                identity.member(),
                identity.incarnation(),
                nonce,
                false,
                Ballot.BOTTOM,
                Ballot.BOTTOM,
                Seal.NONE,
                identity.initial(),
                0,
                null,
                0,
                List.of(),
                0,
                null,
                why);
    }

    /**
     * Writes one batch: all of it becomes durable with the next {@link #sync}, or none of it. The batches of
     * several steps are given to one call, in order; a second batch before the sync would break the rule by
     * which recovery tells a torn tail from damage. When the segment is full and no {@link #seal} or {@link
     * #replenish} has prepared the next, this call does, which takes as long as writing that many zeros.
     *
     * @throws DiskFullException when entries do not fit and there is no room for another segment. Nothing was
     *     written; no other records may be written before these. Promises find room even then, as long as the
     *     disk does not shrink
     * @throws dev.synod.paxos.InvariantViolation when a record does not follow from those before it
     */
    public void append(List<WalRecord> records) throws DiskFullException {
        Wal log = wal();
        require(log.synced(), "the batch before was not synced");
        List<WalRecord> rest = records;
        if (defects.has(Defect.R10_BALLOT_BEFORE_ENTRIES)) {
            rest = appendBallotFirst(log, records);
        }
        if (!rest.isEmpty()) {
            log.append(rest);
        }
    }

    private static List<WalRecord> appendBallotFirst(Wal log, List<WalRecord> records)
            throws DiskFullException {
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i) instanceof WalRecord.Adopted) {
                log.append(records.subList(0, i + 1));
                log.sync();
                return records.subList(i + 1, records.size());
            }
        }
        return records;
    }

    /**
     * Makes the batch appended durable, a promise in it also in the promise file. Then segments and snapshots
     * of no more use go. When the batch began a segment, the next one is prepared at once, which takes as
     * long as writing that many zeros: under a load without a pause a full disk is so known a whole segment
     * ahead.
     */
    public void sync() {
        Wal log = wal();
        log.sync();
        DurableState fold = log.fold();
        if (promiseFile != null) {
            promiseFile.attest(fold.promised(), log.sequence());
        }
        if (fold.activated()) {
            state = VolumeState.ACTIVATED;
        }
        snapshots().retire(fold.snapshot());
        if (spares != null && spares.isUsedUp()) {
            spares.replenish();
        }
    }

    /**
     * Writes and syncs an empty batch, so that damage to the one before it will be told from a torn tail;
     * does nothing if the last batch is one already. Then prepares spare segments, unless the disk was full.
     */
    public void seal() {
        Wal log = wal();
        require(log.synced(), "the last batch was not synced");
        log.seal();
        if (spares != null && !spares.full()) {
            spares.replenish();
        }
    }

    /** Whether a call of {@link #seal} is due once the burst is over. */
    public boolean sealed() {
        return wal().sealed();
    }

    /**
     * Whether the last attempt to prepare a segment found no room. The member should take no new entries
     * until {@link #replenish} says otherwise; what is on its way usually still finds room.
     */
    public boolean isFull() {
        return spares != null && spares.full();
    }

    /**
     * Tries again to prepare spare segments; returns {@link #isFull}. To be called now and then while the
     * disk is full.
     */
    public boolean replenish() {
        wal();
        if (spares != null) {
            spares.replenish();
        }
        return isFull();
    }

    /**
     * Writes a snapshot of this member's own making. Its file is complete and durable when this returns; it
     * counts once a {@link WalRecord.SnapshotTaken} is synced, and stays at least until the log refers to one
     * of a higher index.
     *
     * @param configuration after entry {@code index}
     * @param seal of that configuration's epoch
     * @throws DiskFullException when there is no room; nothing is left of it
     */
    public Snapshot writeSnapshot(long index, Configuration configuration, Seal seal, byte[] stateBytes)
            throws DiskFullException {
        wal();
        return snapshots().write(index, configuration, seal, stateBytes);
    }

    /**
     * The state in a complete snapshot, its digest compared.
     *
     * @throws DamagedException when it is gone or not what it was: the member is of no more use
     */
    public byte[] readSnapshotState(Snapshot snapshot) throws DamagedException {
        return snapshots().readState(snapshot);
    }

    /**
     * Bytes of a complete snapshot's file for a peer, at most {@code lengthBytesMax}; none when it is gone.
     */
    public Bytes readChunk(SnapshotRef snapshot, long offsetBytes, int lengthBytesMax) {
        return snapshots().readChunk(snapshot, offsetBytes, lengthBytesMax);
    }

    /**
     * Begins to receive a snapshot, or goes on if as many bytes as {@code offsetBytes} of it are here.
     * Neither this nor {@link #store} makes anything durable, nor fails for want of room or for bytes out of
     * place: {@link #finish} tells.
     */
    public void begin(SnapshotAction.Begin begin) {
        wal();
        snapshots().begin(begin);
    }

    /**
     * Stores the next bytes of the snapshot begun. After a crash those that survived intact are counted
     * again.
     */
    public void store(SnapshotAction.Store store) {
        wal();
        snapshots().store(store);
    }

    /**
     * Ends the receiving of a snapshot: whole, verified and durable when this returns it. It counts once a
     * {@link WalRecord.SnapshotInstalled} is synced, and stays at least until the log refers to one of a
     * higher index.
     *
     * @return null when it is not the one begun, not whole, or not what its reference names; it is then
     *     thrown away
     */
    public @Nullable Snapshot finish(SnapshotRef snapshot) {
        wal();
        return snapshots().finish(snapshot);
    }

    /** Gives the file handles back; makes nothing durable. */
    @Override
    public void close() {
        if (wal != null) {
            wal.close();
        }
        if (snapshots != null) {
            snapshots.close();
        }
        if (promiseFile != null) {
            promiseFile.close();
        }
        if (identityFile != null) {
            identityFile.close();
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalStateException(message);
        }
    }

    private IdentityFile owner() {
        if (identityFile == null) {
            throw new IllegalStateException("the volume belongs to nobody");
        }
        return identityFile;
    }

    private Wal wal() {
        disk.alive();
        if (wal == null) {
            throw new IllegalStateException(
                    fault == null ? "the volume is not recovered" : "faulty: " + fault);
        }
        return wal;
    }

    private SnapshotStore snapshots() {
        if (snapshots == null) {
            throw new IllegalStateException("the volume is not recovered");
        }
        return snapshots;
    }
}
