package dev.synod.cli.inject;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Present;
import org.snakeyaml.engine.v2.api.lowlevel.Serialize;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One run over a manifest of any number of documents. It works on the nodes of the text, not on what they
 * mean: quotes stay where they are, for what one YAML takes for a text another takes for a truth ({@code
 * yes}).
 */
final class Injection {
    /** Where each kind keeps the specification of its pods. */
    private static final Map<String, List<String>> PODS = Map.of(
            "Pod", List.of("spec"),
            "Deployment", List.of("spec", "template", "spec"),
            "StatefulSet", List.of("spec", "template", "spec"),
            "DaemonSet", List.of("spec", "template", "spec"),
            "ReplicaSet", List.of("spec", "template", "spec"),
            "Job", List.of("spec", "template", "spec"),
            "CronJob", List.of("spec", "jobTemplate", "spec", "template", "spec"));

    private final String file;
    private final Agent agent;
    private int workloads;

    Injection(String file, Agent agent) {
        this.file = file;
        this.agent = agent;
    }

    /** How many workloads there were, those with an agent already included. */
    int workloads() {
        return workloads;
    }

    /** The manifest with agents. Documents that are not changed keep every byte. */
    String of(String manifest) {
        StringBuilder result = new StringBuilder();
        int number = 0;
        for (String document : manifest.split("(?m)^---(?=\\s|$)", -1)) {
            result.append(number++ == 0 ? "" : "---");
            String changed = changed(document, number);
            result.append(changed == null ? document : (number == 1 ? "" : "\n") + changed);
        }
        return result.toString();
    }

    private @Nullable String changed(String document, int number) {
        Optional<Node> root;
        try {
            root = composed(document);
        } catch (YamlEngineException e) {
            throw new CommandException(ExitStatus.CONFIGURATION, file + ", document " + number
                    + ": this is no YAML: " + e.getMessage(), e);
        }
        if (root.isEmpty() || !(root.get() instanceof MappingNode object) || !addTo(object)) {
            return null;
        }
        DumpSettings settings = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.AUTO)
                .setIndicatorIndent(0).setWidth(500).setDumpComments(true).build();
        String text =
                new Present(settings).emitToString(new Serialize(settings).serializeOne(object).iterator());
        return text.replaceFirst("^\\n+", ""); // empty lines count as comments
    }

    private Optional<Node> composed(String text) {
        LoadSettings settings = LoadSettings.builder().setLabel(file).setParseComments(true).build();
        return new Compose(settings).composeString(text);
    }

    private boolean addTo(MappingNode object) {
        String kind = text(object, "kind");
        if (kind.equals("List") && field(object, "items") instanceof SequenceNode items) {
            boolean changed = false;
            for (Node item : items.getValue()) {
                changed |= item instanceof MappingNode each && addTo(each);
            }
            return changed;
        }
        Node pod = object;
        for (String field : PODS.getOrDefault(kind, List.of("", ""))) {
            pod = pod instanceof MappingNode parent ? field(parent, field) : null;
        }
        if (!(pod instanceof MappingNode found)) {
            return false;
        }
        workloads++;
        return addToPod(found);
    }

    private boolean addToPod(MappingNode pod) {
        List<Node> first = list(pod, "initContainers");
        for (Node container : first) {
            if (container instanceof MappingNode one && text(one, "name").equals(Agent.NAME)) {
                return false;
            }
        }
        List<Node> applications = new ArrayList<>(list(pod, "containers"));
        applications.addAll(first);
        for (Node container : applications) {
            if (container instanceof MappingNode one) {
                setEndpoint(one);
            }
        }
        first.addFirst(made(agent.container())); // before other first containers, which may want to use it
        list(pod, "volumes").add(made(agent.volume()));
        return true;
    }

    private void setEndpoint(MappingNode container) {
        List<Node> variables = list(container, "env");
        for (Node variable : variables) {
            if (variable instanceof MappingNode one && text(one, "name").equals("SYNOD_ENDPOINT")) {
                return;
            }
        }
        variables.add(made(Agent.ENDPOINT));
    }

    private Node made(String text) {
        return composed(text).orElseThrow();
    }

    private static @Nullable Node field(MappingNode object, String name) {
        for (NodeTuple tuple : object.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key && key.getValue().equals(name)) {
                return tuple.getValueNode();
            }
        }
        return null;
    }

    private static String text(MappingNode object, String name) {
        return field(object, name) instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    /** The list in a field, to be changed; made when there is none. */
    private static List<Node> list(MappingNode object, String name) {
        if (field(object, name) instanceof SequenceNode there) {
            there.setFlowStyle(FlowStyle.BLOCK);
            return there.getValue();
        }
        List<NodeTuple> fields = object.getValue();
        fields.removeIf(tuple -> tuple.getKeyNode() instanceof ScalarNode key && key.getValue().equals(name));
        SequenceNode list = new SequenceNode(Tag.SEQ, new ArrayList<>(), FlowStyle.BLOCK);
        fields.add(new NodeTuple(new ScalarNode(Tag.STR, name, ScalarStyle.PLAIN), list));
        object.setFlowStyle(FlowStyle.BLOCK);
        return list.getValue();
    }
}
