package dev.synod.storage;

import dev.synod.paxos.WalRecord;

/** A record as it stands in a segment. */
sealed interface LogRecord {
    /** STATE: opens a segment, and stands nowhere else. */
    record Opening(State state) implements LogRecord {}

    /** A change that the member asked for. */
    record Change(WalRecord record) implements LogRecord {}
}
