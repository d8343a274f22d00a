package dev.synod.client;

import java.util.Optional;

/**
 * A value changed.
 *
 * @param key whose
 * @param revision when; all changes of one commit have the same
 * @param now what it is from then on; empty when it was deleted
 */
public record ValueChange(String key, long revision, Optional<KeyValue> now) {}
