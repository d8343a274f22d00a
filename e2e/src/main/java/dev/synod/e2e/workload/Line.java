package dev.synod.e2e.workload;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the history of one run of the workload.
 *
 * @param run one start of the process; a container that is started again has another
 * @param pod whose container it is
 * @param sequence counts the lines of the run, from 0; none is left out
 * @param nanos {@link System#nanoTime} as the line was made: comparable between the processes of one machine
 * @param wallMillis the machine's clock at the same moment
 * @param entry what happened
 */
public record Line(String run, String pod, long sequence, long nanos, long wallMillis, Entry entry) {
    private static final Gson GSON = new Gson();
    private static final Map<String, Class<? extends Entry>> ENTRIES = Map.of(
            "begin", Entry.Begin.class, "call", Entry.Call.class, "return", Entry.Return.class,
            "held", Entry.Held.class, "led-by", Entry.LedBy.class, "session", Entry.Session.class,
            "end", Entry.End.class);

    /** As text, without a line break. */
    public String encode() {
        JsonObject json = new JsonObject();
        json.addProperty("run", run);
        json.addProperty("pod", pod);
        json.addProperty("sequence", sequence);
        json.addProperty("nanos", nanos);
        json.addProperty("wallMillis", wallMillis);
        json.addProperty("type", typeOf(entry));
        json.add("entry", GSON.toJsonTree(entry, entry.getClass()));
        return GSON.toJson(json);
    }

    private static String typeOf(Entry entry) {
        for (Map.Entry<String, Class<? extends Entry>> each : ENTRIES.entrySet()) {
            if (each.getValue() == entry.getClass()) {
                return each.getKey();
            }
        }
        throw new IllegalStateException(entry.getClass() + " has no name in a history: give it one");
    }

    /**
     * Reads a line back.
     *
     * @return null for what is no line of a history: other output of the container, or one that was cut off
     */
    public static @Nullable Line decode(String text) {
        if (!text.startsWith("{\"run\":")) {
            return null;
        }
        try {
            JsonObject json = JsonParser.parseString(text).getAsJsonObject();
            Class<? extends Entry> type = ENTRIES.get(json.get("type").getAsString());
            return type == null
                    ? null
                    : new Line(json.get("run").getAsString(), json.get("pod").getAsString(),
                            json.get("sequence").getAsLong(), json.get("nanos").getAsLong(),
                            json.get("wallMillis").getAsLong(), GSON.fromJson(json.get("entry"), type));
        } catch (JsonParseException | IllegalStateException | NullPointerException cut) {
            return null; // the process was killed while it wrote it
        }
    }
}
