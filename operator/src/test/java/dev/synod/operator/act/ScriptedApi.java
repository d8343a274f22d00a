package dev.synod.operator.act;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Something that answers like an API server, with what it was told to: for answers that a real one gives
 * seldom. What it was not told to refuse it stores as it is sent, and gives back; a merge of fields it only
 * notes.
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
            String text = code < 300 ? done(exchange, method, path, body) : null;
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

    /** Null when there is no such object. */
    private @Nullable String done(HttpExchange exchange, String method, String path, String body) {
        switch (method) {
            case "GET" -> {
                return LISTS.contains(path.substring(path.lastIndexOf('/') + 1))
                        ? list(path)
                        : stored.get(path);
            }
            case "POST" ->
                    stored.put(path + "/" + Serialization.unmarshal(body, GenericKubernetesResource.class)
                            .getMetadata().getName(), body);
            case "PUT" -> stored.put(path, body);
            case "PATCH" -> {
                if (String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")).contains("apply")) {
                    stored.put(path, body);
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
