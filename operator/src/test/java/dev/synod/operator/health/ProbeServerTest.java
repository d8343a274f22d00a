package dev.synod.operator.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the kubelet and Prometheus are told. */
final class ProbeServerTest {
    private volatile String notLive = "";
    private volatile String notReady = "";
    private ProbeServer server;

    @BeforeEach
    void start() throws IOException {
        server = ProbeServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), () -> notLive,
                () -> notReady, () -> "some_metric 1\n");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void allIsWellUntilSomethingIsWrong() throws Exception {
        assertThat(get("/healthz/live").statusCode()).isEqualTo(200);
        assertThat(get("/healthz/ready").statusCode()).isEqualTo(200);
        notReady = "it starts";
        assertThat(get("/healthz/live").statusCode()).isEqualTo(200);
        assertThat(get("/healthz/ready").statusCode()).isEqualTo(503);
        assertThat(get("/healthz/ready").body()).contains("it starts");
        notLive = "watches are dead";
        assertThat(get("/healthz/live").statusCode()).isEqualTo(503);
    }

    @Test
    void metricsAreText() throws Exception {
        assertThat(get("/metrics").body()).isEqualTo("some_metric 1\n");
        assertThat(get("/metrics").headers().firstValue("Content-Type")).hasValueSatisfying(
                type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
    }

    @Test
    void whoeverAsksForSomethingElseIsToldWhatThereIs() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/").body()).contains("/healthz/live");
    }

    private HttpResponse<String> get(String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.address().getPort()
                    + path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
