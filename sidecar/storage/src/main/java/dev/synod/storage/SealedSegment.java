package dev.synod.storage;

/**
 * A segment that is no longer written to.
 *
 * @param sequence its sequence
 * @param end where the log ends in it
 * @param batch number of the last batch before that
 * @param chain chained CRC of that batch
 * @param entriesUpTo the highest index of an entry in it; 0 when it holds none
 */
record SealedSegment(long sequence, long end, long batch, int chain, long entriesUpTo) {
    String name() {
        return SegmentNames.of(sequence);
    }
}
