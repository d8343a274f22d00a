package dev.synod.simulation.check;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Payload;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one log that the cluster has chosen so far, by this checker's own count, with the configurations that
 * follow from it. An index that is in it never changes: that is what consensus means.
 */
public final class ChosenLog {
    /** An epoch as its opening StopSign defines it. */
    record Epoch(Configuration first, long sealIndex) {}

    private final List<Entry> entries = new ArrayList<>();
    private final List<Epoch> epochs = new ArrayList<>();
    /** Configurations after the entries that changed them, and where; ascending. */
    private final List<Configuration> configurations = new ArrayList<>();

    private final List<Long> configurationIndexes = new ArrayList<>();

    ChosenLog() {}

    /** Index of the last chosen entry, or 0. */
    public long last() {
        return entries.size();
    }

    /** The chosen entry at {@code index}, for {@code 1 <= index <= last()}. */
    public Entry entry(long index) {
        return entries.get((int) index - 1);
    }

    /** The epoch, or null when no chosen StopSign opened it. */
    @Nullable
    Epoch epoch(int number) {
        return number < epochs.size() ? epochs.get(number) : null;
    }

    /** The first configuration, taken from whoever shows it first; all must show the same. */
    void begin(Configuration initial) {
        if (epochs.isEmpty()) {
            epochs.add(new Epoch(initial, 0));
            configurations.add(initial);
            configurationIndexes.add(0L);
        }
    }

    /** The configuration after entry {@code index}. */
    Configuration configurationAt(long index) {
        int at = configurationIndexes.size() - 1;
        while (at > 0 && configurationIndexes.get(at) > index) {
            at--;
        }
        return configurations.get(at);
    }

    /**
     * The next entry is chosen.
     *
     * @param at the ballot at which it was
     */
    void append(Entry entry, Ballot at) {
        if (entry.index() != last() + 1) {
            throw new Violation("I2", "entry " + entry.index() + " chosen at " + at + " after " + last());
        }
        if (entry.proposedAt().epoch() != epochs.size() - 1) {
            throw new Violation("I12",
                    "entry " + entry.index() + " proposed at " + entry.proposedAt() + " and chosen at "
                            + at + " belongs to epoch " + (epochs.size() - 1));
        }
        entries.add(entry);
        Configuration before = configurations.getLast();
        Configuration after = before.after(entry.payload());
        if (entry.payload() instanceof Payload.StopSign stop) {
            checkNext(before, stop.next(), entry.index());
            epochs.add(new Epoch(stop.next(), entry.index()));
        }
        if (after != before) {
            configurations.add(after);
            configurationIndexes.add(entry.index());
        }
    }

    private static void checkNext(Configuration before, Configuration next, long index) {
        boolean follows = next.epoch() == before.epoch() + 1 && next.nextNumber() == before.nextNumber();
        for (int i = 0; follows && i < next.voters().size(); i++) {
            follows = before.everyone().contains(next.voters().get(i));
        }
        if (!follows) {
            throw new Violation("chain", "StopSign " + index + " leads from " + before + " to " + next);
        }
    }

    /** Whether two members hold the same proposal; the second must be what the first is. */
    static boolean same(Entry a, Entry b) {
        return a == b
                || (a.index() == b.index() && a.proposedAt().equals(b.proposedAt())
                        && a.payload().equals(b.payload()));
    }

    /** How an entry reads in a message. */
    static String name(Entry entry) {
        String payload = entry.payload() instanceof Payload.Command command
                ? "Command#" + Integer.toHexString(command.body().hashCode())
                : entry.payload().toString();
        return payload + " proposed at " + entry.proposedAt();
    }
}
