package dev.synod.node.door;

import dev.synod.paxos.Bytes;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A JSON object under construction: what the door says in its own words. */
final class Json {
    private final StringBuilder text = new StringBuilder("{");

    Json put(String key, @Nullable String value) {
        if (value == null) {
            return raw(key, "null");
        }
        key(key);
        quote(value);
        return this;
    }

    Json put(String key, long value) {
        return raw(key, Long.toString(value));
    }

    Json put(String key, boolean value) {
        return raw(key, Boolean.toString(value));
    }

    Json put(String key, Json value) {
        return raw(key, value.toString());
    }

    /** Puts what is JSON already. */
    Json raw(String key, String json) {
        key(key);
        text.append(json);
        return this;
    }

    private void key(String key) {
        if (text.length() > 1) {
            text.append(',');
        }
        quote(key);
        text.append(':');
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || c == '\u007f' || Character.isSurrogate(c)) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    /** As a body. */
    Bytes bytes() {
        return Bytes.of((this + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return text + "}";
    }
}
