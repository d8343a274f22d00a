package dev.synod.e2e.standin;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One probe of a running container, over HTTP. Confined to the thread of its pod. */
final class Probing {
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3)).build();

    private final Probe probe;
    private final URI target;
    private long due;
    private int inARow;
    private boolean lastSucceeded;
    private @Nullable CompletableFuture<HttpResponse<Void>> underWay;

    /** What it says. */
    enum Verdict {
        /** Too little was seen to say anything new. */
        NOTHING,
        /** As often in a row as it takes, it succeeded. */
        SUCCESS,
        /** As often in a row as it takes, it failed. */
        FAILURE
    }

    /** The first time is at once, or after the delay that the probe asks for. */
    Probing(Probe probe, Container container, String address, long nanos) {
        this.probe = probe;
        target = target(probe, container, address);
        due = nanos + seconds(probe.getInitialDelaySeconds(), 0);
    }

    /** Why such a probe cannot be done here; empty when it can. */
    static String unsupported(@Nullable Probe probe) {
        return probe == null || probe.getHttpGet() != null
                ? ""
                : "this kubelet probes over HTTP alone";
    }

    private static URI target(Probe probe, Container container, String address) {
        IntOrString port = probe.getHttpGet().getPort();
        Integer number = port.getIntVal() != null
                ? port.getIntVal()
                : container.getPorts().stream().filter(each -> port.getStrVal().equals(each.getName()))
                        .findFirst().orElseThrow().getContainerPort();
        String path = probe.getHttpGet().getPath();
        return URI.create("http://" + address + ":" + number + (path == null ? "/" : path));
    }

    private static long seconds(@Nullable Integer seconds, int otherwise) {
        return Duration.ofSeconds(seconds == null ? otherwise : seconds).toNanos();
    }

    /** Asks when it is time to, and says what has come of it. */
    Verdict look(long nanos) {
        CompletableFuture<HttpResponse<Void>> asked = underWay;
        if (asked != null && asked.isDone()) {
            underWay = null;
            return count(asked.handle(
                    (response, failure) -> failure == null && response.statusCode() / 100 == 2).join());
        }
        if (asked == null && nanos - due >= 0) {
            due = nanos + seconds(probe.getPeriodSeconds(), 10);
            underWay = HTTP.sendAsync(HttpRequest.newBuilder(target)
                    .timeout(Duration.ofNanos(seconds(probe.getTimeoutSeconds(), 1))).build(),
                    HttpResponse.BodyHandlers.discarding());
        }
        return Verdict.NOTHING;
    }

    private Verdict count(boolean succeeded) {
        inARow = succeeded == lastSucceeded ? inARow + 1 : 1;
        lastSucceeded = succeeded;
        Integer needed = succeeded ? probe.getSuccessThreshold() : probe.getFailureThreshold();
        if (inARow < (needed == null ? succeeded ? 1 : 3 : needed)) {
            return Verdict.NOTHING;
        }
        return succeeded ? Verdict.SUCCESS : Verdict.FAILURE;
    }
}
