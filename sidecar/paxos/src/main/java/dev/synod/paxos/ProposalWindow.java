package dev.synod.paxos;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How much a leader lets be undecided at once, in entries and in bytes (I18). */
final class ProposalWindow {
    private ProposalWindow() {}

    /** What would be BUSY for ever, or null: to try again helps only against what passes. */
    static @Nullable String neverFits(Core core, List<Bytes> commands) {
        Options options = core.options;
        if (commands.size() > options.windowEntries()) {
            return commands.size() + " commands at once; at most " + options.windowEntries()
                    + " can be undecided: propose fewer at a time";
        }
        long bytes = weightBytes(commands);
        return commands.size() > 1 && bytes > options.windowBytes()
                ? "commands of " + bytes + " bytes at once; at most " + options.windowBytes()
                        + " can be undecided, unless it is a single one: propose fewer at a time"
                : null;
    }

    private static long weightBytes(List<Bytes> commands) {
        long bytes = 0;
        for (int i = 0; i < commands.size(); i++) {
            bytes += Entry.weightBytes(commands.get(i));
        }
        return bytes;
    }

    /** A single command larger than the window passes when nothing is undecided. */
    static boolean isFull(Core core, List<Bytes> commands) {
        long undecided = core.log.last() - core.decided;
        return undecided + commands.size() > core.options.windowEntries()
                || (undecided > 0 && core.log.weightBytesFrom(core.decided + 1) + weightBytes(commands)
                        > core.options.windowBytes());
    }
}
