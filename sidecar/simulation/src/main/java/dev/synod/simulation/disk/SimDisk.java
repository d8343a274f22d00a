package dev.synod.simulation.disk;

import dev.synod.paxos.SeededRandom;
import dev.synod.storage.Disk;
import dev.synod.storage.DiskFile;
import dev.synod.storage.DiskFullException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory, of pages and sectors. What was synced survives a power cut; what was not survives by
 * sector, in any order, or turns into garbage; names survive only when the folder was synced; a failed sync
 * leaves pages that look clean and are not on the disk. These hold without being asked for. Rot, lost and
 * misdirected writes, errors and a full disk strike when ordered.
 *
 * <p>All draws come from the generator given. For one thread.
 */
public final class SimDisk implements Disk {
    /** What the machine reads and writes at once. */
    public static final int PAGE_BYTES = 4 << 10;

    /** What the disk writes at once. */
    public static final int SECTOR_BYTES = 512;

    private static final int FILE_BYTES_MAX = 1 << 30;
    private static final long NEVER = Long.MAX_VALUE;

    /** A change of the names since the folder was last synced; {@code to} is null for a removal. */
    private record Naming(@Nullable String from, @Nullable String to, SimFile file) {}

    private final SeededRandom random;
    private final TreeMap<String, SimFile> files = new TreeMap<>();
    private final TreeMap<String, SimFile> syncedFiles = new TreeMap<>();
    private final List<Naming> pendingNames = new ArrayList<>();
    private final FaultLedger faults = new FaultLedger();

    private OperationHook hook = OperationHook.NONE;
    private long quotaBytes;
    private long operations;
    private long crashBefore = NEVER;
    private int generation;
    private boolean down;

    /** An empty disk with room for {@code quotaBytes}, counted in whole pages. */
    public SimDisk(SeededRandom random, long quotaBytes) {
        this.random = random;
        this.quotaBytes = quotaBytes;
    }

    // ---- the life of machine and process
    // ------------------------------------------------------------------------

    /**
     * The power goes, and comes again: what was not synced survives in part; open handles are of no more use.
     */
    public void powerCut() {
        faults.count(DiskFault.POWER_CUT, true);
        settleNames();
        for (SimFile file : everyFile()) {
            file.crash(random, faults);
        }
        files.clear();
        files.putAll(syncedFiles);
        restart();
    }

    /** The process dies: memory keeps what it wrote, and the next process reads it, synced or not. */
    public void processDeath() {
        faults.count(DiskFault.PROCESS_DEATH, true);
        restart();
    }

    private void restart() {
        generation++;
        down = false;
        crashBefore = NEVER;
    }

    private void settleNames() {
        boolean inOrder = random.chance(0.5);
        double survival = random.below(4) / 3.0;
        boolean stopped = false;
        for (Naming naming : pendingNames) {
            boolean survives = !stopped && random.chance(survival);
            stopped |= inOrder && !survives;
            faults.count(DiskFault.NAME_UNDONE, !survives);
            if (survives) {
                apply(syncedFiles, naming);
            }
        }
        pendingNames.clear();
    }

    private static void apply(Map<String, SimFile> names, Naming naming) {
        if (naming.from != null && names.get(naming.from) == naming.file) {
            names.remove(naming.from);
        }
        if (naming.to != null) {
            names.put(naming.to, naming.file);
        }
    }

    private List<SimFile> everyFile() {
        List<SimFile> every = new ArrayList<>(syncedFiles.values());
        for (Map.Entry<String, SimFile> named : files.entrySet()) {
            if (!every.contains(named.getValue())) {
                every.add(named.getValue());
            }
        }
        return every;
    }

    /** Removes everything, for good. */
    public void wipe() {
        faults.count(DiskFault.WIPED, true);
        files.clear();
        syncedFiles.clear();
        pendingNames.clear();
        restart();
    }

    /**
     * Puts the durable content of {@code other} in place of this disk's: a volume rolled back, or restored
     * elsewhere.
     */
    public void replaceBy(SimDisk other) {
        faults.count(DiskFault.REPLACED, true);
        files.clear();
        syncedFiles.clear();
        pendingNames.clear();
        for (Map.Entry<String, SimFile> named : other.syncedFiles.entrySet()) {
            SimFile durable = named.getValue().durable();
            syncedFiles.put(named.getKey(), durable);
            files.put(named.getKey(), durable);
        }
        restart();
    }

    /**
     * Another disk with only what is durable on this one: a copy of the volume, to be kept or to fork a
     * member.
     */
    public SimDisk durableCopy(SeededRandom itsRandom) {
        SimDisk copy = new SimDisk(itsRandom, quotaBytes);
        for (Map.Entry<String, SimFile> named : syncedFiles.entrySet()) {
            SimFile durable = named.getValue().durable();
            copy.syncedFiles.put(named.getKey(), durable);
            copy.files.put(named.getKey(), durable);
        }
        return copy;
    }

    /**
     * Another disk in the state of this one, unsynced changes included, that draws from {@code itsRandom}.
     */
    public SimDisk copy(SeededRandom itsRandom) {
        SimDisk copy = new SimDisk(itsRandom, quotaBytes);
        List<SimFile> every = everyFile();
        for (Naming naming : pendingNames) {
            if (!every.contains(naming.file)) {
                every.add(naming.file);
            }
        }
        List<SimFile> copies = new ArrayList<>();
        for (SimFile file : every) {
            copies.add(file.copy());
        }
        for (Map.Entry<String, SimFile> named : files.entrySet()) {
            copy.files.put(named.getKey(), copies.get(every.indexOf(named.getValue())));
        }
        for (Map.Entry<String, SimFile> named : syncedFiles.entrySet()) {
            copy.syncedFiles.put(named.getKey(), copies.get(every.indexOf(named.getValue())));
        }
        for (Naming naming : pendingNames) {
            copy.pendingNames.add(new Naming(naming.from, naming.to, copies.get(every.indexOf(naming.file))));
        }
        copy.operations = operations;
        return copy;
    }

    // ---- orders
    // -------------------------------------------------------------------------------------------------

    /** How many operations that change the disk have begun. */
    public long operations() {
        return operations;
    }

    /**
     * The process dies with {@link SimulatedCrash} before operation {@code number}, counted from 1; every
     * later call throws it too, until {@link #powerCut} or {@link #processDeath}.
     */
    public void crashBefore(long number) {
        crashBefore = number;
    }

    /** Sets who is told before every operation. */
    public void onOperation(OperationHook told) {
        hook = told;
    }

    /**
     * Orders a fault for the {@code nth} chance from now, 1 being the next; 0 takes the order back. Orders
     * outlive the process.
     *
     * @param fault {@link DiskFault#SYNC_FAILED} (of a changed file, or of the folder), {@link
     *     DiskFault#WRITE_FAILED} (part of it done), {@link DiskFault#READ_FAILED}; or, seen only after a
     *     power cut, of a changed file's sync {@link DiskFault#WRITE_LOST} (nothing written, though it says
     *     so) or {@link DiskFault#MISDIRECTED} (written over other pages)
     */
    public void order(DiskFault fault, long nth) {
        faults.order(fault, nth);
    }

    /** Takes every order back. */
    public void cancelOrders() {
        faults.cancelOrders();
    }

    /** Changes the room there is; may be less than what is used. */
    public void quota(long bytes) {
        quotaBytes = bytes;
    }

    /** Room taken, in whole pages. */
    public long usedBytes() {
        long used = 0;
        for (SimFile file : files.values()) {
            used += pages(file.size());
        }
        return used;
    }

    private static long pages(int bytes) {
        return (bytes + PAGE_BYTES - 1L) / PAGE_BYTES * PAGE_BYTES;
    }

    /** Flips one bit, on the disk and in memory. */
    public void rot(String name, long offsetBytes, int bit) {
        faults.count(DiskFault.BIT_ROT, true);
        file(name).flip((int) offsetBytes, bit);
    }

    /** Flips one bit anywhere in what is durable; returns where, or null when nothing is. */
    public @Nullable String rotSomewhere() {
        long total = 0;
        for (SimFile file : syncedFiles.values()) {
            total += file.syncedSize();
        }
        long at = total == 0 ? 0 : random.below(total);
        for (Map.Entry<String, SimFile> named : syncedFiles.entrySet()) {
            int size = named.getValue().syncedSize();
            if (at < size) {
                named.getValue().flip((int) at, random.below(8));
                faults.count(DiskFault.BIT_ROT, true);
                return named.getKey() + " at " + at;
            }
            at -= size;
        }
        return null;
    }

    /** How often a fault struck. */
    public long hits(DiskFault fault) {
        return faults.hits(fault);
    }

    /** Size of a file. */
    public long size(String name) {
        return file(name).size();
    }

    /** What a file holds, as the machine sees it; not an operation, and no fault strikes it. */
    public byte[] bytes(String name) {
        SimFile file = file(name);
        byte[] bytes = new byte[file.size()];
        file.read(0, bytes, 0, bytes.length);
        return bytes;
    }

    private SimFile file(String name) {
        SimFile file = files.get(name);
        if (file == null) {
            throw new IllegalArgumentException("no file " + name);
        }
        return file;
    }

    // ---- the port
    // -----------------------------------------------------------------------------------------------

    private void begin(DiskOperation operation, String name) {
        alive();
        operations++;
        if (operations >= crashBefore) {
            down = true;
            alive();
        }
        try {
            hook.before(operations, operation, name);
        } catch (SimulatedCrash crash) {
            down = true;
            throw crash;
        }
    }

    private void alive() {
        if (down) {
            throw new SimulatedCrash("operation " + operations);
        }
    }

    @Override
    public DiskFile create(String name) throws IOException {
        begin(DiskOperation.CREATE, name);
        if (files.containsKey(name)) {
            throw new IOException(name + " exists");
        }
        SimFile file = new SimFile();
        files.put(name, file);
        pendingNames.add(new Naming(null, name, file));
        return new Handle(name, file);
    }

    @Override
    public DiskFile open(String name) throws IOException {
        alive();
        SimFile file = files.get(name);
        if (file == null) {
            throw new IOException("no file " + name);
        }
        return new Handle(name, file);
    }

    @Override
    public List<String> list() {
        alive();
        return new ArrayList<>(files.keySet());
    }

    @Override
    public void rename(String from, String to) throws IOException {
        begin(DiskOperation.RENAME, from);
        SimFile file = files.remove(from);
        if (file == null) {
            throw new IOException("no file " + from);
        }
        files.put(to, file);
        pendingNames.add(new Naming(from, to, file));
    }

    @Override
    public void delete(String name) throws IOException {
        begin(DiskOperation.DELETE, name);
        SimFile file = files.remove(name);
        if (file == null) {
            throw new IOException("no file " + name);
        }
        pendingNames.add(new Naming(name, null, file));
    }

    @Override
    public void syncDirectory() throws IOException {
        begin(DiskOperation.SYNC_DIRECTORY, "");
        if (faults.strikes(DiskFault.SYNC_FAILED)) {
            settleNames();
            throw new IOException("input/output error");
        }
        for (Naming naming : pendingNames) {
            apply(syncedFiles, naming);
        }
        pendingNames.clear();
    }

    private void sync(String name, SimFile file) throws IOException {
        begin(DiskOperation.SYNC, name);
        if (!file.isDirty()) {
            return;
        }
        if (faults.strikes(DiskFault.SYNC_FAILED)) {
            file.failSync(random, faults);
            throw new IOException("input/output error");
        }
        if (faults.strikes(DiskFault.WRITE_LOST)) {
            file.loseSync();
        } else if (faults.strikes(DiskFault.MISDIRECTED)) {
            misdirect(file);
        } else {
            file.sync();
        }
    }

    private void misdirect(SimFile file) {
        List<SimFile> victims = new ArrayList<>(syncedFiles.values());
        SimFile victim = victims.isEmpty() ? file : victims.get(random.below(victims.size()));
        int first = file.firstDirtyPage();
        int pages = Math.max(1, victim.syncedPages());
        int to = random.below(pages);
        if (victim == file && to == first) {
            to = (to + 1) % pages;
        }
        file.misdirect(victim, to - first);
    }

    private void write(String name, SimFile file, long offset, byte[] source, int from, int length)
            throws IOException {
        begin(DiskOperation.WRITE, name);
        if (offset + length > FILE_BYTES_MAX) {
            throw new IllegalArgumentException(name + " would reach " + (offset + length) + " bytes");
        }
        if (faults.strikes(DiskFault.WRITE_FAILED)) {
            writePart(file, (int) offset, source, from, random.below(length + 1));
            throw new IOException("input/output error");
        }
        long needed = pages((int) offset + length) - pages(file.size());
        if (needed > 0) {
            long room = quotaBytes - usedBytes();
            if (needed > room) {
                faults.count(DiskFault.FULL, true);
                long reach = pages(file.size()) + Math.max(0, room);
                writePart(file, (int) offset, source, from, Math.clamp(reach - offset, 0, length));
                throw new DiskFullException("no room for " + needed + " more bytes in " + name);
            }
        }
        writePart(file, (int) offset, source, from, length);
    }

    private static void writePart(SimFile file, int offset, byte[] source, int from, int length) {
        if (length > 0) {
            file.write(offset, source, from, length);
        }
    }

    private int read(SimFile file, long offset, byte[] target, int from, int length) throws IOException {
        alive();
        if (faults.strikes(DiskFault.READ_FAILED)) {
            throw new IOException("input/output error");
        }
        return file.read(offset, target, from, length);
    }

    /** An open file. */
    private final class Handle implements DiskFile {
        private final String name;
        private final SimFile file;
        private final int openedIn = generation;

        private Handle(String name, SimFile file) {
            this.name = name;
            this.file = file;
        }

        private void current() {
            if (openedIn != generation) {
                throw new SimulatedCrash("a handle of a process that is gone");
            }
        }

        @Override
        public long size() {
            current();
            alive();
            return file.size();
        }

        @Override
        public void write(long offsetBytes, byte[] source, int from, int length) throws IOException {
            current();
            SimDisk.this.write(name, file, offsetBytes, source, from, length);
        }

        @Override
        public int read(long offsetBytes, byte[] target, int from, int length) throws IOException {
            current();
            return SimDisk.this.read(file, offsetBytes, target, from, length);
        }

        @Override
        public void truncate(long sizeBytes) {
            current();
            begin(DiskOperation.TRUNCATE, name);
            file.truncate((int) Math.min(sizeBytes, file.size()));
        }

        @Override
        public void sync() throws IOException {
            current();
            SimDisk.this.sync(name, file);
        }

        @Override
        public void close() {
            // A handle holds nothing.
        }
    }
}
