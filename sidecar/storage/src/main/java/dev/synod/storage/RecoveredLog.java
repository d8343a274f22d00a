package dev.synod.storage;

import dev.synod.paxos.DurableState;
import dev.synod.paxos.WalRecord;
import java.util.List;

/**
 * What the segments of a volume amount to.
 *
 * @param fold everything, the last batch included
 * @param older the segments that hold the log up to but without its last batch, in order
 * @param beforeLast what those amount to
 * @param lastBatch the records of the last batch: it is the only one that may never have reached the disk
 * @param lastBatchNumber number of the last batch
 * @param incarnation of the run that wrote it
 * @param headSequence sequence of the newest segment that opens with an intact batch
 * @param lastSequence the highest sequence that any segment has, valid or not
 */
record RecoveredLog(
        DurableState fold,
        List<SealedSegment> older,
        State beforeLast,
        List<WalRecord> lastBatch,
        long lastBatchNumber,
        long incarnation,
        long headSequence,
        long lastSequence) {}
