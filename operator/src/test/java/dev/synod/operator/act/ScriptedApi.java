package dev.synod.operator.act;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Something that answers like an API server, with what it was told to: for answers that a real one gives
 * seldom. What it was not told to answer it answers with 200 and the request's own body, as if it were stored.
 */
final class ScriptedApi implements AutoCloseable {
    final KubernetesClient client;
    final List<Request> requests = new ArrayList<>();

    private final HttpServer server;
    private final Map<String, Deque<Integer>> codes = new ConcurrentHashMap<>();

    /** What was asked, without what depends on the library. */
    record Request(String method, String path, String body) {}

    ScriptedApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        client = new KubernetesClientBuilder().withConfig(new ConfigBuilder()
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort()).withHttp2Disable(true)
                .withNamespace("shop").withRequestRetryBackoffInterval(1).build()).build();
    }

    /** The next answers to a method; after them all is well. */
    void answers(String method, Integer... answers) {
        codes.put(method, new ArrayDeque<>(List.of(answers)));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Deque<Integer> left = codes.getOrDefault(method, new ArrayDeque<>());
            int code;
            synchronized (requests) {
                requests.add(new Request(method, exchange.getRequestURI().getPath(), body));
                code = left.isEmpty() ? 200 : left.removeFirst();
            }
            String failure = "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\","
                    + " \"message\": \"scripted\", \"code\": " + code + "}";
            byte[] text = (code < 300 ? body : failure).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(code, text.length);
            exchange.getResponseBody().write(text);
        }
    }

    @Override
    public void close() {
        client.close();
        server.stop(0);
    }
}
