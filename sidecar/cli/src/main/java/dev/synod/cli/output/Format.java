package dev.synod.cli.output;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.Locale;
import java.util.function.Supplier;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** What {@code -o} takes. */
public enum Format {
    /** For people. */
    TABLE,
    /** For programs; keys as in the API. */
    JSON,
    /** The same as YAML. */
    YAML;

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();
    private static final Gson LINE = new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

    /** The text of one result, ended by a line feed. */
    public String of(Object tree, Supplier<String> table) {
        return switch (this) {
            case TABLE -> table.get();
            case JSON -> GSON.toJson(tree) + "\n";
            case YAML -> yaml(tree, false);
        };
    }

    /** The text of one of many results that come one after the other: JSON on a line of its own. */
    public String ofMany(Object tree, Supplier<String> table) {
        return switch (this) {
            case TABLE -> table.get();
            case JSON -> LINE.toJson(tree) + "\n";
            case YAML -> yaml(tree, true);
        };
    }

    private static String yaml(Object tree, boolean oneOfMany) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setExplicitStart(oneOfMany)
                .setIndicatorIndent(0)
                .setWidth(200)
                .build();
        return new Dump(settings).dumpToString(tree);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
