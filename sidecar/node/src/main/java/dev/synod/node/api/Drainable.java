package dev.synod.node.api;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Something that serves, and can be asked to come to an end. */
public interface Drainable {
    /**
     * Refuses new calls as UNAVAILABLE with reason DRAINING, reports {@code ready} as NOT_SERVING, ends
     * watches and campaigns so, and tells every attached session; unary calls and session streams go on. To
     * be called on the event loop; a repeat changes nothing.
     *
     * @param stopsWithin what sessions are told of the time that is left
     * @return completed on the event loop when no call is open any more, which an application that does not
     *     listen may put off for ever: bound the wait
     */
    CompletableFuture<Void> drain(Duration stopsWithin);
}
