package dev.synod.node.probe;

import dev.synod.node.door.DoorReply;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

/** What is asked of a process from outside. On the event loop. */
public final class Probes {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final BooleanSupplier started;
    private final BooleanSupplier ready;
    private final Metrics metrics;
    private final BiFunction<String, String, CompletableFuture<DoorReply>> elections;

    /**
     * The probes of one process.
     *
     * @param started whether it has read its volume, or waits for a format: what comes later takes others
     * @param ready whether it is fit to serve
     * @param elections answers reads of elections, as {@code Door.probe} does
     */
    public Probes(BooleanSupplier started, BooleanSupplier ready, Metrics metrics,
            BiFunction<String, String, CompletableFuture<DoorReply>> elections) {
        this.started = started;
        this.ready = ready;
        this.metrics = metrics;
        this.elections = elections;
    }

    /** Answers a request; completes on any thread, never exceptionally. */
    CompletableFuture<ProbeAnswer> answer(String method, String uri) {
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        if (path.startsWith("/v1/")) {
            return elections.apply(method, uri).thenApply(
                    reply -> new ProbeAnswer(reply.status(), "application/json", reply.json().array()));
        }
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return now(405, "only GET is allowed here");
        }
        return switch (path) {
            // That this line runs shows that the event loop turns; whether others are there is no matter of it.
            case "/healthz/live" -> now(200, "live");
            case "/healthz/started" -> started.getAsBoolean() ? now(200, "started") : now(503, "starting");
            case "/healthz/ready" -> ready.getAsBoolean()
                    ? now(200, "ready")
                    : now(503, "not ready: no leader is known, or this member is behind, or it ends");
            case "/metrics" -> metrics.scrape().thenApply(text -> new ProbeAnswer(200, METRICS_TYPE, text));
            default -> now(404, "nothing is here: see /healthz/live, /healthz/ready, /healthz/started,"
                    + " /metrics, /v1/elections/{name}/is-leader");
        };
    }

    private static CompletableFuture<ProbeAnswer> now(int status, String text) {
        return CompletableFuture.completedFuture(ProbeAnswer.text(status, text));
    }
}
