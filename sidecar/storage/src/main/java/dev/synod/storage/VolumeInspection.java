package dev.synod.storage;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Defects;
import dev.synod.paxos.DurableState;
import dev.synod.storage.VolumeReport.Condition;
import dev.synod.storage.VolumeReport.FileReport;
import dev.synod.storage.VolumeReport.Finding;
import dev.synod.storage.VolumeReport.Level;
import dev.synod.storage.VolumeReport.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a volume without starting it: what is there, whether a member could start on it, and what to do if
 * not. It finds every fault that {@link Volume#open} and {@link Volume#recover} would find, by the same code,
 * then looks at each file by itself, so that damage is shown where it lies. It writes nothing, and no damage
 * makes it throw.
 *
 * <p>It works on the real disk through {@link ReadOnlyFileDisk}, also while a member runs; then a write under
 * way looks like a torn one, and what seems damaged is looked at again, for a file may go meanwhile.
 */
public final class VolumeInspection {
    private static final String REPLACE =
            "do not mend files by hand: keep a copy of the folder, and have the member replaced under a new"
                    + " UUID; it receives everything from the others";

    private static final int LOOKS_MAX = 3;

    private final Disk port;
    private final CheckedDisk disk;
    private final @Nullable String holder;
    private final boolean everything;
    private final List<Finding> findings = new ArrayList<>();
    private List<String> names = List.of();
    private @Nullable Identity identity;
    private @Nullable Ballot witness;
    private @Nullable RecoveredLog log;

    private VolumeInspection(Disk port, @Nullable String holder, boolean everything) {
        this.port = port;
        this.disk = new CheckedDisk(port, Defects.NONE);
        this.holder = holder;
        this.everything = everything;
    }

    /**
     * Looks at what a start would look at: takes about as long as a start.
     *
     * @param disk read from, and never written to
     * @param holder {@link ReadOnlyFileDisk#holder}, or null
     */
    public static VolumeReport inspect(Disk disk, @Nullable String holder) {
        return look(disk, holder, false);
    }

    /** As {@link #inspect}, and also reads every other byte and compares every other checksum and digest. */
    public static VolumeReport verify(Disk disk, @Nullable String holder) {
        return look(disk, holder, true);
    }

    /** Looks again when a member at work may have taken away what was being looked at. */
    private static VolumeReport look(Disk disk, @Nullable String holder, boolean everything) {
        VolumeReport report = new VolumeInspection(disk, holder, everything).run();
        for (int i = 1; i < LOOKS_MAX && holder != null && report.verdict() == Verdict.DAMAGED; i++) {
            report = new VolumeInspection(disk, holder, everything).run();
        }
        return report;
    }

    private VolumeReport run() {
        if (holder != null) {
            note(holder + " holds the volume",
                    "what it is writing just now may look torn or damaged: look again when it has ended");
        }
        try {
            names = disk.list();
        } catch (DamagedException e) {
            find(Level.DAMAGE, said(e), "make the folder readable for this user, or name another");
            return report(Verdict.UNREADABLE, VolumeState.UNREADABLE, List.of());
        }
        VolumeState state = identify();
        readPromise();
        if (state == VolumeState.FORMATTED || state == VolumeState.ACTIVATED) {
            readLog();
        }
        if (log != null && log.fold().activated()) {
            state = VolumeState.ACTIVATED;
        }
        List<FileReport> files = lookAtFiles(state);
        return report(verdict(state), state, files);
    }

    private VolumeState identify() {
        try (Volume volume = Volume.open(port, Defects.NONE, VolumeLimits.DEFAULT)) {
            String fault = volume.fault();
            if (fault != null) {
                find(Level.DAMAGE, fault, REPLACE);
            }
            if (volume.state() == VolumeState.EMPTY && hasOwnFiles()) {
                note("the volume's formatting was cut off", "format it again: nothing was kept on it yet");
            }
            if (names.contains(IdentityFile.NAME)) {
                try (IdentityFile file = IdentityFile.open(disk)) {
                    identity = file.identity();
                } catch (DamagedException e) {
                    identity = null; // the fault says it already
                }
            }
            return volume.state();
        }
    }

    private boolean hasOwnFiles() {
        boolean own = false;
        for (String name : names) {
            own |= VolumeFiles.isOwn(name);
        }
        return own;
    }

    /** Whom the checksums have to name; the promise file knows it too. */
    private @Nullable Identity owner() {
        if (identity != null || !names.contains(PromiseFile.NAME)) {
            return identity;
        }
        try (SlotFile slots = SlotFile.open(disk, PromiseFile.NAME, PromiseFile.SLOT_BYTES)) {
            SlotFile.Slot slot = slots.newest();
            return new Identity(slot.cluster(), slot.member(), true, false, 0, Configuration.NONE);
        } catch (DamagedException e) {
            return null;
        }
    }

    private void readPromise() {
        Identity owner = owner();
        if (owner == null || !names.contains(PromiseFile.NAME)) {
            return;
        }
        try (PromiseFile file = PromiseFile.open(disk, owner)) {
            witness = file.promised();
        } catch (DamagedException e) {
            witness = null; // readLog tells it, as a start would
        }
    }

    private void readLog() {
        Identity owner = identity;
        if (owner == null) {
            return;
        }
        try (SnapshotStore store = new SnapshotStore(disk, VolumeLimits.DEFAULT, owner.cluster())) {
            store.find(names);
            log = LogRecovery.run(disk, Defects.NONE, owner, names);
            try (PromiseFile file = PromiseFile.open(disk, owner)) {
                Witnesses.check(log, file, owner, store, Defects.NONE);
            }
        } catch (DamagedException e) {
            find(Level.DAMAGE, said(e), REPLACE);
        }
    }

    private List<FileReport> lookAtFiles(VolumeState state) {
        boolean sound = findings.stream().noneMatch(finding -> finding.level() == Level.DAMAGE);
        FileInspection look = new FileInspection(disk, owner(), log, state == VolumeState.EMPTY, everything);
        List<FileReport> files = new ArrayList<>();
        for (String name : names) {
            FileReport file = look.at(name);
            files.add(file);
            String what = name + ": " + file.what();
            if (file.condition() == Condition.DAMAGED && sound) {
                find(Level.WARNING, what,
                        "no start depends on it, but the disk may be failing: see the kernel's log");
            } else if (file.condition() == Condition.DAMAGED) {
                find(Level.DAMAGE, what, REPLACE);
            } else if (file.condition() == Condition.TORN) {
                note(what, "nothing: the next start mends it");
            } else if (file.condition() == Condition.FOREIGN) {
                note(what, "move it elsewhere: a volume's folder is the volume's alone");
            }
        }
        return files;
    }

    private Verdict verdict(VolumeState state) {
        for (Finding finding : findings) {
            if (finding.level() == Level.DAMAGE) {
                return Verdict.DAMAGED;
            }
        }
        return state == VolumeState.EMPTY ? Verdict.EMPTY : Verdict.SOUND;
    }

    private static String said(DamagedException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private void note(String what, String advice) {
        find(Level.NOTE, what, advice);
    }

    private void find(Level level, String what, String advice) {
        findings.add(new Finding(level, what, advice));
    }

    private VolumeReport report(Verdict verdict, VolumeState state, List<FileReport> files) {
        Identity owner = state == VolumeState.EMPTY ? null : owner();
        findings.sort(Comparator.comparing(Finding::level));
        return new VolumeReport(
                verdict,
                holder,
                state,
                owner == null ? null : owner.cluster(),
                owner == null ? null : owner.member(),
                owner == null ? 0 : owner.incarnation(),
                witness,
                log == null ? null : log(log),
                files,
                findings);
    }

    private static VolumeReport.Log log(RecoveredLog recovered) {
        DurableState fold = recovered.fold();
        return new VolumeReport.Log(
                fold.activated(),
                fold.promised(),
                fold.accepted(),
                fold.configuration(),
                fold.configurationIndex(),
                fold.seal(),
                fold.snapshot(),
                fold.base(),
                fold.last(),
                Math.min(fold.decided(), fold.last()),
                recovered.headSequence(),
                recovered.lastBatchNumber());
    }
}
