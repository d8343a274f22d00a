/**
 * Commands that may run only while something is held.
 *
 * <p>In: a command line, and how long what it depends on is guaranteed. Out: its exit status, or that it was
 * stopped.
 *
 * <p>It may start, signal and end processes of its own, and touch nothing of Synod.
 */
@NullMarked
package dev.synod.cli.child;

import org.jspecify.annotations.NullMarked;
