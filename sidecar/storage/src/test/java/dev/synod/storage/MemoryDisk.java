package dev.synod.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** A disk in memory that never fails. What crashes do is tested over the simulator's disk. */
final class MemoryDisk implements Disk {
    private final TreeMap<String, Content> files = new TreeMap<>();
    private String gone = "";
    private int listings;

    /** Another disk with the same files. */
    MemoryDisk copy() {
        MemoryDisk copy = new MemoryDisk();
        files.forEach((name, content) -> copy.put(name, content.bytes.clone()));
        return copy;
    }

    byte[] bytes(String name) throws IOException {
        return content(name).bytes;
    }

    void put(String name, byte[] bytes) {
        files.computeIfAbsent(name, absent -> new Content()).bytes = bytes;
    }

    /** Lists a file that is gone, a number of times. */
    void listGone(String name, int times) {
        gone = name;
        listings = times;
    }

    private Content content(String name) throws IOException {
        Content content = files.get(name);
        if (content == null) {
            throw new IOException("no file " + name);
        }
        return content;
    }

    @Override
    public DiskFile create(String name) throws IOException {
        if (files.putIfAbsent(name, new Content()) != null) {
            throw new IOException(name + " exists");
        }
        return open(name);
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return content(name);
    }

    @Override
    public List<String> list() {
        List<String> names = new ArrayList<>(files.keySet());
        if (listings > 0) {
            listings--;
            names.add(gone);
            names.sort(null);
        }
        return names;
    }

    @Override
    public void rename(String from, String to) throws IOException {
        files.put(to, content(from));
        files.remove(from);
    }

    @Override
    public void delete(String name) throws IOException {
        content(name);
        files.remove(name);
    }

    @Override
    public void syncDirectory() {
        // Everything is durable.
    }

    private static final class Content implements DiskFile {
        private byte[] bytes = new byte[0];

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public void write(long offsetBytes, byte[] source, int from, int length) {
            int end = (int) offsetBytes + length;
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, end);
            }
            System.arraycopy(source, from, bytes, (int) offsetBytes, length);
        }

        @Override
        public int read(long offsetBytes, byte[] target, int from, int length) {
            int count = Math.clamp(bytes.length - offsetBytes, 0, length);
            if (count > 0) {
                System.arraycopy(bytes, (int) offsetBytes, target, from, count);
            }
            return count;
        }

        @Override
        public void truncate(long sizeBytes) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(sizeBytes, bytes.length));
        }

        @Override
        public void sync() {
            // Everything is durable.
        }

        @Override
        public void close() {
            // Nothing to give back.
        }
    }
}
