package dev.synod.state;

/**
 * One label of a session: pod, container, or what else its owner wants shown.
 *
 * @param key unique within the session
 * @param value free text
 */
public record Label(String key, String value) {}
