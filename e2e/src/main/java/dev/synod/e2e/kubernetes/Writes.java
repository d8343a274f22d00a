package dev.synod.e2e.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What operators noted of the writes that were taken, and what may not be among them. */
public final class Writes {
    private static final Pattern LINE = Pattern.compile("([0-9]+) ([0-9]+) ((?:api|member) .*)");
    private static final Pattern EPOCH = Pattern.compile("expected_epoch: ([0-9]+)");
    private static final Pattern VOTER = Pattern.compile("voters: \"([^\"]+)\"");
    /** One change exchanges one voter, or adds or takes up to two, so that sizes stay odd. */
    private static final int VOTERS_CHANGED_MAX = 2;

    /**
     * One write.
     *
     * @param process that wrote
     * @param sentMillis when it was sent, by this machine's clock
     * @param what of the API server or of a member
     */
    public record Write(long process, long sentMillis, String what) {
        /** Whether it does something to the cluster: status, events and the operators' own Lease do not. */
        public boolean acts() {
            return !what.contains("/events") && !what.contains("/leases/") && !what.endsWith("/leases")
                    && !(what.contains("/coordinationclusters/") && what.endsWith("/status"));
        }
    }

    private Writes() {}

    /** All so far; empty while there is no journal. */
    public static List<Write> in(Path journal) {
        List<Write> writes = new ArrayList<>();
        try {
            if (Files.exists(journal)) {
                for (String line : Files.readAllLines(journal)) {
                    Matcher parts = LINE.matcher(line);
                    if (parts.matches()) {
                        writes.add(new Write(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)),
                                parts.group(3)));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return writes;
    }

    /**
     * What was written and was nobody's last write, where each writer should end with a write: by verb and
     * path, for who comes next asks for the same again.
     */
    public static List<String> outlived(List<Write> writes) {
        Map<Long, String> last = new HashMap<>();
        writes.forEach(write -> last.put(write.process(), write.what()));
        return writes.stream().filter(Write::acts).map(Write::what).distinct()
                .filter(what -> !last.containsValue(what)).toList();
    }

    /**
     * What breaks the rule of one membership step at a time: one configuration follows each epoch, whoever
     * asked for it, and it differs from the one before in no more than one change may.
     */
    public static List<String> wrongSteps(List<Write> writes) {
        Map<Integer, Set<String>> after = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        for (Write write : writes) {
            if (!write.what().startsWith("member Reconfigure ")) {
                continue;
            }
            Matcher epoch = EPOCH.matcher(write.what());
            int expected = epoch.find() ? Integer.parseInt(epoch.group(1)) : 0; // 0 is not written out
            Set<String> voters = new HashSet<>();
            VOTER.matcher(write.what()).results().forEach(found -> voters.add(found.group(1)));
            Set<String> before = after.putIfAbsent(expected, voters);
            if (before != null && !before.equals(voters)) {
                wrong.add("after epoch " + expected + " both " + before + " and " + voters);
            }
        }
        // Only now: what two operators noted comes one after the other.
        after.forEach((expected, voters) -> {
            Set<String> previous = after.get(expected - 1);
            if (previous != null && !isOneChange(missing(previous, voters), missing(voters, previous))) {
                wrong.add("from " + previous + " to " + voters + " in one step");
            }
        });
        return wrong;
    }

    private static boolean isOneChange(long out, long in) {
        return out == 0 && in <= VOTERS_CHANGED_MAX || in == 0 && out <= VOTERS_CHANGED_MAX
                || out == 1 && in == 1;
    }

    private static long missing(Set<String> of, Set<String> in) {
        return of.stream().filter(each -> !in.contains(each)).count();
    }
}
