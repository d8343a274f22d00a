package dev.synod.simulation.report;

import dev.synod.paxos.Role;
import dev.synod.simulation.port.ProgramView;
import dev.synod.simulation.port.TraceEvent;
import dev.synod.simulation.port.TraceKind;
import dev.synod.simulation.port.TraceSink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the newest events of a run for {@link TimelinePage}, each delivery tied to the sending it came from.
 */
public final class TimelineRecorder implements TraceSink {
    /** Events that a browser still draws smoothly. */
    public static final int ROWS_MAX = 40_000;

    /**
     * One event.
     *
     * @param number counts all events recorded, from 0
     * @param source number of the event that sent what arrives here; -1 for none
     * @param text what happened
     * @param state of the process after it; empty when none runs
     */
    record Row(
            long number,
            long timeNanos,
            TraceKind kind,
            int machine,
            int peer,
            long source,
            String text,
            String state,
            byte @Nullable [] frame) {}

    /** From {@code timeNanos} on the machine's process is in this role; null: none runs. */
    record RoleChange(int machine, long timeNanos, @Nullable Role role) {}

    private final Function<byte[], String> clientText;
    private final int rowsMax;
    private final ArrayDeque<Row> rows = new ArrayDeque<>();
    private final List<RoleChange> roles = new ArrayList<>();
    private final List<@Nullable Role> current = new ArrayList<>();
    private final IdentityHashMap<byte[], Long> sentBy = new IdentityHashMap<>();
    private long recorded;

    /** A recorder; {@code clientText} puts a client's request into words. */
    public TimelineRecorder(Function<byte[], String> clientText) {
        this(clientText, ROWS_MAX);
    }

    TimelineRecorder(Function<byte[], String> clientText, int rowsMax) {
        this.clientText = clientText;
        this.rowsMax = rowsMax;
    }

    @Override
    public void record(TraceEvent event) {
        noteRole(event);
        if (!TraceText.tells(event.kind())) {
            return;
        }
        byte[] frame = event.frame();
        Long source = frame == null || event.kind() == TraceKind.SENT ? null : sentBy.get(frame);
        long number = recorded++;
        if (frame != null && event.kind() == TraceKind.SENT) {
            sentBy.put(frame, number);
        }
        rows.add(new Row(
                number,
                event.timeNanos(),
                event.kind(),
                event.machine(),
                event.peer(),
                source == null ? -1 : source,
                TraceText.what(event, clientText),
                state(event.view()),
                frame));
        if (rows.size() > rowsMax) {
            Row dropped = rows.removeFirst();
            byte[] droppedFrame = dropped.frame();
            if (dropped.kind() == TraceKind.SENT && droppedFrame != null) {
                sentBy.remove(droppedFrame);
            }
        }
    }

    private void noteRole(TraceEvent event) {
        int machine = event.machine();
        if (machine < 0) {
            return;
        }
        while (current.size() <= machine) {
            current.add(null);
        }
        ProgramView view = event.view();
        Role role = view == null || event.kind() == TraceKind.CRASHED ? null : view.role();
        boolean tells = view != null || event.kind() == TraceKind.CRASHED;
        if (tells && role != current.get(machine)) {
            current.set(machine, role);
            roles.add(new RoleChange(machine, event.timeNanos(), role));
        }
    }

    private static String state(@Nullable ProgramView view) {
        return view == null
                ? ""
                : view.role() + "  promised " + view.promised() + "  accepted " + view.accepted()
                        + "  applied "
                        + view.applied() + "  decided " + view.decided() + "  last " + view.last();
    }

    /** Events that are kept, oldest first. */
    List<Row> rows() {
        return new ArrayList<>(rows);
    }

    /** All changes of roles, oldest first. */
    List<RoleChange> roles() {
        return roles;
    }

    /** Number of machines seen. */
    int machines() {
        return current.size();
    }

    /** How many events fell out because there were too many. */
    long dropped() {
        return recorded - rows.size();
    }
}
