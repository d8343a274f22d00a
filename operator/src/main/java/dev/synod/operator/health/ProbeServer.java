package dev.synod.operator.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** {@code /healthz/live}, {@code /healthz/ready} and {@code /metrics}, by one thread. */
public final class ProbeServer implements AutoCloseable {
    private static final int BACKLOG = 16;
    private static final String PLAIN = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService thread;

    private ProbeServer(HttpServer server, ExecutorService thread) {
        this.server = server;
        this.thread = thread;
    }

    /**
     * Listens.
     *
     * @param live what is wrong so that only a restart helps; empty when nothing is
     * @param ready what is wrong for now; empty when nothing is
     * @param metrics in Prometheus' text form
     * @throws IOException when nobody can listen there
     */
    public static ProbeServer start(InetSocketAddress address, Supplier<String> live, Supplier<String> ready,
            Supplier<String> metrics) throws IOException {
        HttpServer server = HttpServer.create(address, BACKLOG);
        ExecutorService thread =
                Executors
                        .newSingleThreadExecutor(Thread.ofPlatform().name("synod-probes").daemon().factory());
        server.setExecutor(thread);
        server.createContext("/", exchange -> answer(exchange, switch (exchange.getRequestURI().getPath()) {
            case "/healthz/live" -> Answer.ofProblem(live.get());
            case "/healthz/ready" -> Answer.ofProblem(ready.get());
            case "/metrics" -> new Answer(HttpURLConnection.HTTP_OK, PROMETHEUS, metrics.get());
            default -> new Answer(HttpURLConnection.HTTP_NOT_FOUND, PLAIN, "there are /healthz/live,"
                    + " /healthz/ready and /metrics\n");
        }));
        server.start();
        return new ProbeServer(server, thread);
    }

    private record Answer(int code, String type, String text) {
        static Answer ofProblem(String problem) {
            return problem.isEmpty()
                    ? new Answer(HttpURLConnection.HTTP_OK, PLAIN, "ok\n")
                    : new Answer(HttpURLConnection.HTTP_UNAVAILABLE, PLAIN, problem + "\n");
        }
    }

    private static void answer(HttpExchange exchange, Answer answer) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET") && !exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(HttpURLConnection.HTTP_BAD_METHOD, -1);
                return;
            }
            byte[] text = answer.text().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(answer.code(), head ? -1 : text.length);
            if (!head) {
                exchange.getResponseBody().write(text);
            }
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        thread.shutdown();
    }
}
