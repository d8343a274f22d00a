package dev.synod.simulation.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes JSON, member by member, with two spaces a level. */
public final class JsonText {
    /** An object or list that is open. */
    private static final class Level {
        final char end;
        boolean hasMembers;

        Level(char end) {
            this.end = end;
        }
    }

    private final StringBuilder text = new StringBuilder();
    private final List<Level> open = new ArrayList<>();

    /** An empty document. */
    public JsonText() {}

    /** Opens an object without a name: the document, or a member of a list. */
    public JsonText object() {
        return begin(null, '{', '}');
    }

    /** Opens an object under a name. */
    public JsonText object(String name) {
        return begin(name, '{', '}');
    }

    /** Opens a list under a name. */
    public JsonText list(String name) {
        return begin(name, '[', ']');
    }

    private JsonText begin(@Nullable String name, char start, char end) {
        member(name);
        text.append(start);
        open.add(new Level(end));
        return this;
    }

    /** Closes the innermost object or list. */
    public JsonText end() {
        Level closed = open.removeLast();
        if (closed.hasMembers) {
            newLine();
        }
        text.append(closed.end);
        return this;
    }

    /** A text under a name. */
    public JsonText put(String name, String value) {
        member(name);
        quote(value);
        return this;
    }

    /** A whole number under a name. */
    public JsonText put(String name, long value) {
        member(name);
        text.append(value);
        return this;
    }

    /** A number under a name, to three places. */
    public JsonText put(String name, double value) {
        member(name);
        text.append(Double.isFinite(value) ? Numbers.decimal(value, 3) : "null");
        return this;
    }

    /** Yes or no under a name. */
    public JsonText put(String name, boolean value) {
        member(name);
        text.append(value);
        return this;
    }

    /** A text as a member of a list. */
    public JsonText add(String value) {
        member(null);
        quote(value);
        return this;
    }

    private void member(@Nullable String name) {
        if (!open.isEmpty()) {
            Level level = open.getLast();
            if (level.hasMembers) {
                text.append(',');
            }
            level.hasMembers = true;
            newLine();
        }
        if (name != null) {
            quote(name);
            text.append(": ");
        }
    }

    private void newLine() {
        text.append('\n').append("  ".repeat(open.size()));
    }

    private void quote(String value) {
        text.append('"');
        quote(text, value);
        text.append('"');
    }

    /** Appends the inside of a JSON string that is also safe inside an HTML script. */
    static void quote(StringBuilder text, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ' || c == '<' || c == '\u2028' || c == '\u2029') {
                        text.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
                    } else {
                        text.append(c);
                    }
                }
            }
        }
    }

    /** The document, complete when everything is closed. */
    @Override
    public String toString() {
        return text + "\n";
    }
}
