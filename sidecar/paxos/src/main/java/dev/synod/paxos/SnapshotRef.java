package dev.synod.paxos;

/**
 * Names one snapshot file by its content. Equal references mean equal bytes.
 *
 * @param index the last entry whose effect it holds
 * @param lengthBytes size of the file
 * @param digest SHA-256 of the whole file, 32 bytes
 */
public record SnapshotRef(long index, long lengthBytes, Bytes digest) {}
