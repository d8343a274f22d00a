package dev.synod.simulation.report;

import dev.synod.simulation.port.ProgramView;
import dev.synod.simulation.port.TraceEvent;
import dev.synod.simulation.port.TraceKind;
import dev.synod.simulation.port.TraceSink;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The trace as lines, one an event, in columns: time in seconds, number of the event, machine, role, epoch
 * and leader's mark, promised, accepted, applied/decided/last, and what happened.
 */
public final class TraceText implements TraceSink {
    /** The names of the columns. */
    public static final String HEADER =
            "        time      event  m  role      promised   accepted    app/dec/last  what";

    private final Consumer<String> lines;
    private final Function<byte[], String> clientText;
    private final boolean everything;

    /**
     * A sink that hands each event on as a line.
     *
     * @param clientText words for a client's request
     * @param everything also events that only carry out what was seen before: timers, disk work, steps
     */
    public TraceText(Consumer<String> lines, Function<byte[], String> clientText, boolean everything) {
        this.lines = lines;
        this.clientText = clientText;
        this.everything = everything;
    }

    @Override
    public void record(TraceEvent event) {
        if (everything || tells(event.kind())) {
            lines.accept(columns(event) + what(event, clientText));
        }
    }

    /** Whether an event of this kind says something that no other event does. */
    static boolean tells(TraceKind kind) {
        return kind != TraceKind.WOKEN && kind != TraceKind.DISK && kind != TraceKind.STEPPED;
    }

    private static String columns(TraceEvent event) {
        StringBuilder line = new StringBuilder(128);
        line.append(time(event.timeNanos()));
        padLeft(line, Long.toString(event.step()), 11);
        padLeft(line, event.machine() < 0 ? "-" : Integer.toString(event.machine()), 3);
        line.append("  ");
        ProgramView view = event.view();
        if (view == null) {
            line.append(" ".repeat(48));
            return line.toString();
        }
        padRight(line, view.role().name(), 10);
        padRight(line, view.promised().toString(), 11);
        padRight(line, view.accepted().toString(), 11);
        padRight(line, view.applied() + "/" + view.decided() + "/" + view.last(), 16);
        return line.toString();
    }

    /** True time in seconds, to the microsecond, in 12 columns. */
    static String time(long nanos) {
        long micros = nanos / 1_000;
        StringBuilder text = new StringBuilder();
        padLeft(text, Long.toString(micros / 1_000_000), 5);
        String fraction = Long.toString(micros % 1_000_000);
        return text.append('.').append("0".repeat(6 - fraction.length())).append(fraction).toString();
    }

    /** What happened, without the columns. */
    static String what(TraceEvent event, Function<byte[], String> clientText) {
        String detail = event.detail();
        byte[] frame = event.frame();
        String peer = event.peer() < 0 ? "" : "m" + event.peer();
        String client = "client " + event.value();
        return switch (event.kind()) {
            case SENT -> "-> " + peer + "  " + frameText(frame) + suffix(detail);
            case LOST -> "-x " + peer + "  " + frameText(frame) + suffix(detail);
            case DELIVERED -> "<- " + peer + "  " + frameText(frame) + suffix(detail);
            case LINK_CLOSED -> "link from " + peer + " closed" + suffix(detail);
            case REQUEST, INVOKED ->
                    event.kind() + " " + client + suffix(frame == null ? "" : clientText.apply(frame));
            case REPLY, COMPLETED -> event.kind() + " " + client + suffix(detail);
            case FAULT -> "!! " + detail;
            case FAULT_ENDED -> "!! ended: " + detail;
            case FAILED -> "FAILED " + detail;
            case WOKEN, DISK, ADMIN, ANSWER, OPERATOR, STEPPED, STARTED, CRASHED, PAUSED, RESUMED, PHASE ->
                    event.kind().name() + suffix(detail);
        };
    }

    private static String frameText(byte @Nullable [] frame) {
        return frame == null ? "frame" : FrameText.of(frame);
    }

    private static String suffix(String detail) {
        return detail.isEmpty() ? "" : "  " + detail;
    }

    private static void padLeft(StringBuilder line, String text, int width) {
        line.append(" ".repeat(Math.max(1, width - text.length()))).append(text);
    }

    private static void padRight(StringBuilder line, String text, int width) {
        line.append(text).append(" ".repeat(Math.max(1, width - text.length())));
    }
}
