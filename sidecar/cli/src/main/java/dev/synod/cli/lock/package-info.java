/**
 * Locks from a shell: a command under a lock, and looking at locks and breaking them.
 *
 * <p>In: names and commands. Out: views of locks; a child process that lives no longer than its lock.
 *
 * <p>It may touch the client, the published API's stubs, and start processes.
 */
@NullMarked
package dev.synod.cli.lock;

import org.jspecify.annotations.NullMarked;
