package dev.synod.client;

import java.time.Duration;

/**
 * A change of a session, as told to its listeners.
 *
 * @param state from then on
 * @param guaranteedFor how long what the session held was guaranteed, at that time; zero in JEOPARDY and
 *     EXPIRED
 */
public record SessionStatus(SessionState state, Duration guaranteedFor) {}
