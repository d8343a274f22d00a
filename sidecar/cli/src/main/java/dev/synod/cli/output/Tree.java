package dev.synod.cli.output;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds one object of a result; keys keep their order. */
public final class Tree {
    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

    /** Adds a field: a string, number, boolean, list, map, or null for what is not known. */
    public Tree with(String key, @Nullable Object value) {
        fields.put(key, value);
        return this;
    }

    /** Adds a field unless there is nothing to tell. */
    public Tree withIf(boolean there, String key, @Nullable Object value) {
        return there ? with(key, value) : this;
    }

    /** What {@link Format} takes. */
    public Map<String, @Nullable Object> fields() {
        return fields;
    }
}
