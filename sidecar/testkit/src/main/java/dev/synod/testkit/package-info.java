/**
 * Real members in the JVM of an application's tests, to be paused, cut off, killed and started again; and a
 * JUnit extension that runs them.
 *
 * <p>In: calls of a test, on any thread. Out: clusters that an application connects to as in production, and
 * errors when a member could not go on. It decides nothing that a member decides. May touch {@code node},
 * {@code client} and what those show; JUnit only in the extension.
 */
@NullMarked
package dev.synod.testkit;

import org.jspecify.annotations.NullMarked;
