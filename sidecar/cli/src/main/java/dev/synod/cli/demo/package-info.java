/**
 * An application to try a cluster with: small, and made as one that takes a lock should be.
 *
 * <p>In: a name, how often. Out: a line a turn.
 *
 * <p>It may touch the Java client alone, as any application does.
 */
@NullMarked
package dev.synod.cli.demo;

import org.jspecify.annotations.NullMarked;
