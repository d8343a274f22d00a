package dev.synod.operator.reconcile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.TreeNode;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.synod.crd.CoordinationCluster;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.Serial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads clusters, whatever values they hold. A pod's fields are not checked when a cluster is stored, and an
 * older or newer definition may have allowed what this program does not know: a list with one such object in
 * it could not be read at all, and nobody would be looked after. So a value that cannot be read is left out,
 * and noted on the object in memory; {@link #problems} tells.
 */
public final class TolerantReading {
    /** A field of the metadata that the API server drops from whatever is stored: nobody else can set it. */
    private static final String NOTED = "synod.dev/unreadable";
    /** So many in one object are told; with more, all of the spec and the status is left out. */
    private static final int PROBLEMS_MAX = 16;
    private static final int VALUE_MAX = 100;

    private TolerantReading() {}

    /** For the client that clusters are read with. */
    public static KubernetesSerialization serialization() {
        ObjectMapper mapper = new ObjectMapper();
        mapper.registerModule(new SimpleModule("synod").setDeserializerModifier(new Modifier()));
        return new KubernetesSerialization(mapper, true);
    }

    /**
     * What of the spec could not be read, one sentence each; empty when all could. A status is observed anew,
     * so what of it could not be read is not told.
     */
    static List<String> problems(CoordinationCluster cluster) {
        return cluster.getMetadata().getAdditionalProperties().get(NOTED) instanceof Collection<?> noted
                ? noted.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** Whether a part of the spec, such as {@code spec.tls}, is in the object as it is stored. */
    static boolean isRead(CoordinationCluster cluster, String part) {
        List<String> problems = problems(cluster);
        return problems.size() <= PROBLEMS_MAX && problems.stream()
                .noneMatch(problem -> problem.startsWith("spec is ") || problem.startsWith(part));
    }

    private static final class Modifier extends BeanDeserializerModifier {
        @Serial private static final long serialVersionUID = 1L;

        @Override
        public JsonDeserializer<?> modifyDeserializer(DeserializationConfig config, BeanDescription bean,
                JsonDeserializer<?> usual) {
            return bean.getBeanClass() == CoordinationCluster.class ? new Tolerant(usual) : usual;
        }
    }

    private static final class Tolerant extends DelegatingDeserializer {
        @Serial private static final long serialVersionUID = 1L;

        Tolerant(JsonDeserializer<?> usual) {
            super(usual);
        }

        @Override
        protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> usual) {
            return new Tolerant(usual);
        }

        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            TreeNode whole = parser.readValueAsTree();
            if (!(whole instanceof ObjectNode object)) {
                return context.handleUnexpectedToken(CoordinationCluster.class, parser);
            }
            List<String> problems = new ArrayList<>();
            while (true) {
                try (JsonParser again = object.traverse(parser.getCodec())) {
                    again.nextToken();
                    CoordinationCluster read =
                            (CoordinationCluster) super.deserialize(again, context);
                    if (!problems.isEmpty()) {
                        read.getMetadata().setAdditionalProperty(NOTED, List.copyOf(problems));
                    }
                    return read;
                } catch (JsonMappingException e) {
                    String problem = leaveOut(object, e, problems.size() < PROBLEMS_MAX);
                    if (problem == null) {
                        throw e;
                    }
                    if (problem.startsWith("spec")) {
                        problems.add(problem);
                    }
                }
            }
        }
    }

    /**
     * Takes the value out that could not be read, or what is around it; null when there is nothing to be
     * taken out.
     */
    private static @Nullable String leaveOut(ObjectNode object, JsonMappingException failure, boolean alone) {
        List<JsonMappingException.Reference> path = failure.getPath();
        String part = path.isEmpty() ? null : path.getFirst().getFieldName();
        if (!"spec".equals(part) && !"status".equals(part) || !object.has(part)) {
            return null;
        }
        StringBuilder name = new StringBuilder(part);
        ObjectNode around = object;
        String field = part;
        JsonNode at = object.path(part);
        for (JsonMappingException.Reference step : path.subList(1, path.size())) {
            JsonNode next =
                    step.getFieldName() == null ? at.path(step.getIndex()) : at.path(step.getFieldName());
            if (next.isMissingNode()) {
                break;
            }
            if (step.getFieldName() == null) {
                name.append('[').append(step.getIndex()).append(']');
            } else {
                name.append('.').append(step.getFieldName());
                around = (ObjectNode) at;
                field = step.getFieldName();
            }
            at = next;
        }
        if (alone) {
            around.remove(field);
        } else {
            object.remove(part);
        }
        return name + " is " + shortened(at.toString()) + "; " + allowed(failure);
    }

    private static String shortened(String value) {
        return value.length() <= VALUE_MAX ? value : value.substring(0, VALUE_MAX) + "…";
    }

    private static String allowed(JsonMappingException failure) {
        Class<?> type =
                failure instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : null;
        if (type == null || type == Object.class) {
            return "that cannot be read: " + failure.getOriginalMessage();
        }
        if (type.isEnum()) {
            return "allowed is one of " + Arrays.toString(type.getEnumConstants());
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive() && type != boolean.class) {
            return "allowed is a number";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "allowed is true or false";
        }
        if (type == String.class) {
            return "allowed is text";
        }
        return Collection.class.isAssignableFrom(type) ? "allowed is a list" : "allowed is an object";
    }
}
