package dev.synod.e2e.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What a process tells Prometheus.
 *
 * @param values by name with labels, as they stand in the text
 */
public record Metrics(Map<String, Double> values) {
    private static final int TIMEOUT_MILLIS = 5_000;

    /** Asks for it, at a port of this machine. */
    static Metrics at(int port) throws IOException {
        return at("127.0.0.1", port);
    }

    /** Asks for it. */
    static Metrics at(String host, int port) throws IOException {
        var connection = URI.create("http://" + host + ":" + port + "/metrics").toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        Map<String, Double> values = new HashMap<>();
        try (InputStream text = connection.getInputStream()) {
            new String(text.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.startsWith("#") && line.indexOf(' ') > 0).forEach(line -> {
                        int space = line.lastIndexOf(' ');
                        values.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
                    });
        }
        return new Metrics(values);
    }

    /** One of them; not a number when it is not there. */
    double of(String nameAndLabels) {
        return values.getOrDefault(nameAndLabels, Double.NaN);
    }

    /** The sum of those whose name and labels are wanted. */
    public long sum(Predicate<String> wanted) {
        return Math.round(values.entrySet().stream().filter(each -> wanted.test(each.getKey()))
                .mapToDouble(Map.Entry::getValue).sum());
    }
}
