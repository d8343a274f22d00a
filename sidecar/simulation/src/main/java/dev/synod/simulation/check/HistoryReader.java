package dev.synod.simulation.check;

import dev.synod.paxos.Entry;
import dev.synod.simulation.port.History;
import org.jspecify.annotations.Nullable;

/** Reads the bytes of a workload. */
public interface HistoryReader<I, O> {
    /** The operation as its client saw it, whatever became of it. */
    LoggedOperation<I, O> operation(History.Operation operation);

    /** The command of an entry; null when it carries none. */
    @Nullable
    LoggedCommand<I> command(Entry entry);
}
