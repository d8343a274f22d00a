package dev.synod.charts;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values of the chart with the comments before them; a comment of a value begins with {@code # --}. */
final class ValueTable {
    /** Told as one, though they have fields. */
    static final Set<String> WHOLE = Set.of("resources");

    private static final Pattern FIELD = Pattern.compile("( *)([A-Za-z]+):.*");

    private ValueTable() {}

    /**
     * One value.
     *
     * @param path its names, with dots between
     * @param initial its default, as Markdown
     * @param meaning empty when nothing says it
     */
    record Row(String path, String initial, String meaning) {}

    static List<Row> of(String text) {
        JsonNode values = Serialization.unmarshal(text, JsonNode.class);
        List<Row> rows = new ArrayList<>();
        Deque<String> folders = new ArrayDeque<>();
        StringBuilder comment = new StringBuilder();
        String whole = "";
        for (String line : text.lines().toList()) {
            if (line.strip().startsWith("# -- ")) {
                comment.setLength(0);
                comment.append(line.strip().substring("# -- ".length()));
            }
            Matcher field = FIELD.matcher(line);
            if (!field.matches()) {
                continue;
            }
            while (folders.size() > field.group(1).length() / 2) {
                folders.removeLast();
            }
            folders.addLast(field.group(2));
            String path = String.join(".", folders);
            if (!whole.isEmpty() && path.startsWith(whole + ".")) {
                continue;
            }
            whole = WHOLE.contains(path) ? path : "";
            JsonNode value = values.at("/" + String.join("/", folders));
            if (!whole.isEmpty() || !value.isObject() || value.isEmpty()) {
                rows.add(new Row(path, initial(value), comment.toString()));
                comment.setLength(0);
            }
        }
        return rows;
    }

    private static String initial(JsonNode value) {
        return "`" + (value.isTextual() && !value.asText().isEmpty() ? value.asText() : value.toString())
                + "`";
    }
}
