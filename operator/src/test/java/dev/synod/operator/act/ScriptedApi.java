package dev.synod.operator.act;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Something that answers like an API server, with what it was told to: for answers that a real one gives
 * seldom. What it was not told to refuse it stores as it is sent, with a version, and gives back. As a real
 * one it refuses a second object of a name, and what was decided on another version or for another UID.
 */
public final class ScriptedApi implements AutoCloseable {
    private static final List<String> LISTS = List.of("pods", "persistentvolumeclaims");

    /** To reach it. */
    public final KubernetesClient client;
    /** What was asked so far, of all but GET. */
    public final List<Request> requests = Collections.synchronizedList(new ArrayList<>());

    private final HttpServer server;
    private final Map<String, Deque<Integer>> codes = new ConcurrentHashMap<>();
    private final Map<String, String> stored = new ConcurrentSkipListMap<>();
    private final AtomicInteger versions = new AtomicInteger(100);
    /** Writes until the one whose answer is lost; below 0 for none. */
    private final AtomicInteger untilLost = new AtomicInteger(-1);

    /** What was asked, without what depends on the library. */
    public record Request(String method, String path, String body) {}

    /** On a free port of the loopback. */
    public ScriptedApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        client = new KubernetesClientBuilder().withConfig(new ConfigBuilder()
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort()).withHttp2Disable(true)
                .withNamespace("shop").withRequestRetryBackoffInterval(1).build()).build();
    }

    /** The next answers to a method, or to a method and the end of a path; after them all is well. */
    public void answers(String method, Integer... answers) {
        codes.put(method, new ArrayDeque<>(List.of(answers)));
    }

    /** A write takes effect, and is answered with 500: the next one, or the one after so many others. */
    public void losesTheAnswerAfter(int others) {
        untilLost.set(others);
    }

    /** Another one with the same stored. */
    public ScriptedApi copy() throws IOException {
        ScriptedApi copy = new ScriptedApi();
        copy.stored.putAll(stored);
        return copy;
    }

    /** What is stored by now, without what only an API server gives. */
    public Map<String, JsonNode> stored() {
        Map<String, JsonNode> all = new TreeMap<>();
        stored.forEach((path, text) -> {
            ObjectNode object = tree(text);
            object.withObject("/metadata").remove(List.of("resourceVersion", "uid"));
            all.put(path, object);
        });
        return all;
    }

    /** Stores an object, as if somebody had written it; null takes it away. */
    public void has(String path, @Nullable HasMetadata object) {
        if (object == null) {
            stored.remove(path);
        } else {
            stored.put(path, Serialization.asJson(object));
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            int code = code(method, path);
            if (!method.equals("GET")) {
                requests.add(new Request(method, path, body));
            }
            code = code < 300 ? refusal(method, path, body) : code;
            String text = code < 300 ? done(exchange, method, path, body) : null;
            if (code < 300 && !method.equals("GET") && untilLost.getAndDecrement() == 0) {
                text = null;
                code = 500;
            }
            if (text == null) {
                code = code < 300 ? 404 : code;
                text = "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\","
                        + " \"message\": \"scripted\", \"code\": " + code + "}";
            }
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(code, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private int code(String method, String path) {
        return codes.entrySet().stream()
                .filter(entry -> entry.getKey().equals(method) || entry.getKey().contains(" ")
                        && entry.getKey().startsWith(method + " ")
                        && path.endsWith(entry.getKey().substring(method.length() + 1)))
                .map(Map.Entry::getValue).map(Deque::pollFirst).filter(Objects::nonNull).findFirst()
                .orElse(200);
    }

    private int refusal(String method, String path, String body) {
        if (method.equals("GET") || body.startsWith("[")) {
            return 200; // single changes, which name no version here
        }
        JsonNode sent = tree(body);
        if (method.equals("POST")) {
            return stored.containsKey(path + "/" + sent.at("/metadata/name").asText()) ? 409 : 200;
        }
        String there = stored.get(path);
        if (there == null) {
            return method.equals("DELETE") ? 404 : 200;
        }
        JsonNode asked = sent.path(method.equals("DELETE") ? "preconditions" : "metadata");
        JsonNode meta = tree(there).path("metadata");
        return Stream.of("uid", "resourceVersion").anyMatch(name -> asked.hasNonNull(name)
                && meta.hasNonNull(name) && !asked.get(name).equals(meta.get(name))) ? 409 : 200;
    }

    private static ObjectNode tree(String text) {
        return text.isEmpty()
                ? JsonNodeFactory.instance.objectNode()
                : Serialization.unmarshal(text, ObjectNode.class);
    }

    private String store(String path, ObjectNode object) {
        ObjectNode meta = object.withObject("/metadata");
        String before = stored.get(path);
        JsonNode uid = before == null ? null : tree(before).at("/metadata/uid");
        if (uid != null && uid.isTextual()) {
            meta.set("uid", uid);
        }
        meta.put("resourceVersion", String.valueOf(versions.incrementAndGet()));
        String text = object.toString();
        stored.put(path, text);
        return text;
    }

    /** As of RFC 6902, as far as nothing is taken away and no list is changed. */
    private static ObjectNode changed(ObjectNode object, String changes) {
        for (JsonNode change : Serialization.unmarshal(changes, ArrayNode.class)) {
            JsonPointer place = JsonPointer.compile(change.path("path").asText());
            ((ObjectNode) object.at(place.head())).set(place.last().getMatchingProperty(),
                    change.path("value"));
        }
        return object;
    }

    /** As of RFC 7396, as far as nothing is taken away; in a strategic merge lists are by name. */
    private static void merge(ObjectNode into, JsonNode change, boolean strategic) {
        change.properties().forEach(field -> {
            if (field.getValue().isObject()) {
                merge(into.withObject("/" + field.getKey()), field.getValue(), strategic);
            } else if (strategic && field.getValue().isArray()) {
                field.getValue().forEach(item -> into.withArray("/" + field.getKey()).forEach(there -> {
                    if (there.path("name").equals(item.path("name"))) {
                        merge((ObjectNode) there, item, true);
                    }
                }));
            } else {
                into.set(field.getKey(), field.getValue());
            }
        });
    }

    /** Null when there is no such object. */
    private @Nullable String done(HttpExchange exchange, String method, String path, String body) {
        switch (method) {
            case "GET" -> {
                return LISTS.contains(path.substring(path.lastIndexOf('/') + 1))
                        ? list(path)
                        : stored.get(path);
            }
            case "POST" -> {
                return store(path + "/" + tree(body).at("/metadata/name").asText(), tree(body));
            }
            case "PUT" -> {
                return store(path, tree(body));
            }
            case "PATCH" -> {
                String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
                String there = stored.get(path);
                if (type.contains("apply")) {
                    return store(path, tree(body));
                }
                if (type.contains("json-patch") && there != null) {
                    return store(path, changed(tree(there), body));
                }
                if (type.contains("merge-patch") && there != null) {
                    ObjectNode merged = tree(there);
                    merge(merged, tree(body), type.contains("strategic"));
                    return store(path, merged);
                }
            }
            default -> stored.remove(path);
        }
        return body;
    }

    private String list(String path) {
        String items = stored.entrySet().stream().filter(entry -> entry.getKey().startsWith(path + "/"))
                .map(Map.Entry::getValue).collect(Collectors.joining(", "));
        return "{\"kind\": \"List\", \"apiVersion\": \"v1\", \"items\": [" + items + "]}";
    }

    @Override
    public void close() {
        client.close();
        server.stop(0);
    }
}
