package dev.synod.storage;

import dev.synod.paxos.Bytes;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Defects;
import dev.synod.paxos.DurableState;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Member;
import dev.synod.paxos.Payload;
import dev.synod.paxos.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a lost cluster leaves behind: a state and the commands after it, from a surviving volume or a backup.
 * {@link #begin} makes of it the volume of a new cluster's one member.
 *
 * <p><b>Of a volume</b> the state is its newest snapshot, the commands are its whole log: also the entries
 * that it does not know decided, because one of them may have been decided and acknowledged without this
 * member having heard so. What the other members knew beyond the log is lost.
 *
 * <p><b>The new cluster</b> has another id and another member, ballots and epochs that start again, and the
 * same indices. Nothing that an old member says can reach it. The commands that the caller adds come next in
 * its log; so that no fencing token is issued twice they must let the revision leap.
 *
 * <p>Reads and never writes what it is read from. Immutable.
 */
public final class Legacy {
    private final UUID cluster;
    private final String source;
    private final long index;
    private final byte @Nullable [] state;
    private final List<Entry> entries;
    private final long decided;
    private final List<String> losses;
    private final @Nullable String address;

    private Legacy(
            UUID cluster,
            String source,
            long index,
            byte @Nullable [] state,
            List<Entry> entries,
            long decided,
            List<String> losses,
            @Nullable String address) {
        this.cluster = cluster;
        this.source = source;
        this.index = index;
        this.state = state;
        this.entries = List.copyOf(entries);
        this.decided = decided;
        this.losses = List.copyOf(losses);
        this.address = address;
    }

    /** What is done when the volume is not whole. */
    public enum Damage {
        /** It is refused. */
        REFUSED,
        /**
         * What is whole is taken: the log, when only its witnesses are gone, else the newest intact snapshot;
         * {@link #losses} tells.
         */
        SALVAGED
    }

    /**
     * Reads a volume that nobody holds.
     *
     * @param disk read from, and never written to
     * @throws NotRecoverableException when it is in use, holds no member, is damaged and that is refused, or
     *     holds nothing intact
     */
    public static Legacy ofVolume(ReadOnlyFileDisk disk, Damage damage) throws NotRecoverableException {
        refuseHeld(disk);
        Legacy legacy = ofVolume((Disk) disk, damage);
        refuseHeld(disk); // a member that started meanwhile may have changed what was read
        return legacy;
    }

    private static void refuseHeld(ReadOnlyFileDisk disk) throws NotRecoverableException {
        String holder = disk.holder();
        if (holder != null) {
            throw new NotRecoverableException(holder + " holds the volume: stop that member first, and all"
                    + " others of its cluster");
        }
    }

    static Legacy ofVolume(Disk disk, Damage damage) throws NotRecoverableException {
        Identity identity;
        try (Volume volume = Volume.open(disk, Defects.NONE, VolumeLimits.DEFAULT)) {
            Identity found = volume.identity();
            if (volume.state() == VolumeState.EMPTY) {
                throw new NotRecoverableException("the volume is empty: no member ever lived on it");
            }
            if (found == null) {
                throw new NotRecoverableException("the volume cannot be read: " + volume.fault()
                        + "; take another member's volume, or a backup");
            }
            identity = found;
        }
        CheckedDisk checked = new CheckedDisk(disk, Defects.NONE);
        try (SnapshotStore store = new SnapshotStore(checked, VolumeLimits.DEFAULT, identity.cluster())) {
            return new Reading(checked, store, identity, damage).run();
        }
    }

    /**
     * Reads a backup; see {@link BackupFile}.
     *
     * @param in read to its end, and not closed
     * @throws NotRecoverableException when it is not one, is cut, or its digest is another
     * @throws IOException when it cannot be read
     */
    public static Legacy ofBackup(InputStream in) throws NotRecoverableException, IOException {
        BackupFile.Content content = BackupFile.read(in);
        SnapshotHeader header = content.header();
        if (header.index() == 0) {
            throw new NotRecoverableException("the backup holds no entry: there is nothing to restore");
        }
        return new Legacy(header.cluster(), "backup", header.index(), content.state(), List.of(),
                header.index(), List.of(), null);
    }

    /** Identity of the cluster that left it. */
    public UUID cluster() {
        return cluster;
    }

    /** What it was read from, in two or three words. */
    public String source() {
        return source;
    }

    /** The last entry whose effect {@link #state} holds; 0 when there is no state but the empty one. */
    public long index() {
        return index;
    }

    /** Index of the last entry. */
    public long last() {
        return index + entries.size();
    }

    /** Entries up to here are known to have been decided; those above may have been. */
    public long decided() {
        return decided;
    }

    /** The bytes of the state; null when {@link #index} is 0. The caller must not change them. */
    @SuppressWarnings("EI_EXPOSE_REP")
    public byte @Nullable [] state() {
        return state;
    }

    /**
     * The commands of the entries from {@code index() + 1} on, one an entry; null in the place of an entry
     * that carries none.
     */
    public List<@Nullable Bytes> commands() {
        List<@Nullable Bytes> commands = new ArrayList<>();
        for (Entry entry : entries) {
            commands.add(entry.payload() instanceof Payload.Command command ? command.body() : null);
        }
        return commands;
    }

    /** Where peers reached the member that it was read from; null when that is not known. */
    public @Nullable String address() {
        return address;
    }

    /** What could not be taken over, in plain words; empty when nothing of the source is missing. */
    public List<String> losses() {
        return losses;
    }

    /**
     * Makes an empty volume that of the one member of a new cluster, activated; durable when this returns. A
     * crash within it leaves the volume {@link VolumeState#EMPTY}: it can be done again.
     *
     * @param disk of the new volume
     * @param newCluster its identity, never used before
     * @param member its identity, never used before
     * @param address where peers will reach the member
     * @param commands appended after everything that was left, in order; decided like all of it
     * @throws NotRecoverableException when the volume is not empty, or {@code newCluster} is the old one
     * @throws DiskFullException when there is no room; the volume stays empty
     */
    public void begin(
            Disk disk,
            VolumeLimits limits,
            UUID newCluster,
            UUID member,
            String address,
            List<Bytes> commands)
            throws NotRecoverableException, DiskFullException {
        if (newCluster.equals(cluster)) {
            throw new NotRecoverableException("the new cluster cannot have the old one's id, " + cluster
                    + ": members of the old one may come back");
        }
        List<Entry> all = new ArrayList<>();
        for (Entry entry : entries) {
            all.add(Inheritance.rewritten(entry));
        }
        for (Bytes command : commands) {
            all.add(Inheritance.command(index + all.size() + 1, command));
        }
        try (Volume volume = Volume.open(disk, Defects.NONE, limits)) {
            if (volume.state() != VolumeState.EMPTY) {
                throw new NotRecoverableException("the target holds a volume already ("
                        + (volume.fault() == null
                                ? "of member " + volume.member() + " of cluster " + volume.cluster()
                                : volume.fault())
                        + "): name an empty folder, or one that does not exist yet");
            }
            volume.format(newCluster, member, Configuration.initial(List.of(member), List.of(address)), true,
                    new Inheritance(index, state, all));
        }
    }

    /** One reading of a volume. */
    private static final class Reading {
        private final CheckedDisk disk;
        private final SnapshotStore store;
        private final Identity identity;
        private final Damage damage;
        private final List<String> losses = new ArrayList<>();

        Reading(CheckedDisk disk, SnapshotStore store, Identity identity, Damage damage) {
            this.disk = disk;
            this.store = store;
            this.identity = identity;
            this.damage = damage;
        }

        Legacy run() throws NotRecoverableException {
            List<String> names;
            try {
                names = disk.list();
            } catch (DamagedException e) {
                throw new NotRecoverableException(
                        e.getMessage() + "; make the folder readable for this user", e);
            }
            store.find(names);
            RecoveredLog log;
            try {
                log = LogRecovery.run(disk, Defects.NONE, identity, names);
            } catch (DamagedException e) {
                lose("the log is damaged: " + e.getMessage(), e);
                return ofNewestSnapshot(names);
            }
            checkWitnesses(log, names);
            DurableState fold = log.fold();
            Snapshot snapshot = fold.snapshot();
            if (snapshot == null) {
                return fold.base() == 0 ? of(fold, 0, null) : ofNewestSnapshot(names);
            }
            try {
                return of(fold, snapshot.index(), store.readState(snapshot));
            } catch (DamagedException e) {
                lose(String.valueOf(e.getMessage()), e);
                return ofNewestSnapshot(names);
            }
        }

        /** Whoever wants everything acknowledged must know when the log may have forgotten some of it. */
        private void checkWitnesses(RecoveredLog log, List<String> names) throws NotRecoverableException {
            if (!names.contains(PromiseFile.NAME)) {
                lose("the promise file is missing: the log may lack its end", null);
                return;
            }
            try (PromiseFile promise = PromiseFile.open(disk, identity)) {
                Witnesses.check(log, promise, identity, store, Defects.NONE);
            } catch (DamagedException e) {
                lose(String.valueOf(e.getMessage()), e);
            }
        }

        private Legacy of(DurableState fold, long index, byte @Nullable [] state)
                throws NotRecoverableException {
            List<Entry> after = new ArrayList<>();
            for (Entry entry : fold.log()) {
                if (entry.index() > index) {
                    after.add(entry);
                }
            }
            if (fold.last() == 0) {
                throw new NotRecoverableException("member " + identity.member() + " of cluster "
                        + identity.cluster() + " holds no entry: there is nothing to recover; take another"
                        + " member's volume, or a backup");
            }
            return new Legacy(identity.cluster(), "volume of member " + identity.member(), index, state,
                    after, Math.max(index, Math.min(fold.decided(), fold.last())), losses,
                    addressIn(fold.configuration()));
        }

        private @Nullable String addressIn(Configuration configuration) {
            Member self = configuration.member(identity.member());
            return self == null ? null : self.address();
        }

        private Legacy ofNewestSnapshot(List<String> names) throws NotRecoverableException {
            for (String name : names.reversed()) {
                if (!SnapshotNames.isSnapshot(name)) {
                    continue;
                }
                try {
                    SnapshotStore.Whole whole = store.readWhole(name);
                    losses.add("every entry after " + whole.header().index() + ", where snapshot " + name
                            + " was taken");
                    return new Legacy(identity.cluster(), "snapshot of member " + identity.member(),
                            whole.header().index(), whole.state(), List.of(), whole.header().index(), losses,
                            addressIn(whole.header().configuration()));
                } catch (DamagedException e) {
                    losses.add(String.valueOf(e.getMessage()));
                }
            }
            throw new NotRecoverableException("nothing intact is left on the volume ("
                    + String.join("; ", losses) + "): take another member's volume, or a backup");
        }

        private void lose(String what, @Nullable Throwable cause) throws NotRecoverableException {
            if (damage == Damage.REFUSED) {
                String text = "the volume is damaged (" + what + "): take another member's volume or a"
                        + " backup; if there is none, salvage what is whole and accept what is lost";
                throw cause == null
                        ? new NotRecoverableException(text)
                        : new NotRecoverableException(text, cause);
            }
            losses.add(what);
        }
    }
}
