package dev.synod.client;

import java.util.concurrent.CompletableFuture;

/** Something that calls back until it is closed. */
public interface Watch extends AutoCloseable {
    /** Ends it. A call that is under way goes on; none begins after. */
    @Override
    void close();

    /**
     * Completed when it is over: normally after {@link #close}, exceptionally with a {@link
     * CoordinationException} when it was refused. A sidecar that is away does not end it.
     */
    CompletableFuture<Void> ended();
}
