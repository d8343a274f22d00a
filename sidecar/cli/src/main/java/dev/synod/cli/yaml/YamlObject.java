package dev.synod.cli.yaml;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * An object in a YAML text. Every method throws {@link CommandException} that names file, line, field and
 * value, and what is allowed.
 */
public final class YamlObject {
    private final String file;
    private final String path;
    private final int line;
    private final Map<String, Node> fields;

    private YamlObject(String file, String path, int line, Map<String, Node> fields) {
        this.file = file;
        this.path = path;
        this.line = line;
        this.fields = fields;
    }

    /**
     * The one document of a text.
     *
     * @param file what the text is called in complaints
     */
    public static YamlObject parse(String file, String text) {
        LoadSettings settings = LoadSettings.builder().setLabel(file).build();
        List<Node> documents = new ArrayList<>();
        try {
            new Compose(settings).composeAllFromString(text).forEach(documents::add);
        } catch (MarkedYamlEngineException e) {
            throw complaint(file, e.getProblemMark().map(Mark::getLine).orElse(0) + 1,
                    "this is no YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw complaint(file, 1, "this is no YAML: " + e.getMessage());
        }
        if (documents.size() != 1) {
            throw complaint(file, 1, "it holds " + documents.size() + " documents; one is allowed");
        }
        return of(file, "", documents.getFirst());
    }

    private static YamlObject of(String file, String path, Node node) {
        if (!(node instanceof MappingNode mapping)) {
            throw complaint(file, line(node), (path.isEmpty() ? "the document" : path)
                    + " must be an object with fields of its own");
        }
        Map<String, Node> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw complaint(file, line(tuple.getKeyNode()), "a name of a field must be a text");
            }
            if (fields.put(key.getValue(), tuple.getValueNode()) != null) {
                throw complaint(file, line(key), join(path, key.getValue()) + " is given twice");
            }
        }
        return new YamlObject(file, path, line(node), fields);
    }

    private static String join(String path, String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    private static int line(Node node) {
        Optional<Mark> mark = node.getStartMark();
        return mark.map(Mark::getLine).orElse(0) + 1;
    }

    private static CommandException complaint(String file, int line, String what) {
        return new CommandException(ExitStatus.CONFIGURATION, file + ":" + line + ": " + what);
    }

    /** Refuses fields of other names. */
    public YamlObject allowing(String... names) {
        Set<String> allowed = new TreeSet<>(List.of(names));
        for (Map.Entry<String, Node> field : fields.entrySet()) {
            if (!allowed.contains(field.getKey())) {
                throw complaint(file, line(field.getValue()), "there is no field "
                        + join(path, field.getKey()) + "; allowed are " + String.join(", ", allowed));
            }
        }
        return this;
    }

    /** Whether a field is given, and not as null. */
    public boolean has(String name) {
        Node node = fields.get(name);
        return node != null && !node.getTag().equals(Tag.NULL);
    }

    /** Names of the fields given, in order. */
    public List<String> names() {
        return List.copyOf(fields.keySet());
    }

    /** An object in a field; null when it is not given. */
    public @Nullable YamlObject object(String name) {
        Node node = fields.get(name);
        return node == null || !has(name) ? null : of(file, join(path, name), node);
    }

    /** A text; null when it is not given. */
    public @Nullable String text(String name) {
        Node node = fields.get(name);
        if (node == null || !has(name)) {
            return null;
        }
        if (!(node instanceof ScalarNode scalar)) {
            throw wrong(name, "an object or a list", "a single value");
        }
        return scalar.getValue();
    }

    /** A text that must be given, and be this. */
    public void require(String name, String value) {
        String given = text(name);
        if (given == null) {
            throw complaint(file, line, join(path, name) + " is missing; it must be " + value);
        }
        if (!given.equals(value)) {
            throw wrong(name, given, value);
        }
    }

    /** A text that must be given. */
    public String required(String name, String allowed) {
        String given = text(name);
        if (given == null || given.isBlank()) {
            throw complaint(file, line, join(path, name) + " is missing; it must be " + allowed);
        }
        return given;
    }

    /** A complaint about a field's value. */
    public CommandException wrong(String name, String given, String allowed) {
        Node node = fields.get(name);
        return complaint(file, node == null ? line : line(node),
                join(path, name) + " is " + given + "; allowed is " + allowed);
    }
}
