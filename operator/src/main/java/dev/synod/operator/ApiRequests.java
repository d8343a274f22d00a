package dev.synod.operator;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/**
 * Counts what the operator asks of the API server, by method, refused and repeated requests too: whether it
 * writes while nothing changes is seen here, and not by versions of objects, which a write that changes
 * nothing leaves alone. Thread-safe.
 */
final class ApiRequests implements Interceptor {
    private final MeterRegistry registry;

    ApiRequests(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        Counter.builder("synod.operator.api.requests")
                .tag("method", request.method().toLowerCase(Locale.ROOT))
                .description("requests sent to the API server").register(registry).increment();
    }
}
