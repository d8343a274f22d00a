/**
 * What a member keeps on its volume: identity, promise, write-ahead log and snapshots; their formats, and
 * recovery.
 *
 * <p>In: batches of {@link dev.synod.paxos.WalRecord}s, snapshot bytes, and the files that an earlier run
 * left. Out: a {@link dev.synod.paxos.Recovered} that holds everything acknowledged, or says why the member
 * must be silent.
 *
 * <p>It may touch bytes, and files only through the {@link dev.synod.storage.Disk} port, behind which {@link
 * dev.synod.storage.FileDisk} is the real one: no clock, thread or network.
 */
@NullMarked
package dev.synod.storage;

import org.jspecify.annotations.NullMarked;
