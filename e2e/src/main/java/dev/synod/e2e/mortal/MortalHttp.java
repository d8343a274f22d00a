package dev.synod.e2e.mortal;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The client of the API server that sees writes being answered. Found by the client as a service; where no
 * process is to die it stands back.
 */
public final class MortalHttp implements HttpClient.Factory {
    private static final Set<String> WRITES = Set.of("POST", "PUT", "PATCH", "DELETE");

    private final HttpClient.Factory whole = new JdkHttpClientFactory();

    /** For the service loader. */
    public MortalHttp() {}

    @Override
    public int priority() {
        return Mortality.isOn() ? 1 : -1;
    }

    @Override
    public HttpClient.Builder newBuilder() {
        HttpClient.Builder builder = whole.newBuilder();
        if (Mortality.isOn()) {
            builder.addOrReplaceInterceptor("mortality", new Answers());
        }
        return builder;
    }

    private static final class Answers implements Interceptor {
        private final Map<UUID, Long> sent = new ConcurrentHashMap<>();

        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            if (WRITES.contains(request.method())) {
                sent.put(request.id(), System.currentTimeMillis());
            }
        }

        @Override
        public void after(HttpRequest request, HttpResponse<?> response,
                AsyncBody.Consumer<List<ByteBuffer>> consumer) {
            String path = request.uri().getPath();
            Long sentMillis = sent.remove(request.id());
            // A review asks, and stores nothing.
            if (WRITES.contains(request.method()) && response.isSuccessful() && !path.contains("reviews")) {
                Mortality.wrote(sentMillis == null ? System.currentTimeMillis() : sentMillis,
                        "api " + request.method() + " " + path);
            }
        }
    }
}
