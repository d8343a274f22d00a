package dev.synod.operator;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what the operator asks of the API server, by method, refused and repeated requests too: whether it
 * writes while nothing changes is seen here, and not by versions of objects, which a write that changes
 * nothing leaves alone. And counts what the API server warns of (RFC 7234, section 5.5: what Pod Security
 * would refuse, fields on their way out), each text logged once. Thread-safe.
 */
final class ApiRequests implements Interceptor {
    private static final Logger LOG = LoggerFactory.getLogger(ApiRequests.class);
    /** Texts carry names of objects: without a bound they would be kept for each that there ever was. */
    private static final int TEXTS_MAX = 1_000;

    private final MeterRegistry registry;
    private final Counter warnings;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    ApiRequests(MeterRegistry registry) {
        this.registry = registry;
        warnings = Counter.builder("synod.operator.api.warnings")
                .description("warnings that the API server sent with its answers").register(registry);
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        Counter.builder("synod.operator.api.requests")
                .tag("method", request.method().toLowerCase(Locale.ROOT))
                .description("requests sent to the API server").register(registry).increment();
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response,
            AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        for (String warning : response.headers("Warning")) {
            warnings.increment();
            if (told.size() < TEXTS_MAX && told.add(warning)) {
                LOG.warn("the API server warns of {} {}: {}", request.method(), request.uri().getPath(),
                        warning);
            }
        }
    }
}
