package dev.synod.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class ApiRequestsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void requestsAreCountedByMethod() throws Exception {
        request(exchange -> {}, client -> {
            client.raw("/version");
            client.raw("/a", "POST", Map.of());
            client.raw("/a", "POST", Map.of());
        });
        assertThat(count("get")).isEqualTo(1);
        assertThat(count("post")).isEqualTo(2);
        assertThat(registry.get("synod.operator.api.warnings").counter().count()).isZero();
    }

    @Test
    void warningsOfTheApiServerAreCountedEachTime() throws Exception {
        request(exchange -> {
            exchange.getResponseHeaders().add("Warning", "299 - \"would violate PodSecurity\"");
            exchange.getResponseHeaders().add("Warning", "299 - \"unknown field\"");
        }, client -> {
            client.raw("/a", "POST", Map.of());
            client.raw("/a", "POST", Map.of());
        });
        assertThat(registry.get("synod.operator.api.warnings").counter().count()).isEqualTo(4);
    }

    private void request(Consumer<HttpExchange> answer, Consumer<KubernetesClient> requests)
            throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            answer.accept(exchange);
            byte[] text = "{}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        server.start();
        try (KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder().withAutoConfigure(false)
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort()).build())
                .withHttpClientBuilderConsumer(
                        builder -> builder.addOrReplaceInterceptor("requests", new ApiRequests(registry)))
                .build()) {
            requests.accept(client);
        } finally {
            server.stop(0);
        }
    }

    private double count(String method) {
        return registry.get("synod.operator.api.requests").tag("method", method).counter().count();
    }
}
