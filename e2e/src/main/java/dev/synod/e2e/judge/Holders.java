package dev.synod.e2e.judge;

import dev.synod.e2e.workload.Entry;
import dev.synod.e2e.workload.Line;
import dev.synod.simulation.check.Beliefs;
import dev.synod.simulation.check.Beliefs.Holder;
import dev.synod.simulation.check.Beliefs.Sharing;
import dev.synod.simulation.check.Violation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * No two believe at one moment that they hold a lock or lead (P2), and observers are told one leader for
 * each token.
 *
 * <p>A belief is known from when its holder was told until it last asked whether it holds; a process that
 * was killed believed no longer after that. With several machines both ends are drawn in by the margin of
 * their clocks.
 */
final class Holders {
    /** A belief as far as it is known. */
    private record Believed(Holder holder, long token, long from, long until) {
        Believed with(Believed other) {
            return new Believed(holder, token, Math.min(from, other.from), Math.max(until, other.until));
        }
    }

    private record Moment(long at, boolean begins, Believed believed) {}

    private final List<Run> runs;
    private final MachineTime time;
    private long now;

    Holders(List<Run> runs, MachineTime time) {
        this.runs = runs;
        this.time = time;
    }

    void check() {
        List<Moment> moments = new ArrayList<>();
        for (Believed each : believed()) {
            if (each.from() < each.until()) {
                moments.add(new Moment(each.from(), true, each));
                moments.add(new Moment(each.until(), false, each));
            }
        }
        // What ends at the moment at which another begins is no overlap.
        moments.sort(Comparator.comparingLong(Moment::at).thenComparing(Moment::begins));
        Beliefs beliefs = new Beliefs(machine -> now, overlap -> {
            throw new Violation("P2", overlap);
        });
        for (Moment moment : moments) {
            now = moment.at();
            Believed believed = moment.believed();
            if (moment.begins()) {
                beliefs.believe(believed.holder(), new Sharing.UpTo(1), believed.token(), believed.until());
            } else {
                beliefs.end(believed.holder());
            }
        }
        checkLeaders();
    }

    private List<Believed> believed() {
        Map<Holder, Believed> all = new HashMap<>();
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            for (Line line : run.lines()) {
                if (line.entry() instanceof Entry.Held held) {
                    String claimant = run.pod() + " " + run.id() + "." + held.operation();
                    Believed each = new Believed(new Holder(held.name(), claimant, i), held.token(),
                            time.at(line, held.fromNanos()) + time.marginNanos(),
                            time.at(line, held.untilNanos()) - time.marginNanos());
                    all.merge(each.holder(), each, Believed::with);
                }
            }
        }
        return List.copyOf(all.values());
    }

    private void checkLeaders() {
        Map<String, String> leaders = new HashMap<>();
        for (Run run : runs) {
            for (Line line : run.lines()) {
                if (line.entry() instanceof Entry.LedBy led) {
                    String leader = led.leader() + " of session " + led.session();
                    @Nullable
                    String other =
                            leaders.putIfAbsent(led.election() + " by token " + led.token(), leader);
                    if (other != null && !other.equals(leader)) {
                        throw new Violation("P1", led.election() + " by token " + led.token()
                                + " was led by " + other + ", and by " + leader);
                    }
                }
            }
        }
    }
}
