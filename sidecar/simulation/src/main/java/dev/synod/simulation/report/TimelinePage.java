package dev.synod.simulation.report;

import dev.synod.paxos.Role;
import dev.synod.simulation.port.TraceKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A run as one HTML file that needs nothing else: machines as lanes, messages as arrows, faults marked; it
 * zooms, filters, and tells the details of what the pointer is on.
 */
public final class TimelinePage {
    private static final String TEMPLATE = "timeline.html";

    private TimelinePage() {}

    /**
     * The page.
     *
     * @param title heading, plain text
     * @param summary lines below the heading, plain text
     */
    public static String of(TimelineRecorder recorder, String title, String summary) {
        return template().replace("/*DATA*/", data(recorder, title, summary));
    }

    private static String data(TimelineRecorder recorder, String title, String summary) {
        StringBuilder json = new StringBuilder(1 << 16);
        json.append("{\"title\":");
        quoted(json, title);
        json.append(",\"summary\":");
        quoted(json, summary);
        json.append(",\"dropped\":").append(recorder.dropped());
        json.append(",\"machines\":").append(recorder.machines());
        json.append(",\"kinds\":[");
        for (TraceKind kind : TraceKind.values()) {
            json.append(kind.ordinal() == 0 ? "" : ",");
            quoted(json, kind.name());
        }
        json.append("],\"rows\":[");
        String separator = "\n";
        for (TimelineRecorder.Row row : recorder.rows()) {
            json.append(separator);
            separator = ",\n";
            write(json, row);
        }
        json.append("],\"roles\":[");
        separator = "";
        for (TimelineRecorder.RoleChange change : recorder.roles()) {
            Role role = change.role();
            json.append(separator).append('[').append(change.machine()).append(',')
                    .append(change.timeNanos() / 1_000);
            json.append(",\"").append(role == null ? "" : role.name()).append("\"]");
            separator = ",";
        }
        return json.append("]}").toString();
    }

    /** Number, microseconds, kind, machine, peer, source, text, state. */
    private static void write(StringBuilder json, TimelineRecorder.Row row) {
        json.append('[').append(row.number()).append(',').append(row.timeNanos() / 1_000).append(',');
        json.append(row.kind().ordinal()).append(',').append(row.machine()).append(',').append(row.peer())
                .append(',');
        json.append(row.source()).append(',');
        quoted(json, row.text());
        json.append(',');
        quoted(json, row.state());
        json.append(']');
    }

    private static void quoted(StringBuilder json, String text) {
        json.append('"');
        JsonText.quote(json, text);
        json.append('"');
    }

    private static String template() {
        try (InputStream in = TimelinePage.class.getResourceAsStream(TEMPLATE)) {
            if (in == null) {
                throw new IllegalStateException(TEMPLATE + " is missing beside " + TimelinePage.class);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
